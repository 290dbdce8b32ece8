package example.client;

import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.nio.charset.StandardCharsets;

/// Prints what happens in a channel; called by a thread of the SDK.
final class ChannelPrinter extends SubscriptionEventListener {
  @Override
  public void onSubscribed(Subscription channel, SubscribedEvent event) {
    if (event.wasRecovering()) {
      String missed = event.getRecovered() ? "nothing" : "something";
      System.out.println("back in " + channel.getChannel() + ", " + missed + " was missed");
    } else {
      System.out.println("subscribed to " + channel.getChannel());
    }
  }

  @Override
  public void onUnsubscribed(Subscription channel, UnsubscribedEvent event) {
    System.out.println("unsubscribed: " + event.getReason());
  }

  @Override
  public void onPublication(Subscription channel, PublicationEvent event) {
    String data = new String(event.getData(), StandardCharsets.UTF_8);
    System.out.println(event.getOffset() + ": " + data);
  }
}
