package dev.hearth.inference.grammar;

/**
 * The automaton of well-formed UTF-8 (Unicode Standard, table 3-7): no overlong forms, no
 * surrogates, nothing above U+10FFFF.
 */
final class Utf8 {
  /** Between characters. */
  static final int START = 0;

  /** Number of states: start; one, two, three continuation bytes missing; after E0, ED, F0, F4. */
  static final int STATES = 8;

  private static final int ONE = 1;
  private static final int TWO = 2;
  private static final int THREE = 3;
  private static final int AFTER_E0 = 4;
  private static final int AFTER_ED = 5;
  private static final int AFTER_F0 = 6;
  private static final int AFTER_F4 = 7;

  private static final long[][] LIVE = new long[STATES][4];

  static {
    for (int state = 0; state < STATES; state++) {
      for (int b = 0; b < 256; b++) {
        if (step(state, b) >= 0) {
          LIVE[state][b >> 6] |= 1L << b;
        }
      }
    }
  }

  private Utf8() {}

  /** The state after a byte, -1 when the byte is wrong. */
  static int step(int state, int b) {
    return switch (state) {
      case START -> first(b);
      case ONE -> within(b, 0x80, 0xbf, START);
      case TWO -> within(b, 0x80, 0xbf, ONE);
      case THREE -> within(b, 0x80, 0xbf, TWO);
      case AFTER_E0 -> within(b, 0xa0, 0xbf, ONE);
      case AFTER_ED -> within(b, 0x80, 0x9f, ONE);
      case AFTER_F0 -> within(b, 0x90, 0xbf, TWO);
      default -> within(b, 0x80, 0x8f, TWO);
    };
  }

  private static int first(int b) {
    if (b < 0x80) {
      return START;
    }
    if (b < 0xc2 || b > 0xf4) {
      return -1;
    }
    if (b < 0xe0) {
      return ONE;
    }
    return switch (b) {
      case 0xe0 -> AFTER_E0;
      case 0xed -> AFTER_ED;
      case 0xf0 -> AFTER_F0;
      case 0xf4 -> AFTER_F4;
      default -> b < 0xf0 ? TWO : THREE;
    };
  }

  private static int within(int b, int low, int high, int to) {
    return b >= low && b <= high ? to : -1;
  }

  /** The bytes that {@link #step} takes; shared, not to be changed. */
  static long[] live(int state) {
    return LIVE[state];
  }

  /**
   * Where the last whole character of {@code bytes[0..length)} ends, if that text is well-formed.
   */
  static int wholeCharacters(byte[] bytes, int length) {
    int start = length;
    for (int back = 0; start > 0 && back < 4; back++) {
      start--;
      if ((bytes[start] & 0xc0) != 0x80) {
        int b = bytes[start] & 0xff;
        int size = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
        return start + size <= length ? length : start;
      }
    }
    return length;
  }
}
