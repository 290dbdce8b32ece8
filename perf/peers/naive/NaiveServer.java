import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The naive reference: a clustered Vert.x server with one clustered consumer per WebSocket.
///
/// What one writes first with Vert.x and its Hazelcast cluster manager, which is used as it comes.
/// `/session/ADDRESS` registers the socket under its address and gets what is sent there;
/// `/publish` takes messages `ADDRESS TEXT` and sends each to its address.
public final class NaiveServer extends VerticleBase {
  private static final String HOST = "127.0.0.1";
  private static final String SESSION = "/session/";

  private final int port;
  private final HazelcastClusterManager cluster;

  private NaiveServer(int port, HazelcastClusterManager cluster) {
    this.port = port;
    this.cluster = cluster;
  }

  /// Starts a server; arguments: client port, bus port, Hazelcast port, members as `host:port,...`,
  /// name of the cluster.
  public static void main(String[] arguments) {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    int port = Integer.parseInt(arguments[0]);
    int busPort = Integer.parseInt(arguments[1]);
    Config config = ConfigUtil.loadConfig().setClusterName(arguments[4]);
    onLoopback(config, Integer.parseInt(arguments[2]), List.of(arguments[3].split(",")));
    var manager = new HazelcastClusterManager(config);
    Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(bus(busPort)))
        .withClusterManager(manager)
        .buildClustered()
        .compose(vertx -> vertx.deployVerticle(new NaiveServer(port, manager)))
        .onFailure(NaiveServer::fail);
  }

  /// Nothing but addresses is changed.
  private static void onLoopback(Config config, int port, List<String> members) {
    NetworkConfig network = config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface(HOST);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).setMembers(members);
    config.setProperty("hazelcast.phone.home.enabled", "false");
  }

  private static EventBusOptions bus(int port) {
    return new EventBusOptions().setHost(HOST).setPort(port);
  }

  private static void fail(Throwable failure) {
    System.err.println("cannot start: " + failure);
    System.exit(1);
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .webSocketHandler(this::onSocket)
        .requestHandler(this::onRequest)
        .listen(port, HOST);
  }

  /// Any request but an upgrade is answered with a line per member.
  private void onRequest(HttpServerRequest request) {
    request.response().end("member\n".repeat(cluster.getNodes().size()));
  }

  private void onSocket(ServerWebSocket socket) {
    if (socket.path().startsWith(SESSION)) {
      register(socket, socket.path().substring(SESSION.length()));
    } else {
      forward(socket);
    }
  }

  private void register(ServerWebSocket socket, String address) {
    MessageConsumer<String> consumer = vertx.eventBus().consumer(address);
    consumer.handler(message -> socket.writeTextMessage(message.body()));
    socket.closeHandler(_ -> consumer.unregister());
    consumer
        .completion()
        .onSuccess(_ -> socket.writeTextMessage("ready"))
        .onFailure(failure -> socket.writeTextMessage("failed " + failure));
  }

  private void forward(ServerWebSocket socket) {
    EventBus bus = vertx.eventBus();
    socket.textMessageHandler(
        text -> {
          int space = text.indexOf(' ');
          bus.send(text.substring(0, space), text.substring(space + 1));
        });
    socket.writeTextMessage("ready");
  }
}
