package dev.hearth.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of strings, mappings and lists that templates may call; none changes its value. */
final class Methods {
  private static final Set<String> OF_STRING =
      Set.of(
          "strip",
          "lstrip",
          "rstrip",
          "split",
          "rsplit",
          "splitlines",
          "startswith",
          "endswith",
          "upper",
          "lower",
          "casefold",
          "title",
          "capitalize",
          "swapcase",
          "replace",
          "find",
          "rfind",
          "index",
          "count",
          "join",
          "format",
          "isdigit",
          "isnumeric",
          "isdecimal",
          "isalpha",
          "isalnum",
          "isspace",
          "isupper",
          "islower",
          "zfill",
          "ljust",
          "rjust",
          "center",
          "removeprefix",
          "removesuffix",
          "partition",
          "rpartition");
  private static final Set<String> OF_MAP = Set.of("get", "items", "keys", "values");
  private static final Set<String> OF_LIST = Set.of("index", "count");

  private Methods() {}

  /** The method of a value, or null. */
  static @Nullable TemplateFunction of(@Nullable Object target, String name, Evaluator evaluator) {
    if (target instanceof String text && OF_STRING.contains(name)) {
      return arguments -> ofString(text, name, arguments, evaluator);
    }
    if (target instanceof Map<?, ?> map && OF_MAP.contains(name)) {
      return arguments -> ofMap(map, name, arguments, evaluator);
    }
    if (target instanceof List<?> list && OF_LIST.contains(name)) {
      return arguments -> ofList(list, name, arguments, evaluator);
    }
    return null;
  }

  private static @Nullable Object ofMap(
      Map<?, ?> map, String name, CallArguments arguments, Evaluator evaluator) {
    return switch (name) {
      case "get" ->
          Values.lookup(map, arguments.required(0, "key"), arguments.get(1, "default", null));
      case "items" -> CollectionFilters.items(map, evaluator);
      case "keys" -> Values.iterate(map, evaluator.budget());
      default -> {
        List<@Nullable Object> values = new ArrayList<>(map.size());
        map.values().forEach(value -> values.add(Values.normalise(value)));
        evaluator.budget().allocate(values.size());
        yield values;
      }
    };
  }

  private static Object ofList(
      List<?> list, String name, CallArguments arguments, Evaluator evaluator) {
    Object wanted = arguments.required(0, "value");
    long found = 0;
    for (int i = 0; i < list.size(); i++) {
      if (Values.equal(Values.normalise(list.get(i)), wanted, evaluator.budget())) {
        if (name.equals("index")) {
          return (long) i;
        }
        found++;
      }
    }
    if (name.equals("index")) {
      throw new TemplateException("'" + evaluator.text(wanted) + "' is not in the list");
    }
    return found;
  }

  private static @Nullable Object ofString(
      String text, String name, CallArguments a, Evaluator evaluator) {
    evaluator.budget().allocate(text.length());
    return switch (name) {
      case "strip" -> strip(text, a.get(0, "chars", null), true, true);
      case "lstrip" -> strip(text, a.get(0, "chars", null), true, false);
      case "rstrip" -> strip(text, a.get(0, "chars", null), false, true);
      case "split" -> split(text, a, false, evaluator);
      case "rsplit" -> split(text, a, true, evaluator);
      case "splitlines" -> lines(text);
      case "startswith" -> affix(text, a.required(0, "prefix"), true);
      case "endswith" -> affix(text, a.required(0, "suffix"), false);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower", "casefold" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> capitalize(text);
      case "swapcase" -> swapCase(text);
      case "replace" ->
          replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1), evaluator);
      case "find" -> find(text, a, false);
      case "rfind" -> find(text, a, true);
      case "index" -> {
        long at = find(text, a, false);
        if (at < 0) {
          throw new TemplateException("'" + a.text(0, "sub") + "' is not in the string");
        }
        yield at;
      }
      case "count" -> count(text, a.text(0, "sub"));
      case "join" ->
          Filters.apply(
              "join",
              a.required(0, "iterable"),
              new CallArguments(List.of(text), Map.of()),
              evaluator);
      case "format" -> PythonFormat.braces(text, a, evaluator);
      case "isdigit", "isdecimal" -> every(text, Character::isDigit);
      case "isnumeric" ->
          every(
              text,
              c ->
                  Character.isDigit(c)
                      || Character.getType(c) == Character.OTHER_NUMBER
                      || Character.getType(c) == Character.LETTER_NUMBER);
      case "isalpha" -> every(text, Character::isLetter);
      case "isalnum" -> every(text, Character::isLetterOrDigit);
      case "isspace" -> every(text, Character::isWhitespace);
      case "isupper" ->
          text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
      case "islower" ->
          text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
      case "zfill" -> {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        long width = a.integer(0, "width", 0) - (signed ? 1 : 0);
        yield (signed ? text.substring(0, 1) : "")
            + pad(signed ? text.substring(1) : text, width, "0", 1, evaluator);
      }
      case "ljust" ->
          pad(text, a.integer(0, "width", 0), a.text(1, "fillchar", " "), -1, evaluator);
      case "rjust" -> pad(text, a.integer(0, "width", 0), a.text(1, "fillchar", " "), 1, evaluator);
      case "center" ->
          pad(text, a.integer(0, "width", 0), a.text(1, "fillchar", " "), 0, evaluator);
      case "removeprefix" -> {
        String prefix = a.text(0, "prefix");
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = a.text(0, "suffix");
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      default -> partition(text, a.text(0, "sep"), name.equals("rpartition"));
    };
  }

  private static boolean every(String text, IntPredicate kind) {
    return !text.isEmpty() && text.codePoints().allMatch(kind);
  }

  static String strip(String text, @Nullable Object chars, boolean left, boolean right) {
    IntPredicate drop =
        chars instanceof String set
            ? c -> set.indexOf(c) >= 0
            : c -> Character.isWhitespace(c) || Character.isSpaceChar(c);
    int start = 0;
    int end = text.length();
    while (left && start < end && drop.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && drop.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean blank =
          i == text.length()
              || Character.isWhitespace(text.charAt(i))
              || Character.isSpaceChar(text.charAt(i));
      if (!blank && start < 0) {
        start = i;
      } else if (blank && start >= 0) {
        words.add(text.substring(start, i));
        start = -1;
      }
    }
    return words;
  }

  private static List<@Nullable Object> split(
      String text, CallArguments a, boolean fromRight, Evaluator evaluator) {
    Object separator = a.get(0, "sep", null);
    long most = a.integer(1, "maxsplit", -1);
    evaluator.budget().allocate(text.length());
    List<@Nullable Object> parts = new ArrayList<>();
    if (!(separator instanceof String sep)) {
      List<String> words = words(text);
      if (most < 0 || most >= words.size() - 1) {
        parts.addAll(words);
        return parts;
      }
      return splitBlanks(text, most, fromRight);
    }
    if (sep.isEmpty()) {
      throw new TemplateException("split needs a separator that is not empty");
    }
    if (fromRight) {
      int end = text.length();
      int at;
      while ((most < 0 || parts.size() < most)
          && (at = text.lastIndexOf(sep, end - sep.length())) >= 0
          && end >= sep.length()) {
        parts.addFirst(text.substring(at + sep.length(), end));
        end = at;
      }
      parts.addFirst(text.substring(0, end));
      return parts;
    }
    int start = 0;
    int at;
    while ((most < 0 || parts.size() < most) && (at = text.indexOf(sep, start)) >= 0) {
      parts.add(text.substring(start, at));
      start = at + sep.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<@Nullable Object> splitBlanks(String text, long most, boolean fromRight) {
    List<@Nullable Object> parts = new ArrayList<>();
    String rest = strip(text, null, true, true);
    for (long i = 0; i < most; i++) {
      int at = -1;
      for (int j = 0; j < rest.length() && (at < 0 || fromRight); j++) {
        at = Character.isWhitespace(rest.charAt(j)) ? j : at;
      }
      if (at < 0) {
        break;
      }
      if (fromRight) {
        parts.addFirst(rest.substring(at + 1));
        rest = strip(rest.substring(0, at), null, false, true);
      } else {
        parts.add(rest.substring(0, at));
        rest = strip(rest.substring(at), null, true, false);
      }
    }
    if (fromRight) {
      parts.addFirst(rest);
    } else {
      parts.add(rest);
    }
    return parts;
  }

  private static List<@Nullable Object> lines(String text) {
    List<@Nullable Object> lines = new ArrayList<>();
    if (!text.isEmpty()) {
      String body = text.replace("\r\n", "\n").replace('\r', '\n');
      String trimmed = body.endsWith("\n") ? body.substring(0, body.length() - 1) : body;
      lines.addAll(List.of(trimmed.split("\n", -1)));
    }
    return lines;
  }

  private static boolean affix(String text, @Nullable Object wanted, boolean start) {
    if (wanted instanceof List<?> several) {
      return several.stream().anyMatch(each -> affix(text, each, start));
    }
    if (wanted instanceof String part) {
      return start ? text.startsWith(part) : text.endsWith(part);
    }
    throw new TemplateException("expected a string, found " + Values.kind(wanted));
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c ->
            out.appendCodePoint(
                Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)));
    return out.toString();
  }

  static String replace(String text, String old, String with, long most, Evaluator evaluator) {
    StringBuilder out = new StringBuilder();
    int start = 0;
    long done = 0;
    while (most < 0 || done < most) {
      int at = old.isEmpty() ? (int) done : text.indexOf(old, start);
      if (at < 0 || at > text.length()) {
        break;
      }
      out.append(text, start, at).append(with);
      start = at + old.length();
      done++;
      evaluator.budget().step();
      evaluator.budget().limit(out.length());
    }
    out.append(text, Math.min(start, text.length()), text.length());
    evaluator.budget().allocate(out.length());
    return out.toString();
  }

  private static long find(String text, CallArguments a, boolean last) {
    String wanted = a.text(0, "sub");
    long start = a.integer(1, "start", 0);
    int from =
        start < 0
            ? Math.max(0, text.length() + (int) Math.max(start, -text.length()))
            : (int) Math.min(start, text.length());
    int at = last ? text.lastIndexOf(wanted) : text.indexOf(wanted, from);
    return at < 0 || at < from ? -1 : text.codePointCount(0, at);
  }

  private static long count(String text, String wanted) {
    if (wanted.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    long found = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      found++;
    }
    return found;
  }

  /** Pads to a width: side -1 puts the text to the left, 0 in the middle, 1 to the right. */
  static String pad(String text, long width, String fill, int side, Evaluator evaluator) {
    long missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    evaluator.budget().allocate(width);
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw new TemplateException("the fill character must be one character, found '" + fill + "'");
    }
    // Python puts the odd blank of a centred text to the left when the width is odd.
    long before = side < 0 ? 0 : side > 0 ? missing : missing / 2 + (missing & width & 1);
    return fill.repeat((int) before) + text + fill.repeat((int) (missing - before));
  }

  private static Tuple partition(String text, String separator, boolean last) {
    if (separator.isEmpty()) {
      throw new TemplateException("partition needs a separator that is not empty");
    }
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
    }
    return new Tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }
}
