package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT 3.1.1 by Paho. */
final class PahoLink3 implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(PahoLink3.class);
  private static final int REFUSED_FILTER = 128;

  private final MqttOptions options;
  private final MqttAsyncClient client;
  private final Sockets sockets = new Sockets();

  PahoLink3(MqttOptions options) throws LinkException {
    this.options = options;
    try {
      client =
          new MqttAsyncClient(options.serverUri(), options.clientId(), new MemoryPersistence());
    } catch (MqttException e) {
      throw new LinkException(LinkException.Stage.UNREACHABLE, LinkException.why(e));
    }
  }

  @Override
  public String protocol() {
    return "MQTT 3.1.1";
  }

  @Override
  public int receiveMaximum() {
    return options.maxInFlight();
  }

  @Override
  public void connect(Listener listener, Duration deadline)
      throws LinkException, InterruptedException {
    client.setCallback(new Callback(listener));
    CompletableFuture<IMqttToken> connected = new CompletableFuture<>();
    try {
      client.connect(connectOptions(deadline), null, completing(connected));
      connected.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (MqttException e) {
      abort();
      throw failure(e);
    } catch (ExecutionException e) {
      abort();
      throw failure(e.getCause());
    } catch (TimeoutException e) {
      abort();
      throw new LinkException(
          LinkException.Stage.TIMEOUT,
          "no answer within " + deadline.toMillis() + " ms (connection or CONNACK)");
    } catch (InterruptedException e) {
      abort();
      throw e;
    }
  }

  private MqttConnectOptions connectOptions(Duration deadline) {
    MqttConnectOptions paho = new MqttConnectOptions();
    paho.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    paho.setCleanSession(true);
    paho.setAutomaticReconnect(false);
    paho.setConnectionTimeout((int) Math.max(1, deadline.toSeconds()));
    paho.setKeepAliveInterval((int) options.keepAlive().toSeconds());
    paho.setMaxInflight(options.maxInFlight() + 10);
    paho.setSocketFactory(sockets.factory(options));
    String username = options.username();
    if (username != null) {
      paho.setUserName(username);
    }
    String password = options.password();
    if (password != null) {
      paho.setPassword(password.toCharArray());
    }
    LastWill will = options.will();
    if (will != null) {
      paho.setWill(
          options.prefix() + will.topic(),
          will.payload().getBytes(StandardCharsets.UTF_8),
          1,
          will.retained());
    }
    return paho;
  }

  private LinkException failure(@Nullable Throwable cause) {
    return switch (cause instanceof MqttException e ? e.getReasonCode() : -1) {
      case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
          MqttException.REASON_CODE_NOT_AUTHORIZED ->
          LinkException.unauthorized(options);
      case MqttException.REASON_CODE_INVALID_CLIENT_ID -> LinkException.unwelcome(options);
      default -> LinkException.of(cause, sockets.everConnected(), options);
    };
  }

  @Override
  public CompletableFuture<int[]> subscribe(List<String> filters) {
    int[] qos = filters.stream().mapToInt(Topics::qos).toArray();
    CompletableFuture<int[]> done = new CompletableFuture<>();
    try {
      client.subscribe(
          filters.toArray(String[]::new),
          qos,
          null,
          new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
              int[] codes = token.getGrantedQos();
              done.complete(
                  codes != null && codes.length == filters.size()
                      ? codes
                      : new int[filters.size()]);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable error) {
              if (error instanceof MqttException e && e.getReasonCode() == REFUSED_FILTER) {
                int[] refused = new int[filters.size()];
                Arrays.fill(refused, REFUSED_FILTER);
                done.complete(refused);
              } else {
                done.completeExceptionally(error);
              }
            }
          });
    } catch (MqttException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  @Override
  public void unsubscribe(List<String> filters) {
    try {
      client.unsubscribe(filters.toArray(String[]::new));
    } catch (MqttException e) {
      LOG.debug("Unsubscribing from {} failed: {}", filters, LinkException.why(e));
    }
  }

  @Override
  public CompletableFuture<?> publish(
      String topic, byte[] payload, int qos, boolean retained, long expirySeconds)
      throws TooManyInFlightException {
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      client.publish(topic, payload, qos, retained, null, completing(done));
    } catch (MqttException e) {
      if (e.getReasonCode() == MqttException.REASON_CODE_MAX_INFLIGHT) {
        throw new TooManyInFlightException();
      }
      done.completeExceptionally(e);
    }
    return done;
  }

  @Override
  public boolean refused(Throwable error) {
    return false; // MQTT 3.1.1 cannot say no to a publish.
  }

  @Override
  public void disconnect(Duration timeout) {
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      client.disconnect(0, null, completing(done));
      done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (MqttException | ExecutionException | TimeoutException e) {
      LOG.debug("Disconnecting without a goodbye: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abort();
  }

  @Override
  public void abort() {
    sockets.closeAll();
    try {
      client.disconnectForcibly(0, 1, false);
    } catch (MqttException | RuntimeException e) {
      LOG.trace("Paho had nothing to disconnect: {}", e.toString());
    }
    try {
      client.close(true);
    } catch (MqttException | RuntimeException e) {
      LOG.trace("Paho did not close: {}", e.toString());
    }
  }

  private static IMqttActionListener completing(CompletableFuture<IMqttToken> future) {
    return new IMqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        future.complete(token);
      }

      @Override
      public void onFailure(IMqttToken token, Throwable error) {
        future.completeExceptionally(error);
      }
    };
  }

  private static final class Callback implements MqttCallback {
    private final Listener listener;

    Callback(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void connectionLost(@Nullable Throwable cause) {
      listener.lost(LinkException.why(cause));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      listener.message(topic, message.getPayload(), message.getQos(), message.isRetained());
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // Each publish has its own listener.
    }
  }
}
