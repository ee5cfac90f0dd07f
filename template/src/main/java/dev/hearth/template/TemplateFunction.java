package dev.hearth.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function that a template may call, given to {@link Template#render} as a value of the context,
 * such as {@code raise_exception} or {@code now}.
 */
@FunctionalInterface
public interface TemplateFunction {
  /**
   * Computes the function.
   *
   * @param arguments positional arguments: maps, lists, strings, booleans, {@code Long}, {@code
   *     Double} or null
   * @param named keyword arguments by name
   * @return a value of the same kinds
   * @throws TemplateException to end the rendering with a message of its own
   */
  @Nullable Object call(List<@Nullable Object> arguments, Map<String, @Nullable Object> named);
}
