package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

  // Valid for the whole life.
  private final MqttOptions options;
  private final Subscriptions subscriptions = new Subscriptions();
  private final Inbox inbox;
  private final BlockingQueue<Outgoing> outbox;
  private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Consumer<MqttStatus>> listeners = new CopyOnWriteArrayList<>();
  private final Object statusLock = new Object();
  private final Semaphore signal = new Semaphore(0);
  private final Thread supervisor;
  private final Thread sender;
  private volatile MqttStatus status;
  private volatile boolean closed;

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
    changeStatus(MqttStatus.Phase.CONNECTING, text);
  }

  /** The pause before the next attempt: exponential, half of it jitter. */
  private Duration pause(int failures) {
    long cap =
        Math.min(
            options.maxBackoff().toMillis(),
            options.minBackoff().toMillis() << Math.min(failures, 16));
    return Duration.ofMillis(cap / 2 + ThreadLocalRandom.current().nextLong(cap / 2 + 1));
  }

  /** Connects once and stays until the connection is lost; returns whether it was ever complete. */
  private boolean serve(boolean old) throws LinkException, InterruptedException {
    Link link = old ? new PahoLink3(options) : new PahoLink5(options);
    Session mine = new Session(link, options.maxInFlight());
    boolean complete = false;
    try {
      subscriptions.forgetBroker();
      link.connect(mine, options.connectTimeout());
      mine.open(Math.min(options.maxInFlight(), link.receiveMaximum()));
      while (mine.lostBecause == null && !closed) {
        restore(mine);
        if (!complete && mine.lostBecause == null) {
          complete = true;
          session = mine;
          LOG.info("Connected to {} by {}", options.uri(), link.protocol());
          changeStatus(
              MqttStatus.Phase.CONNECTED,
              "Connected to " + options.uri() + " by " + link.protocol());
        }
        if (subscriptions.settled()) {
          signal.acquire();
          signal.drainPermits();
        }
      }
      return complete;
    } finally {
      session = null;
      String reason = mine.lostBecause == null ? "closed" : mine.lostBecause;
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

  /** Tells the broker everything that is due; a broker that does not answer counts as lost. */
  private void restore(Session mine) throws InterruptedException {
    for (List<String> batch = subscriptions.nextToSubscribe();
        !batch.isEmpty() && mine.lostBecause == null;
        batch = subscriptions.nextToSubscribe()) {
      try {
        LOG.debug("Subscribing to {}", batch);
        int[] codes =
            mine.link
                .subscribe(batch)
                .get(options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        for (int i = 0; i < codes.length; i++) {
          subscriptions.confirmed(batch.get(i), codes[i] < 128);
        }
      } catch (ExecutionException e) {
        mine.lost("subscribing failed: " + e.getCause());
      } catch (TimeoutException e) {
        mine.lost("the broker did not answer a subscription");
      }
    }
    for (List<String> batch = subscriptions.nextToUnsubscribe();
        !batch.isEmpty() && mine.lostBecause == null;
        batch = subscriptions.nextToUnsubscribe()) {
      mine.link.unsubscribe(batch);
    }
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
    Outgoing outgoing = new Outgoing(now, topic, payload, qos, retained, expirySeconds);
    if (!outbox.offer(outgoing)) {
      return CompletableFuture.completedFuture(
          new PublishResult(
              PublishResult.Status.QUEUE_FULL,
              options.maxQueued() + " messages already wait to be sent; wait for results"));
    }
    return outgoing.result;
  }

  private PublishResult notConnected() {
    return new PublishResult(PublishResult.Status.NOT_CONNECTED, "Not sent: " + status.detail());
  }

  private void send() {
    while (!closed) {
      try {
        Outgoing next = outbox.take();
        if (!next.session.accept(next)) {
          next.complete(completions, notConnected());
        }
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("Sending failed unexpectedly", e);
      }
    }
    List<Outgoing> rest = new ArrayList<>();
    outbox.drainTo(rest);
    rest.forEach(outgoing -> outgoing.complete(completions, notConnected()));
  }

  /** A message to send, bound to the session it was given in. */
  private static final class Outgoing {
    private final Session session;
    private final String topic;
    private final byte[] payload;
    private final int qos;
    private final boolean retained;
    private final long expirySeconds;
    private final CompletableFuture<PublishResult> result = new CompletableFuture<>();

    Outgoing(
        Session session,
        String topic,
        byte[] payload,
        int qos,
        boolean retained,
        long expirySeconds) {
      this.session = session;
      this.topic = topic;
      this.payload = payload;
      this.qos = qos;
      this.retained = retained;
      this.expirySeconds = expirySeconds;
    }

    void complete(ExecutorService executor, PublishResult value) {
      executor.execute(() -> result.complete(value));
    }
  }

  /** Everything that lives and dies with one connection. */
  private final class Session implements Link.Listener {
    private final Link link;
    private final Semaphore window = new Semaphore(0);
    private final Set<Outgoing> inFlight = ConcurrentHashMap.newKeySet();
    private final int unlimited;
    private volatile @Nullable String lostBecause;

    Session(Link link, int maxInFlight) {
      this.link = link;
      this.unlimited = maxInFlight;
    }

    void open(int permits) {
      window.release(permits);
    }

    @Override
    public void message(String topic, byte[] payload, int qos, boolean retained) {
      if (payload.length > options.maxPayload()) {
        LOG.warn(
            "Dropped a message on '{}': {} bytes, at most {} are taken",
            topic,
            payload.length,
            options.maxPayload());
        return;
      }
      inbox.add(new MqttMessage(topic, payload, qos, retained, System.nanoTime()));
    }

    @Override
    public void lost(String reason) {
      if (lostBecause == null) {
        lostBecause = reason;
      }
      signal.release();
    }

    /** Sends, waiting for room; false when the session ended before anything was sent. */
    boolean accept(Outgoing outgoing) throws InterruptedException {
      window.acquire();
      inFlight.add(outgoing);
      while (true) {
        if (lostBecause != null || session != this) {
          inFlight.remove(outgoing);
          window.release();
          return false;
        }
        try {
          CompletableFuture<?> sent =
              link.publish(
                  outgoing.topic,
                  outgoing.payload,
                  outgoing.qos,
                  outgoing.retained,
                  outgoing.expirySeconds);
          var _ = sent.whenComplete((nothing, error) -> finished(outgoing, error));
          return true;
        } catch (Link.TooManyInFlightException e) {
          // Paho frees its slot a little after it reports the acknowledgement.
          Thread.sleep(1);
        }
      }
    }

    private void finished(Outgoing outgoing, @Nullable Throwable error) {
      window.release();
      if (!inFlight.remove(outgoing)) {
        return;
      }
      if (error == null) {
        outgoing.complete(
            completions, new PublishResult(PublishResult.Status.SENT, "The broker has it"));
      } else if (link.refused(error)) {
        outgoing.complete(
            completions,
            new PublishResult(
                PublishResult.Status.FAILED, "The broker refused it: " + error.getMessage()));
      } else {
        // Paho fails its publishes before it tells that the connection is gone.
        outgoing.complete(completions, connectionLost());
        lost(error.toString());
      }
    }

    private PublishResult connectionLost() {
      return new PublishResult(
          PublishResult.Status.CONNECTION_LOST,
          "The connection broke before the broker acknowledged; it may have the message or not");
    }

    /** Ends everything under way. */
    void fail() {
      if (lostBecause == null) {
        lostBecause = "closed";
      }
      for (Outgoing outgoing : List.copyOf(inFlight)) {
        if (inFlight.remove(outgoing)) {
          outgoing.complete(completions, connectionLost());
        }
      }
      window.release(unlimited + 1);
    }
  }

  // --- the rest ---------------------------------------------------------------------------------

  @Override
  public MqttSubscription subscribe(String filter, MqttHandler handler) {
    return subscriptions.add(filter, handler);
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
      while (status.phase() == MqttStatus.Phase.CONNECTING) {
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
