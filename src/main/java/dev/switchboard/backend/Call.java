package dev.switchboard.backend;

/// What a client asks a back end.
///
/// @param method with its namespace, if it has one
/// @param data the payload as it came; empty when there was none
public record Call(Caller caller, String method, byte[] data) {
  /// Who asks.
  ///
  /// @param client id of the session
  /// @param user empty for the anonymous one
  /// @param transport such as `websocket`
  /// @param protocol `json` or `protobuf`
  public record Caller(String client, String user, String transport, String protocol) {}
}
