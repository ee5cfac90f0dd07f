package dev.hearth.devices.command;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.dialect.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a command.
 *
 * @param evidence how much is known
 * @param detail one sentence
 */
record Conclusion(Evidence evidence, String detail) {

  /** What to say when the deadline has passed and the device did not confirm. */
  static Conclusion atDeadline(Run run, boolean offline, long nowNanos) {
    Duration waited = Duration.ofNanos(nowNanos - run.startNanos);
    String time = String.format(Locale.ROOT, "%.1f s", waited.toMillis() / 1e3);
    if (!run.sent) {
      return new Conclusion(
          Evidence.FAILED,
          "Nothing was sent: the broker did not confirm the subscription within " + time);
    }
    if (offline) {
      return new Conclusion(Evidence.OFFLINE, "It went offline after the command was sent");
    }
    boolean onTheWay = onTheWay(run);
    if (run.codec.optimistic() && run.acknowledged && (onTheWay || run.differing() == null)) {
      return new Conclusion(
          Evidence.BROKER_ACKNOWLEDGED,
          "The broker has it; the device reports at most what it assumes");
    }
    if (onTheWay) {
      return new Conclusion(Evidence.STARTED, "It is still on its way after " + time);
    }
    if (run.codec.sleeps() && run.acknowledged && !run.accepted && !contradicted(run)) {
      return new Conclusion(
          Evidence.QUEUED,
          "It sleeps to save its battery and has not answered; it may take the command when it wakes");
    }
    Conclusion group = ofGroup(run);
    if (group != null) {
      return group;
    }
    Attribute differing = run.differing();
    if (differing != null) {
      return new Conclusion(
          Evidence.DIFFERENT_VALUE,
          "Asked for "
              + show(differing, run.target.get(differing))
              + ", but it reports "
              + show(differing, run.fresh.get(differing)));
    }
    if (run.accepted) {
      String why = run.unreadable == null ? " within " + time : ": " + run.unreadable;
      return new Conclusion(
          Evidence.ACCEPTED, "It took the command, but did not say what it does" + why);
    }
    boolean stop = run.command instanceof Command.Stop;
    if (stop && Run.isMoving(run.state)) {
      return new Conclusion(
          Evidence.DIFFERENT_VALUE, "Asked to stop, but it reports that it still moves");
    }
    if (!run.fresh.isEmpty() && (stop || run.holds(run.state))) {
      return new Conclusion(
          Evidence.ACCEPTED, "The device answered, but did not repeat everything asked for");
    }
    if (run.taken) {
      return new Conclusion(
          Evidence.ACCEPTED, "It took the command, but did not say what it does within " + time);
    }
    if (!run.acknowledged) {
      return new Conclusion(Evidence.TIMED_OUT, "The broker did not acknowledge within " + time);
    }
    return new Conclusion(
        Evidence.TIMED_OUT,
        "It did not answer within "
            + time
            + (run.repeated ? ", though it was told twice" : "")
            + (run.unreadable == null ? "" : ". It cannot be asked: " + run.unreadable));
  }

  /** Whether it reported a value that is neither the wished one nor the one from before. */
  private static boolean contradicted(Run run) {
    Attribute differing = run.differing();
    return differing != null
        && !Objects.equals(run.initial.get(differing), run.fresh.get(differing));
  }

  /** What to say of a group of which not all members did what was asked; null for others. */
  private static @Nullable Conclusion ofGroup(Run run) {
    List<Codec.Laggard> laggards = run.codec.laggards(run.target);
    if (laggards.isEmpty()) {
      return null;
    }
    String silent = names(laggards, false);
    String contrary = names(laggards, true);
    String detail =
        Stream.of(
                silent.isEmpty() ? "" : "Did not answer: " + silent,
                contrary.isEmpty() ? "" : "Reports something else: " + contrary,
                run.unreadable == null ? "" : "Reason: " + run.unreadable)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(". "));
    return new Conclusion(silent.isEmpty() ? Evidence.DIFFERENT_VALUE : Evidence.TIMED_OUT, detail);
  }

  private static String names(List<Codec.Laggard> laggards, boolean contrary) {
    return laggards.stream()
        .filter(each -> each.contrary() == contrary)
        .map(Codec.Laggard::name)
        .collect(Collectors.joining(", "));
  }

  /** Whether the last report is one of movement towards the wish. */
  private static boolean onTheWay(Run run) {
    Object lock = run.fresh.get(Attribute.LOCK);
    return (run.command instanceof Command.Lock && "locking".equals(lock))
        || (run.command instanceof Command.Unlock && "unlocking".equals(lock))
        || ((run.started || run.codec.optimistic()) && run.onItsWay());
  }

  private static String show(Attribute attribute, @Nullable Object value) {
    String unit =
        switch (attribute) {
          case BRIGHTNESS, POSITION, TILT, FAN_SPEED, HUMIDITY, HUMIDITY_SETPOINT -> " %";
          case COLOR_TEMPERATURE -> " K";
          case SETPOINT, SETPOINT_LOW, SETPOINT_HIGH, TEMPERATURE -> " °C";
          default -> "";
        };
    return attribute == Attribute.ON ? Boolean.TRUE.equals(value) ? "on" : "off" : value + unit;
  }
}
