package dev.switchboard.cluster;

import com.hazelcast.config.JavaSerializationFilterConfig;

/// What may come to a member as a serialised Java object: exceptions, and what they are made of.
///
/// Everything else of Hazelcast's and Vert.x's has formats of its own. An object of any other class
/// could run code while it is read, sent by whoever reaches the port. Stateless.
final class JavaFilter {
  // Where Hazelcast keeps the exceptions that its operations answer with. Not `com.hazelcast.` as
  // a whole: below it are copies of other people's libraries.
  private static final String[] EXCEPTIONS = {
    "com.hazelcast.cluster.",
    "com.hazelcast.config.",
    "com.hazelcast.core.",
    "com.hazelcast.internal.cluster.",
    "com.hazelcast.internal.partition.",
    "com.hazelcast.internal.util.",
    "com.hazelcast.map.",
    "com.hazelcast.nio.serialization.",
    "com.hazelcast.partition.",
    "com.hazelcast.query.",
    "com.hazelcast.spi.exception.",
    "com.hazelcast.spi.impl.operationservice.",
    "com.hazelcast.splitbrainprotection.",
  };

  private static final String[] CLASSES = {
    "[Ljava.lang.StackTraceElement;",
    "[Ljava.lang.Throwable;",
    "java.io.EOFException",
    "java.io.IOException",
    "java.lang.ArithmeticException",
    "java.lang.ArrayIndexOutOfBoundsException",
    "java.lang.AssertionError",
    "java.lang.ClassCastException",
    "java.lang.ClassNotFoundException",
    "java.lang.Enum",
    "java.lang.Error",
    "java.lang.Exception",
    "java.lang.IllegalArgumentException",
    "java.lang.IllegalMonitorStateException",
    "java.lang.IllegalStateException",
    "java.lang.IndexOutOfBoundsException",
    "java.lang.InterruptedException",
    "java.lang.LinkageError",
    "java.lang.NoClassDefFoundError",
    "java.lang.NullPointerException",
    "java.lang.OutOfMemoryError",
    "java.lang.ReflectiveOperationException",
    "java.lang.RuntimeException",
    "java.lang.SecurityException",
    "java.lang.StackOverflowError",
    "java.lang.StackTraceElement",
    "java.lang.Throwable",
    "java.lang.UnsupportedOperationException",
    "java.lang.VirtualMachineError",
    "java.util.ArrayList",
    "java.util.Collections$EmptyList",
    "java.util.Collections$UnmodifiableCollection",
    "java.util.Collections$UnmodifiableList",
    "java.util.Collections$UnmodifiableRandomAccessList",
    "java.util.ConcurrentModificationException",
    "java.util.NoSuchElementException",
    "java.util.concurrent.CancellationException",
    "java.util.concurrent.CompletionException",
    "java.util.concurrent.ExecutionException",
    "java.util.concurrent.RejectedExecutionException",
    "java.util.concurrent.TimeoutException",
  };

  private JavaFilter() {}

  /// The list, in place of Hazelcast's own, which lets everything of Java's and its own through.
  static JavaSerializationFilterConfig config() {
    var config = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
    config.getWhitelist().addPrefixes(EXCEPTIONS).addClasses(CLASSES);
    return config;
  }
}
