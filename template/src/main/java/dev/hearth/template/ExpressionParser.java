package dev.hearth.template;

import dev.hearth.template.Expression.Arguments;
import dev.hearth.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recursive-descent parser of expressions with Jinja's precedence. */
class ExpressionParser {
  /** Deepest nesting of expressions and statements; protects the stack. */
  private static final int MAX_DEPTH = 100;

  /** Longest chain of operators or postfixes at one level; each link is a level for evaluation. */
  private static final int MAX_CHAIN = 200;

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> NO_TEST_ARGUMENT =
      Set.of("else", "or", "and", "is", "if", "not", "in");

  private final List<Token> tokens;
  private int position;
  private int depth;

  ExpressionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(position);
  }

  private Token peekSecond() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(position);
    if (token.kind() != Kind.END) {
      position++;
    }
    return token;
  }

  boolean skipOperator(String operator) {
    if (peek().operator(operator)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipName(String name) {
    if (peek().name(name)) {
      next();
      return true;
    }
    return false;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw peek().error("expected '%s', found %s".formatted(operator, peek().shown()));
    }
  }

  String expectName() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      throw token.error("expected a name, found " + token.shown());
    }
    return token.text();
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw peek().error("nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  void leave() {
    depth--;
  }

  private void checkChain(int links) {
    if (links > MAX_CHAIN) {
      throw peek().error("more than " + MAX_CHAIN + " operators in a row; use parentheses or set");
    }
  }

  /** An expression; several with commas between them make a list. */
  Expression tupleOrExpression() {
    Expression first = expression();
    if (!peek().operator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (skipOperator(",")) {
      Kind kind = peek().kind();
      if (kind == Kind.PRINT_END || kind == Kind.BLOCK_END || peek().operator(")")) {
        break;
      }
      items.add(expression());
    }
    return new Expression.ListOf(items, true);
  }

  Expression expression() {
    enter();
    Expression value = or();
    for (int links = 0; skipName("if"); checkChain(++links)) {
      Expression test = or();
      Expression otherwise = skipName("else") ? expression() : null;
      value = new Expression.Conditional(test, value, otherwise);
    }
    leave();
    return value;
  }

  /** An expression without {@code a if b else c}, for the items of a loop. */
  Expression or() {
    Expression left = and();
    for (int links = 0; skipName("or"); checkChain(++links)) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    for (int links = 0; skipName("and"); checkChain(++links)) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (peek().name("not")) {
      next();
      enter();
      Expression negated = new Expression.Not(not());
      leave();
      return negated;
    }
    return compare();
  }

  private Expression compare() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operators.add(next().text());
      } else if (token.name("in")) {
        operators.add(next().text());
      } else if (token.name("not") && peekSecond().name("in")) {
        next();
        next();
        operators.add("not in");
      } else {
        break;
      }
      checkChain(operators.size());
      rest.add(sum());
    }
    return operators.isEmpty() ? first : new Expression.Compare(first, operators, rest);
  }

  private Expression sum() {
    Expression left = concat();
    for (int links = 0; peek().operator("+") || peek().operator("-"); checkChain(++links)) {
      left = new Expression.Binary(next().text(), left, concat());
    }
    return left;
  }

  private Expression concat() {
    Expression left = product();
    for (int links = 0; skipOperator("~"); checkChain(++links)) {
      left = new Expression.Binary("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    for (int links = 0;
        peek().operator("*")
            || peek().operator("/")
            || peek().operator("//")
            || peek().operator("%");
        checkChain(++links)) {
      left = new Expression.Binary(next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    for (int links = 0; skipOperator("**"); checkChain(++links)) {
      left = new Expression.Binary("**", left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean withFilter) {
    enter();
    Expression value;
    if (peek().operator("-") || peek().operator("+")) {
      value = new Expression.Unary(next().text(), unary(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    if (withFilter) {
      value = filters(value);
    }
    leave();
    return value;
  }

  private Expression primary() {
    Token token = next();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(null);
            default -> new Expression.Name(token.text());
          };
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (peek().kind() == Kind.STRING) {
          text.append(next().text());
        }
        yield new Expression.Literal(text.toString());
      }
      case INTEGER -> integer(token);
      case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> new Expression.ListOf(items("]"), false);
            case "{" -> map();
            default -> throw token.error("expected an expression, found " + token.shown());
          };
      default -> throw token.error("expected an expression, found " + token.shown());
    };
  }

  private static Expression integer(Token token) {
    try {
      return new Expression.Literal(Long.parseLong(token.text()));
    } catch (NumberFormatException e) {
      throw token.error("integer " + token.text() + " does not fit 64 bits");
    }
  }

  private Expression parenthesised() {
    if (skipOperator(")")) {
      return new Expression.ListOf(List.of(), true);
    }
    Expression value = tupleOrExpression();
    expectOperator(")");
    return value;
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!skipOperator(close)) {
      if (!items.isEmpty()) {
        expectOperator(",");
        if (skipOperator(close)) {
          break;
        }
      }
      items.add(expression());
    }
    return items;
  }

  private Expression map() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!skipOperator("}")) {
      if (!keys.isEmpty()) {
        expectOperator(",");
        if (skipOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      expectOperator(":");
      values.add(expression());
    }
    return new Expression.MapOf(keys, values);
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    for (int links = 0; ; checkChain(++links)) {
      if (skipOperator(".")) {
        Token name = next();
        value =
            switch (name.kind()) {
              case NAME -> new Expression.Attribute(value, name.text());
              case INTEGER -> new Expression.Item(value, integer(name));
              default -> throw name.error("expected a name after '.', found " + name.shown());
            };
      } else if (skipOperator("[")) {
        value = subscript(value);
      } else if (peek().operator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression target) {
    Expression start = peek().operator(":") ? null : expression();
    if (!peek().operator(":")) {
      expectOperator("]");
      if (start == null) {
        throw peek().error("expected an index");
      }
      return new Expression.Item(target, start);
    }
    next();
    Expression stop = sliceBound();
    Expression step = skipOperator(":") ? sliceBound() : null;
    expectOperator("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private @Nullable Expression sliceBound() {
    return peek().operator(":") || peek().operator("]") ? null : expression();
  }

  private Expression filters(Expression start) {
    Expression value = start;
    for (int links = 0; ; checkChain(++links)) {
      if (skipOperator("|")) {
        Statement.FilterCall call = filterCall();
        value = new Expression.Filter(value, call.name(), call.arguments());
      } else if (skipName("is")) {
        value = test(value);
      } else if (peek().operator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** A filter's name and arguments, behind {@code |}. */
  Statement.FilterCall filterCall() {
    Token token = peek();
    String name = expectName();
    if (!Filters.known(name)) {
      throw token.error("no filter named '" + name + "'");
    }
    return new Statement.FilterCall(name, peek().operator("(") ? arguments() : Arguments.NONE);
  }

  private Expression test(Expression value) {
    boolean negated = skipName("not");
    Token token = next();
    String name = token.text();
    boolean symbol = token.kind() == Kind.OPERATOR && COMPARISONS.contains(name);
    if ((token.kind() != Kind.NAME && !symbol) || !Tests.known(name)) {
      throw token.error("no test named " + token.shown());
    }
    Arguments arguments = Arguments.NONE;
    if (peek().operator("(")) {
      arguments = arguments();
    } else if (startsTestArgument(peek())) {
      arguments = new Arguments(List.of(postfix(primary())), List.of(), List.of());
    }
    Expression test = new Expression.Test(value, name, arguments);
    return negated ? new Expression.Not(test) : test;
  }

  private static boolean startsTestArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.operator("[") || token.operator("{");
      default -> false;
    };
  }

  /** Arguments in parentheses. */
  Arguments arguments() {
    expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    boolean first = true;
    while (!skipOperator(")")) {
      if (!first) {
        expectOperator(",");
        if (skipOperator(")")) {
          break;
        }
      }
      first = false;
      Token token = peek();
      if (token.kind() == Kind.NAME && peekSecond().operator("=")) {
        next();
        next();
        names.add(token.text());
        named.add(expression());
      } else if (names.isEmpty()) {
        positional.add(expression());
      } else {
        throw token.error("positional argument after a named one");
      }
    }
    return new Arguments(positional, names, named);
  }
}
