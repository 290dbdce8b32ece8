/// Decides offline, from what publishers, subscribers and logs said, whether streams told the
/// truth.
///
/// Pure but for [dev.switchboard.faults.referee.Transcript]; nothing here knows a node. Start
/// reading at [dev.switchboard.faults.referee.Referee].
package dev.switchboard.faults.referee;
