package dev.hearth.inference.grammar;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A part of a grammar: builds its nodes in front of those that follow. */
@FunctionalInterface
interface Rule {
  /** The first node of this rule, with {@code next} after it. */
  Node before(Node next);

  static Rule literal(byte[] bytes) {
    return next -> Node.literal(bytes, next);
  }

  static Rule sequence(Rule... rules) {
    return next -> {
      Node node = next;
      for (int i = rules.length - 1; i >= 0; i--) {
        node = rules[i].before(node);
      }
      return node;
    };
  }

  /** Any of several rules, not none. */
  static Rule either(List<Rule> rules) {
    if (rules.size() == 1) {
      return rules.getFirst();
    }
    return next ->
        new Node.Fork(() -> rules.stream().map(rule -> rule.before(next)).toArray(Node[]::new));
  }

  /** A rule built when first reached. */
  static Rule lazy(Supplier<Rule> supplier) {
    return next -> Node.lazy(() -> supplier.get().before(next));
  }

  /** {@code min} to {@code max} times a rule; max may be {@link Integer#MAX_VALUE} for no limit. */
  static Rule repeat(Rule rule, int min, int max) {
    return counted(count -> rule, min, max);
  }

  /** Likewise; the rule is given the number of times before, where these are counted. */
  static Rule counted(IntFunction<Rule> rule, int min, int max) {
    return next -> new Repeat(rule, next, min, max).from(0);
  }

  /** The nodes of a repetition, one per count; from {@code min} on without a limit it is a loop. */
  final class Repeat {
    private final IntFunction<Rule> rule;
    private final Node next;
    private final int min;
    private final int max;

    private Repeat(IntFunction<Rule> rule, Node next, int min, int max) {
      this.rule = rule;
      this.next = next;
      this.min = min;
      this.max = max;
    }

    private Node from(int count) {
      if (count == max) {
        return next;
      }
      if (max == Integer.MAX_VALUE && count >= min) {
        return loop();
      }
      Node more = Node.lazy(() -> rule.apply(count).before(from(count + 1)));
      return count >= min ? Node.either(next, more) : more;
    }

    private Node loop() {
      Node[] self = new Node[1];
      self[0] = new Node.Fork(() -> new Node[] {next, rule.apply(min).before(self[0])});
      return self[0];
    }
  }
}
