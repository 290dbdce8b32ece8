/// Speaks RFC 6455 to one socket behind Netty's frame decoder; bytes in, bytes out.
///
/// The only package that imports Netty. It knows nothing of commands, channels or sessions: a
/// [dev.switchboard.wire.SocketListener] is told of whole messages and of the end. Everything here
/// is confined to one event loop. Start reading at [dev.switchboard.wire.Socket]; why Vert.x's own
/// WebSocket objects are not used is ADR 0001.
package dev.switchboard.wire;
