package dev.hearth.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code %} formatting and {@code str.format}, for the common conversions. */
final class PythonFormat {
  private static final Pattern PERCENT =
      Pattern.compile("%(?:\\((\\w+)\\))?([-+ 0#]*)(\\d{0,4})(?:\\.(\\d{0,3}))?([a-zA-Z%])");
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>^=]))?([-+ ]?)(#?)(0?)(\\d{0,4})(,?)(?:\\.(\\d{1,3}))?([a-zA-Z%]?)");

  private PythonFormat() {}

  static String percent(String format, List<?> arguments, Evaluator evaluator) {
    Matcher matcher = PERCENT.matcher(format);
    StringBuilder out = new StringBuilder();
    int next = 0;
    int end = 0;
    while (matcher.find()) {
      plainPercent(format, end, matcher.start(), out);
      end = matcher.end();
      char type = matcher.group(5).charAt(0);
      if (type == '%') {
        out.append('%');
        continue;
      }
      Object value;
      if (matcher.group(1) != null) {
        if (!(arguments.getFirst() instanceof Map<?, ?> map)) {
          throw new TemplateException("format requires a mapping");
        }
        value = Values.lookup(map, matcher.group(1), new Undefined(matcher.group(1)));
      } else if (next < arguments.size()) {
        value = Values.normalise(arguments.get(next++));
      } else {
        throw new TemplateException("not enough arguments for format '" + format + "'");
      }
      String flags = matcher.group(2);
      Spec spec =
          new Spec(
              flags.contains("-") ? '<' : flags.contains("0") ? '=' : '>',
              flags.contains("0") && !flags.contains("-") && type != 's' ? '0' : ' ',
              flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-',
              flags.contains("#"),
              matcher.group(3).isEmpty() ? 0 : Integer.parseInt(matcher.group(3)),
              false,
              matcher.group(4) == null
                  ? -1
                  : matcher.group(4).isEmpty() ? 0 : Integer.parseInt(matcher.group(4)),
              type == 'i' || type == 'u' ? 'd' : type);
      boolean whole = "dxXo".indexOf(spec.type) >= 0;
      out.append(
          spec.format(
              whole && value instanceof Double d ? (Object) (long) (double) d : value, evaluator));
      evaluator.budget().limit(out.length());
    }
    plainPercent(format, end, format.length(), out);
    evaluator.budget().allocate(out.length());
    return out.toString();
  }

  private static void plainPercent(String format, int from, int to, StringBuilder out) {
    if (format.substring(from, to).indexOf('%') >= 0) {
      throw new TemplateException("format '" + format + "' has an unsupported conversion");
    }
    out.append(format, from, to);
  }

  /** {@code format.format(arguments, named)}. */
  static String braces(String format, CallArguments arguments, Evaluator evaluator) {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if ((c == '{' || c == '}') && i + 1 < format.length() && format.charAt(i + 1) == c) {
        out.append(c);
        i++;
      } else if (c == '{') {
        int close = format.indexOf('}', i);
        if (close < 0) {
          throw new TemplateException("format '" + format + "' has '{' without '}'");
        }
        String field = format.substring(i + 1, close);
        int colon = field.indexOf(':');
        String name = colon < 0 ? field : field.substring(0, colon);
        Object value =
            name.isEmpty()
                ? arguments.required(next++, "argument " + next)
                : name.chars().allMatch(Character::isDigit) && name.length() < 4
                    ? arguments.required(Integer.parseInt(name), "argument " + name)
                    : arguments.required(Integer.MAX_VALUE, name);
        out.append(spec(colon < 0 ? "" : field.substring(colon + 1)).format(value, evaluator));
        i = close;
      } else {
        out.append(c);
      }
      evaluator.budget().limit(out.length());
    }
    evaluator.budget().allocate(out.length());
    return out.toString();
  }

  private static Spec spec(String text) {
    Matcher m = SPEC.matcher(text);
    if (!m.matches()) {
      throw new TemplateException("format specification '" + text + "' is not supported");
    }
    boolean zero = !m.group(5).isEmpty();
    char align = m.group(2) == null ? (zero ? '=' : 0) : m.group(2).charAt(0);
    char fill = m.group(1) == null ? (zero ? '0' : ' ') : m.group(1).charAt(0);
    return new Spec(
        align,
        fill,
        m.group(3).isEmpty() ? '-' : m.group(3).charAt(0),
        !m.group(4).isEmpty(),
        m.group(6).isEmpty() ? 0 : Integer.parseInt(m.group(6)),
        !m.group(7).isEmpty(),
        m.group(8) == null ? -1 : Integer.parseInt(m.group(8)),
        m.group(9).isEmpty() ? 0 : m.group(9).charAt(0));
  }

  private record Spec(
      char align,
      char fill,
      char sign,
      boolean alternate,
      int width,
      boolean grouping,
      int precision,
      char type) {

    String format(@Nullable Object value, Evaluator evaluator) {
      if (type == 's' || type == 'r' || (type == 0 && !Values.number(value))) {
        String text = evaluator.text(value);
        return pad(
            "", precision >= 0 ? text.substring(0, Math.min(precision, text.length())) : text, '<');
      }
      String digits =
          switch (type) {
            case 'd' -> Long.toString(Values.asLong(value));
            case 'x' -> (alternate ? "0x" : "") + Long.toString(Values.asLong(value), 16);
            case 'X' ->
                (alternate ? "0X" : "")
                    + Long.toString(Values.asLong(value), 16).toUpperCase(Locale.ROOT);
            case 'o' -> Long.toString(Values.asLong(value), 8);
            case 'b' -> Long.toString(Values.asLong(value), 2);
            case 'f', 'F' -> fixed(Values.asDouble(value), precision < 0 ? 6 : precision);
            case '%' -> fixed(Values.asDouble(value) * 100, precision < 0 ? 6 : precision) + "%";
            case 0 ->
                precision >= 0 ? general(Values.asDouble(value), precision) : evaluator.text(value);
            case 'g' -> general(Values.asDouble(value), precision < 0 ? 6 : precision);
            default ->
                throw new TemplateException("format conversion '" + type + "' is not supported");
          };
      boolean negative = digits.startsWith("-");
      String body = negative ? digits.substring(1) : digits;
      if (grouping) {
        int point = body.indexOf('.') < 0 ? body.length() : body.indexOf('.');
        StringBuilder grouped = new StringBuilder(body);
        for (int i = point - 3; i > 0; i -= 3) {
          grouped.insert(i, ',');
        }
        body = grouped.toString();
      }
      return pad(negative ? "-" : sign == '-' ? "" : String.valueOf(sign), body, '>');
    }

    private String pad(String prefix, String body, char usual) {
      int missing = width - prefix.length() - body.codePointCount(0, body.length());
      if (missing <= 0) {
        return prefix + body;
      }
      String padding = String.valueOf(fill).repeat(missing);
      return switch (align == 0 ? usual : align) {
        case '<' -> prefix + body + padding;
        case '=' -> prefix + padding + body;
        case '^' -> {
          int half = missing / 2;
          yield padding.substring(0, half) + prefix + body + padding.substring(half);
        }
        default -> padding + prefix + body;
      };
    }
  }

  static String fixed(double value, int decimals) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return PythonFloat.text(value);
    }
    String digits =
        new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    return (negative ? "-" : "") + digits;
  }

  private static String general(double value, int precision) {
    if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
      return value == 0 ? "0" : PythonFloat.text(value);
    }
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new java.math.MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < Math.max(1, precision)) {
      return rounded.toPlainString();
    }
    return PythonFloat.text(rounded.doubleValue());
  }
}
