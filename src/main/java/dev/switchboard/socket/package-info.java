/// Takes client connections in and carries out what clients ask; one verticle per core.
///
/// The way of a message: [dev.switchboard.socket.WebSocketVerticle] accepts the connection,
/// [dev.switchboard.door.UpgradePolicy] judges the handshake, [dev.switchboard.socket.Handshake]
/// waits for the connect command, and from then on [dev.switchboard.socket.CommandHandler] has the
/// one switch.
package dev.switchboard.socket;
