package dev.hearth.agent.plan;

import dev.hearth.devices.Home;
import dev.hearth.devices.registry.HomeRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What the last plan of each conversation did, for as long as it can be undone. The oldest gives
 * way when it is too much. Thread-safe; a clock that is set does not disturb it.
 */
@Component
public class History {
  /** How many changed entities are remembered in all. */
  static final int MOST_CHANGES = 10_000;

  private static final int MOST = 1_000;

  /** How long a device may take to tell what else a command brought about, in seconds. */
  private static final int SETTLING = 3;

  /**
   * A plan that was carried out.
   *
   * @param conversation where it was asked for
   * @param language the language that was answered in
   * @param changes what it did; may be empty
   */
  public record Done(String conversation, String language, List<Change> changes) {
    /** Copies the list. */
    public Done {
      changes = List.copyOf(changes);
    }
  }

  private record Kept(Done done, long since) {}

  private final long lifetime;
  private final LongSupplier clock;
  private final Supplier<Home> home;
  private final Executor later;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private int changes;

  @Autowired
  History(UndoSettings settings, HomeRegistry registry) {
    this(
        settings.undoFor(),
        System::nanoTime,
        registry::home,
        CompletableFuture.delayedExecutor(SETTLING, TimeUnit.SECONDS));
  }

  History(Duration lifetime, LongSupplier clock, Supplier<Home> home, Executor later) {
    this.lifetime = lifetime.toNanos();
    this.clock = clock;
    this.home = home;
    this.later = later;
  }

  /** Keeps what was done; it is the last of its conversation now. */
  public synchronized void keep(Done done) {
    remove(done.conversation());
    kept.put(done.conversation(), new Kept(done, clock.getAsLong()));
    changes += done.changes().size();
    while (kept.size() > MOST || changes > MOST_CHANGES) {
      remove(kept.keySet().iterator().next());
    }
    forgetOld();
    if (!done.changes().stream().allMatch(Change::settled)) {
      later.execute(() -> settle(done));
    }
  }

  @SuppressWarnings("ReferenceEquality") // another one of the same conversation is not this one
  private synchronized void settle(Done done) {
    Home now = home.get();
    List<Change> settled =
        done.changes().stream().map(each -> each.settled() ? each : each.settled(now)).toList();
    kept.computeIfPresent(
        done.conversation(),
        (conversation, before) ->
            before.done == done
                ? new Kept(new Done(conversation, done.language(), settled), before.since)
                : before);
  }

  /**
   * Takes what was done out of what can be undone, so that nobody undoes it a second time.
   *
   * @param done what {@link #last} told
   * @return false when it is no longer the last
   */
  @SuppressWarnings("ReferenceEquality") // what was done twice alike is two things
  public synchronized boolean take(Done done) {
    Kept found = kept.get(done.conversation());
    if (found == null || found.done != done) {
      return false;
    }
    remove(done.conversation());
    return true;
  }

  /**
   * The last that was done.
   *
   * @param conversation in which conversation; null for anywhere in the home
   * @return empty when there is nothing, or when it is too long ago
   */
  public synchronized Optional<Done> last(@Nullable String conversation) {
    forgetOld();
    if (conversation != null) {
      return Optional.ofNullable(kept.get(conversation)).map(Kept::done);
    }
    return kept.values().stream().reduce((older, newer) -> newer).map(Kept::done);
  }

  private void forgetOld() {
    long now = clock.getAsLong();
    while (!kept.isEmpty()) {
      Map.Entry<String, Kept> oldest = kept.entrySet().iterator().next();
      if (now - oldest.getValue().since < lifetime) {
        return;
      }
      remove(oldest.getKey());
    }
  }

  private void remove(String conversation) {
    Kept gone = kept.remove(conversation);
    if (gone != null) {
      changes -= gone.done.changes().size();
    }
  }
}
