package dev.switchboard.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchboard.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// A JSON value given on the command line, or on standard input when it is `-`. Pure functions.
final class JsonArgument {
  private JsonArgument() {}

  /// The value as it was written.
  ///
  /// @throws ParameterException when it is not exactly one JSON value
  static RawValue read(CommandLine command, String argument, InputStream in) {
    byte[] bytes =
        argument.equals("-") ? drain(command, in) : argument.getBytes(StandardCharsets.UTF_8);
    if (!Json.isValue(bytes)) {
      String shown = argument.equals("-") ? "what came on standard input" : "\"" + argument + "\"";
      throw new ParameterException(
          command,
          shown
              + " is not one JSON value; quote it for the shell, such as '{\"text\":\"hi\"}'"
              + " or '\"hi\"'");
    }
    return new RawValue(new String(bytes, StandardCharsets.UTF_8).strip());
  }

  private static byte[] drain(CommandLine command, InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new ParameterException(command, "standard input cannot be read");
    }
  }
}
