package dev.hearth.devices.broker;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.Injector;
import com.hivemq.HiveMQServer;
import com.hivemq.bootstrap.NettyShutdownHook;
import com.hivemq.bootstrap.netty.NettyConfiguration;
import com.hivemq.common.shutdown.HiveMQShutdownHook;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.PersistenceConfigurationService.PersistenceMode;
import com.hivemq.configuration.service.entity.TcpListener;
import com.hivemq.configuration.service.impl.ConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.MqttConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.PersistenceConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.RestrictionsConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.SecurityConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.listener.ListenerConfigurationServiceImpl;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.migration.meta.PersistenceType;
import com.hivemq.persistence.connection.ConnectionPersistence;
import com.hivemq.statistics.UsageStatisticsConfigImpl;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HiveMQ Community Edition, started through its server class and not through its embedded builder:
 * that way the settings are set by code (no XML binding library), the hardware is not probed, the
 * host's logging is left alone, and stopping does not wait four seconds for quiet (see
 * DECISIONS.md).
 */
final class HiveMqBroker implements EmbeddedBroker {
  private static final Logger LOG = LoggerFactory.getLogger(HiveMqBroker.class);
  private static final String LOOPBACK = "127.0.0.1";

  /** Files per kind of data; HiveMQ's 64 are meant for a million clients. */
  private static final int BUCKETS = 4;

  /** QoS 1 and 2 messages a client may have under way; at HiveMQ's 10 the Paho client gives up. */
  private static final int RECEIVE_MAXIMUM = 1_000;

  /** Messages kept for one absent client; at HiveMQ's 1,000 a burst loses most of itself. */
  private static final int QUEUE_SIZE = 100_000;

  private static final int MAX_PACKET_BYTES = 16 << 20;
  private static final long SESSION_EXPIRY_SECONDS = TimeUnit.DAYS.toSeconds(7);
  private static final int STOP_SECONDS = 5;
  private static final int PORT_ATTEMPTS = 5;

  private final HiveMQServer server;
  private final BrokerFolders folders;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HiveMqBroker(HiveMQServer server, BrokerFolders folders, int port) {
    this.server = server;
    this.folders = folders;
    this.port = port;
  }

  static EmbeddedBroker start(BrokerOptions options) {
    if (options.port() != 0) {
      requireFree(options.port());
      return startOn(options.port(), options);
    }
    BrokerStartException last = null;
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int port = freePort();
      try {
        return startOn(port, options);
      } catch (BrokerStartException e) {
        if (isFree(port)) {
          throw e;
        }
        last = e; // Somebody took the port in between: try another.
      }
    }
    throw new BrokerStartException(
        "No free port was found on " + LOOPBACK + " in " + PORT_ATTEMPTS + " attempts", last);
  }

  private static EmbeddedBroker startOn(int port, BrokerOptions options) {
    long begin = System.nanoTime();
    BrokerFolders folders = BrokerFolders.in(options.dataFolder());
    tune();
    HiveMQServer server =
        new HiveMQServer(folders, new MetricRegistry(), configuration(port, options), false, false);
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    try {
      server.bootstrap();
      server.startInstance(extension(options));
    } catch (Exception e) {
      stop(server, folders);
      throw failure(port, folders, e);
    } finally {
      // HiveMQ sets one that ends the process; this process belongs to its host.
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
    LOG.info(
        "Embedded broker listens on {}:{}, keeps its data {}, started in {} ms",
        LOOPBACK,
        port,
        options.dataFolder() == null ? "in memory" : "in " + folders.root(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return new HiveMqBroker(server, folders, port);
  }

  private static BrokerStartException failure(int port, BrokerFolders folders, Exception cause) {
    if (!isFree(port)) {
      return new BrokerStartException(taken(port), cause);
    }
    return new BrokerStartException(
        "The embedded broker did not start with data folder "
            + folders.root()
            + ": "
            + cause.getMessage()
            + ". If another Hearth uses that folder, stop it or give this one its own",
        cause);
  }

  /** HiveMQ keeps these in static fields; every broker of this process wants the same. */
  private static void tune() {
    InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
    InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
    InternalConfigurations.RETAINED_MESSAGE_PERSISTENCE_TYPE.set(PersistenceType.FILE);
    InternalConfigurations.PAYLOAD_PERSISTENCE_TYPE.set(PersistenceType.FILE);
    InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
    InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
    InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
  }

  private static FullConfigurationService configuration(int port, BrokerOptions options) {
    FullConfigurationService configuration =
        new ConfigurationServiceImpl(
            new ListenerConfigurationServiceImpl(),
            new MqttConfigurationServiceImpl(),
            new RestrictionsConfigurationServiceImpl(),
            new SecurityConfigurationServiceImpl(),
            new UsageStatisticsConfigImpl(),
            new PersistenceConfigurationServiceImpl());
    configuration.listenerConfiguration().addListener(new TcpListener(port, LOOPBACK, "loopback"));
    configuration.usageStatisticsConfiguration().setEnabled(false);
    configuration
        .persistenceConfigurationService()
        .setMode(options.dataFolder() == null ? PersistenceMode.IN_MEMORY : PersistenceMode.FILE);
    configuration.mqttConfiguration().setServerReceiveMaximum(RECEIVE_MAXIMUM);
    configuration.mqttConfiguration().setMaxQueuedMessages(QUEUE_SIZE);
    configuration.mqttConfiguration().setMaxPacketSize(MAX_PACKET_BYTES);
    configuration.mqttConfiguration().setMaxSessionExpiryInterval(SESSION_EXPIRY_SECONDS);
    return configuration;
  }

  private static EmbeddedExtension extension(BrokerOptions options) {
    return EmbeddedExtension.builder()
        .withId("hearth-credentials")
        .withName("Hearth credentials")
        .withVersion("1")
        .withExtensionMain(new Credentials(options.username(), options.password()))
        .build();
  }

  @Override
  public String uri() {
    return "tcp://" + LOOPBACK + ":" + port;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop(server, folders);
    }
  }

  private static void stop(HiveMQServer server, BrokerFolders folders) {
    Injector injector = server.getInjector();
    if (injector != null) {
      stopNetwork(injector);
    }
    server.stop();
    folders.discard();
  }

  /**
   * What HiveMQ's own hook does (close listeners, then clients, then the event loops), but without
   * its fixed two seconds of waiting for quiet.
   */
  private static void stopNetwork(Injector injector) {
    ShutdownHooks hooks = injector.getInstance(ShutdownHooks.class);
    for (HiveMQShutdownHook hook : List.copyOf(hooks.getShutdownHooks().values())) {
      if (hook instanceof NettyShutdownHook) {
        hooks.remove(hook);
      }
    }
    try {
      injector
          .getInstance(ConnectionPersistence.class)
          .shutDown()
          .get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The broker's clients were cut off instead of being disconnected: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    NettyConfiguration netty = injector.getInstance(NettyConfiguration.class);
    Future<?> workers =
        netty.getChildEventLoopGroup().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    Future<?> acceptors =
        netty.getParentEventLoopGroup().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    workers.awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    acceptors.awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BrokerStartException(
          "No port could be opened on " + LOOPBACK + ": " + e.getMessage(), e);
    }
  }

  private static void requireFree(int port) {
    IOException refused = tryBind(port);
    if (refused != null) {
      throw new BrokerStartException(taken(port), refused);
    }
  }

  private static boolean isFree(int port) {
    return tryBind(port) == null;
  }

  private static @Nullable IOException tryBind(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // As the broker does: a port in TIME_WAIT is free.
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port), 1);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static String taken(int port) {
    return "Port "
        + port
        + " on "
        + LOOPBACK
        + " cannot be opened: another program (perhaps another broker or Hearth) uses it, or this"
        + " user may not. Stop that program, use it as the broker, or choose another port (0 = any"
        + " free one)";
  }
}
