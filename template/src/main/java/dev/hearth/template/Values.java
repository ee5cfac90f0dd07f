package dev.hearth.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's rules for the values of a template: truth, equality, order, iteration and text. */
final class Values {
  private static final int MAX_NESTING = 100;

  private Values() {}

  /** A value of the context in the few kinds that the evaluator knows. */
  static @Nullable Object normalise(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String s -> s;
      case Boolean b -> b;
      case Long l -> l;
      case Double d -> d;
      case Map<?, ?> m -> m;
      case List<?> l -> l;
      case Undefined u -> u;
      case Namespace n -> n;
      case LoopState l -> l;
      case TemplateFunction f -> f;
      case Integer i -> (long) i;
      case Short s -> (long) s;
      case Byte b -> (long) b;
      case Float f -> (double) f;
      case BigInteger i when i.bitLength() < Long.SIZE -> i.longValue();
      case BigInteger i -> i.doubleValue();
      case BigDecimal d -> d.doubleValue();
      case CharSequence s -> s.toString();
      case Collection<?> c -> new ArrayList<@Nullable Object>(c);
      default ->
          throw new TemplateException(
              "a value of %s cannot be used in a template; give maps, lists, strings, numbers,"
                      .formatted(value.getClass())
                  + " booleans or null");
    };
  }

  static boolean truth(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean b -> b;
      case String s -> !s.isEmpty();
      case Long l -> l != 0;
      case Double d -> d != 0;
      case Map<?, ?> m -> !m.isEmpty();
      case List<?> l -> !l.isEmpty();
      case Undefined u -> false;
      default -> true;
    };
  }

  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Boolean b -> "a boolean";
      case String s -> "a string";
      case Long l -> "an integer";
      case Double d -> "a float";
      case Map<?, ?> m -> "a mapping";
      case List<?> l -> "a list";
      case Undefined u -> "undefined";
      case TemplateFunction f -> "a function";
      default -> "an object";
    };
  }

  static boolean number(@Nullable Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double asDouble(@Nullable Object value) {
    return switch (value) {
      case Long l -> (double) l;
      case Double d -> d;
      case Boolean b -> b ? 1 : 0;
      case Undefined u -> throw u.error();
      case null, default -> throw new TemplateException("expected a number, found " + kind(value));
    };
  }

  static long asLong(@Nullable Object value) {
    return switch (value) {
      case Long l -> l;
      case Boolean b -> b ? 1L : 0L;
      case Undefined u -> throw u.error();
      case null, default ->
          throw new TemplateException("expected an integer, found " + kind(value));
    };
  }

  static boolean equal(@Nullable Object a, @Nullable Object b, Budget budget) {
    budget.step();
    if (number(a) && number(b)) {
      return (a instanceof Long x && b instanceof Long y)
          ? x.equals(y)
          : asDouble(a) == asDouble(b);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size() || (a instanceof Tuple) != (b instanceof Tuple)) {
        return false;
      }
      budget.enter();
      boolean same = true;
      for (int i = 0; same && i < x.size(); i++) {
        same = equal(normalise(x.get(i)), normalise(y.get(i)), budget);
      }
      budget.leave();
      return same;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      budget.enter();
      boolean same = true;
      for (Map.Entry<?, ?> entry : x.entrySet()) {
        if (!y.containsKey(entry.getKey())
            || !equal(normalise(entry.getValue()), normalise(y.get(entry.getKey())), budget)) {
          same = false;
          break;
        }
      }
      budget.leave();
      return same;
    }
    if (a instanceof Undefined && b instanceof Undefined) {
      return true;
    }
    return a == null ? b == null : a.equals(b);
  }

  static int compare(@Nullable Object a, @Nullable Object b, Budget budget) {
    budget.step();
    if (a instanceof Undefined u) {
      throw u.error();
    }
    if (b instanceof Undefined u) {
      throw u.error();
    }
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (number(a) && number(b)) {
      return Double.compare(asDouble(a) + 0.0, asDouble(b) + 0.0);
    }
    if (a instanceof String x && b instanceof String y) {
      return compareCodePoints(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      budget.enter();
      int order = 0;
      for (int i = 0; order == 0 && i < Math.min(x.size(), y.size()); i++) {
        Object left = normalise(x.get(i));
        Object right = normalise(y.get(i));
        order = equal(left, right, budget) ? 0 : compare(left, right, budget);
      }
      budget.leave();
      return order != 0 ? order : Integer.compare(x.size(), y.size());
    }
    throw new TemplateException("cannot compare %s with %s".formatted(kind(a), kind(b)));
  }

  private static int compareCodePoints(String a, String b) {
    for (int i = 0; i < Math.min(a.length(), b.length()); ) {
      int x = a.codePointAt(i);
      int y = b.codePointAt(i);
      if (x != y) {
        return Integer.compare(x, y);
      }
      i += Character.charCount(x);
    }
    return Integer.compare(a.length(), b.length());
  }

  /** The elements of a list, the keys of a mapping or the characters of a string. */
  static List<@Nullable Object> iterate(@Nullable Object value, Budget budget) {
    return switch (value) {
      case List<?> list -> {
        budget.allocate(list.size());
        List<@Nullable Object> items = new ArrayList<>(list.size());
        for (Object item : list) {
          items.add(normalise(item));
        }
        yield items;
      }
      case Map<?, ?> map -> {
        budget.allocate(map.size());
        List<@Nullable Object> keys = new ArrayList<>(map.size());
        for (Object key : map.keySet()) {
          keys.add(normalise(key));
        }
        yield keys;
      }
      case String text -> {
        budget.allocate(text.length());
        List<@Nullable Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        yield characters;
      }
      case Undefined u -> new ArrayList<>();
      case null, default -> throw new TemplateException(kind(value) + " cannot be iterated over");
    };
  }

  /** A key as it stands in a mapping: numbers that are equal are one key. */
  static @Nullable Object key(@Nullable Object value) {
    return switch (value) {
      case Double d when d == Math.rint(d) && Math.abs(d) < 1L << 53 -> (long) (double) d;
      case List<?> l -> throw new TemplateException("a list cannot be the key of a mapping");
      case Map<?, ?> m -> throw new TemplateException("a mapping cannot be the key of a mapping");
      case Undefined u -> throw u.error();
      case null, default -> value;
    };
  }

  /** Looks up a key given by a template in a mapping of the context or of the template. */
  static @Nullable Object lookup(Map<?, ?> map, @Nullable Object wanted, @Nullable Object missing) {
    if (wanted instanceof Undefined || wanted instanceof List || wanted instanceof Map) {
      return missing;
    }
    Object key = key(wanted);
    if (map.containsKey(key)) {
      return normalise(map.get(key));
    }
    if (key instanceof Long l && l == (int) (long) l && map.containsKey((int) (long) l)) {
      return normalise(map.get((int) (long) l));
    }
    return missing;
  }

  /** What Python's {@code str()} gives. */
  static String text(@Nullable Object value, Budget budget) {
    return switch (value) {
      case String s -> s;
      case Undefined u -> "";
      case Long l -> Long.toString(l);
      case null, default -> {
        StringBuilder out = new StringBuilder();
        represent(value, out, budget, 0);
        yield out.toString();
      }
    };
  }

  /** What Python's {@code repr()} gives. */
  private static void represent(
      @Nullable Object value, StringBuilder out, Budget budget, int depth) {
    budget.step();
    if (depth > MAX_NESTING) {
      throw new TemplateException("a value is nested deeper than " + MAX_NESTING + " levels");
    }
    switch (value) {
      case null -> out.append("None");
      case Boolean b -> out.append(b ? "True" : "False");
      case String s -> quote(s, out);
      case Long l -> out.append((long) l);
      case Double d -> out.append(PythonFloat.text(d));
      case List<?> list -> {
        boolean tuple = list instanceof Tuple;
        out.append(tuple ? '(' : '[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ", ");
          represent(normalise(list.get(i)), out, budget, depth + 1);
        }
        out.append(tuple ? list.size() == 1 ? ",)" : ")" : "]");
      }
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          separator = ", ";
          represent(normalise(entry.getKey()), out, budget, depth + 1);
          out.append(": ");
          represent(normalise(entry.getValue()), out, budget, depth + 1);
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      case Undefined u -> out.append("Undefined");
      default -> out.append('<').append(kind(value)).append('>');
    }
    budget.limit(out.length());
    if (depth == 0) {
      budget.allocate(out.length());
    }
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
              if (c == quote) {
                out.append('\\').append(quote);
              } else if (c < ' ' || (c >= 0x7f && c <= 0xa0) || c == 0xad) {
                out.append("\\x%02x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            }
          }
        });
    out.append(quote);
  }
}
