package dev.hearth.inference.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The members of one object, its braces included; nodes are shared by all ways to them. */
final class ObjectMembers {
  private final List<Property> properties;
  private final Rule separator;
  private final Node close;

  /**
   * A property.
   *
   * @param key its quoted name with the colon
   * @param value its value
   * @param required whether it must be there
   */
  record Property(Rule key, Rule value, boolean required) {}

  private ObjectMembers(List<Property> properties, Rule separator, Node next) {
    this.properties = properties;
    this.separator = separator;
    this.close = Node.literal(JsonText.utf8("}"), next);
  }

  /** An object whose properties come in the order given. */
  static Rule inOrder(List<Property> properties, Rule separator) {
    return next -> {
      ObjectMembers members = new ObjectMembers(properties, separator, next);
      return members.opened(members.new InOrder().at(0, true));
    };
  }

  /** An object whose properties come in any order, each at most once. */
  static Rule inAnyOrder(List<Property> properties, Rule separator) {
    return next -> {
      ObjectMembers members = new ObjectMembers(properties, separator, next);
      return members.opened(members.new InAnyOrder().after(0));
    };
  }

  private Node opened(Node members) {
    return Node.literal(JsonText.utf8("{"), members);
  }

  private final class InOrder {
    private final @Nullable Node[] made = new Node[2 * properties.size()];

    Node at(int index, boolean first) {
      if (index == properties.size()) {
        return close;
      }
      int slot = 2 * index + (first ? 1 : 0);
      Node node = made[slot];
      if (node == null) {
        node = make(index, first);
        made[slot] = node;
      }
      return node;
    }

    private Node make(int index, boolean first) {
      Property property = properties.get(index);
      Node value =
          Node.lazy(() -> {
            Node after = Node.lazy(() -> at(index + 1, false));
            return property.value.before(after);
          });
      Node member = property.key.before(value);
      Node taken = first ? member : separator.before(member);
      return property.required
          ? taken
          : new Node.Fork(() -> new Node[] {taken, at(index + 1, first)});
    }
  }

  private final class InAnyOrder {
    /** What follows a set of properties, one bit each. */
    private final Map<Integer, Node> made = new ConcurrentHashMap<>();

    Node after(int taken) {
      Node known = made.get(taken);
      if (known == null) {
        known = make(taken);
        made.put(taken, known);
      }
      return known;
    }

    private Node make(int taken) {
      List<Node> members = new ArrayList<>();
      boolean complete = true;
      for (int i = 0; i < properties.size(); i++) {
        if ((taken >> i & 1) == 0) {
          Property property = properties.get(i);
          int now = taken | 1 << i;
          complete &= !property.required;
          members.add(
              property.key.before(
                  Node.lazy(() -> property.value.before(Node.lazy(() -> after(now))))));
        }
      }
      if (members.isEmpty()) {
        return close;
      }
      Node any = Node.either(members.toArray(Node[]::new));
      Node more = taken == 0 ? any : separator.before(any);
      return complete ? Node.either(close, more) : more;
    }
  }
}
