/// Defines what clients may say and hear, and translates it to and from text or bytes; no I/O.
///
/// A leaf: it imports nothing of ours, no Vert.x and no Netty. Start reading at
/// [dev.switchboard.protocol.Command], [dev.switchboard.protocol.Reply] and
/// [dev.switchboard.protocol.Push], which are the closed language; a
/// [dev.switchboard.protocol.ClientCodec] is one encoding of it.
package dev.switchboard.protocol;
