/// BoringSSL for the client port, with sessions that may be resumed.
///
/// Beside `wire` the only package that imports Netty.
package dev.switchboard.tls;
