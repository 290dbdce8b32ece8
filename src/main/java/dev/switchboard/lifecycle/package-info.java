/// Says who is connected, who subscribes, and which channels anybody subscribes to: as events.
///
/// Pure values and one state machine, [dev.switchboard.lifecycle.Roll], which is kept with a shard
/// of the streams and decides which notes of nodes become events. Start reading there; why: ADR
/// 0009. Imports only `protocol`.
package dev.switchboard.lifecycle;
