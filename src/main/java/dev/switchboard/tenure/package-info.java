/// Whose copy of a shard counts: a title in every copy, and when it may change hands.
///
/// Pure functions over values. Start reading at [dev.switchboard.tenure.Tenure]; why: ADR 0007.
package dev.switchboard.tenure;
