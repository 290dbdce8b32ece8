/// Starts the process: puts a node together, in order, and takes it apart in reverse.
///
/// [dev.switchboard.Node] reads like a table of contents: everything there is is built there, once.
package dev.switchboard;
