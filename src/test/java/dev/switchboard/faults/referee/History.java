package dev.switchboard.faults.referee;

import dev.switchboard.faults.referee.Fact.LogRead;
import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Makes up facts of streams that keep their promises. Confined to one thread.
final class History {
  private static final int KEPT_MAX = 12;
  private static final int NODES = 3;

  private final Random random;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Channel> channels = List.of(new Channel("kept:a"), new Channel("kept:b"));
  private boolean epochEnded;

  History(Random random) {
    this.random = random;
  }

  private static final class Channel {
    private final String name;
    private final List<Kept> log = new ArrayList<>();
    private final List<Client> clients =
        IntStream.range(0, 3).mapToObj(each -> new Client("client-" + each)).toList();
    private String epoch = "epoch-0";
    private long top;
    private int keys;

    Channel(String name) {
      this.name = name;
    }

    Position end() {
      return new Position(epoch, top);
    }

    long first() {
      return log.isEmpty() ? top + 1 : log.getFirst().offset();
    }
  }

  private static final class Client {
    private final String name;
    private Position position;
    private boolean here;

    Client(String name) {
      this.name = name;
    }
  }

  /// Several rests with a life between them; the last is at the end.
  List<Fact> live(int steps, int rests) {
    channels.forEach(channel -> channel.clients.forEach(client -> toggle(channel, client)));
    for (int rest = 0; rest < rests; rest++) {
      for (int step = 0; step < steps; step++) {
        step(channels.get(random.nextInt(channels.size())));
      }
      rest();
    }
    return facts;
  }

  private void step(Channel channel) {
    var client = channel.clients.get(random.nextInt(channel.clients.size()));
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> toggle(channel, client);
      case 3 -> {
        if (random.nextInt(4) == 0) {
          end(channel);
        }
      }
      default -> publish(channel);
    }
  }

  private void publish(Channel channel) {
    String key = channel.name + "-" + channel.keys++;
    String payload = "hash-" + key;
    boolean unanswered = random.nextInt(6) == 0;
    attempt(channel, key, 1);
    channel.top++;
    channel.log.add(new Kept(channel.top, payload));
    if (channel.log.size() > KEPT_MAX) {
      channel.log.removeFirst();
    }
    if (unanswered) {
      facts.add(new Fact.Unanswered(0, key, 1, channel.name));
    } else {
      facts.add(new Fact.Stored(0, key, 1, channel.name, channel.end()));
    }
    channel.clients.stream()
        .filter(client -> client.here)
        .forEach(client -> deliver(channel, client, channel.log.getLast()));
    if (unanswered || random.nextInt(10) == 0) {
      attempt(channel, key, 2);
      facts.add(new Fact.Stored(0, key, 2, channel.name, channel.end()));
    }
  }

  private void attempt(Channel channel, String key, int number) {
    facts.add(new Fact.Attempt(0, "publisher", key, number, channel.name, "hash-" + key));
  }

  private void deliver(Channel channel, Client client, Kept kept) {
    client.position = new Position(channel.epoch, kept.offset());
    facts.add(new Fact.Received(0, client.name, channel.name, client.position, kept.payload()));
  }

  private void toggle(Channel channel, Client client) {
    client.here = !client.here;
    if (!client.here) {
      facts.add(new Fact.Left(0, client.name, channel.name, 1));
      return;
    }
    boolean recovering = client.position != null;
    boolean recovered =
        recovering
            && client.position.epoch().equals(channel.epoch)
            && client.position.offset() + 1 >= channel.first();
    client.position = recovered ? client.position : channel.end();
    facts.add(
        new Fact.Subscribed(0, client.name, channel.name, client.position, recovering, recovered));
    long from = client.position.offset();
    channel.log.stream()
        .filter(kept -> kept.offset() > from)
        .forEach(kept -> deliver(channel, client, kept));
  }

  /// Continuity is lost, and everybody is told.
  private void end(Channel channel) {
    epochEnded = true;
    channel.epoch = "epoch-" + facts.size();
    channel.top = 0;
    channel.log.clear();
    channel.clients.stream()
        .filter(client -> client.here)
        .toList()
        .forEach(
            client -> {
              toggle(channel, client);
              toggle(channel, client);
            });
  }

  private void rest() {
    for (Channel channel : channels) {
      for (int node = 1; node <= NODES; node++) {
        facts.add(
            new LogRead(0, "node-" + node, channel.name, channel.end(), List.copyOf(channel.log)));
      }
    }
    facts.add(new Fact.Rest(0, "history", epochEnded));
    epochEnded = false;
  }
}
