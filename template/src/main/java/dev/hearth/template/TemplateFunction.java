package dev.hearth.template;

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
   * @param arguments what the template passed: maps, lists, strings, booleans, {@code Long}, {@code
   *     Double} or null
   * @return a value of the same kinds
   * @throws TemplateException to end the rendering with a message of its own
   */
  @Nullable Object call(CallArguments arguments);
}
