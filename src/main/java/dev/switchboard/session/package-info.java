/// Holds the live sessions of one event loop and their life from open to closed.
///
/// Everything here is confined to one event loop: no locks, no timers, no `volatile`. Start reading
/// at [dev.switchboard.session.Session], then [dev.switchboard.session.Sessions], which is the
/// loop's table of them, and [dev.switchboard.session.Sweep], which finds the stale ones.
package dev.switchboard.session;
