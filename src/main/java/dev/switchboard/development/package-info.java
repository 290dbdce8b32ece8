/// Makes a first start need nothing: keys, open channels, free ports and a token, on loopback only.
///
/// Imports `config` and `auth` only. Start reading at
/// [dev.switchboard.development.DevelopmentFile].
package dev.switchboard.development;
