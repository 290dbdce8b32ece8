package dev.switchboard.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a test or its whole class may log without being failed by [LogGuard].
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(AllowLog.Several.class)
public @interface AllowLog {
  /// How the logger's name begins.
  String logger();

  /// A part of the message.
  String containing() default "";

  /// More than one of them.
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @interface Several {
    /// All of them.
    AllowLog[] value();
  }
}
