package dev.switchboard.schema;

import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaException;
import java.util.Locale;

/// What is left to be spent on one payload. Confined to one call.
///
/// A schema is the operator's, a payload is anybody's: with a schema that refers to itself from two
/// branches, 60 brackets would keep an event loop busy for years. So every keyword that is
/// evaluated costs a step, and what looks at many values or at a long text costs more.
final class Budget extends ExecutionContext {
  /// Of the payload that this thread holds against a schema now; for what the library tells nothing
  /// but a text.
  static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

  private static final ExecutionConfig FIRST_FAULT =
      ExecutionConfig.builder()
          .failFast(true)
          .formatAssertionsEnabled(false)
          .locale(Locale.ROOT)
          .build();

  private long left;

  Budget(int steps) {
    super(FIRST_FAULT);
    left = steps;
  }

  /// Spends steps.
  void spend(long steps) {
    left -= steps;
    if (left < 0) {
      throw new SpentException();
    }
  }

  /// Whether there was not enough.
  boolean isSpent() {
    return left < 0;
  }

  @Override
  public void evaluationPathAddLast(String keyword) {
    spend(1);
    super.evaluationPathAddLast(keyword);
  }

  @Override
  public void evaluationPathAddLast(int index) {
    spend(1);
    super.evaluationPathAddLast(index);
  }

  /// There is nothing left. Of this type, as the library logs and forgets most others.
  static final class SpentException extends SchemaException {
    private static final long serialVersionUID = 1L;

    private SpentException() {
      super("spent");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }
}
