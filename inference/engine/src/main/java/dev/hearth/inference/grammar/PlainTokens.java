package dev.hearth.inference.grammar;

import java.util.Arrays;

/**
 * The tokens of a vocabulary that are text of a kind from the start of a character on, and a trie
 * of the others. A token may end inside a character.
 */
final class PlainTokens {
  /** The tokens of this kind, as a mask; not to be changed. */
  final long[] mask;

  /** The tokens that are not of this kind. */
  final TokenTrie others;

  PlainTokens(PlainText kind, TokenTrie all, byte[][] text) {
    mask = new long[(text.length + 63) >> 6];
    int[] rest = new int[text.length];
    int count = 0;
    int[] states = new int[all.maxDepth + 1];
    for (int node = 0; node < all.nodeCount; node++) {
      int depth = all.depth[node];
      int b = all.bytes[node] & 0xff;
      int before = states[depth];
      int after = before < 0 || kind.bars(b) ? -1 : Utf8.step(before, b);
      states[depth + 1] = after;
      if (after >= 0) {
        all.mark(node, mask);
        continue;
      }
      for (int id = all.token[node]; id >= 0; id = all.sameAs(id)) {
        rest[count++] = id;
      }
    }
    others = new TokenTrie(Arrays.copyOf(rest, count), text);
  }
}
