package dev.hearth.inference.grammar;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in the nondeterministic automaton. Nodes are built when first reached, so a grammar costs
 * what the turns visit of it. From every node the end can be reached; a part that nothing matches
 * is never built.
 *
 * <p>Nodes keep what they made in plain fields: two threads may make it twice, which costs a
 * duplicate and changes nothing.
 */
abstract sealed class Node {
  private static final AtomicLong IDS = new AtomicLong();

  /** Orders the nodes of a state. */
  final long id = IDS.getAndIncrement();

  /** The end of the turn. */
  static final class End extends Node {
    static final End END = new End();

    private End() {}
  }

  /** Goes on as any of several nodes. */
  static final class Fork extends Node {
    private final Supplier<Node[]> supplier;
    private volatile Node @Nullable [] targets;

    Fork(Supplier<Node[]> supplier) {
      this.supplier = supplier;
    }

    Node[] targets() {
      Node[] made = targets;
      if (made == null) {
        made = supplier.get();
        targets = made;
      }
      return made;
    }
  }

  /** Goes on as {@code next} and as nothing else, whatever else the text so far may be. */
  static final class Commit extends Node {
    final Node next;

    Commit(Node next) {
      this.next = next;
    }
  }

  /** Takes one added token, such as {@code <tool_call>}. */
  static final class Special extends Node {
    final int token;
    final Node next;

    Special(int token, Node next) {
      this.token = token;
      this.next = next;
    }
  }

  /** Takes one byte; deterministic. */
  abstract static non-sealed class Leaf extends Node {
    /** Adds the bytes that {@link #step} takes: bit {@code b % 64} of element {@code b / 64}. */
    abstract void addLive(long[] bytes);

    /**
     * The node after a byte.
     *
     * @param b 0 to 255
     * @return null when the byte is not taken; always the same node for the same byte
     */
    abstract @Nullable Node step(int b);

    /**
     * The kind of text that this node and those after it take, each character on its own; null when
     * there is no such kind.
     */
    @Nullable PlainText plain() {
      return null;
    }

    /** Most characters of a string from here on, this one included. */
    int room() {
      return Integer.MAX_VALUE;
    }

    /**
     * The node that takes what this one and the end of its string do, were there no limit to its
     * {@link #room()}; null when there is no such node.
     */
    @Nullable Node unlimited() {
      return null;
    }

    /** A byte with which {@link #plain()} text may not begin although it may hold it, or -1. */
    int exception() {
      return -1;
    }

    /** What ends the thinking that this node is part of from here; null for other nodes. */
    @Nullable Node closing() {
      return null;
    }
  }

  /** A node made when first reached. */
  static Node lazy(Supplier<Node> supplier) {
    return new Fork(() -> new Node[] {supplier.get()});
  }

  static Node either(Node... nodes) {
    return nodes.length == 1 ? nodes[0] : new Fork(() -> nodes);
  }

  /** Fixed bytes, then {@code next}. */
  static Node literal(byte[] bytes, Node next) {
    return bytes.length == 0 ? next : new Literal(bytes, 0, next);
  }

  private static final class Literal extends Leaf {
    private final byte[] bytes;
    private final int at;
    private final Node next;
    private @Nullable Node after;

    Literal(byte[] bytes, int at, Node next) {
      this.bytes = bytes;
      this.at = at;
      this.next = next;
    }

    @Override
    void addLive(long[] live) {
      int b = bytes[at] & 0xff;
      live[b >> 6] |= 1L << b;
    }

    @Override
    @Nullable Node step(int b) {
      if (b != (bytes[at] & 0xff)) {
        return null;
      }
      Node made = after;
      if (made == null) {
        made = at + 1 == bytes.length ? next : new Literal(bytes, at + 1, next);
        after = made;
      }
      return made;
    }
  }
}
