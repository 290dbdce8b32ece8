/// Names every meter of the process, in one file.
///
/// A leaf: anything may import it, it imports only the protocol's enums for its labels.
package dev.switchboard.metrics;
