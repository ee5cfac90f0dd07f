package dev.hearth.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a block, within those of the blocks around it. */
final class Scope {
  private final @Nullable Scope parent;
  private final Map<String, @Nullable Object> values = new HashMap<>();

  Scope(@Nullable Scope parent) {
    this.parent = parent;
  }

  void set(String name, @Nullable Object value) {
    values.put(name, value);
  }

  /** The value of a name, or {@code missing}. */
  @Nullable Object get(String name, @Nullable Object missing) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Object value = scope.values.get(name);
      if (value != null || scope.values.containsKey(name)) {
        return value;
      }
    }
    return missing;
  }
}
