package dev.hearth.devices.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class EmbeddedBrokerTest {
  private static final String USER = "hearth";
  private static final String PASSWORD = "a secret with ü";

  /** A message as the subscriber saw it. */
  private record Seen(String topic, String payload, boolean retained) {}

  @TempDir Path folder;

  @Test
  void letsInTheRightPasswordAndNobodyElse() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      close(connect(broker, USER, PASSWORD));

      assertRefused(broker, USER, "wrong");
      assertRefused(broker, "somebody", PASSWORD);
      assertRefused(broker, USER, "");
      assertRefused(broker, null, null);
    }
  }

  @Test
  void speaksTheOlderProtocolToo() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      try (var client = olderClient(broker)) {
        client.connect(olderOptions(PASSWORD));
        assertThat(client.isConnected()).isTrue();
        client.disconnect();
      }
      try (var client = olderClient(broker)) {
        assertThatThrownBy(() -> client.connect(olderOptions("wrong")))
            .hasMessageContaining("Bad user name or password");
      }
    }
  }

  @Test
  void marksReplayedMessagesAsRetainedAndLiveOnesNot() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      MqttClient client = connect(broker, USER, PASSWORD);
      client.publish("lamp/state", "old".getBytes(StandardCharsets.UTF_8), 1, true);
      BlockingQueue<Seen> seen = subscribe(client, "lamp/state");

      assertThat(next(seen)).isEqualTo(new Seen("lamp/state", "old", true));
      client.publish("lamp/state", "new".getBytes(StandardCharsets.UTF_8), 1, true);
      assertThat(next(seen)).isEqualTo(new Seen("lamp/state", "new", false));
      close(client);
    }
  }

  @Test
  void keepsRetainedMessagesAndQueuesOverARestart() throws Exception {
    BrokerOptions options = new BrokerOptions(0, folder, USER, PASSWORD);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      MqttClient sleeper = connect(broker, USER, PASSWORD, "sleeper", 3_600);
      sleeper.subscribe("queue", 1);
      sleeper.disconnect();
      MqttClient client = connect(broker, USER, PASSWORD);
      client.publish("kept", "yes".getBytes(StandardCharsets.UTF_8), 1, true);
      client.publish("forgotten", "yes".getBytes(StandardCharsets.UTF_8), 1, true);
      client.publish("forgotten", new byte[0], 1, true);
      client.publish("queue", "waiting".getBytes(StandardCharsets.UTF_8), 1, false);
      close(client);
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      MqttClient client = connect(broker, USER, PASSWORD);
      BlockingQueue<Seen> seen = subscribe(client, "#");
      assertThat(next(seen)).isEqualTo(new Seen("kept", "yes", true));
      client.publish("end", new byte[0], 1, false);
      assertThat(next(seen).topic()).isEqualTo("end");
      close(client);

      BlockingQueue<Seen> queued = new LinkedBlockingQueue<>();
      MqttClient sleeper = client(broker, "sleeper");
      sleeper.setCallback(new Recorder(queued));
      sleeper.connect(options(USER, PASSWORD, 3_600));
      assertThat(next(queued)).isEqualTo(new Seen("queue", "waiting", false));
      close(sleeper);
    }
  }

  @Test
  void takesABurstWithoutWaitingForEachAcknowledgement() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      MqttClient client = connect(broker, USER, PASSWORD);
      BlockingQueue<Seen> seen = subscribe(client, "burst");
      var sender =
          new org.eclipse.paho.mqttv5.client.MqttAsyncClient(
              broker.uri(), "sender", new MemoryPersistence());
      sender.connect(options(USER, PASSWORD, 0)).waitForCompletion(5_000);
      for (int i = 0; i < 900; i++) {
        sender.publish("burst", Integer.toString(i).getBytes(StandardCharsets.UTF_8), 1, false);
      }
      for (int i = 0; i < 900; i++) {
        assertThat(next(seen).payload()).isEqualTo(Integer.toString(i));
      }
      sender.disconnect().waitForCompletion(5_000);
      sender.close();
      close(client);
    }
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      assertThat(broker.uri()).isEqualTo("tcp://127.0.0.1:" + broker.port());
      for (InetAddress address : others) {
        try (Socket socket = new Socket()) {
          assertThatExceptionOfType(IOException.class)
              .as("connection to %s", address)
              .isThrownBy(
                  () -> socket.connect(new InetSocketAddress(address, broker.port()), 2_000));
        }
      }
    }
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD))) {
      assertThatExceptionOfType(BrokerStartException.class)
          .isThrownBy(
              () -> EmbeddedBroker.start(new BrokerOptions(broker.port(), null, USER, PASSWORD)))
          .withMessageContaining("Port " + broker.port())
          .withMessageContaining("choose another port");
      close(connect(broker, USER, PASSWORD));
    }
  }

  @Test
  void saysThatTheDataFolderIsInUse() {
    BrokerOptions options = new BrokerOptions(0, folder, USER, PASSWORD);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      assertThat(broker.port()).isPositive();
      assertThatExceptionOfType(BrokerStartException.class)
          .isThrownBy(() -> EmbeddedBroker.start(options))
          .withMessageContaining(folder.toString())
          .withMessageContaining("its own");
    }
  }

  @Test
  void saysThatTheDataFolderCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertThatExceptionOfType(BrokerStartException.class)
        .isThrownBy(() -> EmbeddedBroker.start(new BrokerOptions(0, file, USER, PASSWORD)))
        .withMessageContaining(file.toString());
  }

  @Test
  void freesPortThreadsAndTemporaryFilesWhenClosed() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD));
    MqttClient client = connect(broker, USER, PASSWORD);
    long temporary = temporaryFolders();
    broker.close();
    broker.close();

    assertThat(client.isConnected()).isFalse();
    client.close(true);
    new ServerSocket(broker.port(), 1, InetAddress.getLoopbackAddress()).close();
    assertThat(temporaryFolders()).isEqualTo(temporary - 1);
    EmbeddedBroker again =
        EmbeddedBroker.start(new BrokerOptions(broker.port(), null, USER, PASSWORD));
    close(connect(again, USER, PASSWORD));
    again.close();
  }

  @Test
  void leavesTheHostsLoggingAndExceptionHandlerAlone() {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.inMemory(USER, PASSWORD));
    assertThat(root.getAppender("host")).isNotNull();
    assertThat(root.getLevel()).isEqualTo(Level.WARN);
    broker.close();

    assertThat(root.getAppender("host")).isNotNull();
    assertThat(root.getLevel()).isEqualTo(Level.WARN);
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
  }

  @Test
  void refusesOptionsThatWouldOpenTheDoor() {
    assertThatThrownBy(() -> new BrokerOptions(70_000, null, USER, PASSWORD))
        .hasMessageContaining("70000");
    assertThatThrownBy(() -> BrokerOptions.inMemory("", PASSWORD)).hasMessageContaining("user");
    assertThatThrownBy(() -> BrokerOptions.inMemory(USER, "")).hasMessageContaining("password");
    assertThat(BrokerOptions.inMemory(USER, PASSWORD).toString()).doesNotContain(PASSWORD);
  }

  private static void assertRefused(
      EmbeddedBroker broker, @Nullable String user, @Nullable String password) {
    assertThatExceptionOfType(MqttException.class)
        .as("user %s, password %s", user, password)
        .isThrownBy(() -> connect(broker, user, password))
        .satisfies(e -> assertThat(e.getReasonCode()).isIn(0x86, 0x87));
  }

  private static MqttClient connect(
      EmbeddedBroker broker, @Nullable String user, @Nullable String password)
      throws MqttException {
    return connect(broker, user, password, "test-" + System.nanoTime(), 0);
  }

  private static MqttClient connect(
      EmbeddedBroker broker,
      @Nullable String user,
      @Nullable String password,
      String clientId,
      long sessionSeconds)
      throws MqttException {
    MqttClient client = client(broker, clientId);
    client.connect(options(user, password, sessionSeconds));
    return client;
  }

  private static MqttClient client(EmbeddedBroker broker, String clientId) throws MqttException {
    MqttClient client = new MqttClient(broker.uri(), clientId, new MemoryPersistence());
    client.setTimeToWait(10_000);
    return client;
  }

  private static MqttConnectionOptions options(
      @Nullable String user, @Nullable String password, long sessionSeconds) {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(sessionSeconds == 0);
    options.setSessionExpiryInterval(sessionSeconds);
    if (user != null) {
      options.setUserName(user);
    }
    if (password != null) {
      options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    }
    return options;
  }

  private static org.eclipse.paho.client.mqttv3.MqttClient olderClient(EmbeddedBroker broker)
      throws org.eclipse.paho.client.mqttv3.MqttException {
    return new org.eclipse.paho.client.mqttv3.MqttClient(
        broker.uri(), "older", new org.eclipse.paho.client.mqttv3.persist.MemoryPersistence());
  }

  private static org.eclipse.paho.client.mqttv3.MqttConnectOptions olderOptions(String password) {
    var options = new org.eclipse.paho.client.mqttv3.MqttConnectOptions();
    options.setUserName(USER);
    options.setPassword(password.toCharArray());
    return options;
  }

  private static void close(MqttClient client) throws MqttException {
    client.disconnect();
    client.close();
  }

  private static BlockingQueue<Seen> subscribe(MqttClient client, String filter)
      throws MqttException {
    BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    client.setCallback(new Recorder(seen));
    client.subscribe(new MqttSubscription[] {new MqttSubscription(filter, 1)});
    return seen;
  }

  private static Seen next(BlockingQueue<Seen> seen) throws InterruptedException {
    Seen message = seen.poll(10, TimeUnit.SECONDS);
    assertThat(message).as("a message within 10 s").isNotNull();
    return java.util.Objects.requireNonNull(message);
  }

  private static long temporaryFolders() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return paths.filter(p -> p.getFileName().toString().startsWith("hearth-broker")).count();
    }
  }

  /** Puts what arrives into a queue. */
  private record Recorder(BlockingQueue<Seen> seen)
      implements org.eclipse.paho.mqttv5.client.MqttCallback {
    @Override
    public void messageArrived(String topic, org.eclipse.paho.mqttv5.common.MqttMessage message) {
      seen.add(
          new Seen(
              topic,
              new String(message.getPayload(), StandardCharsets.UTF_8),
              message.isRetained()));
    }

    @Override
    public void disconnected(org.eclipse.paho.mqttv5.client.MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(org.eclipse.paho.mqttv5.client.IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(
        int reasonCode, org.eclipse.paho.mqttv5.common.packet.MqttProperties properties) {}
  }
}
