package dev.switchboard.ops;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;

/// All routes that are not for clients, put together for one port.
public final class InternalRoutes {
  private InternalRoutes() {}

  /// A router with everything mounted.
  ///
  /// @param mounts each adds its routes
  public static Router router(Vertx vertx, List<Consumer<Router>> mounts) {
    Router router = Router.router(vertx);
    mounts.forEach(mount -> mount.accept(router));
    DocumentRoutes.mount(router);
    // Without this the library logs an ERROR for paths that anybody may get wrong.
    return router
        .errorHandler(400, call -> answer(call, 400, "bad request\n"))
        .errorHandler(404, call -> answer(call, 404, "not found\n"));
  }

  private static void answer(RoutingContext call, int status, String text) {
    call.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(text);
  }
}
