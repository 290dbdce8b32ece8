package dev.switchboard.stream;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.lifecycle.Noted;
import dev.switchboard.lifecycle.RollChange;
import dev.switchboard.lifecycle.RollSheet;
import dev.switchboard.lifecycle.UserStatus;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.stream.Blocks.In;
import dev.switchboard.stream.Blocks.Out;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The bytes of rolls, notes, what happens to rolls, and answers. Pure functions.
final class RollCodec {
  private static final int CONNECTED = 1;
  private static final int DISCONNECTED = 2;
  private static final int SUBSCRIBED = 3;
  private static final int UNSUBSCRIBED = 4;
  private static final int OCCUPIED = 5;
  private static final int VACATED = 6;
  private static final int ALIVE = 7;
  private static final int READ = 8;
  private static final int LOOK = 9;
  private static final int ENTERED = 10;
  private static final int LEFT = 11;
  private static final int FORGOTTEN = 12;
  private static final int BURIED = 13;

  private RollCodec() {}

  static void write(Out out, Note note) {
    switch (note) {
      case Note.Connected(var client, var user, long at, var cap) -> {
        out.put(CONNECTED);
        putClient(out, client);
        out.putText(user);
        out.putLong(at);
        putCap(out, cap);
      }
      case Note.Disconnected(var client, int code, var reason, long at) -> {
        out.put(DISCONNECTED);
        putClient(out, client);
        out.putInt(code);
        out.putText(reason);
        out.putLong(at);
      }
      case Note.Subscribed(var client, var channel, long at) ->
          putChannel(out, SUBSCRIBED, client, channel, at);
      case Note.Unsubscribed(var client, var channel, long at) ->
          putChannel(out, UNSUBSCRIBED, client, channel, at);
      case Note.Occupied(var channel, long node, long at) ->
          putNode(out, OCCUPIED, channel, node, at);
      case Note.Vacated(var channel, long node, long at) ->
          putNode(out, VACATED, channel, node, at);
      case Note.Alive(long at, var nodes, int seenMax, long seenSince, var cap) -> {
        out.put(ALIVE);
        out.putLong(at);
        out.putAll(nodes, Out::putLong);
        out.putInt(seenMax);
        out.putLong(seenSince);
        putCap(out, cap);
      }
      case Note.Read(var reader, var epoch, long offset) -> {
        out.put(READ);
        out.putText(reader);
        out.putText(epoch);
        out.putLong(offset);
      }
      case Note.Look(var users) -> {
        out.put(LOOK);
        out.putAll(users, Out::putText);
      }
    }
  }

  static Note note(In in) throws MalformedException {
    int kind = in.get();
    return switch (kind) {
      case CONNECTED -> new Note.Connected(client(in), in.getText(), in.getLong(), cap(in));
      case DISCONNECTED ->
          new Note.Disconnected(client(in), in.getInt(), in.getText(), in.getLong());
      case SUBSCRIBED -> new Note.Subscribed(client(in), in.getText(), in.getLong());
      case UNSUBSCRIBED -> new Note.Unsubscribed(client(in), in.getText(), in.getLong());
      case OCCUPIED -> new Note.Occupied(in.getText(), in.getLong(), in.getLong());
      case VACATED -> new Note.Vacated(in.getText(), in.getLong(), in.getLong());
      case ALIVE ->
          new Note.Alive(
              in.getLong(),
              new HashSet<>(in.getAll(In::getLong)),
              in.getCount(),
              in.getLong(),
              cap(in));
      case READ -> new Note.Read(in.getText(), in.getText(), in.getNatural());
      case LOOK -> new Note.Look(in.getAll(In::getText));
      default -> throw new MalformedException("unknown note " + kind);
    };
  }

  static void write(Out out, RollChange change) {
    switch (change) {
      case RollChange.Connected(var client, var user, long at) -> {
        out.put(CONNECTED);
        putClient(out, client);
        out.putText(user);
        out.putLong(at);
      }
      case RollChange.Disconnected ended -> {
        out.put(DISCONNECTED);
        putClient(out, ended.client());
        out.putText(ended.user());
        out.putInt(ended.code());
        out.putText(ended.reason());
        out.putLong(ended.since());
        out.putLong(ended.at());
      }
      case RollChange.Subscribed(var client, var user, var channel, long at) -> {
        putChannel(out, SUBSCRIBED, client, channel, at);
        out.putText(user);
      }
      case RollChange.Unsubscribed(var client, var user, var channel, long at) -> {
        putChannel(out, UNSUBSCRIBED, client, channel, at);
        out.putText(user);
      }
      case RollChange.Occupied(var channel, long node, long at) ->
          putNode(out, OCCUPIED, channel, node, at);
      case RollChange.Vacated(var channel, long node, long at) ->
          putNode(out, VACATED, channel, node, at);
      case RollChange.Entered(var channel, long node) -> putNode(out, ENTERED, channel, node, 0);
      case RollChange.Left(var channel, long node) -> putNode(out, LEFT, channel, node, 0);
      case RollChange.Buried(long node) -> {
        out.put(BURIED);
        out.putLong(node);
      }
      case RollChange.Forgotten(int users) -> {
        out.put(FORGOTTEN);
        out.putInt(users);
      }
      case RollChange.Read(var reader, long offset) -> {
        out.put(READ);
        out.putText(reader);
        out.putLong(offset);
      }
    }
  }

  static RollChange change(In in) throws MalformedException {
    int kind = in.get();
    return switch (kind) {
      case CONNECTED -> new RollChange.Connected(client(in), in.getText(), in.getLong());
      case DISCONNECTED ->
          new RollChange.Disconnected(
              client(in), in.getText(), in.getInt(), in.getText(), in.getLong(), in.getLong());
      case SUBSCRIBED, UNSUBSCRIBED -> subscription(in, kind == SUBSCRIBED);
      case OCCUPIED -> new RollChange.Occupied(in.getText(), in.getLong(), in.getLong());
      case VACATED -> new RollChange.Vacated(in.getText(), in.getLong(), in.getLong());
      case ENTERED -> new RollChange.Entered(in.getText(), in.getLong());
      case LEFT -> new RollChange.Left(in.getText(), in.getLong());
      case BURIED -> new RollChange.Buried(in.getLong());
      case FORGOTTEN -> new RollChange.Forgotten(in.getCount());
      case READ -> new RollChange.Read(in.getText(), in.getNatural());
      default -> throw new MalformedException("unknown change " + kind + " of a roll");
    };
  }

  private static RollChange subscription(In in, boolean begins) throws MalformedException {
    ClientId client = client(in);
    String channel = in.getText();
    long at = in.getLong();
    String user = in.getText();
    return begins
        ? new RollChange.Subscribed(client, user, channel, at)
        : new RollChange.Unsubscribed(client, user, channel, at);
  }

  static void write(Out out, Noted answer) {
    out.put(answer.refused() ? 1 : 0);
    out.putAll(answer.over(), RollCodec::putClient);
    out.put(answer.unfinished() ? 1 : 0);
    out.putLong(answer.read());
    out.putAll(
        answer.statuses(),
        (to, status) -> {
          to.putInt(status.connections());
          to.putLong(status.lastSeen());
        });
  }

  static Noted noted(In in) throws MalformedException {
    return new Noted(
        in.get() != 0,
        in.getAll(RollCodec::client),
        in.get() != 0,
        in.getNatural(),
        in.getAll(from -> new UserStatus(from.getCount(), from.getLong())));
  }

  static void write(Out out, RollSheet sheet) {
    out.putAll(
        sheet.connections(),
        (to, line) -> {
          putClient(to, line.client());
          to.putText(line.user());
          to.putLong(line.at());
          to.putAll(line.channels(), Out::putText);
        });
    out.putAll(
        sheet.nodes().entrySet(),
        (to, node) -> {
          to.putLong(node.getKey());
          to.putLong(node.getValue().notedAt());
          to.putAll(node.getValue().channels(), Out::putText);
        });
    putNumbers(out, sheet.seen());
    putNumbers(out, sheet.readers());
    out.putAll(
        sheet.lostNodes().entrySet(),
        (to, node) -> {
          to.putLong(node.getKey());
          to.putLong(node.getValue());
        });
    out.putAll(
        sheet.lostSessions().entrySet(),
        (to, session) -> {
          putClient(to, session.getKey());
          to.putLong(session.getValue());
        });
  }

  static RollSheet sheet(In in) throws MalformedException {
    List<RollSheet.Line> lines =
        in.getAll(
            from ->
                new RollSheet.Line(
                    client(from), from.getText(), from.getLong(), from.getAll(In::getText)));
    Map<Long, RollSheet.Node> nodes = new TreeMap<>();
    in.getAll(
        from ->
            nodes.put(
                from.getLong(), new RollSheet.Node(from.getLong(), from.getAll(In::getText))));
    Map<String, Long> seen = numbers(in);
    Map<String, Long> readers = numbers(in);
    Map<Long, Long> buried = new LinkedHashMap<>();
    in.getAll(from -> buried.put(from.getLong(), from.getLong()));
    Map<ClientId, Long> lost = new LinkedHashMap<>();
    in.getAll(from -> lost.put(client(from), from.getLong()));
    return new RollSheet(lines, nodes, seen, readers, buried, lost);
  }

  private static void putNumbers(Out out, Map<String, Long> numbers) {
    out.putAll(
        numbers.entrySet(),
        (to, one) -> {
          to.putText(one.getKey());
          to.putLong(one.getValue());
        });
  }

  private static Map<String, Long> numbers(In in) throws MalformedException {
    Map<String, Long> numbers = new LinkedHashMap<>();
    in.getAll(from -> numbers.put(from.getText(), from.getNatural()));
    return numbers;
  }

  private static void putChannel(Out out, int kind, ClientId client, String channel, long at) {
    out.put(kind);
    putClient(out, client);
    out.putText(channel);
    out.putLong(at);
  }

  private static void putNode(Out out, int kind, String channel, long node, long at) {
    out.put(kind);
    out.putText(channel);
    out.putLong(node);
    if (kind == OCCUPIED || kind == VACATED) {
      out.putLong(at);
    }
  }

  private static void putCap(Out out, Cap cap) {
    out.putInt(cap.max());
    out.put(cap.refuse() ? 1 : 0);
  }

  private static Cap cap(In in) throws MalformedException {
    return new Cap(in.getCount(), in.get() != 0);
  }

  private static void putClient(Out out, ClientId client) {
    out.putLong(client.incarnation());
    out.put(client.loop());
    out.putInt(client.slot());
    out.putLong(client.key());
  }

  private static ClientId client(In in) throws MalformedException {
    return new ClientId(in.getLong(), in.get(), in.getInt(), in.getLong());
  }
}
