/// Faults done to real clusters: processes killed, stopped and cut off under real clients.
///
/// `scripts/faults` runs them; the `...IT` classes run one round of each. Start reading at
/// [dev.switchboard.faults.Round].
package dev.switchboard.faults;
