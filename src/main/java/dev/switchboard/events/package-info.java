/// Keeps and tells events for back ends: who connects, subscribes, leaves.
///
/// Start reading at [dev.switchboard.events.Registrar], the door for sockets: a note waits in a
/// [dev.switchboard.events.Backlog] until the shard of its subject has taken it.
/// [dev.switchboard.events.Caretaker] speaks for nodes that are gone,
/// [dev.switchboard.events.ConnectionCap] counts the connections of users, and
/// [dev.switchboard.events.WebhookReader] delivers. Why: ADR 0009. What decides is in `lifecycle`.
///
/// All but the doors belongs to one event loop.
package dev.switchboard.events;
