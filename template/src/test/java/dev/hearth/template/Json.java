package dev.hearth.template;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON in tests, through the template's own filters. */
final class Json {
  private static final TemplateOptions WIDE =
      new TemplateOptions(false, false, 50_000_000, 1 << 26, Duration.ofMinutes(1));

  private Json() {}

  static @Nullable Object read(String text) {
    return JsonReader.read(text, new Budget(WIDE));
  }

  static String write(@Nullable Object value) {
    return PythonJson.write(value, new Budget(WIDE), null, ", ", ": ");
  }

  @SuppressWarnings("unchecked")
  static Map<String, ?> object(String text) {
    return (Map<String, ?>) java.util.Objects.requireNonNull(read(text));
  }
}
