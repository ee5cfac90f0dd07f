package dev.hearth.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parsed statements; those that can fail carry the token they start with. */
sealed interface Statement {
  record Text(String text) implements Statement {}

  record Print(Token at, Expression value) implements Statement {}

  record If(Token at, List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression test, List<Statement> body) {}

  record For(
      Token at,
      List<String> targets,
      Expression items,
      @Nullable Expression filter,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /** {@code set a = ...}, {@code set a, b = ...} or, with an attribute, {@code set ns.a = ...}. */
  record Set(Token at, List<String> targets, @Nullable String attribute, Expression value)
      implements Statement {}

  /** {@code set a}...{@code endset}. */
  record SetBlock(
      Token at,
      String target,
      @Nullable String attribute,
      List<FilterCall> filters,
      List<Statement> body)
      implements Statement {}

  record FilterBlock(Token at, List<FilterCall> filters, List<Statement> body)
      implements Statement {}

  record FilterCall(String name, Expression.Arguments arguments) {}

  record Macro(
      Token at,
      String name,
      List<String> parameters,
      List<Expression> defaults,
      List<Statement> body)
      implements Statement {}

  record With(Token at, List<String> names, List<Expression> values, List<Statement> body)
      implements Statement {}

  record Do(Token at, Expression value) implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}
}
