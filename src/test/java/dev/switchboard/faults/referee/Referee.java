package dev.switchboard.faults.referee;

import dev.switchboard.stream.Position;
import java.util.LinkedHashMap;
import java.util.Map;

/// Decides whether streams told the truth: reads every [Fact] once and keeps little of it.
///
/// Confined to one thread. It believes publishers what they sent, clients what they got and nodes
/// what they answered, compares all of it at each [Fact.Rest], and knows nothing else.
public final class Referee {
  private final Tallies tallies = new Tallies();
  private final Map<String, Book> books = new LinkedHashMap<>();

  /// Takes down one more fact.
  public void hear(Fact fact) {
    switch (fact) {
      case Fact.Attempt attempt -> book(attempt.channel()).attempted(attempt);
      case Fact.Stored answer -> book(answer.channel()).stored(answer);
      case Fact.Refused _ -> tallies.count(Total.REFUSED);
      case Fact.Unanswered _ -> tallies.count(Total.UNANSWERED);
      case Fact.Subscribed reply -> book(reply.channel()).subscribed(reply);
      case Fact.Left end -> book(end.channel()).left(end);
      case Fact.Received receipt -> book(receipt.channel()).received(receipt);
      case Fact.LogRead reading -> book(reading.channel()).read(reading);
      case Fact.Followed page -> book(page.channel()).followed(page);
      case Fact.Rest rest -> {
        tallies.count(Total.RESTS);
        books.values().forEach(book -> book.rest(rest));
      }
    }
  }

  private Book book(String channel) {
    return books.computeIfAbsent(channel, _ -> new Book(channel, tallies));
  }

  /// How many clients with an open subscription are elsewhere than at the end of a log.
  public long behind(String channel, Position top) {
    return book(channel).behind(top);
  }

  /// All that was found until now. What came after the last rest is not wholly judged.
  public Verdict verdict() {
    return tallies.verdict();
  }
}
