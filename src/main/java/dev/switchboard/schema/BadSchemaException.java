package dev.switchboard.schema;

/// A file that cannot be used as a schema. The message follows the file's name.
public final class BadSchemaException extends Exception {
  private static final long serialVersionUID = 1L;

  BadSchemaException(String sentence, Throwable cause) {
    super(sentence.replaceAll("\\s+", " ").strip(), cause);
  }
}
