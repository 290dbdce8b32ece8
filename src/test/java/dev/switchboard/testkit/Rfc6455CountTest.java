package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.support.ReflectionSupport;

/// Holds the number of RFC 6455 cases: a source that lost its lines would go unnoticed otherwise.
class Rfc6455CountTest {
  @Test
  void everySectionHasItsCases() {
    // Given
    List<Class<?>> suites =
        ReflectionSupport.findAllClassesInPackage(
            "dev.switchboard", Rfc6455CountTest::isSuite, _ -> true);

    // When
    List<Method> tests =
        suites.stream().flatMap(suite -> Arrays.stream(suite.getDeclaredMethods())).toList();
    long cases = tests.stream().mapToLong(Rfc6455CountTest::cases).sum();

    // Then
    assertThat(suites).hasSize(7);
    assertThat(cases).isGreaterThanOrEqualTo(590);
  }

  private static boolean isSuite(Class<?> type) {
    return Arrays.stream(type.getAnnotationsByType(Tag.class))
        .anyMatch(tag -> tag.value().equals("rfc6455"));
  }

  private static long cases(Method test) {
    if (test.isAnnotationPresent(ValueSource.class)) {
      return values(test.getAnnotation(ValueSource.class));
    }
    if (test.isAnnotationPresent(CsvSource.class)) {
      return test.getAnnotation(CsvSource.class).value().length;
    }
    if (test.isAnnotationPresent(MethodSource.class)) {
      return produced(test.getDeclaringClass(), test.getAnnotation(MethodSource.class).value()[0]);
    }
    return test.isAnnotationPresent(Test.class) ? 1 : 0;
  }

  private static long values(ValueSource source) {
    return Stream.of(source.ints(), source.longs(), source.booleans(), source.strings())
        .mapToLong(Array::getLength)
        .sum();
  }

  private static long produced(Class<?> type, String source) {
    try {
      Method factory = type.getDeclaredMethod(source);
      factory.setAccessible(true);
      long count = 0;
      var cases = ((BaseStream<?, ?>) factory.invoke(null)).iterator();
      for (; cases.hasNext(); cases.next()) {
        count++;
      }
      return count;
    } catch (ReflectiveOperationException failure) {
      throw new AssertionError(failure);
    }
  }
}
