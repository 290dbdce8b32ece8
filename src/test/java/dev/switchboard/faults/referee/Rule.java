package dev.switchboard.faults.referee;

/// What streams promise; beside each count of breaches stands how often it could have been broken.
public enum Rule {
  /// A client was not given a publication and was not told so; n are receipts and resubscriptions.
  GAP("gaps"),
  /// A client was given a publication again; n are receipts.
  DUPLICATE("duplicates"),
  /// A client was given a publication after a later one; n are receipts.
  ORDER("reordered"),
  /// A receipt or an answer has no epoch, no offset or no subscription; n are both.
  PLACE("without a place"),
  /// Two payloads at one place of one epoch, whoever saw them; n are places.
  PAYLOAD("double payloads"),
  /// Acknowledged, and neither in the log nor trimmed from it; n are acknowledged keys.
  LOST("acked lost"),
  /// Acknowledged in an epoch that is over, where no epoch had to end; n are acknowledged keys.
  FENCED("acked in an ended epoch"),
  /// A stream lost its continuity where it had no reason to; n are channels at rest.
  EPOCH("epochs without need"),
  /// In a log or received, and nobody tried to publish it; n are places.
  PHANTOM("never attempted"),
  /// One key twice in one epoch; n are keys seen in logs, receipts and answers.
  KEY("keys twice in the log"),
  /// A log ends before what was seen of it, or a client returned to an older place; n are channels
  /// at rest and resubscriptions.
  TOP("went back"),
  /// Kept publications do not follow each other up to the end of the log; n are kept ones read.
  HOLE("holes in a log"),
  /// Two nodes at rest tell of two different logs; n are readings.
  DISAGREE("nodes that disagree"),
  /// A client at rest has not got what the log ends with; n are open subscriptions at rest.
  BEHIND("behind at rest"),
  /// The reading of a log is missing, or of a log nobody reads; n are channels at rest.
  UNREAD("logs not read");

  private final String label;

  Rule(String label) {
    this.label = label;
  }

  /// For tables.
  public String label() {
    return label;
  }
}
