/// Beats time for every WebSocket verticle and notices one that no longer answers.
///
/// The clock is separate, the broom stays with the owner: a beat makes each event loop sweep its
/// own sessions. Start and end at [dev.switchboard.heartbeat.HeartbeatVerticle].
package dev.switchboard.heartbeat;
