package dev.switchboard.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.config.NodeConfig;
import dev.switchboard.metrics.Rejection;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Optional<InetAddress> ONE = Optional.of(InetAddress.ofLiteral("192.0.2.1"));
  private static final Optional<InetAddress> OTHER =
      Optional.of(InetAddress.ofLiteral("2001:db8::1"));

  private static NodeConfig limits(int connections, int accepts, int total, int each) {
    return new NodeConfig(
        "",
        1,
        NodeConfig.Transport.NIO,
        false,
        connections,
        200,
        Duration.ZERO,
        0,
        accepts,
        total,
        each,
        Duration.ZERO);
  }

  private static Admission admission(int connections, int accepts, int total, int each) {
    var limits = limits(connections, accepts, total, each);
    return new Admission(limits, new Pressure(limits, () -> 0));
  }

  private static Admission.Ticket admitted(Admission.Answer answer) {
    assertThat(answer).isInstanceOf(Admission.Answer.Admitted.class);
    return ((Admission.Answer.Admitted) answer).ticket();
  }

  private static Admission.Answer refused(Rejection reason) {
    return new Admission.Answer.Refused(reason);
  }

  @Test
  void oneAddressCannotTakeAllThePlaces() {
    // Given
    var admission = admission(0, 100, 10, 2);
    var first = admitted(admission.admit(ONE));
    admitted(admission.admit(ONE));

    // Then
    assertThat(admission.admit(ONE)).isEqualTo(refused(Rejection.ADDRESS));
    assertThat(admission.unauthenticated()).as("a refused one holds no place").isEqualTo(2);
    admitted(admission.admit(OTHER));
    first.giveBack();
    first.giveBack();
    admitted(admission.admit(ONE));
    assertThat(admission.admit(ONE)).isEqualTo(refused(Rejection.ADDRESS));
  }

  @Test
  void exemptAddressesShareTheTotalOnly() {
    // Given
    var admission = admission(0, 100, 5, 1);

    // When
    List<Admission.Ticket> tickets =
        IntStream.range(0, 5).mapToObj(_ -> admitted(admission.admit(Optional.empty()))).toList();

    // Then
    assertThat(admission.admit(ONE)).isEqualTo(refused(Rejection.UNAUTHENTICATED));
    tickets.forEach(Admission.Ticket::giveBack);
    assertThat(admission.unauthenticated()).isZero();
    admitted(admission.admit(ONE));
  }

  @Test
  void loopbackAndTrustedProxiesAreExemptFromTheLimitPerAddress() {
    // Given
    var addresses = new ClientAddress(List.of("10.0.0.0/8"));

    // Then
    for (String exempt : new String[] {"127.0.0.1", "127.1.2.3", "::1", "10.9.8.7"}) {
      assertThat(addresses.limited(InetAddress.ofLiteral(exempt))).as(exempt).isEmpty();
    }
    assertThat(addresses.limited(ONE.orElseThrow())).isEqualTo(ONE);
  }

  @Test
  void aFullNodeTakesNoMoreUntilSomebodyLeaves() {
    // Given
    var admission = admission(2, 100, 10, 10);
    admission.enter();
    admission.enter();

    // Then
    assertThat(admission.enter()).hasValue(Rejection.NODE_FULL);
    admission.leave();
    assertThat(admission.enter()).isEmpty();
  }

  @Test
  void arrivalsPerSecondAreBounded() {
    // Given
    var admission = admission(0, 3, 10, 10);

    // When
    long taken = IntStream.range(0, 6).filter(_ -> admission.enter().isEmpty()).count();

    // Then
    assertThat(taken).isBetween(3L, 4L);
    assertThat(admission.enter()).hasValue(Rejection.ACCEPT_RATE);
  }

  @Test
  void descriptorsBoundConnections() {
    assertThat(Admission.connectionsMax(limits(0, 1, 1, 1), 20_000)).isEqualTo(18_000);
    assertThat(Admission.connectionsMax(limits(0, 1, 1, 1), 1_000)).isEqualTo(800);
    assertThat(Admission.connectionsMax(limits(50, 1, 1, 1), 20_000)).isEqualTo(50);
    assertThat(Admission.connectionsMax(limits(0, 1, 1, 1), 100)).isEqualTo(1);
    assertThat(Admission.connectionsMax(limits(0, 1, 1, 1), -1)).isEqualTo(Integer.MAX_VALUE);
  }
}
