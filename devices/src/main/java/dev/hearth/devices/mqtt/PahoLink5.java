package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT 5 by Paho. */
final class PahoLink5 implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(PahoLink5.class);

  private final MqttOptions options;
  private final MqttAsyncClient client;
  private final Sockets sockets = new Sockets();
  private volatile int receiveMaximum = 65_535;

  PahoLink5(MqttOptions options) throws LinkException {
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
    return "MQTT 5";
  }

  @Override
  public int receiveMaximum() {
    return receiveMaximum;
  }

  @Override
  public void connect(Listener listener, Duration deadline)
      throws LinkException, InterruptedException {
    client.setCallback(new Callback(listener));
    CompletableFuture<IMqttToken> connected = new CompletableFuture<>();
    try {
      client.connect(connectOptions(deadline), null, completing(connected));
      MqttProperties properties =
          connected.get(deadline.toMillis(), TimeUnit.MILLISECONDS).getResponseProperties();
      Integer maximum = properties == null ? null : properties.getReceiveMaximum();
      receiveMaximum = maximum == null ? 65_535 : Math.max(1, maximum);
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

  private MqttConnectionOptions connectOptions(Duration deadline) {
    MqttConnectionOptions paho = new MqttConnectionOptions();
    paho.setCleanStart(true);
    paho.setAutomaticReconnect(false);
    paho.setConnectionTimeout((int) Math.max(1, deadline.toSeconds()));
    paho.setKeepAliveInterval((int) options.keepAlive().toSeconds());
    paho.setMaximumPacketSize(options.maxPayload() + 4096L);
    paho.setSocketFactory(sockets.factory(options));
    String username = options.username();
    if (username != null) {
      paho.setUserName(username);
    }
    String password = options.password();
    if (password != null) {
      paho.setPassword(password.getBytes(StandardCharsets.UTF_8));
    }
    LastWill will = options.will();
    if (will != null) {
      MqttMessage message = new MqttMessage(will.payload().getBytes(StandardCharsets.UTF_8));
      message.setQos(1);
      message.setRetained(will.retained());
      paho.setWill(options.prefix() + will.topic(), message);
    }
    return paho;
  }

  private LinkException failure(@Nullable Throwable cause) {
    return switch (cause instanceof MqttException e ? e.getReasonCode() : -1) {
      case MqttReturnCode.RETURN_CODE_BAD_USERNAME_OR_PASSWORD,
          MqttReturnCode.RETURN_CODE_NOT_AUTHORIZED ->
          LinkException.unauthorized(options);
      case MqttReturnCode.RETURN_CODE_IDENTIFIER_NOT_VALID -> LinkException.unwelcome(options);
      case MqttReturnCode.RETURN_CODE_BANNED ->
          new LinkException(LinkException.Stage.REFUSED, "the broker has banned this client");
      default -> LinkException.of(cause, sockets.everConnected(), options);
    };
  }

  @Override
  public CompletableFuture<int[]> subscribe(List<String> filters) {
    MqttSubscription[] wanted =
        filters.stream()
            .map(f -> new MqttSubscription(f, Topics.qos(f)))
            .toArray(MqttSubscription[]::new);
    CompletableFuture<int[]> done = new CompletableFuture<>();
    try {
      client.subscribe(
          wanted,
          null,
          new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
              done.complete(codes(token, filters.size()));
            }

            @Override
            public void onFailure(IMqttToken token, Throwable error) {
              int[] codes = token == null ? null : token.getReasonCodes();
              if (codes != null && codes.length == filters.size()) {
                done.complete(codes);
              } else {
                done.completeExceptionally(error);
              }
            }
          },
          new MqttProperties());
    } catch (MqttException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  private static int[] codes(IMqttToken token, int count) {
    int[] codes = token.getReasonCodes();
    return codes != null && codes.length == count ? codes : new int[count];
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
    MqttProperties properties = new MqttProperties();
    if (expirySeconds > 0) {
      properties.setMessageExpiryInterval(expirySeconds);
    }
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      client.publish(
          topic, new MqttMessage(payload, qos, retained, properties), null, completing(done));
    } catch (MqttException e) {
      if (e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
        throw new TooManyInFlightException();
      }
      done.completeExceptionally(e);
    }
    return done;
  }

  @Override
  public boolean refused(Throwable error) {
    return error instanceof MqttException e && e.getReasonCode() >= 128 && e.getReasonCode() < 256;
  }

  @Override
  public void disconnect(Duration timeout) {
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      client.disconnect(
          0, null, completing(done), MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
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

  private static MqttActionListener completing(CompletableFuture<IMqttToken> future) {
    return new MqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        int[] codes = token.getReasonCodes();
        if (codes != null && Arrays.stream(codes).anyMatch(c -> c >= 128)) {
          future.completeExceptionally(new MqttException(codes[0]));
          return;
        }
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
    public void disconnected(MqttDisconnectResponse response) {
      if (response.getReturnCode() == MqttReturnCode.RETURN_CODE_SESSION_TAKEN_OVER) {
        listener.takenOver();
        return;
      }
      String text = response.getReasonString();
      listener.lost(
          text != null && !text.isBlank() ? text : LinkException.why(response.getException()));
    }

    @Override
    public void mqttErrorOccurred(MqttException error) {
      LOG.warn("Broken packet from the broker: {}", LinkException.why(error));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      listener.message(topic, message.getPayload(), message.getQos(), message.isRetained());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // Each publish has its own listener.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // The future of connect tells.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      LOG.warn("The broker asks for enhanced authentication, which Hearth does not know");
    }
  }
}
