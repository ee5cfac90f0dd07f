package dev.hearth.agent.plan;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
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
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private int changes;

  @Autowired
  History(UndoSettings settings) {
    this(settings.undoFor(), System::nanoTime);
  }

  History(Duration lifetime, LongSupplier clock) {
    this.lifetime = lifetime.toNanos();
    this.clock = clock;
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
