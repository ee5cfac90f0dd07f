package dev.hearth.template;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tests by name, behind {@code is}. */
final class Tests {
  @FunctionalInterface
  private interface Check {
    boolean holds(@Nullable Object value, CallArguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Check> CHECKS = new HashMap<>();

  static {
    CHECKS.put("defined", (v, a, e) -> !(v instanceof Undefined));
    CHECKS.put("undefined", (v, a, e) -> v instanceof Undefined);
    CHECKS.put("none", (v, a, e) -> v == null);
    CHECKS.put("string", (v, a, e) -> v instanceof String);
    CHECKS.put("mapping", (v, a, e) -> v instanceof Map);
    CHECKS.put(
        "iterable",
        (v, a, e) ->
            v instanceof List || v instanceof Map || v instanceof String || v instanceof Undefined);
    CHECKS.put(
        "sequence",
        (v, a, e) ->
            v instanceof List || v instanceof Map || v instanceof String || v instanceof Undefined);
    CHECKS.put("list", (v, a, e) -> v instanceof List && !(v instanceof Tuple));
    CHECKS.put("number", (v, a, e) -> Values.number(v));
    CHECKS.put("integer", (v, a, e) -> v instanceof Long);
    CHECKS.put("float", (v, a, e) -> v instanceof Double);
    CHECKS.put("boolean", (v, a, e) -> v instanceof Boolean);
    CHECKS.put("true", (v, a, e) -> Boolean.TRUE.equals(v));
    CHECKS.put("false", (v, a, e) -> Boolean.FALSE.equals(v));
    CHECKS.put("odd", (v, a, e) -> Math.floorMod(Values.asLong(v), 2L) == 1);
    CHECKS.put("even", (v, a, e) -> Math.floorMod(Values.asLong(v), 2L) == 0);
    CHECKS.put(
        "divisibleby",
        (v, a, e) -> Values.truth(Arithmetic.binary("%", v, a.required(0, "num"), e)) == false);
    CHECKS.put("lower", (v, a, e) -> cased(e.text(v), e.text(v).toLowerCase(Locale.ROOT)));
    CHECKS.put("upper", (v, a, e) -> cased(e.text(v), e.text(v).toUpperCase(Locale.ROOT)));
    CHECKS.put("callable", (v, a, e) -> v instanceof TemplateFunction);
    CHECKS.put("in", (v, a, e) -> e.compare("in", v, a.required(0, "seq")));
    CHECKS.put("contains", (v, a, e) -> e.compare("in", a.required(0, "item"), v));
    CHECKS.put(
        "sameas",
        (v, a, e) -> {
          return same(v, a.required(0, "other"));
        });
    CHECKS.put("is_number", (v, a, e) -> Filters.isNumber(v));
    CHECKS.put(
        "match", (v, a, e) -> Regex.matcher(a.text(0, "find"), e.text(v), false, e).lookingAt());
    CHECKS.put("search", (v, a, e) -> Regex.matcher(a.text(0, "find"), e.text(v), false, e).find());
    comparison("==", "eq", "equalto", "==");
    comparison("!=", "ne", "!=");
    comparison("<", "lt", "lessthan", "<");
    comparison("<=", "le", "<=");
    comparison(">", "gt", "greaterthan", ">");
    comparison(">=", "ge", ">=");
  }

  private Tests() {}

  private static void comparison(String operator, String... names) {
    for (String name : names) {
      CHECKS.put(name, (v, a, e) -> e.compare(operator, v, a.required(0, "other")));
    }
  }

  @SuppressWarnings("ReferenceEquality") // identity is what the test asks for
  private static boolean same(@Nullable Object value, @Nullable Object other) {
    boolean container = value instanceof List || value instanceof Map;
    return value == other || (value != null && !container && value.equals(other));
  }

  private static boolean cased(String text, String changed) {
    return text.equals(changed) && text.codePoints().anyMatch(Character::isLetter);
  }

  static boolean known(String name) {
    return CHECKS.containsKey(name);
  }

  static boolean test(
      String name, @Nullable Object value, CallArguments arguments, Evaluator evaluator) {
    Check check = CHECKS.get(name);
    if (check == null) {
      throw new TemplateException("no test named '" + name + "'");
    }
    return check.holds(value, arguments, evaluator);
  }
}
