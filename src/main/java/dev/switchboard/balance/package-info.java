/// Moves sessions from nodes that have more of them to those that have fewer.
///
/// Start at [dev.switchboard.balance.Rebalancer], which every node has.
package dev.switchboard.balance;
