package dev.switchboard.backend;

import java.util.concurrent.CompletionStage;

/// A back end in this process: a class that [java.util.ServiceLoader] finds, named by the
/// configuration as back ends over HTTP are.
///
/// Called on event loops: it must not block them. What it returns may complete on any thread; what
/// it throws, and what takes longer than `backend.timeout`, is error 100 to the client.
public interface Backend {
  /// The name by which the configuration knows it.
  String name();

  /// A client calls.
  CompletionStage<Verdict> onCall(Call call);
}
