package dev.switchboard.socket;

import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Permissions.Verdict;
import dev.switchboard.backend.Amendment;
import dev.switchboard.backend.Call;
import dev.switchboard.channel.Policies;
import dev.switchboard.config.BackendConfig.Proxy;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.PayloadFormat;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Reply;
import dev.switchboard.routing.Publisher;
import dev.switchboard.session.Session;
import dev.switchboard.stream.Draft;

/// Carries out publish for one event loop's sessions. Confined to that loop.
final class PublishHandler {
  private static final Verdict BAD_REQUEST = new Verdict.Refused(ErrorCode.BAD_REQUEST);

  private final OwnerLoop owner;
  private final BackendCalls backends;
  private final Publisher publisher;
  private final int bytesMax;

  PublishHandler(Gateway gateway, OwnerLoop owner, BackendCalls backends) {
    this.owner = owner;
    this.backends = backends;
    var client = gateway.config().client();
    this.publisher = gateway.publisher();
    this.bytesMax = client.messageBytesMax();
  }

  void onPublish(Session session, Command.Publish command) {
    byte[] data = BackendCalls.payload(command.data());
    owner
        .commands()
        .ifAllowed(
            session,
            command,
            command.channel(),
            policy -> mayPublish(session, policy, data),
            policy -> {
              Proxy proxy = Proxy.ofPublish(policy.namespace());
              if (proxy.enabled()) {
                var call = new Call.Publish(BackendCalls.caller(session), command.channel(), data);
                backends.ask(
                    session,
                    command,
                    proxy.name(),
                    call,
                    amendment -> amend(session, command, policy, amendment));
              } else {
                publish(session, command, policy, Amendment.NONE);
              }
            });
  }

  private Verdict mayPublish(Session session, Policies.Found.Policy policy, byte[] data) {
    Namespace namespace = policy.namespace();
    if (Policies.isWildcard(policy.name(), namespace)) {
      return BAD_REQUEST;
    }
    boolean subscribed = session.subscriptions().find(policy.name().text()) != null;
    // The back end, where one decides, has to be asked first.
    boolean granted =
        Proxy.ofPublish(namespace).enabled()
            || owner.commands().grants(session, Right.PUBLISH, policy);
    var verdict = Permissions.publish(session.principal(), namespace, subscribed, granted, data);
    // Bytes that are no JSON would cost every JSON subscriber its connection (3506). Where a
    // namespace says `binary` that is what its operator wants; elsewhere one client must not do it
    // to others.
    boolean suspect =
        session.encoding() == Encoding.PROTOBUF
            && namespace.publicationDataFormat() == PayloadFormat.ANY;
    return verdict.allowed() && suspect && !Json.isValue(data) ? BAD_REQUEST : verdict;
  }

  private void amend(
      Session session, Command.Publish command, Policies.Found.Policy policy, Amendment amendment) {
    byte[] data = amendment.data();
    if (data != null
        && (data.length > bytesMax || !Permissions.payload(policy.namespace(), data).allowed())) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
    } else {
      publish(session, command, policy, amendment);
    }
  }

  private void publish(
      Session session, Command.Publish command, Policies.Found.Policy policy, Amendment amendment) {
    CommandHandler commands = owner.commands();
    byte[] data =
        amendment.data() == null ? BackendCalls.payload(command.data()) : amendment.data();
    var info = session.info(session.subscriptions().find(command.channel()));
    var draft =
        new Draft(
            new Publication(data, info, 0, amendment.tags(), 0),
            amendment.idempotencyKey(),
            amendment.version(),
            amendment.versionEpoch(),
            !amendment.skipHistory());
    Namespace namespace = policy.namespace();
    var published = publisher.publish(command.channel(), namespace, draft, amendment.delta());
    if (namespace.historySize() > 0 || published.failed()) {
      commands.answer(session, command, published, _ -> new Reply.Publish(command.id()));
    } else {
      // Without waiting for the other loops: replies keep the order of their commands.
      published.onFailure(failure -> commands.onFault(session, failure));
      commands.reply(session, new Reply.Publish(command.id()));
    }
  }
}
