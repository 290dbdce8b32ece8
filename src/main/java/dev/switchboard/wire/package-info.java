/// Accepts connections at the loops' pace and speaks RFC 6455 to each socket; bytes in, bytes out.
///
/// Netty is known here only, and to `tls`. It knows nothing of commands, channels or sessions: a
/// [dev.switchboard.wire.SocketListener] is told of whole messages and of the end. Everything here
/// is confined to one event loop. Start reading at [dev.switchboard.wire.Socket]; why Vert.x's own
/// WebSocket objects are not used is ADR 0001.
package dev.switchboard.wire;
