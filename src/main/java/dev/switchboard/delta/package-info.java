/// Publications as differences from the one before them.
///
/// A subscriber that asked for deltas gets a patch where it holds the payload that was published
/// last, and the whole payload elsewhere. The patches are those of the Fossil version control
/// system, which the client SDKs apply.
package dev.switchboard.delta;
