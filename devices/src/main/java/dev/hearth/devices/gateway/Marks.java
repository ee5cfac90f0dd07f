package dev.hearth.devices.gateway;

import dev.hearth.devices.dialect.Discovered;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * By what two announcements are known to speak of one device: a key that both give it (an
 * identifier, a MAC address), or a topic that is one device's own and that the other listens to.
 *
 * @param signs what it is found by
 * @param sought the signs of others by which it finds them
 */
record Marks(Set<String> signs, Set<String> sought) {
  static Marks of(List<Discovered> entities) {
    Set<String> signs = new HashSet<>();
    Set<String> sought = new HashSet<>();
    for (Discovered each : entities) {
      for (String key : each.description().device().keys()) {
        signs.add("device " + key);
        sought.add("device " + key);
      }
      for (String topic : each.codec().ownTopics()) {
        signs.add("owner " + topic);
        sought.add("listener " + topic);
      }
      for (String topic : each.codec().topics()) {
        signs.add("listener " + topic);
        sought.add("owner " + topic);
      }
    }
    return new Marks(Set.copyOf(signs), Set.copyOf(sought));
  }

  /** What finds those that would find this. */
  Marks turned() {
    return new Marks(/* signs= */ sought, /* sought= */ signs);
  }

  /** Finds things by the marks they were put in with. Not thread-safe. */
  static final class Index<T> {
    private final Map<String, Set<T>> bySign = new HashMap<>();

    void put(Marks marks, T thing) {
      for (String sign : marks.signs) {
        bySign.computeIfAbsent(sign, k -> new LinkedHashSet<>()).add(thing);
      }
    }

    void remove(Marks marks, T thing) {
      for (String sign : marks.signs) {
        bySign.computeIfPresent(
            sign,
            (k, all) -> {
              all.remove(thing);
              return all.isEmpty() ? null : all;
            });
      }
    }

    /** Those that speak of the same device and pass the test. */
    Set<T> find(Marks marks, Predicate<T> test) {
      Set<T> found = new LinkedHashSet<>();
      for (String sign : marks.sought) {
        for (T each : bySign.getOrDefault(sign, Set.of())) {
          if (test.test(each)) {
            found.add(each);
          }
        }
      }
      return found;
    }
  }
}
