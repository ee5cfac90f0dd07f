package dev.hearth.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parsed expressions. */
sealed interface Expression {
  record Literal(@Nullable Object value) implements Expression {}

  record Name(String name) implements Expression {}

  /** A list or a tuple. */
  record ListOf(List<Expression> items, boolean tuple) implements Expression {}

  record MapOf(List<Expression> keys, List<Expression> values) implements Expression {}

  /** {@code left operator right} for arithmetic and {@code ~}. */
  record Binary(String operator, Expression left, Expression right) implements Expression {}

  record Unary(String operator, Expression operand) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  /** {@code first op0 rest0 op1 rest1 ...}, chained as in Python. */
  record Compare(Expression first, List<String> operators, List<Expression> rest)
      implements Expression {}

  record Conditional(Expression test, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  record Attribute(Expression target, String name) implements Expression {}

  record Item(Expression target, Expression index) implements Expression {}

  record Slice(
      Expression target,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression target, Arguments arguments) implements Expression {}

  record Filter(Expression target, String name, Arguments arguments) implements Expression {}

  record Test(Expression target, String name, Arguments arguments) implements Expression {}

  /** Arguments of a call, in the order written. */
  record Arguments(List<Expression> positional, List<String> names, List<Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of());
  }
}
