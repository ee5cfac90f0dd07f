package dev.hearth.inference.grammar;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How many characters of a JSON string each token begins before it closes the string, escapes
 * counted as one. With it the tokens for a limited room are some of those for an unlimited one.
 */
final class StringRoom {
  /** Masks for less room than the longest token needs are kept up to so many characters. */
  private static final int MOST_ROOM = 160;

  private final short[] begun;
  private final int longest;

  private final AtomicReferenceArray<long @Nullable []> masks =
      new AtomicReferenceArray<>(MOST_ROOM + 1);

  StringRoom(byte[][] text) {
    begun = new short[text.length];
    int most = 0;
    for (int id = 0; id < text.length; id++) {
      begun[id] = (short) Math.min(begun(text[id]), Short.MAX_VALUE);
      most = Math.max(most, begun[id]);
    }
    longest = most;
  }

  /** Characters begun by bytes that are a part of a string; of others it does not matter. */
  private static int begun(byte[] bytes) {
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      if (b == '"' || b < ' ') {
        break;
      }
      if (b < 0x80 || b > 0xbf) {
        count++;
      }
      if (b == '\\') {
        i += i + 1 < bytes.length && bytes[i + 1] == 'u' ? 5 : 1;
      }
    }
    return count;
  }

  /** Whether so many characters are room enough for every token. */
  boolean holdsAll(int room) {
    return room >= longest;
  }

  /**
   * The tokens that begin at most so many characters; not to be changed.
   *
   * @param room from 1 on, less than {@link #holdsAll} wants
   * @return null when no mask is kept for this room
   */
  long @Nullable [] upTo(int room) {
    if (room > MOST_ROOM) {
      return null;
    }
    long[] made = masks.get(room);
    if (made == null) {
      made = new long[(begun.length + 63) >> 6];
      for (int id = 0; id < begun.length; id++) {
        if (begun[id] <= room) {
          made[id >> 6] |= 1L << id;
        }
      }
      masks.set(room, made);
    }
    return made;
  }
}
