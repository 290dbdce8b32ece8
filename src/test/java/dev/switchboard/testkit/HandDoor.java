package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.channel.ClaimDoor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Claims that are confirmed by hand, however late; also after they were released.
public final class HandDoor implements ClaimDoor {
  private final Map<String, Integer> held = new HashMap<>();
  private final List<Runnable> unconfirmed = new ArrayList<>();
  private int claims;
  private int releases;

  @Override
  public void claim(String name, Runnable confirmed) {
    claims++;
    assertThat(held.put(name, claims)).as("claimed twice: " + name).isNull();
    unconfirmed.add(confirmed);
  }

  @Override
  public void release(String name) {
    releases++;
    assertThat(held.remove(name)).as("released without a claim: " + name).isNotNull();
  }

  /// Confirms one of the claims that were never confirmed, by its age.
  public void confirm(int index) {
    if (!unconfirmed.isEmpty()) {
      unconfirmed.remove(index % unconfirmed.size()).run();
    }
  }

  /// Confirms everything, in order.
  public void confirmAll() {
    while (!unconfirmed.isEmpty()) {
      confirm(0);
    }
  }

  /// Names that are claimed now.
  public List<String> held() {
    return List.copyOf(held.keySet());
  }

  /// Claims so far.
  public int claims() {
    return claims;
  }

  /// Releases so far.
  public int releases() {
    return releases;
  }
}
