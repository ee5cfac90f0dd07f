package dev.hearth.inference.grammar;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary that are text of a kind from the start of a character on, and a trie
 * of the others. A token may end inside a character.
 */
final class PlainTokens {
  /** Masks for less room than the longest token needs are kept up to so many characters. */
  private static final int MOST_ROOM = 160;

  /** The tokens that are not of this kind. */
  final TokenTrie others;

  /** Characters begun by each token that is of this kind, else 0. */
  private final short[] characters;

  private final int longest;

  private final AtomicReferenceArray<long @Nullable []> masks =
      new AtomicReferenceArray<>(MOST_ROOM + 1);

  PlainTokens(PlainText kind, TokenTrie all, byte[][] text) {
    characters = new short[text.length];
    int[] rest = new int[text.length];
    int count = 0;
    int[] states = new int[all.maxDepth + 1];
    short[] begun = new short[all.maxDepth + 1];
    int most = 0;
    for (int node = 0; node < all.nodeCount; node++) {
      int depth = all.depth[node];
      int b = all.bytes[node] & 0xff;
      int before = states[depth];
      int after = before < 0 || kind.bars(b) ? -1 : Utf8.step(before, b);
      states[depth + 1] = after;
      begun[depth + 1] = (short) (begun[depth] + (before == Utf8.START ? 1 : 0));
      for (int id = all.token[node]; id >= 0; id = all.sameAs(id)) {
        if (after < 0) {
          rest[count++] = id;
        } else {
          characters[id] = begun[depth + 1];
          most = Math.max(most, characters[id]);
        }
      }
    }
    longest = most;
    others = new TokenTrie(Arrays.copyOf(rest, count), text);
  }

  /** Whether so many characters hold every token of this kind. */
  boolean holdsAll(int room) {
    return room >= longest;
  }

  /**
   * Tokens of this kind of at most so many characters; not to be changed.
   *
   * @param room from 1 on
   * @return null when no mask is kept for this room
   */
  long @Nullable [] upTo(int room) {
    int slot = holdsAll(room) ? 0 : room;
    if (slot > MOST_ROOM) {
      return null;
    }
    long[] made = masks.get(slot);
    if (made == null) {
      made = new long[(characters.length + 63) >> 6];
      for (int id = 0; id < characters.length; id++) {
        if (characters[id] > 0 && characters[id] <= room) {
          made[id >> 6] |= 1L << id;
        }
      }
      masks.set(slot, made);
    }
    return made;
  }
}
