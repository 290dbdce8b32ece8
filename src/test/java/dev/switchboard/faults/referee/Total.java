package dev.switchboard.faults.referee;

/// What is counted without a judgement.
public enum Total {
  /// Requests to publish.
  ATTEMPTS("attempts"),
  /// Different keys among them.
  KEYS("keys"),
  /// Attempts with a key used before.
  REPEATS("repeated attempts"),
  /// Different keys that at least one answer says are kept.
  ACKED("acked keys"),
  /// Answers that were errors.
  REFUSED("refused attempts"),
  /// Attempts without an answer.
  UNANSWERED("unanswered attempts"),
  /// Publications that clients received.
  RECEIPTS("receipts"),
  /// Subscriptions that went on exactly where the client was.
  RECOVERED("recovered"),
  /// Subscriptions whose client was told that it may have missed something.
  FLAGGED("flagged"),
  /// Keys with nothing but errors and silence for an answer.
  GIVEN_UP("keys given up"),
  /// Keys given up that were kept all the same.
  GIVEN_UP_KEPT("keys given up, kept all the same"),
  /// Keys kept in more than one epoch, each time once.
  KEPT_AGAIN("keys kept again after an epoch"),
  /// Acknowledged, and trimmed after somebody who followed the log had read it.
  FOLLOWED("read before they were trimmed"),
  /// Acknowledged, and trimmed before anybody read the log.
  TRIMMED("trimmed before they were read"),
  /// Acknowledged in an epoch that ended, where that was allowed.
  ENDED("acked in an epoch that had to end"),
  /// Epochs that began where that was allowed.
  EPOCHS("new epochs that were allowed"),
  /// How often all came to rest.
  RESTS("rests");

  private final String label;

  Total(String label) {
    this.label = label;
  }

  /// For tables.
  public String label() {
    return label;
  }
}
