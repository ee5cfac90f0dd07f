package dev.hearth.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's operators on the values of a template; integers are 64 bits wide. */
final class Arithmetic {
  private Arithmetic() {}

  static @Nullable Object unary(String operator, @Nullable Object value) {
    if (value instanceof Double d) {
      return operator.equals("-") ? -d : d;
    }
    long number = Values.asLong(value);
    try {
      return operator.equals("-") ? Math.negateExact(number) : number;
    } catch (ArithmeticException e) {
      throw tooLarge(operator);
    }
  }

  static @Nullable Object binary(
      String operator, @Nullable Object left, @Nullable Object right, Evaluator evaluator) {
    if (operator.equals("~")) {
      return concat(evaluator.text(left), evaluator.text(right), evaluator);
    }
    if (left instanceof Undefined u) {
      throw u.error();
    }
    if (right instanceof Undefined u) {
      throw u.error();
    }
    if (Values.number(left) && Values.number(right)) {
      return left instanceof Double || right instanceof Double
          ? (Object) real(operator, Values.asDouble(left), Values.asDouble(right))
          : integer(operator, Values.asLong(left), Values.asLong(right));
    }
    if (operator.equals("+")) {
      if (left instanceof String a && right instanceof String b) {
        return concat(a, b, evaluator);
      }
      if (left instanceof List<?> a && right instanceof List<?> b) {
        evaluator.budget().allocate((long) a.size() + b.size());
        List<@Nullable Object> both = new ArrayList<>(a);
        both.addAll(b);
        return left instanceof Tuple ? new Tuple(both) : both;
      }
    }
    if (operator.equals("*")) {
      if (left instanceof Long times) {
        return repeat(right, times, evaluator);
      }
      if (right instanceof Long times) {
        return repeat(left, times, evaluator);
      }
    }
    if (operator.equals("%") && left instanceof String format) {
      List<?> arguments =
          right instanceof Tuple tuple ? tuple : new Tuple(Collections.singletonList(right));
      return PythonFormat.percent(format, arguments, evaluator);
    }
    throw new TemplateException(
        "cannot compute %s %s %s".formatted(Values.kind(left), operator, Values.kind(right)));
  }

  private static String concat(String left, String right, Evaluator evaluator) {
    evaluator.budget().allocate((long) left.length() + right.length());
    return left + right;
  }

  private static Object repeat(@Nullable Object value, long times, Evaluator evaluator) {
    long count = Math.max(0, Math.min(times, Integer.MAX_VALUE));
    if (value instanceof String text) {
      evaluator.budget().allocate(text.length() * count);
      return text.isEmpty() ? "" : text.repeat((int) count);
    }
    if (value instanceof List<?> list) {
      evaluator.budget().allocate(list.size() * count);
      List<@Nullable Object> repeated = new ArrayList<>();
      for (long i = 0; i < count && !list.isEmpty(); i++) {
        repeated.addAll(list);
      }
      return repeated;
    }
    throw new TemplateException("cannot repeat " + Values.kind(value));
  }

  private static double real(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / nonZero(right);
      case "//" -> Math.floor(left / nonZero(right));
      case "%" -> {
        double remainder = left % nonZero(right);
        yield remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
      }
      default -> Math.pow(left, right);
    };
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new TemplateException("division by zero");
    }
    return divisor;
  }

  private static Object integer(String operator, long left, long right) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(left, right);
        case "-" -> Math.subtractExact(left, right);
        case "*" -> Math.multiplyExact(left, right);
        case "/" -> (double) left / nonZero((double) right);
        case "//" -> Math.floorDiv(left, (long) nonZero((double) right));
        case "%" -> Math.floorMod(left, (long) nonZero((double) right));
        default ->
            right < 0 ? (Object) Math.pow((double) left, (double) right) : power(left, right);
      };
    } catch (ArithmeticException e) {
      throw tooLarge(operator);
    }
  }

  private static long power(long base, long exponent) {
    long result = 1;
    long square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        result = Math.multiplyExact(result, square);
      }
      if (left > 1) {
        square = Math.multiplyExact(square, square);
      }
    }
    return result;
  }

  private static TemplateException tooLarge(String operator) {
    return new TemplateException("the result of '" + operator + "' does not fit 64 bits");
  }
}
