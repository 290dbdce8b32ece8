package dev.switchboard.interest;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// Hashes to test with.
final class Hashes {
  /// A few hashes, several in each of a few shards, the extremes among them.
  static final List<Long> FEW =
      List.of(
          2L,
          3L,
          4L,
          0xffL,
          0x1_0000_0000L,
          0x00ff_ffff_ffff_ffffL,
          0x0100_0000_0000_0000L,
          0x0100_0000_0000_0001L,
          0x0100_0000_0000_0002L,
          0x7fff_ffff_ffff_ffffL,
          0x8000_0000_0000_0000L,
          0x8000_0000_0000_0001L,
          0xff00_0000_0000_0000L,
          0xffff_ffff_ffff_ffffL);

  private Hashes() {}

  /// One of the few: adds and removes often meet.
  static Arbitrary<Long> few() {
    return Arbitraries.of(FEW);
  }

  /// Any that a name may have.
  static Arbitrary<Long> any() {
    return Arbitraries.longs().filter(RouteHash::isName);
  }

  /// This many different ones of random bits, always the same.
  static long[] random(int count, long seed) {
    return new SplittableRandom(seed)
        .longs()
        .filter(RouteHash::isName)
        .distinct()
        .limit(count)
        .toArray();
  }

  static Set<Long> set(long... hashes) {
    return Arrays.stream(hashes).boxed().collect(Collectors.toSet());
  }

  static long[] array(Collection<Long> hashes) {
    return hashes.stream().mapToLong(Long::longValue).toArray();
  }
}
