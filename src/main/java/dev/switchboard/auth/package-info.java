/// Decides who a token is and what that principal may do.
///
/// Pure functions of bytes, configuration and a clock: nothing here does I/O, waits or logs. It may
/// import `config` and `protocol`. Start reading at [dev.switchboard.auth.TokenVerifier], then
/// [dev.switchboard.auth.Permissions].
package dev.switchboard.auth;
