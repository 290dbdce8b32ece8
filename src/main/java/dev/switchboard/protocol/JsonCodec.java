package dev.switchboard.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The protocol's own JSON: snake_case names, plain 64-bit numbers, payloads embedded as they are.
///
/// Stateless. A frame is one object without a line feed; joining several is the outbox's work.
final class JsonCodec implements ClientCodec {
  static final JsonCodec INSTANCE = new JsonCodec();

  private static final int SIZE_HINT = 256;

  private JsonCodec() {}

  @Override
  public List<Command> decode(byte[] message) throws MalformedException {
    return new JsonCommands(message).readAll();
  }

  @Override
  public Emulated decodeEmulated(byte[] body) throws MalformedException {
    var in = new JsonReader(body);
    var node = "";
    var session = "";
    var data = "";
    for (var name = in.firstName(); name != null; name = in.nextName()) {
      switch (name) {
        case "node" -> node = in.text();
        case "session" -> session = in.text();
        case "data" -> data = in.text();
        default -> in.skip();
      }
    }
    if (!in.atEnd()) {
      throw new MalformedException("something follows the object");
    }
    return new Emulated(node, session, data.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] ping() {
    return new byte[] {'{', '}'};
  }

  @Override
  public byte[] encode(Reply reply) throws UnencodableException {
    var out = new JsonWriter(SIZE_HINT).open().unsigned("id", reply.id());
    switch (reply) {
      case Reply.Error error -> write(out.open("error"), error);
      case Reply.Connect connect -> write(out.open("connect"), connect);
      case Reply.Subscribe subscribe -> write(out.open("subscribe"), subscribe);
      case Reply.Unsubscribe _ -> out.open("unsubscribe");
      case Reply.Publish _ -> out.open("publish");
      case Reply.Presence presence -> write(out.open("presence"), presence);
      case Reply.PresenceStats stats ->
          out.open("presence_stats")
              .unsignedAlways("num_clients", stats.clients())
              .unsignedAlways("num_users", stats.users());
      case Reply.History history -> write(out.open("history"), history);
      case Reply.Rpc rpc -> out.open("rpc").payload("data", rpc.data());
      case Reply.Refresh refresh -> write(out.open("refresh"), refresh);
      case Reply.SubRefresh refresh ->
          out.open("sub_refresh").flag("expires", refresh.expires()).unsigned("ttl", refresh.ttl());
    }
    return out.close().close().toBytes();
  }

  @Override
  public byte[] encode(Push push, long id) throws UnencodableException {
    var out = new JsonWriter(sizeHint(push)).open().open("push");
    write(out, push, id);
    return out.close().close().toBytes();
  }

  private static void write(JsonWriter out, Push push, long id) throws UnencodableException {
    if (id > 0) {
      out.unsigned("id", id);
    } else {
      out.text("channel", push.channel());
    }
    switch (push) {
      case Push.Publish publish -> write(out.open("pub"), publish.publication());
      case Push.Join join -> write(out.open("join").open("info"), join.info()).close();
      case Push.Leave leave -> write(out.open("leave").open("info"), leave.info()).close();
      case Push.Unsubscribe unsubscribe ->
          out.open("unsubscribe")
              .unsigned("code", unsubscribe.code())
              .text("reason", unsubscribe.reason());
      case Push.Subscribe subscribe -> write(out.open("subscribe"), subscribe);
      case Push.Message message -> out.open("message").payload("data", message.data());
      case Push.Disconnect disconnect ->
          out.open("disconnect")
              .unsigned("code", disconnect.code())
              .text("reason", disconnect.reason());
      case Push.Refresh refresh ->
          out.open("refresh").flag("expires", refresh.expires()).unsigned("ttl", refresh.ttl());
    }
    out.close();
  }

  private static int sizeHint(Push push) {
    if (push instanceof Push.Publish(_, var publication) && publication.data() != null) {
      return SIZE_HINT + publication.data().length;
    }
    return SIZE_HINT;
  }

  private static void write(JsonWriter out, Reply.Error error) {
    out.unsigned("code", error.code())
        .text("message", error.message())
        .flag("temporary", error.temporary());
  }

  private static void write(JsonWriter out, Reply.Connect connect) throws UnencodableException {
    out.text("client", connect.client())
        .text("version", connect.version())
        .flag("expires", connect.expires())
        .unsigned("ttl", connect.ttl())
        .payload("data", connect.data());
    if (!connect.subs().isEmpty()) {
      out.open("subs");
      for (var sub : connect.subs().entrySet()) {
        write(out.open(sub.getKey()), sub.getValue());
        out.close();
      }
      out.close();
    }
    out.unsigned("ping", connect.pingSeconds())
        .flag("pong", connect.pong())
        .text("session", connect.session())
        .text("node", connect.node())
        .number("time", connect.time());
  }

  private static void write(JsonWriter out, Reply.Subscribe subscribe) throws UnencodableException {
    out.flag("expires", subscribe.expires())
        .unsigned("ttl", subscribe.ttl())
        .flag("recoverable", subscribe.recoverable())
        .text("epoch", subscribe.epoch());
    if (!subscribe.publications().isEmpty()) {
      write(out, subscribe.publications());
    }
    out.flag("recovered", subscribe.recovered())
        .unsigned("offset", subscribe.offset())
        .flag("positioned", subscribe.positioned())
        .payload("data", subscribe.data())
        .flag("was_recovering", subscribe.wasRecovering())
        .flag("delta", subscribe.delta())
        .unsigned("id", subscribe.number());
  }

  private static void write(JsonWriter out, Reply.Presence presence) throws UnencodableException {
    out.open("presence");
    for (var client : presence.presence().entrySet()) {
      write(out.open(client.getKey()), client.getValue()).close();
    }
    out.close();
  }

  private static void write(JsonWriter out, Reply.History history) throws UnencodableException {
    write(out, history.publications());
    out.textAlways("epoch", history.epoch()).unsignedAlways("offset", history.offset());
  }

  private static void write(JsonWriter out, Reply.Refresh refresh) {
    out.text("client", refresh.client())
        .text("version", refresh.version())
        .flag("expires", refresh.expires())
        .unsigned("ttl", refresh.ttl());
  }

  private static void write(JsonWriter out, Push.Subscribe subscribe) throws UnencodableException {
    out.flag("recoverable", subscribe.recoverable())
        .text("epoch", subscribe.epoch())
        .unsigned("offset", subscribe.offset())
        .flag("positioned", subscribe.positioned())
        .payload("data", subscribe.data());
  }

  private static void write(JsonWriter out, List<Publication> publications)
      throws UnencodableException {
    out.openArray("publications");
    for (var publication : publications) {
      write(out.open(), publication);
      out.close();
    }
    out.closeArray();
  }

  private static void write(JsonWriter out, Publication publication) throws UnencodableException {
    out.payload("data", publication.data());
    if (publication.info() != null) {
      write(out.open("info"), publication.info()).close();
    }
    out.unsigned("offset", publication.offset());
    if (!publication.tags().isEmpty()) {
      out.open("tags");
      publication.tags().forEach(out::textAlways);
      out.close();
    }
    out.flag("delta", publication.delta())
        .number("time", publication.time())
        .text("channel", publication.channel());
  }

  private static JsonWriter write(JsonWriter out, ClientInfo info) throws UnencodableException {
    return out.textAlways("user", info.user())
        .textAlways("client", info.client())
        .payload("conn_info", info.connInfo())
        .payload("chan_info", info.chanInfo());
  }

  /// JSON for clients that only listen: they send the parameters of connect, and get pushes.
  ///
  /// Stateless. The connect reply is a push of its own, and an error is none: such a connection
  /// ends.
  static final class Unidirectional implements ClientCodec {
    static final Unidirectional INSTANCE = new Unidirectional();

    private Unidirectional() {}

    @Override
    public List<Command> decode(byte[] message) throws MalformedException {
      return List.of(JsonCommands.connect(message));
    }

    @Override
    public Emulated decodeEmulated(byte[] body) throws MalformedException {
      throw new MalformedException("a client that only listens sends nothing");
    }

    @Override
    public byte[] encode(Reply reply) throws UnencodableException {
      if (reply instanceof Reply.Connect connect) {
        var out = new JsonWriter(SIZE_HINT).open().open("connect");
        write(out, connect);
        return out.close().close().toBytes();
      }
      throw new IllegalStateException("nothing was asked");
    }

    @Override
    public byte[] encode(Push push, long id) throws UnencodableException {
      var out = new JsonWriter(sizeHint(push)).open();
      write(out, push, id);
      return out.close().toBytes();
    }

    @Override
    public byte[] ping() {
      return JsonCodec.INSTANCE.ping();
    }
  }
}
