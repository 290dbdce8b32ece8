package dev.switchboard.perf;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.function.BooleanSupplier;

/// Asks a server over HTTP whether it takes connections: it does when it answers 200.
record HttpReady(URI address) implements BooleanSupplier {
  private static final int LIMIT_MILLIS = 1_000;

  @Override
  public boolean getAsBoolean() {
    try {
      var http = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      http.setConnectTimeout(LIMIT_MILLIS);
      http.setReadTimeout(LIMIT_MILLIS);
      return http.getResponseCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
