package dev.switchboard.backend;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.RefusedException;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.config.BackendConfig;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Asks a back end over HTTP: a POST request of JSON for each call, whose header
/// `switchboard-event` says what kind it is. Safe on any thread.
final class HttpBackend implements Backend {
  private static final int OK = 200;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final BackendConfig.Endpoint endpoint;
  private final HttpClient client;
  private final Duration timeout;

  HttpBackend(BackendConfig.Endpoint endpoint, HttpClient client, Duration timeout) {
    this.endpoint = endpoint;
    this.client = client;
    this.timeout = timeout;
  }

  @Override
  public String name() {
    return endpoint.name();
  }

  @Override
  public CompletionStage<Verdict<ConnectionGrant>> onConnect(Call.Connect call) {
    return ask(call, HttpForm::connection);
  }

  @Override
  public CompletionStage<Verdict<Renewal>> onRefresh(Call.Refresh call) {
    return ask(call, HttpForm::renewal);
  }

  @Override
  public CompletionStage<Verdict<SubscriptionTerms>> onSubscribe(Call.Subscribe call) {
    return ask(call, HttpForm::terms);
  }

  @Override
  public CompletionStage<Verdict<Renewal>> onSubRefresh(Call.SubRefresh call) {
    return ask(call, HttpForm::renewal);
  }

  @Override
  public CompletionStage<Verdict<Amendment>> onPublish(Call.Publish call) {
    return ask(call, HttpForm::amendment);
  }

  @Override
  public CompletionStage<Verdict<byte[]>> onCall(Call.Rpc call) {
    return ask(call, HttpForm::data);
  }

  private <R> CompletionStage<Verdict<R>> ask(Call<R> call, HttpForm.Reader<R> reader) {
    return client
        .request(options(call))
        .compose(request -> answer(request, call))
        .map(answer -> verdict(answer, reader))
        .toCompletionStage();
  }

  /// Its own headers come first, so that whatever a client sends cannot take their place.
  private RequestOptions options(Call<?> call) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(endpoint.url())
            .setTimeout(timeout.toMillis());
    call.caller().headers().forEach(options::putHeader);
    endpoint.headers().forEach(header -> options.putHeader(header.name(), header.value().reveal()));
    return options
        .putHeader("content-type", "application/json")
        .putHeader("switchboard-event", call.event().label());
  }

  /// An answer as far as it is read.
  ///
  /// @param body at most a little over what is allowed
  private record Answer(int status, Buffer body) {}

  private Future<Answer> answer(HttpClientRequest request, Call<?> call) {
    return request
        .send(Buffer.buffer(HttpForm.body(call)))
        .compose(HttpBackend::read)
        // The answer's body may never end.
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> request.reset());
  }

  private static Future<Answer> read(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    // When it is given up; else Vert.x tells the log.
    response.exceptionHandler(_ -> {});
    response.handler(
        part -> {
          if (body.length() <= ANSWER_BYTES_MAX) {
            body.appendBuffer(part);
          }
        });
    return response.end().map(_ -> new Answer(response.statusCode(), body));
  }

  private <R> Verdict<R> verdict(Answer answer, HttpForm.Reader<R> reader) {
    if (answer.body().length() > ANSWER_BYTES_MAX) {
      throw failed("an answer over 1 MiB");
    }
    if (answer.status() != OK) {
      return meant(answer.status());
    }
    try {
      return HttpForm.verdict(answer.body().getBytes(), reader);
    } catch (RefusedException strange) {
      throw failed("an answer that is not as it should be: " + strange.getMessage());
    }
  }

  private <R> Verdict<R> meant(int status) {
    BackendConfig.Status meaning =
        endpoint.statuses().stream()
            .filter(one -> one.status() == status)
            .findFirst()
            .orElseThrow(() -> failed("status " + status));
    return BackendConfig.isClose(meaning.code())
        ? new Verdict.Closed<>(meaning.code(), meaning.message())
        : new Verdict.Refused<>(meaning.code(), meaning.message(), meaning.temporary());
  }

  private static BackendException failed(String what) {
    return new BackendException(BackendException.Reason.FAILED, what);
  }
}
