package dev.switchboard.faults.referee;

import dev.switchboard.faults.referee.Fact.LogRead;
import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// One lie planted in a true [History], and the rules of which at least one must find it.
enum Corruption {
  RECEIPT_LEFT_OUT(Rule.GAP, Rule.BEHIND) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      // What a client had not yet got when it left is no lie.
      return facts.get(index) instanceof Fact.Received receipt
          && next(facts, index, receipt).filter(next -> !(next instanceof Fact.Left)).isPresent();
    }

    @Override
    void plant(List<Fact> facts, int index) {
      facts.remove(index);
    }
  },
  RECEIPT_TWICE(Rule.DUPLICATE) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof Fact.Received;
    }

    @Override
    void plant(List<Fact> facts, int index) {
      facts.add(index, facts.get(index));
    }
  },
  RECEIPTS_SWAPPED(Rule.ORDER) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof Fact.Received receipt
          && next(facts, index, receipt).filter(Fact.Received.class::isInstance).isPresent();
    }

    @Override
    void plant(List<Fact> facts, int index) {
      Fact next = next(facts, index, (Fact.Received) facts.get(index)).orElseThrow();
      facts.set(facts.indexOf(next), facts.set(index, next));
    }
  },
  RECEIPT_CHANGED(Rule.PAYLOAD) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof Fact.Received;
    }

    @Override
    void plant(List<Fact> facts, int index) {
      var got = (Fact.Received) facts.get(index);
      facts.set(
          index, new Fact.Received(0, got.client(), got.channel(), got.position(), "another"));
    }
  },
  FLAG_DENIED(Rule.GAP) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      // A flag without a publication missed is unneeded, so to leave it out is no lie.
      return facts.get(index) instanceof Fact.Subscribed reply
          && reply.recovering()
          && !reply.recovered()
          && !before(facts, index, reply).equals(reply.position());
    }

    @Override
    void plant(List<Fact> facts, int index) {
      var told = (Fact.Subscribed) facts.get(index);
      facts.set(
          index,
          new Fact.Subscribed(0, told.client(), told.channel(), told.position(), true, true));
    }
  },
  LOG_CUT_SHORT(Rule.TOP) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log && !log.kept().isEmpty();
    }

    @Override
    void plant(List<Fact> facts, int index) {
      inAll(facts, index, log -> log.removeLast());
    }
  },
  LOG_WITH_A_HOLE(Rule.HOLE) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log && log.kept().size() > 2;
    }

    @Override
    void plant(List<Fact> facts, int index) {
      inAll(facts, index, log -> log.remove(log.size() / 2));
    }
  },
  LOG_REWRITTEN(Rule.PAYLOAD) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log && !log.kept().isEmpty();
    }

    @Override
    void plant(List<Fact> facts, int index) {
      inAll(facts, index, log -> log.set(0, new Kept(log.getFirst().offset(), "another")));
    }
  },
  LOG_INVENTED(Rule.PHANTOM) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log && isLast(facts, index, log);
    }

    @Override
    void plant(List<Fact> facts, int index) {
      long top = ((LogRead) facts.get(index)).top().offset();
      inAll(facts, index, log -> log.add(new Kept(top + 1, "another")));
    }
  },
  KEY_TWICE(Rule.KEY) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log
          && !log.kept().isEmpty()
          && isLast(facts, index, log);
    }

    @Override
    void plant(List<Fact> facts, int index) {
      long top = ((LogRead) facts.get(index)).top().offset();
      inAll(facts, index, log -> log.add(new Kept(top + 1, log.getFirst().payload())));
    }
  },
  LOG_OF_ONE_NODE(Rule.DISAGREE) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead log && !log.kept().isEmpty();
    }

    @Override
    void plant(List<Fact> facts, int index) {
      var log = (LogRead) facts.get(index);
      facts.set(index, with(log, log.kept().subList(0, log.kept().size() - 1)));
    }
  },
  ANSWER_MOVED(Rule.KEY, Rule.PAYLOAD) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      // Of what nobody else saw, whatever is answered is no lie.
      return facts.get(index) instanceof Fact.Stored answer
          && answer.attempt() == 2
          && facts.contains(
              new Fact.Stored(0, answer.key(), 1, answer.channel(), answer.position()));
    }

    @Override
    void plant(List<Fact> facts, int index) {
      var answer = (Fact.Stored) facts.get(index);
      var moved = new Position(answer.position().epoch(), answer.position().offset() + 1);
      facts.set(index, new Fact.Stored(0, answer.key(), answer.attempt(), answer.channel(), moved));
    }
  },
  EPOCH_CHANGED(Rule.EPOCH, Rule.BEHIND, Rule.TOP) {
    @Override
    boolean fits(List<Fact> facts, int index) {
      return facts.get(index) instanceof LogRead && !allowed(facts, index);
    }

    @Override
    void plant(List<Fact> facts, int index) {
      var log = (LogRead) facts.get(index);
      for (int each : readings(facts, index)) {
        var other = (LogRead) facts.get(each);
        var top = new Position("another", log.top().offset());
        facts.set(each, new LogRead(0, other.node(), other.channel(), top, other.kept()));
      }
    }
  };

  private final Set<Rule> found;

  Corruption(Rule... found) {
    this.found = Set.of(found);
  }

  /// Rules of which one must be broken.
  Set<Rule> found() {
    return found;
  }

  abstract boolean fits(List<Fact> facts, int index);

  abstract void plant(List<Fact> facts, int index);

  /// Plants it somewhere; false when there is no place for it.
  boolean plant(List<Fact> facts, Random random) {
    int[] places = IntStream.range(0, facts.size()).filter(each -> fits(facts, each)).toArray();
    if (places.length == 0) {
      return false;
    }
    plant(facts, places[random.nextInt(places.length)]);
    return true;
  }

  /// What happened next to the same client at the same channel.
  private static Optional<Fact> next(List<Fact> facts, int index, Fact.Received receipt) {
    return facts.stream()
        .skip(index + 1L)
        .filter(fact -> isOf(fact, receipt.client(), receipt.channel()))
        .findFirst();
  }

  private static boolean isOf(Fact fact, String client, String channel) {
    return switch (fact) {
      case Fact.Received each -> each.client().equals(client) && each.channel().equals(channel);
      case Fact.Subscribed each -> each.client().equals(client) && each.channel().equals(channel);
      case Fact.Left each -> each.client().equals(client) && each.channel().equals(channel);
      case Fact.Attempt _, Fact.Stored _, Fact.Refused _, Fact.Unanswered _ -> false;
      case LogRead _, Fact.Followed _, Fact.Rest _ -> false;
    };
  }

  private static Position before(List<Fact> facts, int index, Fact.Subscribed reply) {
    return facts.subList(0, index).reversed().stream()
        .filter(fact -> isOf(fact, reply.client(), reply.channel()))
        .map(Corruption::position)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Position> position(Fact fact) {
    return switch (fact) {
      case Fact.Received each -> Optional.of(each.position());
      case Fact.Subscribed each -> Optional.of(each.position());
      case Fact.Left _, Fact.Attempt _, Fact.Stored _, Fact.Refused _ -> Optional.empty();
      case Fact.Unanswered _, LogRead _, Fact.Followed _, Fact.Rest _ -> Optional.empty();
    };
  }

  private static boolean isLast(List<Fact> facts, int index, LogRead log) {
    return facts.stream()
        .skip(index + 1L)
        .noneMatch(
            fact -> fact instanceof Fact.Received later && later.channel().equals(log.channel()));
  }

  private static boolean allowed(List<Fact> facts, int index) {
    return facts.stream()
        .skip(index)
        .filter(Fact.Rest.class::isInstance)
        .map(Fact.Rest.class::cast)
        .findFirst()
        .orElseThrow()
        .newEpochs();
  }

  /// The readings of one channel at one rest.
  private static int[] readings(List<Fact> facts, int index) {
    String channel = ((LogRead) facts.get(index)).channel();
    int from = index;
    while (from > 0 && facts.get(from - 1) instanceof LogRead) {
      from--;
    }
    return IntStream.iterate(from, each -> facts.get(each) instanceof LogRead, each -> each + 1)
        .filter(each -> ((LogRead) facts.get(each)).channel().equals(channel))
        .toArray();
  }

  private interface Change {
    void to(List<Kept> log);
  }

  private static void inAll(List<Fact> facts, int index, Change change) {
    for (int each : readings(facts, index)) {
      var log = (LogRead) facts.get(each);
      List<Kept> kept = new ArrayList<>(log.kept());
      change.to(kept);
      facts.set(each, with(log, kept));
    }
  }

  /// The end follows what is kept, but for an entry that is missing in the middle.
  private static LogRead with(LogRead log, List<Kept> kept) {
    long top = kept.isEmpty() ? log.top().offset() - 1 : kept.getLast().offset();
    return new LogRead(
        0, log.node(), log.channel(), new Position(log.top().epoch(), top), List.copyOf(kept));
  }
}
