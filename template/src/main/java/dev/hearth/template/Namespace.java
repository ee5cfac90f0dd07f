package dev.hearth.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's {@code namespace()}: an object whose attributes {@code set} may change. */
final class Namespace {
  private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

  Map<String, @Nullable Object> attributes() {
    return attributes;
  }
}
