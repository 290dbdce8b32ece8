/// Writes log lines that no client can forge or flood: JSON for machines, text for people.
///
/// A leaf: it imports nothing of ours but the configuration. Start reading at
/// [dev.switchboard.logging.Logging].
package dev.switchboard.logging;
