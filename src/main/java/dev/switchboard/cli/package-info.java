/// The command line but for `serve`: tokens, calls to a running node, checks of a configuration.
///
/// Never imports the node itself, so a command starts fast. Start reading at
/// [dev.switchboard.cli.ConfigSource], which says where addresses and keys come from.
package dev.switchboard.cli;
