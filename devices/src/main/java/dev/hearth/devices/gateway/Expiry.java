package dev.hearth.devices.gateway;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets reports grow old: values that expire, and "on" that turns itself off. */
final class Expiry implements AutoCloseable {
  private final ScheduledExecutorService timers;
  private final Consumer<StateUpdate> sink;
  private final @Nullable Duration expiresAfter;
  private final @Nullable Duration offDelay;
  private @Nullable Future<?> expiring;
  private @Nullable Future<?> turningOff;

  Expiry(ScheduledExecutorService timers, Codec codec, Consumer<StateUpdate> sink) {
    this.timers = timers;
    this.sink = sink;
    this.expiresAfter = codec.expiresAfter().orElse(null);
    this.offDelay = codec.offDelay().orElse(null);
  }

  synchronized void heard(StateUpdate update) {
    if (expiresAfter != null && !update.values().isEmpty()) {
      cancel(expiring);
      Set<Attribute> old = EnumSet.copyOf(update.values().keySet());
      expiring = after(expiresAfter, new StateUpdate(Map.of(), old, null));
    }
    if (offDelay != null && update.values().containsKey(Attribute.ON)) {
      cancel(turningOff);
      if (Boolean.TRUE.equals(update.values().get(Attribute.ON))) {
        turningOff = after(offDelay, new StateUpdate(Map.of(Attribute.ON, false), Set.of(), null));
      }
    }
  }

  private Future<?> after(Duration delay, StateUpdate update) {
    return timers.schedule(() -> sink.accept(update), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public synchronized void close() {
    cancel(expiring);
    cancel(turningOff);
  }
}
