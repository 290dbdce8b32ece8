/// What somebody may do: who a principal is, what it was granted, and what follows for a channel.
///
/// Pure functions of bytes and configuration: nothing here does I/O, waits or logs. It may import
/// `config` and `protocol`. Start reading at [dev.switchboard.auth.Permissions], then
/// [dev.switchboard.auth.GrantReader].
package dev.switchboard.auth;
