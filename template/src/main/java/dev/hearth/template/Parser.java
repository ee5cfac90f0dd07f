package dev.hearth.template;

import dev.hearth.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parser of statements. */
final class Parser extends ExpressionParser {
  private Parser(List<Token> tokens) {
    super(tokens);
  }

  static List<Statement> parse(List<Token> tokens) {
    Parser parser = new Parser(tokens);
    List<Statement> body = parser.body(Set.of());
    if (parser.peek().kind() != Kind.END) {
      throw parser.peek().error("unexpected " + parser.peek().shown());
    }
    return body;
  }

  /**
   * Statements up to a block whose first word is one of {@code ends}; leaves the parser at that
   * word.
   */
  private List<Statement> body(Set<String> ends) {
    enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = peek();
      switch (token.kind()) {
        case TEXT -> body.add(new Statement.Text(next().text()));
        case PRINT_BEGIN -> {
          next();
          body.add(new Statement.Print(token, tupleOrExpression()));
          expect(Kind.PRINT_END, "}}");
        }
        case BLOCK_BEGIN -> {
          next();
          Token word = peek();
          if (word.kind() == Kind.NAME && ends.contains(word.text())) {
            leave();
            return body;
          }
          statement(word, body);
        }
        case END -> {
          if (!ends.isEmpty()) {
            throw token.error("expected one of the blocks " + ends.stream().sorted().toList());
          }
          leave();
          return body;
        }
        default -> throw token.error("unexpected " + token.shown());
      }
    }
  }

  private void expect(Kind kind, String shown) {
    Token token = next();
    if (token.kind() != kind) {
      throw token.error("expected '%s', found %s".formatted(shown, token.shown()));
    }
  }

  private void endBlock() {
    expect(Kind.BLOCK_END, "%}");
  }

  private void statement(Token word, List<Statement> body) {
    String name = expectName();
    switch (name) {
      case "if" -> body.add(ifStatement(word));
      case "for" -> body.add(forStatement(word));
      case "set" -> body.add(set(word));
      case "macro" -> body.add(macro(word));
      case "with" -> body.add(with(word));
      case "filter" -> {
        List<Statement.FilterCall> filters = new ArrayList<>(List.of(filterCall()));
        while (skipOperator("|")) {
          filters.add(filterCall());
        }
        body.add(new Statement.FilterBlock(word, filters, block("endfilter")));
      }
      case "do" -> {
        body.add(new Statement.Do(word, tupleOrExpression()));
        endBlock();
      }
      case "break" -> {
        body.add(new Statement.Break());
        endBlock();
      }
      case "continue" -> {
        body.add(new Statement.Continue());
        endBlock();
      }
      // Marks the assistant's part for training; means nothing for rendering.
      case "generation" -> body.addAll(block("endgeneration"));
      default -> throw word.error("no block named '" + name + "' is supported");
    }
  }

  /** The rest of an opening block, its body and its closing block. */
  private List<Statement> block(String end) {
    endBlock();
    List<Statement> body = body(Set.of(end));
    next();
    if (peek().kind() == Kind.NAME) {
      next(); // {% endmacro name %}
    }
    endBlock();
    return body;
  }

  private Statement ifStatement(Token word) {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    while (true) {
      Expression test = tupleOrExpression();
      endBlock();
      branches.add(new Statement.Branch(test, body(Set.of("elif", "else", "endif"))));
      if (skipName("elif")) {
        continue;
      }
      if (skipName("else")) {
        endBlock();
        otherwise = body(Set.of("endif"));
      }
      next();
      endBlock();
      return new Statement.If(word, branches, otherwise);
    }
  }

  private Statement forStatement(Token word) {
    List<String> targets = targets();
    if (!skipName("in")) {
      throw peek().error("expected 'in', found " + peek().shown());
    }
    Expression items = or();
    if (peek().operator(",")) {
      List<Expression> list = new ArrayList<>(List.of(items));
      while (skipOperator(",")) {
        list.add(or());
      }
      items = new Expression.ListOf(list, true);
    }
    Expression filter = skipName("if") ? expression() : null;
    if (peek().name("recursive")) {
      throw peek().error("recursive loops are not supported; use a macro");
    }
    endBlock();
    List<Statement> body = body(Set.of("else", "endfor"));
    List<Statement> otherwise = List.of();
    if (skipName("else")) {
      endBlock();
      otherwise = body(Set.of("endfor"));
    }
    next();
    endBlock();
    return new Statement.For(word, targets, items, filter, body, otherwise);
  }

  private List<String> targets() {
    boolean open = skipOperator("(");
    List<String> targets = new ArrayList<>(List.of(expectName()));
    while (skipOperator(",")) {
      targets.add(expectName());
    }
    if (open) {
      expectOperator(")");
    }
    return targets;
  }

  private Statement set(Token word) {
    List<String> targets = targets();
    String attribute = null;
    if (targets.size() == 1 && skipOperator(".")) {
      attribute = expectName();
    }
    if (skipOperator("=")) {
      Expression value = tupleOrExpression();
      endBlock();
      return new Statement.Set(word, targets, attribute, value);
    }
    List<Statement.FilterCall> filters = new ArrayList<>();
    while (skipOperator("|")) {
      filters.add(filterCall());
    }
    if (targets.size() > 1) {
      throw word.error("a set block has one target");
    }
    return new Statement.SetBlock(word, targets.getFirst(), attribute, filters, block("endset"));
  }

  private Statement macro(Token word) {
    String name = expectName();
    expectOperator("(");
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    while (!skipOperator(")")) {
      if (!parameters.isEmpty()) {
        expectOperator(",");
        if (skipOperator(")")) {
          break;
        }
      }
      parameters.add(expectName());
      if (skipOperator("=")) {
        defaults.add(expression());
      } else if (!defaults.isEmpty()) {
        throw peek().error("parameter without a default after one with a default");
      }
    }
    return new Statement.Macro(word, name, parameters, defaults, block("endmacro"));
  }

  private Statement with(Token word) {
    List<String> names = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (peek().kind() == Kind.NAME) {
      names.add(expectName());
      expectOperator("=");
      values.add(expression());
      if (!skipOperator(",")) {
        break;
      }
    }
    return new Statement.With(word, names, values, block("endwith"));
  }
}
