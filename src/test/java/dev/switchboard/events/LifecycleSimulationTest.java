package dev.switchboard.events;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// See [LifecycleWorld]. More of them: `mvn test -Dtest=LifecycleSimulationTest
/// -Djqwik.tries.default=10000`.
class LifecycleSimulationTest {
  @Property
  void everySessionHasOneEndAndTheRollIsTheTruth(@ForAll long seed) {
    // Given
    var world = new LifecycleWorld(seed);

    // When
    world.run(150);
    world.rest();

    // Then
    world.check();
  }
}
