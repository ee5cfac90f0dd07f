package dev.hearth.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A phrase with choices: {@code (a|b|)} takes one branch, {@code x?} or {@code (..)?} may be left
 * out, {@code {slot}} is filled in.
 */
final class Phrase {
  private sealed interface Node permits Text, Slot, Choice {}

  private record Text(String text) implements Node {}

  private record Slot(String name) implements Node {}

  private record Choice(List<List<Node>> branches) implements Node {}

  private final String template;
  private final String source;
  private final List<Node> nodes;
  private int at;

  private Phrase(String template, String source) {
    this.template = template;
    this.source = source;
    this.nodes = sequence();
    if (at != source.length()) {
      throw new IllegalArgumentException("unbalanced ) at " + at + " in: " + source);
    }
  }

  static Phrase of(String source) {
    return new Phrase(source, source);
  }

  /**
   * A phrase from a template.
   *
   * @param template the template as it is written, by which it is known
   * @param source the template with its words filled in
   */
  static Phrase of(String template, String source) {
    return new Phrase(template, source);
  }

  static List<Phrase> all(String... sources) {
    List<Phrase> phrases = new ArrayList<>();
    for (String s : sources) {
      phrases.add(of(s));
    }
    return List.copyOf(phrases);
  }

  boolean has(String slot) {
    return source.contains("{" + slot + "}");
  }

  /** One expansion; single spaces, none at the ends. */
  String expand(RandomGenerator random, UnaryOperator<String> slots) {
    StringBuilder out = new StringBuilder();
    append(nodes, random, slots, out);
    return out.toString().replaceAll("\\s+", " ").replace(" ,", ",").strip();
  }

  String expand(RandomGenerator random) {
    return expand(
        random,
        slot -> {
          throw new IllegalArgumentException("no value for {" + slot + "} in: " + source);
        });
  }

  @Override
  public String toString() {
    return template;
  }

  private static void append(
      List<Node> nodes, RandomGenerator random, UnaryOperator<String> slots, StringBuilder out) {
    for (Node node : nodes) {
      switch (node) {
        case Text text -> out.append(text.text);
        case Slot slot -> out.append(slots.apply(slot.name));
        case Choice choice ->
            append(choice.branches.get(random.nextInt(choice.branches.size())), random, slots, out);
      }
    }
  }

  private List<Node> sequence() {
    List<Node> found = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '|' || c == ')') {
        break;
      }
      at++;
      switch (c) {
        case '(' -> {
          flush(text, found);
          List<List<Node>> branches = new ArrayList<>();
          branches.add(sequence());
          while (at < source.length() && source.charAt(at) == '|') {
            at++;
            branches.add(sequence());
          }
          if (at == source.length()) {
            throw new IllegalArgumentException("missing ) in: " + source);
          }
          at++;
          found.add(new Choice(branches));
        }
        case '{' -> {
          flush(text, found);
          int end = source.indexOf('}', at);
          found.add(new Slot(source.substring(at, end)));
          at = end + 1;
        }
        case '?' -> {
          Node optional;
          if (text.isEmpty()) {
            optional = found.removeLast();
          } else {
            optional = new Text(text.substring(text.length() - 1));
            text.setLength(text.length() - 1);
            flush(text, found);
          }
          found.add(new Choice(List.of(List.of(optional), List.of())));
        }
        default -> text.append(c);
      }
    }
    flush(text, found);
    return found;
  }

  private static void flush(StringBuilder text, List<Node> found) {
    if (!text.isEmpty()) {
      found.add(new Text(text.toString()));
      text.setLength(0);
    }
  }
}
