package dev.switchboard.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the commands of one JSON message.
///
/// Confined to one call. Each command is walked once for its grammar, its id and the place of the
/// request that counts, then only that request is read, as its id may stand behind it. Unknown
/// members are skipped; of a repeated member the last counts; null means absent, except as a
/// payload, where the Go server's `json.RawMessage` keeps it too.
final class JsonCommands {
  private static final long UINT32_MAX = 0xffff_ffffL;

  private final byte[] message;
  private final JsonReader in;

  JsonCommands(byte[] message) {
    this.message = message;
    this.in = new JsonReader(message);
  }

  /// The requests a command can hold, in the order in which the first present one counts.
  private enum Request {
    CONNECT,
    SUBSCRIBE,
    UNSUBSCRIBE,
    PUBLISH,
    PRESENCE,
    PRESENCE_STATS,
    HISTORY,
    RPC,
    SEND,
    REFRESH,
    SUB_REFRESH;

    /// The request of a member name, or null for any other member.
    static Request of(String name) {
      return switch (name) {
        case "connect" -> CONNECT;
        case "subscribe" -> SUBSCRIBE;
        case "unsubscribe" -> UNSUBSCRIBE;
        case "publish" -> PUBLISH;
        case "presence" -> PRESENCE;
        case "presence_stats" -> PRESENCE_STATS;
        case "history" -> HISTORY;
        case "rpc" -> RPC;
        case "send" -> SEND;
        case "refresh" -> REFRESH;
        case "sub_refresh" -> SUB_REFRESH;
        default -> null;
      };
    }
  }

  /// All commands, at least one; any white space may stand between and around them.
  List<Command> readAll() throws MalformedException {
    if (in.atEnd()) {
      throw new MalformedException("empty message");
    }
    Command first = command();
    if (in.atEnd()) {
      return List.of(first);
    }
    var commands = new ArrayList<Command>();
    commands.add(first);
    while (!in.atEnd()) {
      in.requireSpace();
      commands.add(command());
    }
    return commands;
  }

  /// The parameters of connect alone, as a command with an id of ours.
  static Command connect(byte[] parameters) throws MalformedException {
    var in = new JsonReader(parameters);
    Command connect = connect(1, in);
    if (!in.atEnd()) {
      throw new MalformedException("something follows the parameters");
    }
    return connect;
  }

  private Command command() throws MalformedException {
    long id = 0;
    boolean send = false;
    Request request = null;
    int start = 0;
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      Request found = Request.of(name);
      if (name.equals("id")) {
        id = in.integer(0, UINT32_MAX);
      } else if (found == null) {
        in.skip();
      } else if (!in.skipNull()) {
        int from = in.passObject();
        send |= found == Request.SEND;
        boolean counts = request == null || found.compareTo(request) <= 0;
        request = counts ? found : request;
        start = counts ? from : start;
      }
    }
    if (id == 0 && !send) {
      return new Command.Pong();
    }
    if (request == null) {
      throw new MalformedException("no known request");
    }
    return CommandRules.checked(read(request, id, new JsonReader(message, start)));
  }

  private static Command read(Request request, long id, JsonReader in) throws MalformedException {
    return switch (request) {
      case CONNECT -> connect(id, in);
      case SUBSCRIBE -> subscribe(id, null, in);
      case HISTORY -> history(id, in);
      case UNSUBSCRIBE -> new Command.Unsubscribe(id, Fields.read(in).channel());
      case PUBLISH -> {
        var fields = Fields.read(in);
        yield new Command.Publish(id, fields.channel(), fields.data());
      }
      case PRESENCE -> new Command.Presence(id, Fields.read(in).channel());
      case PRESENCE_STATS -> new Command.PresenceStats(id, Fields.read(in).channel());
      case RPC -> {
        var fields = Fields.read(in);
        yield new Command.Rpc(id, fields.method(), fields.data());
      }
      case SEND -> new Command.Send(Fields.read(in).data());
      case REFRESH -> new Command.Refresh(id, Fields.read(in).token());
      case SUB_REFRESH -> {
        var fields = Fields.read(in);
        yield new Command.SubRefresh(id, fields.channel(), fields.token());
      }
    };
  }

  /// The members of the small requests; each name means the same in all of them.
  private record Fields(String channel, String token, String method, byte[] data) {
    static Fields read(JsonReader in) throws MalformedException {
      var channel = "";
      var token = "";
      var method = "";
      byte[] data = null;
      for (var name = in.firstName(); name != null; name = in.nextName()) {
        switch (name) {
          case "channel" -> channel = in.text();
          case "token" -> token = in.text();
          case "method" -> method = in.text();
          case "data" -> data = in.payload();
          default -> in.skip();
        }
      }
      return new Fields(channel, token, method, data);
    }
  }

  private static Command connect(long id, JsonReader in) throws MalformedException {
    var token = "";
    byte[] data = null;
    var subs = new HashMap<String, Command.Subscribe>();
    var client = "";
    var version = "";
    var headers = new HashMap<String, String>();
    long flag = 0;
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      switch (name) {
        case "token" -> token = in.text();
        case "data" -> data = in.payload();
        case "subs" -> readSubs(in, subs);
        case "name" -> client = in.text();
        case "version" -> version = in.text();
        case "headers" -> readHeaders(in, headers);
        case "flag" -> flag = in.integer(Long.MIN_VALUE, Long.MAX_VALUE);
        default -> in.skip();
      }
    }
    return new Command.Connect(id, token, data, subs, client, version, headers, flag);
  }

  private static void readSubs(JsonReader in, Map<String, Command.Subscribe> subs)
      throws MalformedException {
    if (in.skipNull()) {
      return;
    }
    for (var channel = in.firstName(); channel != null; channel = in.nextName()) {
      if (!in.skipNull()) {
        subs.put(channel, subscribe(0, channel, in));
      }
    }
  }

  private static void readHeaders(JsonReader in, Map<String, String> headers)
      throws MalformedException {
    if (in.skipNull()) {
      return;
    }
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      headers.put(name, in.text());
    }
  }

  /// @param key the channel when it stands outside the request, else null
  private static Command.Subscribe subscribe(long id, String key, JsonReader in)
      throws MalformedException {
    var channel = "";
    var token = "";
    boolean recover = false;
    var epoch = "";
    long offset = 0;
    byte[] data = null;
    boolean positioned = false;
    boolean recoverable = false;
    boolean joinLeave = false;
    var delta = "";
    Command.FilterNode filter = null;
    long flag = 0;
    long type = 0;
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      switch (name) {
        case "channel" -> channel = in.text();
        case "token" -> token = in.text();
        case "recover" -> recover = in.flag();
        case "epoch" -> epoch = in.text();
        case "offset" -> offset = in.unsigned();
        case "data" -> data = in.payload();
        case "positioned" -> positioned = in.flag();
        case "recoverable" -> recoverable = in.flag();
        case "join_leave" -> joinLeave = in.flag();
        case "delta" -> delta = in.text();
        case "tf" -> filter = filter(in);
        case "flag" -> flag = in.integer(Long.MIN_VALUE, Long.MAX_VALUE);
        case "type" -> type = in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
        default -> in.skip();
      }
    }
    return new Command.Subscribe(
        id,
        key == null ? channel : key,
        token,
        recover,
        epoch,
        offset,
        data,
        positioned,
        recoverable,
        joinLeave,
        delta,
        filter,
        flag,
        (int) type);
  }

  /// A filter, or null for none; only as deep as a message may nest.
  private static Command.FilterNode filter(JsonReader in) throws MalformedException {
    if (in.skipNull()) {
      return null;
    }
    var op = "";
    var key = "";
    var cmp = "";
    var val = "";
    var vals = new ArrayList<String>();
    var nodes = new ArrayList<Command.FilterNode>();
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      switch (name) {
        case "op" -> op = in.text();
        case "key" -> key = in.text();
        case "cmp" -> cmp = in.text();
        case "val" -> val = in.text();
        case "vals" -> readArray(in, () -> vals.add(in.text()));
        case "nodes" -> readArray(in, () -> readNode(in, nodes));
        default -> in.skip();
      }
    }
    return new Command.FilterNode(op, key, cmp, val, vals, nodes);
  }

  private static void readNode(JsonReader in, List<Command.FilterNode> nodes)
      throws MalformedException {
    Command.FilterNode node = filter(in);
    if (node != null) {
      nodes.add(node);
    }
  }

  private interface Element {
    void read() throws MalformedException;
  }

  private static void readArray(JsonReader in, Element element) throws MalformedException {
    if (!in.skipNull()) {
      for (boolean more = in.firstElement(); more; more = in.nextElement()) {
        element.read();
      }
    }
  }

  private static Command history(long id, JsonReader in) throws MalformedException {
    var channel = "";
    long limit = 0;
    Position since = null;
    boolean reverse = false;
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      switch (name) {
        case "channel" -> channel = in.text();
        case "limit" -> limit = in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "since" -> since = Position.read(in);
        case "reverse" -> reverse = in.flag();
        default -> in.skip();
      }
    }
    boolean given = since != null;
    long offset = given ? since.offset() : 0;
    var epoch = given ? since.epoch() : "";
    return new Command.History(id, channel, (int) limit, given, offset, epoch, reverse);
  }

  private record Position(long offset, String epoch) {
    /// The position, or null for none.
    static Position read(JsonReader in) throws MalformedException {
      if (in.skipNull()) {
        return null;
      }
      long offset = 0;
      var epoch = "";
      for (var name = in.firstName(); name != null; name = in.nextName()) {
        switch (name) {
          case "offset" -> offset = in.unsigned();
          case "epoch" -> epoch = in.text();
          default -> in.skip();
        }
      }
      return new Position(offset, epoch);
    }
  }
}
