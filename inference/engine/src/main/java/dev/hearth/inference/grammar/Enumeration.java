package dev.hearth.inference.grammar;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One of several byte strings: a trie over the sorted strings, unfolded where it is walked. */
final class Enumeration {
  private final byte[][] values;

  /**
   * Sorts the values.
   *
   * @param values not empty; none of them empty
   */
  Enumeration(List<byte[]> values) {
    byte[][] sorted = values.toArray(byte[][]::new);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    int kept = 0;
    for (byte[] value : sorted) {
      if (kept == 0 || !Arrays.equals(sorted[kept - 1], value)) {
        sorted[kept++] = value;
      }
    }
    this.values = Arrays.copyOf(sorted, kept);
  }

  int size() {
    return values.length;
  }

  Rule rule() {
    return next -> before(index -> next);
  }

  /** The first node, with a node of its own after each value. */
  Node before(IntFunction<Node> after) {
    return new Trie(this, 0, values.length, 0, after);
  }

  /** This enumeration without one value; null when nothing is left. */
  @Nullable Enumeration without(int index) {
    if (values.length == 1) {
      return null;
    }
    byte[][] rest = new byte[values.length - 1][];
    System.arraycopy(values, 0, rest, 0, index);
    System.arraycopy(values, index + 1, rest, index, rest.length - index);
    return new Enumeration(Arrays.asList(rest));
  }

  /** Values {@code from} to {@code to}, equal up to {@code depth} and longer than that. */
  private static final class Trie extends Node.Leaf {
    private final Enumeration of;
    private final int from;
    private final int to;
    private final int depth;
    private final IntFunction<Node> after;
    private @Nullable Branches branches;

    Trie(Enumeration of, int from, int to, int depth, IntFunction<Node> after) {
      this.of = of;
      this.from = from;
      this.to = to;
      this.depth = depth;
      this.after = after;
    }

    @Override
    void addLive(long[] live) {
      for (byte b : branches().bytes) {
        live[(b & 0xff) >> 6] |= 1L << b;
      }
    }

    @Override
    @Nullable Node step(int b) {
      Branches all = branches();
      for (int i = 0; i < all.bytes.length; i++) {
        if ((all.bytes[i] & 0xff) == b) {
          Node node = all.nodes[i];
          if (node == null) {
            node = branch(all.starts[i], all.starts[i + 1]);
            all.nodes[i] = node;
          }
          return node;
        }
      }
      return null;
    }

    private Node branch(int start, int end) {
      if (of.values[start].length > depth + 1) {
        return new Trie(of, start, end, depth + 1, after);
      }
      Node whole = after.apply(start);
      return end - start == 1
          ? whole
          : Node.either(whole, new Trie(of, start + 1, end, depth + 1, after));
    }

    private Branches branches() {
      Branches made = branches;
      if (made == null) {
        made = split();
        branches = made;
      }
      return made;
    }

    private Branches split() {
      byte[] bytes = new byte[Math.min(256, to - from)];
      int[] starts = new int[bytes.length + 1];
      int count = 0;
      for (int i = from; i < to; i++) {
        byte b = of.values[i][depth];
        if (count == 0 || bytes[count - 1] != b) {
          bytes[count] = b;
          starts[count++] = i;
        }
      }
      starts[count] = to;
      return new Branches(
          Arrays.copyOf(bytes, count), Arrays.copyOf(starts, count + 1), new Node[count]);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Branches(byte[] bytes, int[] starts, @Nullable Node[] nodes) {}
}
