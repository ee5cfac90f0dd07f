package dev.hearth.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluated arguments of a function, filter, test or method.
 *
 * @param positional in order
 * @param named by name
 */
public record CallArguments(
    List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
  /** Number of positional arguments. */
  public int count() {
    return positional.size();
  }

  /** Whether an argument was given, by position or by name. */
  public boolean has(int index, String name) {
    return index < positional.size() || named.containsKey(name);
  }

  /** An argument by position or by name, or {@code missing}. */
  public @Nullable Object get(int index, String name, @Nullable Object missing) {
    if (index < positional.size()) {
      return positional.get(index);
    }
    return named.containsKey(name) ? named.get(name) : missing;
  }

  /**
   * An argument by position or by name.
   *
   * @throws TemplateException when it was not given
   */
  public @Nullable Object required(int index, String name) {
    if (!has(index, name)) {
      throw new TemplateException("argument '" + name + "' is missing");
    }
    return get(index, name, null);
  }

  /**
   * A string argument, or {@code missing}.
   *
   * @throws TemplateException when it is no string
   */
  public String text(int index, String name, String missing) {
    return switch (get(index, name, missing)) {
      case String s -> s;
      case Undefined u -> throw u.error();
      case null, default ->
          throw new TemplateException(
              "argument '%s' must be a string, found %s"
                  .formatted(name, Values.kind(get(index, name, missing))));
    };
  }

  /**
   * A string argument.
   *
   * @throws TemplateException when it was not given or is no string
   */
  public String text(int index, String name) {
    required(index, name);
    return text(index, name, "");
  }

  /**
   * An integer argument, or {@code missing}.
   *
   * @throws TemplateException when it is no integer
   */
  public long integer(int index, String name, long missing) {
    return Values.asLong(get(index, name, missing));
  }

  /** The truth of an argument, or {@code missing}. */
  public boolean flag(int index, String name, boolean missing) {
    return Values.truth(get(index, name, missing));
  }

  /** The arguments after the first {@code count}. */
  CallArguments without(int count) {
    return new CallArguments(
        positional.subList(Math.min(count, positional.size()), positional.size()), named);
  }
}
