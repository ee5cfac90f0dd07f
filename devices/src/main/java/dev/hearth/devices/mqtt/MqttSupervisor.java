package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor over Paho.
 *
 * <p>Implementation notes. Every attempt uses a fresh {@link Link}, because a Paho client that
 * failed or waits for CONNACK cannot be used again. One supervisor thread makes links, restores
 * subscriptions in batches, and sleeps until the link is lost or there is a new subscription. One
 * sender thread hands publishes to the link through a window of permits, for Paho refuses bursts.
 * Sessions are never kept (clean start): what the broker would queue for us while we are away are
 * old states, and the retained ones come anyhow; what we would queue are old commands, which must
 * not act later. A publish belongs to the session it was given in and fails with it.
 */
final class MqttSupervisor implements MqttConnection {
  private static final Logger LOG = LoggerFactory.getLogger(MqttSupervisor.class);
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  /** So many connections in a row that did not hold are worth a word. */
  private static final int OFTEN = 3;

  // Valid for the whole life.
  private final MqttOptions options;
  private final Subscriptions subscriptions = new Subscriptions();
  private final Inbox inbox;
  private final BlockingQueue<Session.Outgoing> outbox;
  private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Consumer<MqttStatus>> listeners = new CopyOnWriteArrayList<>();
  private final Object statusLock = new Object();
  private final Semaphore signal = new Semaphore(0);
  private final Thread supervisor;
  private final Thread sender;
  private volatile MqttStatus status;
  private volatile boolean closed;

  // Of the supervisor's thread: how the last connections ended.
  private int quarrels;
  private int brief;
  private String trouble = "";

  // Valid for one connection.
  private volatile @Nullable Session session;

  private MqttSupervisor(MqttOptions options) {
    this.options = options;
    status = new MqttStatus(MqttStatus.Phase.CONNECTING, "Connecting to " + options.uri());
    outbox = new LinkedBlockingQueue<>(options.maxQueued());
    String name = "hearth-mqtt-" + options.clientId();
    inbox = new Inbox(name, subscriptions::dispatch);
    supervisor = Thread.ofPlatform().daemon().name(name).unstarted(this::supervise);
    sender = Thread.ofPlatform().daemon().name(name + "-out").unstarted(this::send);
  }

  static MqttSupervisor start(MqttOptions options) {
    MqttSupervisor connection = new MqttSupervisor(options);
    connection.subscriptions.onChange(connection.signal::release);
    connection.supervisor.start();
    connection.sender.start();
    return connection;
  }

  // --- connecting -------------------------------------------------------------------------------

  private void supervise() {
    int failures = 0;
    boolean old = false;
    while (!closed) {
      LinkException.@Nullable Stage stage = null;
      try {
        if (serve(old)) {
          failures = 0;
        }
        old = false;
      } catch (LinkException e) {
        stage = e.stage();
        report(e, old, failures);
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("The connection to {} failed unexpectedly", options.uri(), e);
      }
      boolean tryOld = stage == LinkException.Stage.HANDSHAKE && !old;
      if (stage != null) {
        old = tryOld;
      }
      if (!closed && !tryOld) {
        try {
          Thread.sleep(pause(failures++));
        } catch (InterruptedException e) {
          break;
        }
      }
    }
    changeStatus(MqttStatus.Phase.CLOSED, "Closed");
  }

  private void report(LinkException e, boolean old, int failures) {
    String what = old ? "MQTT 3.1.1" : "MQTT 5";
    String text = "No connection to " + options.uri() + " by " + what + ": " + e.getMessage();
    if (failures == 0 || e.stage() == LinkException.Stage.REFUSED) {
      LOG.warn("{}; trying again", text);
    } else {
      LOG.debug("{}; trying again", text);
    }
    changeStatus(MqttStatus.Phase.FAILING, text);
  }

  /** The pause before the next attempt: exponential, half of it jitter. */
  private Duration pause(int failures) {
    long cap =
        Math.min(
            options.maxBackoff().toMillis(),
            options.minBackoff().toMillis() << Math.min(failures, 16));
    return Duration.ofMillis(cap / 2 + ThreadLocalRandom.current().nextLong(cap / 2 + 1));
  }

  /** Connects once and stays until the connection is lost; returns whether it held for a while. */
  private boolean serve(boolean old) throws LinkException, InterruptedException {
    Link link = old ? new PahoLink3(options) : new PahoLink5(options);
    Session mine = new Session(link, options, inbox, completions, signal::release);
    boolean complete = false;
    long since = 0;
    try {
      subscriptions.forgetBroker();
      link.connect(mine, options.connectTimeout());
      mine.open(Math.min(options.maxInFlight(), link.receiveMaximum()));
      while (mine.lostBecause() == null && !closed) {
        restore(mine);
        if (!complete && mine.lostBecause() == null) {
          complete = true;
          since = System.nanoTime();
          session = mine;
          String text = "Connected to " + options.uri() + " by " + link.protocol() + trouble;
          LOG.info("{}", text);
          changeStatus(MqttStatus.Phase.CONNECTED, text);
        }
        if (subscriptions.settled()) {
          signal.acquire();
          signal.drainPermits();
        }
      }
      if (!closed) {
        mine.awaitReason();
      }
      boolean stable = complete && System.nanoTime() - since >= stable().toNanos();
      quarrels = mine.quarrel() ? quarrels + 1 : 0;
      brief = complete && !stable ? brief + 1 : 0;
      trouble = trouble();
      return stable;
    } finally {
      session = null;
      String reason = Objects.requireNonNullElse(mine.lostBecause(), "closed");
      mine.fail();
      if (closed) {
        link.disconnect(GOODBYE);
      } else {
        if (complete) {
          LOG.warn("Lost the connection to {}: {}", options.uri(), reason);
          changeStatus(
              MqttStatus.Phase.CONNECTING,
              "Lost the connection to " + options.uri() + ": " + reason);
        }
        link.abort();
      }
    }
  }

  /**
   * A connection that held for so long makes the next pause short again. Of two clients of one id
   * that kick each other out each holds it no longer than the other pauses and connects.
   */
  private Duration stable() {
    return options.maxBackoff().plus(options.connectTimeout());
  }

  /** What people should know of the last connections although there is one now. */
  private String trouble() {
    if (quarrels > 0) {
      return "; before, another client with the same client id '"
          + options.clientId()
          + "' took the connection over ("
          + quarrels
          + " times in a row): give each its own (hearth.mqtt.client-id)";
    }
    if (brief >= OFTEN) {
      return "; before, "
          + brief
          + " connections in a row broke soon: is there another client with the client id '"
          + options.clientId()
          + "' (hearth.mqtt.client-id), or does the broker restart again and again?";
    }
    return "";
  }

  /** Tells the broker everything that is due; a broker that does not answer counts as lost. */
  private void restore(Session mine) throws InterruptedException {
    for (List<String> batch = subscriptions.nextToSubscribe();
        !batch.isEmpty() && mine.lostBecause() == null;
        batch = subscriptions.nextToSubscribe()) {
      try {
        LOG.debug("Subscribing to {}", batch);
        int[] codes =
            mine.link()
                .subscribe(prefixed(batch))
                .get(options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        for (int i = 0; i < codes.length; i++) {
          subscriptions.confirmed(batch.get(i), codes[i] < 128);
        }
      } catch (ExecutionException e) {
        mine.gone("subscribing failed: " + e.getCause());
      } catch (TimeoutException e) {
        mine.lost("the broker did not answer a subscription");
      }
    }
    for (List<String> batch = subscriptions.nextToUnsubscribe();
        !batch.isEmpty() && mine.lostBecause() == null;
        batch = subscriptions.nextToUnsubscribe()) {
      mine.link().unsubscribe(prefixed(batch));
    }
  }

  private List<String> prefixed(List<String> filters) {
    return filters.stream().map(filter -> options.prefix() + filter).toList();
  }

  // --- publishing -------------------------------------------------------------------------------

  @Override
  public CompletableFuture<PublishResult> publish(
      String topic, byte[] payload, int qos, boolean retained) {
    Topics.requireTopic(topic);
    if (qos != 0 && qos != 1) {
      throw new IllegalArgumentException("QoS " + qos + " is not supported; use 0 or 1");
    }
    return enqueue(topic, payload, qos, retained, 0);
  }

  @Override
  public CompletableFuture<PublishResult> command(String topic, String payload, Duration expiry) {
    Topics.requireTopic(topic);
    long seconds = Math.max(1, expiry.plusSeconds(1).minusNanos(1).toSeconds());
    return enqueue(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false, seconds);
  }

  private CompletableFuture<PublishResult> enqueue(
      String topic, byte[] payload, int qos, boolean retained, long expirySeconds) {
    Session now = session;
    if (now == null) {
      return CompletableFuture.completedFuture(notConnected());
    }
    if (payload.length > options.maxPayload()) {
      return CompletableFuture.completedFuture(
          new PublishResult(
              PublishResult.Status.FAILED,
              "Not sent: %d bytes, at most %d are possible"
                  .formatted(payload.length, options.maxPayload())));
    }
    Session.Outgoing outgoing =
        new Session.Outgoing(now, topic, payload, qos, retained, expirySeconds);
    if (!outbox.offer(outgoing)) {
      return CompletableFuture.completedFuture(
          new PublishResult(
              PublishResult.Status.QUEUE_FULL,
              options.maxQueued() + " messages already wait to be sent; wait for results"));
    }
    return outgoing.result();
  }

  private PublishResult notConnected() {
    return new PublishResult(PublishResult.Status.NOT_CONNECTED, "Not sent: " + status.detail());
  }

  private void send() {
    while (!closed) {
      try {
        Session.Outgoing next = outbox.take();
        if (!next.send()) {
          next.complete(notConnected());
        }
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("Sending failed unexpectedly", e);
      }
    }
    List<Session.Outgoing> rest = new ArrayList<>();
    outbox.drainTo(rest);
    rest.forEach(outgoing -> outgoing.complete(notConnected()));
  }

  // --- the rest ---------------------------------------------------------------------------------

  @Override
  public MqttSubscription subscribe(String filter, MqttHandler handler) {
    return subscriptions.add(filter, handler);
  }

  @Override
  public long dropped() {
    return inbox.dropped();
  }

  @Override
  public MqttStatus status() {
    return status;
  }

  @Override
  public Registration onStatus(Consumer<MqttStatus> listener) {
    synchronized (statusLock) {
      listeners.add(listener);
      tell(listener, status);
    }
    return () -> listeners.remove(listener);
  }

  private void changeStatus(MqttStatus.Phase phase, String detail) {
    synchronized (statusLock) {
      if (status.phase() == MqttStatus.Phase.CLOSED) {
        return;
      }
      status = new MqttStatus(phase, detail);
      statusLock.notifyAll();
      listeners.forEach(listener -> tell(listener, status));
    }
  }

  private static void tell(Consumer<MqttStatus> listener, MqttStatus status) {
    try {
      listener.accept(status);
    } catch (RuntimeException e) {
      LOG.error("A listener failed on the connection status {}", status.phase(), e);
    }
  }

  @Override
  public boolean awaitConnected(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (statusLock) {
      while (!status.connected() && status.phase() != MqttStatus.Phase.CLOSED) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        statusLock.wait(left);
      }
      return status.connected();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    signal.release();
    try {
      if (session == null) {
        supervisor.interrupt();
      }
      supervisor.join(GOODBYE.plusMillis(500));
      if (supervisor.isAlive()) {
        supervisor.interrupt();
        supervisor.join(Duration.ofMillis(500));
      }
      sender.interrupt();
      sender.join(Duration.ofMillis(500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    inbox.close();
    changeStatus(MqttStatus.Phase.CLOSED, "Closed");
    completions.shutdown();
  }
}
