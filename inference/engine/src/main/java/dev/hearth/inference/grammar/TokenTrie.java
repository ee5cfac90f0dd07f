package dev.hearth.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary as a trie of their bytes, laid out in depth-first order so that a walk
 * is one pass over arrays; whole subtrees are skipped by their end. One per vocabulary, shared by
 * all grammars.
 */
final class TokenTrie {
  private static final Map<TokenVocabulary, TokenTrie> SHARED = new WeakHashMap<>();

  /** Byte of each node; node i's first child is i + 1, its next sibling {@code end[i]}. */
  final byte[] bytes;

  /** Where each node's subtree ends. */
  final int[] end;

  /** Depth of each node, 0 for the first byte of a token. */
  final short[] depth;

  /** The token that ends at each node, or -1. */
  final int[] token;

  /** Further tokens with the same bytes: {@code same[token]} is the next one, or -1. */
  private final int @Nullable [] same;

  /** Added tokens that are text, longest first. */
  final List<AddedToken> added;

  final int vocabularySize;
  final int[] endOfTurn;
  final int maxDepth;

  /**
   * An added token.
   *
   * @param text what stands for it in text
   * @param token its id
   */
  record AddedToken(String text, int token) {}

  static TokenTrie of(TokenVocabulary vocabulary) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(vocabulary, TokenTrie::new);
    }
  }

  private TokenTrie(TokenVocabulary vocabulary) {
    vocabularySize = vocabulary.size();
    endOfTurn = vocabulary.endOfTurn().stream().mapToInt(Integer::intValue).sorted().toArray();
    byte[][] all = new byte[vocabularySize][];
    List<AddedToken> texts = new ArrayList<>();
    int total = 0;
    int longest = 0;
    List<Integer> plain = new ArrayList<>();
    for (int id = 0; id < vocabularySize; id++) {
      all[id] = vocabulary.bytes(id);
      boolean ends = vocabulary.endOfTurn().contains(id);
      if (all[id].length == 0 || ends) {
        continue;
      }
      if (vocabulary.added(id)) {
        texts.add(new AddedToken(new String(all[id], StandardCharsets.UTF_8), id));
      } else if (!vocabulary.control(id)) {
        plain.add(id);
        total += all[id].length;
        longest = Math.max(longest, all[id].length);
      }
    }
    texts.sort((a, b) -> b.text().length() - a.text().length());
    added = List.copyOf(texts);
    maxDepth = Math.min(longest, Short.MAX_VALUE);
    plain.sort((a, b) -> Arrays.compareUnsigned(all[a], all[b]));
    bytes = new byte[total];
    end = new int[total];
    depth = new short[total];
    token = new int[total];
    Arrays.fill(token, -1);
    int[] next = null;
    int nodes = 0;
    int[] path = new int[maxDepth];
    int pathLength = 0;
    byte[] before = {};
    for (int id : plain) {
      byte[] now = all[id];
      if (now.length > maxDepth) {
        continue;
      }
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
        if (next == null) {
          next = new int[vocabularySize];
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
    checkBytes();
  }

  /** Number of nodes. */
  final int nodeCount;

  /** Every byte that text may need must be a token, or a grammar could get stuck. */
  private void checkBytes() {
    boolean[] found = new boolean[256];
    for (int node = 0; node < nodeCount; node = end[node]) {
      found[bytes[node] & 0xff] |= token[node] >= 0;
    }
    int[] missing =
        IntStream.range(' ', 0xf5)
            .filter(b -> b != 0x7f && b != 0xc0 && b != 0xc1 && !found[b])
            .toArray();
    if (missing.length > 0) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for %d single bytes, the first is 0x%02x; a grammar needs a"
                  .formatted(missing.length, missing[0])
              + " byte-level vocabulary");
    }
  }

  /** The token that is this one byte, or -1. */
  int byteToken(byte b) {
    for (int node = 0; node < nodeCount; node = end[node]) {
      if (bytes[node] == b) {
        return token[node];
      }
    }
    return -1;
  }

  /** Sets the bits of all tokens that end at a node. */
  void mark(int node, long[] mask) {
    for (int id = token[node]; id >= 0; id = same == null ? -1 : same[id]) {
      mask[id >> 6] |= 1L << id;
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
