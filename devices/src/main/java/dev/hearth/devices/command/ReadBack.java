package dev.hearth.devices.command;

import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.mqtt.MqttConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks devices for their state where the word of their bridge proves only that they took a command.
 * A lamp that fades and a blind that moves are not yet where they should be when first asked, so
 * they are asked again. Guarded by the executor's lock.
 */
final class ReadBack {
  /** Each question costs air time. */
  private static final int MOST = 4;

  private static final Duration AGAIN = Duration.ofMillis(700);

  private final MqttConnection connection;
  private final ScheduledExecutorService timers;
  private final Object lock;

  ReadBack(MqttConnection connection, ScheduledExecutorService timers, Object lock) {
    this.connection = connection;
    this.timers = timers;
    this.lock = lock;
  }

  /** Asks later, in case the bridge says nothing at all: it may be told not to assume. */
  void plan(Run run, Duration deadline) {
    if (run.codec.relayed()) {
      later(run, deadline.dividedBy(2));
    }
  }

  /** Asks now; false when the device cannot be asked. */
  boolean ask(Run run) {
    List<Outgoing> questions = run.codec.readBack(run.confirmable());
    if (questions.isEmpty()) {
      return false;
    }
    if (run.questions++ < MOST) {
      for (Outgoing each : questions) {
        byte[] payload = each.payload().getBytes(StandardCharsets.UTF_8);
        var _ = connection.publish(each.topic(), payload, 1, false);
      }
      later(run, AGAIN);
    }
    return true;
  }

  private void later(Run run, Duration delay) {
    EvidenceExecutor.cancel(run.asking);
    run.asking =
        timers.schedule(
            () -> {
              synchronized (lock) {
                if (!run.done && run.verdict() != Run.Verdict.CONFIRMED) {
                  var _ = ask(run);
                }
              }
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
  }
}
