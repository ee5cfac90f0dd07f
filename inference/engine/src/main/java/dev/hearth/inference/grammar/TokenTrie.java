package dev.hearth.inference.grammar;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens as a trie of their bytes, laid out in depth-first order so that a walk is one pass over
 * arrays; whole subtrees are skipped by their end.
 */
final class TokenTrie {
  /** Byte of each node; node i's first child is i + 1, its next sibling {@code end[i]}. */
  final byte[] bytes;

  /** Where each node's subtree ends. */
  final int[] end;

  /** Depth of each node, 0 for the first byte of a token. */
  final short[] depth;

  /** The token that ends at each node, or -1. */
  final int[] token;

  /** Number of nodes. */
  final int nodeCount;

  /** Length of the longest token, in bytes. */
  final int maxDepth;

  /** Further tokens with the same bytes: {@code same[token]} is the next one, or -1. */
  private final int[] same;

  /**
   * Builds a trie.
   *
   * @param sorted tokens in the order of their bytes
   * @param text bytes of each token
   */
  TokenTrie(int[] sorted, byte[][] text) {
    int total = 0;
    int longest = 0;
    for (int id : sorted) {
      total += text[id].length;
      longest = Math.max(longest, text[id].length);
    }
    maxDepth = longest;
    bytes = new byte[total];
    end = new int[total];
    depth = new short[total];
    token = new int[total];
    Arrays.fill(token, -1);
    int[] next = {};
    int nodes = 0;
    int[] path = new int[maxDepth];
    int pathLength = 0;
    byte[] before = {};
    for (int id : sorted) {
      byte[] now = text[id];
      int common = Arrays.mismatch(before, now);
      common = common < 0 ? now.length : common;
      for (int d = common; d < pathLength; d++) {
        end[path[d]] = nodes;
      }
      for (int d = common; d < now.length; d++) {
        bytes[nodes] = now[d];
        depth[nodes] = (short) d;
        path[d] = nodes++;
      }
      pathLength = now.length;
      before = now;
      int last = path[now.length - 1];
      if (token[last] >= 0) {
        if (next.length == 0) {
          next = new int[text.length];
          Arrays.fill(next, -1);
        }
        next[id] = token[last];
      }
      token[last] = id;
    }
    for (int d = 0; d < pathLength; d++) {
      end[path[d]] = nodes;
    }
    nodeCount = nodes;
    same = next;
  }

  /** Bytes from 0x20 on that occur in UTF-8 and are no token of their own. */
  List<Integer> missingBytes() {
    boolean[] found = new boolean[256];
    for (int node = 0; node < nodeCount; node = end[node]) {
      found[bytes[node] & 0xff] |= token[node] >= 0;
    }
    return IntStream.range(' ', 0xf5)
        .filter(b -> b != 0x7f && b != 0xc0 && b != 0xc1 && !found[b])
        .boxed()
        .toList();
  }

  /** The token that is this one byte, or -1. */
  int byteToken(byte b) {
    int node = child(-1, b);
    return node < 0 ? -1 : token[node];
  }

  /** Another token with the same bytes as a token, or -1. */
  int sameAs(int id) {
    return same.length == 0 ? -1 : same[id];
  }

  /** Sets the bits of all tokens that end at a node. */
  void mark(int node, long[] mask) {
    for (int id = token[node]; id >= 0; id = sameAs(id)) {
      mask[id >> 6] |= 1L << id;
    }
  }

  /** Clears the bits of all tokens that end below or at a node. */
  void clear(int node, long[] mask) {
    for (int at = node; at < end[node]; at++) {
      for (int id = token[at]; id >= 0; id = sameAs(id)) {
        mask[id >> 6] &= ~(1L << id);
      }
    }
  }

  /** The child of a node (-1 for the root) by its byte, or -1. */
  int child(int node, byte b) {
    int limit = node < 0 ? nodeCount : end[node];
    for (int child = node + 1; child < limit; child = end[child]) {
      if (bytes[child] == b) {
        return child;
      }
    }
    return -1;
  }

  /** The node at {@code text[from..to)}, or -1. */
  int find(byte[] text, int from, int to) {
    int node = -1;
    for (int i = from; i < to; i++) {
      node = child(node, text[i]);
      if (node < 0) {
        return -1;
      }
    }
    return node;
  }
}
