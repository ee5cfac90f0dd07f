package dev.hearth.inference.grammar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bounds of a number in a JSON schema. */
final class NumberSchema {
  private static final BigDecimal WIDEST = BigDecimal.TEN.pow(15);
  private static final BigDecimal WIDE = BigDecimal.TEN.pow(12);

  /** Digits after the point beyond which a bound is refused. */
  private static final int MOST_DIGITS = 100;

  private final JsonNode schema;
  private final String path;

  NumberSchema(JsonNode schema, String path) {
    this.schema = schema;
    this.path = path;
  }

  /** The numbers of so many decimals at most, null when there are none. */
  @Nullable Rule rule(int decimals) {
    BigDecimal step = BigDecimal.ONE.movePointLeft(decimals);
    BigDecimal min = bound("minimum", WIDE.negate());
    BigDecimal max = bound("maximum", WIDE);
    BigDecimal above = bound("exclusiveMinimum", WIDEST.negate());
    BigDecimal below = bound("exclusiveMaximum", WIDEST);
    // The nearest value inside an exclusive bound is at most one step of the last decimal away.
    BigDecimal least =
        schema.has("exclusiveMinimum")
            ? above.setScale(decimals, RoundingMode.FLOOR).add(step)
            : above;
    BigDecimal greatest =
        schema.has("exclusiveMaximum")
            ? below.setScale(decimals, RoundingMode.CEILING).subtract(step)
            : below;
    BigDecimal low = min.max(least);
    BigDecimal high = max.min(greatest);
    return Digits.range(low, high, decimals);
  }

  private BigDecimal bound(String keyword, BigDecimal missing) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return missing;
    }
    if (!value.isNumber()
        || (value.isFloatingPointNumber() && !Double.isFinite(value.asDouble()))) {
      throw SchemaCompiler.problem(path + "/" + keyword, "must be a number, found " + value);
    }
    BigDecimal bound = value.decimalValue();
    if (bound.abs().compareTo(WIDEST) > 0 || bound.scale() > MOST_DIGITS) {
      throw SchemaCompiler.problem(
          path + "/" + keyword,
          "is %s; at most 1e15 in size and %d digits after the point"
              .formatted(bound, MOST_DIGITS));
    }
    return bound;
  }
}
