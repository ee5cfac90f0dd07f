package dev.hearth.agent.mqtt;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.OutcomeKind;
import dev.hearth.agent.conversation.OverloadedException;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.home.AnnounceSettings;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.agent.web.UtteranceRules;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttStatus;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.mqtt.PublishResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hearth as a device: what is published on its topic {@code ask} is a turn, one at a time, and what
 * came of it is published on {@code reply} and {@code outcome}. Every utterance is a conversation
 * of its own, so that nothing which needs a confirmation can be done this way. A {@value #PRESS} on
 * {@code undo} undoes the last of these turns.
 */
final class MqttDevice implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MqttDevice.class);

  /** The longest utterance, in characters (code points). */
  static final int MAX_LENGTH = 512;

  /** How many utterances may wait while one is under way. */
  static final int MOST_WAITING = 8;

  /** As much of a payload as it takes to tell that it is too long: a character has four bytes. */
  private static final int MAX_BYTES = 4 * (MAX_LENGTH + 1);

  /** What the button sends. */
  static final String PRESS = "PRESS";

  private static final long GOODBYE_SECONDS = 2;

  private final AnnounceSettings settings;
  private final MqttConnection connection;
  private final Assistant assistant;
  private final UtteranceRules rules;
  private final ThreadPoolExecutor turns =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("mqtt-turns").factory());
  private final AtomicBoolean dropping = new AtomicBoolean();

  /** The conversation of the last turn, of the thread of the turns: what the button undoes. */
  private @Nullable String last;

  private volatile boolean closed;

  private MqttDevice(
      AnnounceSettings settings,
      MqttConnection connection,
      Assistant assistant,
      UtteranceRules rules) {
    this.settings = settings;
    this.connection = connection;
    this.assistant = assistant;
    this.rules = rules;
  }

  /** Announces it at every connect, and listens. */
  static MqttDevice start(
      AnnounceSettings settings,
      MqttConnection connection,
      Assistant assistant,
      UtteranceRules rules) {
    MqttDevice device = new MqttDevice(settings, connection, assistant, rules);
    MqttSubscription ask = connection.subscribe(settings.topic("ask"), device::hear);
    MqttSubscription undo = connection.subscribe(settings.topic("undo"), device::press);
    // Who is announced before it hears would lose what it is asked at once.
    var _ =
        CompletableFuture.allOf(ask.active(), undo.active())
            .thenRun(() -> connection.onStatus(device::announce));
    LOG.info(
        "whoever may publish on '{}' of the first broker may command this home, without a token",
        settings.topic("ask"));
    return device;
  }

  private void announce(MqttStatus status) {
    if (status.connected() && !closed) {
      var _ =
          connection.publish(
              SelfDescription.topic(settings), SelfDescription.payload(settings), 1, true);
      var _ = available(AnnounceSettings.ONLINE);
    }
  }

  private CompletableFuture<PublishResult> available(String word) {
    return connection.publish(
        settings.availability(), word.getBytes(StandardCharsets.UTF_8), 1, true);
  }

  private void hear(MqttMessage message) {
    if (message.retained()) {
      LOG.debug("the retained message on '{}' is old and does nothing", message.topic());
      return;
    }
    byte[] payload = message.payload();
    String text =
        new String(payload, 0, Math.min(payload.length, MAX_BYTES), StandardCharsets.UTF_8);
    enqueue(message.topic(), () -> ask(text));
  }

  private void press(MqttMessage message) {
    if (message.retained() || !message.text().equals(PRESS)) {
      LOG.debug("only a live {} on '{}' undoes anything", PRESS, message.topic());
      return;
    }
    enqueue(message.topic(), this::undo);
  }

  private void enqueue(String topic, Runnable turn) {
    try {
      turns.execute(() -> run(topic, turn));
      dropping.set(false);
    } catch (RejectedExecutionException e) {
      if (!closed && dropping.compareAndSet(false, true)) {
        LOG.warn(
            "{} turns over MQTT wait already, so one on '{}' is dropped, as are more until there is"
                + " room. Send one and wait for its reply",
            MOST_WAITING,
            topic);
      }
    }
  }

  private void run(String topic, Runnable turn) {
    if (closed) {
      return;
    }
    try {
      turn.run();
    } catch (InvalidRequestException | OverloadedException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("what came on '{}' came to nothing", topic, e);
      failed("Something went wrong in Hearth; its log says what.");
    }
  }

  private void ask(String text) {
    if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
      failed("text has more than " + MAX_LENGTH + " characters, which is the most over MQTT");
      return;
    }
    Turn turn = assistant.ask(rules.utterance(text, settings.announceArea(), null, null));
    last = turn.conversation();
    tell(turn);
  }

  private void undo() {
    if (last == null) {
      failed("Nothing was asked over MQTT yet, so there is nothing to undo.");
    } else {
      tell(assistant.undo(last, null));
    }
  }

  private void tell(Turn turn) {
    tell(turn.reply(), turn.outcome());
  }

  private void failed(String reason) {
    tell(reason, OutcomeKind.FAILED);
  }

  private void tell(String reply, OutcomeKind outcome) {
    var _ = connection.publish(settings.topic("reply"), reply);
    var _ = connection.publish(settings.topic("outcome"), outcome.wire());
  }

  /** Says that Hearth is gone, and lets the turn that is under way end. */
  @Override
  public void close() {
    closed = true;
    turns.shutdown();
    try {
      available(AnnounceSettings.OFFLINE)
          .completeOnTimeout(
              new PublishResult(PublishResult.Status.FAILED, "no answer in time"),
              GOODBYE_SECONDS,
              TimeUnit.SECONDS)
          .join();
      if (!turns.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a turn over MQTT is still under way; its reply is not told");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
