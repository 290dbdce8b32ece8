package dev.switchboard.backend;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.metrics.BackendMeters.Event;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// What a back end is asked.
///
/// @param <R> what it answers if it grants it
public sealed interface Call<R> {
  /// Whose client it is about.
  Caller caller();

  /// What kind it is.
  Event event();

  /// Asks the method of a back end that is for this.
  CompletionStage<Verdict<R>> ask(Backend backend);

  /// A client.
  ///
  /// @param client id of the session; empty before there is one
  /// @param user empty for the anonymous one, and before it is known
  /// @param transport such as `websocket`
  /// @param protocol `json` or `protobuf`
  /// @param headers of its first request that back ends may know; names are in lower case
  /// @param meta what its token or a back end says to back ends: a JSON object, or null
  record Caller(
      String client,
      String user,
      String transport,
      String protocol,
      Map<String, String> headers,
      byte[] meta) {}

  /// It connects without a token.
  ///
  /// @param name of the client, as it says
  /// @param version of the client, as it says
  /// @param data the payload as it came; empty when there was none
  /// @param channels to which it would like to be subscribed
  record Connect(Caller caller, String name, String version, byte[] data, List<String> channels)
      implements Call<ConnectionGrant> {
    @Override
    public Event event() {
      return Event.CONNECT;
    }

    @Override
    public CompletionStage<Verdict<ConnectionGrant>> ask(Backend backend) {
      return backend.onConnect(this);
    }
  }

  /// Its time is over.
  record Refresh(Caller caller) implements Call<Renewal> {
    @Override
    public Event event() {
      return Event.REFRESH;
    }

    @Override
    public CompletionStage<Verdict<Renewal>> ask(Backend backend) {
      return backend.onRefresh(this);
    }
  }

  /// It subscribes without a token.
  ///
  /// @param data the payload as it came; empty when there was none
  record Subscribe(Caller caller, String channel, byte[] data) implements Call<SubscriptionTerms> {
    @Override
    public Event event() {
      return Event.SUBSCRIBE;
    }

    @Override
    public CompletionStage<Verdict<SubscriptionTerms>> ask(Backend backend) {
      return backend.onSubscribe(this);
    }
  }

  /// The time of its subscription is over.
  record SubRefresh(Caller caller, String channel) implements Call<Renewal> {
    @Override
    public Event event() {
      return Event.SUB_REFRESH;
    }

    @Override
    public CompletionStage<Verdict<Renewal>> ask(Backend backend) {
      return backend.onSubRefresh(this);
    }
  }

  /// It publishes.
  ///
  /// @param data the payload as it came; empty when there was none
  record Publish(Caller caller, String channel, byte[] data) implements Call<Amendment> {
    @Override
    public Event event() {
      return Event.PUBLISH;
    }

    @Override
    public CompletionStage<Verdict<Amendment>> ask(Backend backend) {
      return backend.onPublish(this);
    }
  }

  /// It calls a method.
  ///
  /// @param method with its namespace, if it has one
  /// @param data the payload as it came; empty when there was none
  record Rpc(Caller caller, String method, byte[] data) implements Call<byte[]> {
    @Override
    public Event event() {
      return Event.RPC;
    }

    @Override
    public CompletionStage<Verdict<byte[]>> ask(Backend backend) {
      return backend.onCall(this);
    }
  }
}
