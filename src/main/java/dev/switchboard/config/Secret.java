package dev.switchboard.config;

/// A value that must never be shown: it prints as `[hidden]` wherever it ends up.
public final class Secret {
  private final String value;

  /// @param value the secret text, empty for none
  public Secret(String value) {
    this.value = value;
  }

  /// The secret text; call it only where it is used.
  public String reveal() {
    return value;
  }

  /// Whether nothing was configured.
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "[hidden]";
  }
}
