/// Decides whether a token is good, and what it then grants.
///
/// Pure functions of bytes, configuration, keys and a clock, but for
/// [dev.switchboard.token.KeySet], which fetches keys. Start reading at
/// [dev.switchboard.token.TokenVerifier].
package dev.switchboard.token;
