package example.client;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;

/// Prints what becomes of the connection; called by a thread of the SDK.
final class ConnectionPrinter extends EventListener {
  @Override
  public void onConnecting(Client client, ConnectingEvent event) {
    System.out.println("connecting: " + event.getReason());
  }

  @Override
  public void onConnected(Client client, ConnectedEvent event) {
    System.out.println("connected");
  }

  /// The end: by our wish, or for a reason that another try would not change.
  @Override
  public void onDisconnected(Client client, DisconnectedEvent event) {
    System.out.println("disconnected: " + event.getReason());
  }
}
