package dev.hearth.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Filters by name: those of Jinja and the cheap ones of Home Assistant. As in Home Assistant,
 * {@code int} and {@code float} of what is no number fail unless a default is given, and {@code
 * round} without digits gives an integer.
 */
final class Filters {
  /** Computes a filter. */
  @FunctionalInterface
  interface Filter {
    @Nullable Object apply(@Nullable Object value, CallArguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Filter> FILTERS = new HashMap<>();

  static {
    CollectionFilters.register(FILTERS);
    FILTERS.put("default", Filters::defaultTo);
    FILTERS.put("d", Filters::defaultTo);
    FILTERS.put("safe", (v, a, e) -> v);
    FILTERS.put("string", (v, a, e) -> e.text(v));
    FILTERS.put("trim", (v, a, e) -> Methods.strip(e.text(v), a.get(0, "chars", null), true, true));
    FILTERS.put("lower", (v, a, e) -> e.text(v).toLowerCase(Locale.ROOT));
    FILTERS.put("upper", (v, a, e) -> e.text(v).toUpperCase(Locale.ROOT));
    FILTERS.put("title", (v, a, e) -> title(e.text(v)));
    FILTERS.put("capitalize", (v, a, e) -> Methods.capitalize(e.text(v)));
    FILTERS.put(
        "center", (v, a, e) -> Methods.pad(e.text(v), a.integer(0, "width", 80), " ", 0, e));
    FILTERS.put(
        "replace",
        (v, a, e) ->
            Methods.replace(
                e.text(v),
                e.text(a.required(0, "old")),
                e.text(a.required(1, "new")),
                a.get(2, "count", null) == null ? -1 : a.integer(2, "count", -1),
                e));
    FILTERS.put("wordcount", (v, a, e) -> (long) Methods.words(e.text(v)).size());
    FILTERS.put("truncate", Filters::truncate);
    FILTERS.put("indent", Filters::indent);
    FILTERS.put("escape", (v, a, e) -> escape(e.text(v), e));
    FILTERS.put("e", (v, a, e) -> escape(e.text(v), e));
    FILTERS.put(
        "format",
        (v, a, e) ->
            PythonFormat.percent(
                e.text(v), a.count() > 0 ? a.positional() : List.of(a.named()), e));
    FILTERS.put("int", (v, a, e) -> toInteger(v, a));
    FILTERS.put("float", (v, a, e) -> toFloat(v, a));
    FILTERS.put("bool", (v, a, e) -> toBoolean(v, a, e));
    FILTERS.put("round", Filters::round);
    FILTERS.put("abs", (v, a, e) -> v instanceof Double d ? (Object) Math.abs(d) : absolute(v));
    FILTERS.put(
        "multiply", (v, a, e) -> toFloat(v, none()) * toFloat(a.required(0, "amount"), none()));
    FILTERS.put("add", (v, a, e) -> toFloat(v, none()) + toFloat(a.required(0, "amount"), none()));
    FILTERS.put("bitwise_and", (v, a, e) -> Values.asLong(v) & a.integer(0, "second", 0));
    FILTERS.put("bitwise_or", (v, a, e) -> Values.asLong(v) | a.integer(0, "second", 0));
    FILTERS.put("iif", (v, a, e) -> iif(v, a));
    FILTERS.put("is_defined", Filters::isDefined);
    FILTERS.put("is_number", (v, a, e) -> isNumber(v));
    FILTERS.put("tojson", Filters::toJson);
    FILTERS.put("to_json", (v, a, e) -> PythonJson.write(v, e.budget(), null, ",", ":"));
    FILTERS.put("from_json", (v, a, e) -> JsonReader.read(e.text(v), e.budget()));
    FILTERS.put(
        "regex_match",
        (v, a, e) ->
            Regex.matcher(a.text(0, "find"), e.text(v), a.flag(1, "ignorecase", false), e)
                .lookingAt());
    FILTERS.put(
        "regex_search",
        (v, a, e) ->
            Regex.matcher(a.text(0, "find"), e.text(v), a.flag(1, "ignorecase", false), e).find());
    FILTERS.put(
        "regex_replace",
        (v, a, e) ->
            Regex.replace(
                a.text(0, "find", ""),
                e.text(v),
                a.text(1, "replace", ""),
                a.flag(2, "ignorecase", false),
                e));
    FILTERS.put("regex_findall", (v, a, e) -> findAll(v, a.text(0, "find", ""), a, 1, e));
    FILTERS.put(
        "regex_findall_index",
        (v, a, e) -> e.item(findAll(v, a.text(0, "find", ""), a, 2, e), a.integer(1, "index", 0)));
  }

  private Filters() {}

  static boolean known(String name) {
    return FILTERS.containsKey(name);
  }

  static @Nullable Object apply(
      String name, @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new TemplateException("no filter named '" + name + "'");
    }
    Object result = filter.apply(value, arguments, evaluator);
    if (result instanceof String text) {
      evaluator.budget().allocate(text.length());
    }
    return result;
  }

  private static CallArguments none() {
    return new CallArguments(List.of(), Map.of());
  }

  private static @Nullable Object defaultTo(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    boolean replace =
        value instanceof Undefined || (arguments.flag(1, "boolean", false) && !Values.truth(value));
    return replace ? arguments.get(0, "default_value", "") : value;
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean first = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = Character.isWhitespace(c) || "-({[<".indexOf(c) >= 0;
      out.append(first && !breaks ? Character.toUpperCase(c) : Character.toLowerCase(c));
      first = breaks;
    }
    return out.toString();
  }

  private static String truncate(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    String text = evaluator.text(value);
    int length = (int) Math.min(Integer.MAX_VALUE, arguments.integer(0, "length", 255));
    String end = arguments.text(2, "end", "...");
    if (text.length() <= length + arguments.integer(3, "leeway", 5)) {
      return text;
    }
    String cut = text.substring(0, Math.max(0, length - end.length()));
    int blank = cut.lastIndexOf(' ');
    return (arguments.flag(1, "killwords", false) || blank < 0 ? cut : cut.substring(0, blank))
        + end;
  }

  private static String indent(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Object width = arguments.get(0, "width", 4L);
    String margin =
        width instanceof String s ? s : Methods.pad("", Values.asLong(width), " ", -1, evaluator);
    boolean blank = arguments.flag(2, "blank", false);
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (String line : evaluator.text(value).split("\n", -1)) {
      if (!first) {
        out.append('\n');
      }
      boolean indented = first ? arguments.flag(1, "first", false) : blank || !line.isEmpty();
      out.append(indented ? margin : "").append(line);
      first = false;
      evaluator.budget().limit(out.length());
    }
    return out.toString();
  }

  private static String escape(String text, Evaluator evaluator) {
    evaluator.budget().allocate(text.length());
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }

  static @Nullable Object toInteger(@Nullable Object value, CallArguments arguments) {
    switch (value) {
      case Long l -> {
        return l;
      }
      case Boolean b -> {
        return b ? 1L : 0L;
      }
      case Double d when Math.abs(d) < 0x1p63 -> {
        return (long) (double) d;
      }
      case String s -> {
        String digits = s.strip();
        int base = (int) arguments.integer(1, "base", 10);
        try {
          String bare = base == 16 ? digits.replaceFirst("^(-?)0[xX]", "$1") : digits;
          return Long.parseLong(bare.replaceAll("(?<=\\w)_(?=\\w)", ""), base);
        } catch (NumberFormatException e) {
          Double real = parse(digits);
          if (real != null && Math.abs(real) < 0x1p63) {
            return (long) (double) real;
          }
        }
      }
      case null, default -> {
        // No number; the default decides.
      }
    }
    return noNumber("int", value, arguments);
  }

  static double toFloat(@Nullable Object value, CallArguments arguments) {
    if (Values.number(value)) {
      return Values.asDouble(value);
    }
    Double parsed = value instanceof String s ? parse(s.strip()) : null;
    if (parsed != null) {
      return parsed;
    }
    Object other = noNumber("float", value, arguments);
    return Values.asDouble(other);
  }

  private static @Nullable Object toFloatOrDefault(
      @Nullable Object value, CallArguments arguments) {
    Double parsed =
        Values.number(value)
            ? (Double) Values.asDouble(value)
            : value instanceof String s ? parse(s.strip()) : null;
    return parsed != null ? parsed : noNumber("float", value, arguments);
  }

  private static @Nullable Object noNumber(
      String filter, @Nullable Object value, CallArguments arguments) {
    if (arguments.has(0, "default")) {
      return arguments.get(0, "default", null);
    }
    if (value instanceof Undefined u) {
      throw u.error();
    }
    throw new TemplateException(
        "%s got '%s', which is no number, and no default; write %s(0) or another default"
            .formatted(filter, value, filter));
  }

  /** A float as Python reads it; Java's own suffixes and hexadecimal forms are refused. */
  private static @Nullable Double parse(String text) {
    if (text.isEmpty() || text.length() > 400) {
      return null;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
    boolean negative = lower.startsWith("-");
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (unsigned.equals("nan")) {
      return Double.NaN;
    }
    for (int i = 0; i < lower.length(); i++) {
      if ("0123456789.e+-".indexOf(lower.charAt(i)) < 0) {
        return null;
      }
    }
    try {
      return Double.valueOf(lower);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Object toBoolean(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    if (value instanceof Boolean || value instanceof Long || value instanceof Double) {
      return Values.truth(value);
    }
    return switch (evaluator.text(value).strip().toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes", "on", "enable" -> true;
      case "0", "false", "no", "off", "disable" -> false;
      default -> noNumber("bool", value, arguments);
    };
  }

  private static @Nullable Object round(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Object number = toFloatOrDefault(value, arguments.without(2));
    if (!Values.number(number)) {
      return number;
    }
    double real = Values.asDouble(number);
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      throw new TemplateException("round needs a finite number, found " + PythonFloat.text(real));
    }
    int digits = (int) Math.max(-300, Math.min(300, arguments.integer(0, "precision", 0)));
    String method = arguments.text(1, "method", "common");
    double scale = Math.pow(10, digits);
    double rounded =
        switch (method) {
          case "ceil" -> Math.ceil(real * scale) / scale;
          case "floor" -> Math.floor(real * scale) / scale;
          case "half" -> Math.rint(real * 2) / 2;
          case "common" ->
              new java.math.BigDecimal(real)
                  .setScale(digits, java.math.RoundingMode.HALF_EVEN)
                  .doubleValue();
          default -> throw new TemplateException("no rounding method named '" + method + "'");
        };
    boolean whole = digits == 0 && !method.equals("half") && Math.abs(rounded) < 0x1p63;
    return whole ? (Object) (long) rounded : (Object) rounded;
  }

  private static long absolute(@Nullable Object value) {
    long number = Values.asLong(value);
    if (number == Long.MIN_VALUE) {
      throw new TemplateException("the result of 'abs' does not fit 64 bits");
    }
    return Math.abs(number);
  }

  static @Nullable Object iif(@Nullable Object value, CallArguments arguments) {
    if (value == null && arguments.has(2, "if_none")) {
      return arguments.get(2, "if_none", null);
    }
    return Values.truth(value)
        ? arguments.get(0, "if_true", true)
        : arguments.get(1, "if_false", false);
  }

  private static @Nullable Object isDefined(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    if (value instanceof Undefined u) {
      throw u.error();
    }
    return value;
  }

  static boolean isNumber(@Nullable Object value) {
    Double number =
        Values.number(value)
            ? (Double) Values.asDouble(value)
            : value instanceof String s ? parse(s.strip()) : null;
    return number != null && !number.isNaN() && !number.isInfinite();
  }

  private static String toJson(
      @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Object indent = arguments.get(0, "indent", null);
    String margin =
        indent == null
            ? null
            : indent instanceof String s
                ? s
                : Methods.pad("", Values.asLong(indent), " ", -1, evaluator);
    Object separators = arguments.get(Integer.MAX_VALUE, "separators", null);
    String item = margin == null ? ", " : ",";
    String key = ": ";
    if (separators instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof String first
        && list.get(1) instanceof String second) {
      item = first;
      key = second;
    }
    Object sorted =
        arguments.flag(Integer.MAX_VALUE, "sort_keys", false)
            ? CollectionFilters.sortedKeys(value, evaluator)
            : value;
    return PythonJson.write(sorted, evaluator.budget(), margin, item, key);
  }

  private static List<@Nullable Object> findAll(
      @Nullable Object value, String pattern, CallArguments arguments, int flag, Evaluator e) {
    Matcher matcher =
        Regex.matcher(pattern, e.text(value), arguments.flag(flag, "ignorecase", false), e);
    List<@Nullable Object> found = new ArrayList<>();
    while (matcher.find()) {
      e.budget().step();
      if (matcher.groupCount() <= 1) {
        String group = matcher.group(matcher.groupCount());
        found.add(group == null ? "" : group);
      } else {
        List<@Nullable Object> groups = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
          groups.add(matcher.group(i) == null ? "" : matcher.group(i));
        }
        found.add(new Tuple(groups));
      }
    }
    return found;
  }
}
