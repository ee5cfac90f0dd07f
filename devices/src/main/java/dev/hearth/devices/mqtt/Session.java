package dev.hearth.devices.mqtt;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that lives and dies with one connection. */
final class Session implements Link.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** A message to send, bound to the session it was given in. */
  static final class Outgoing {
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

    CompletableFuture<PublishResult> result() {
      return result;
    }

    /** Sends it, waiting for room; false when the session ended before anything was sent. */
    boolean send() throws InterruptedException {
      return session.accept(this);
    }

    void complete(PublishResult value) {
      session.completions.execute(() -> result.complete(value));
    }
  }

  private static final long REASON_MILLIS = 500;

  private final Link link;
  private final MqttOptions options;
  private final Inbox inbox;
  private final Executor completions;
  private final Runnable onLost;
  private final Semaphore window = new Semaphore(0);
  private final Set<Outgoing> inFlight = ConcurrentHashMap.newKeySet();
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile @Nullable String lostBecause;
  private volatile boolean quarrel;

  Session(Link link, MqttOptions options, Inbox inbox, Executor completions, Runnable onLost) {
    this.link = link;
    this.options = options;
    this.inbox = inbox;
    this.completions = completions;
    this.onLost = onLost;
  }

  Link link() {
    return link;
  }

  /** Why it ended, null while it lives. */
  @Nullable String lostBecause() {
    return lostBecause;
  }

  /** Whether it ended because another client came with the same client id. */
  boolean quarrel() {
    return quarrel;
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
    if (topic.startsWith(options.prefix())) {
      String bare = topic.substring(options.prefix().length());
      inbox.add(new MqttMessage(bare, payload, qos, retained, System.nanoTime()));
    }
  }

  @Override
  public void lost(String reason) {
    synchronized (told) {
      if (told.getCount() > 0) {
        lostBecause = reason;
        told.countDown();
      }
    }
    onLost.run();
  }

  /** It failed with what it was given, for it is gone; it will say itself why. */
  void gone(String sign) {
    synchronized (told) {
      if (lostBecause == null) {
        lostBecause = sign;
      }
    }
    onLost.run();
  }

  /** Waits a moment for the link's own word: what it fails with comes first, and says less. */
  void awaitReason() throws InterruptedException {
    if (!told.await(REASON_MILLIS, TimeUnit.MILLISECONDS)) {
      LOG.debug("nobody told why the connection ended: {}", lostBecause);
    }
  }

  @Override
  public void takenOver() {
    quarrel = true;
    lost(
        "another client came with the same client id '"
            + options.clientId()
            + "'; give each its own (hearth.mqtt.client-id)");
  }

  private boolean accept(Outgoing outgoing) throws InterruptedException {
    window.acquire();
    inFlight.add(outgoing);
    while (true) {
      if (lostBecause != null) {
        inFlight.remove(outgoing);
        window.release();
        return false;
      }
      try {
        CompletableFuture<?> sent =
            link.publish(
                options.prefix() + outgoing.topic,
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
      outgoing.complete(new PublishResult(PublishResult.Status.SENT, "The broker has it"));
    } else if (link.refused(error)) {
      outgoing.complete(
          new PublishResult(
              PublishResult.Status.FAILED, "The broker refused it: " + error.getMessage()));
    } else {
      // Paho fails its publishes before it tells that the connection is gone.
      outgoing.complete(connectionLost());
      gone(LinkException.why(error));
    }
  }

  private static PublishResult connectionLost() {
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
        outgoing.complete(connectionLost());
      }
    }
    window.release(options.maxInFlight() + 1);
  }
}
