package dev.hearth.inference.grammar;

/**
 * A kind of text that a node takes without end: well-formed UTF-8 but for some ASCII characters.
 * Most of a vocabulary is such text, so which tokens it is need not be found out for every state.
 *
 * @param barredLow bit {@code b} for each character below 64 that is not taken
 * @param barredHigh bit {@code b - 64} for each from 64 to 127
 */
record PlainText(long barredLow, long barredHigh) {
  /** Any text. */
  static final PlainText ALL = new PlainText(0, 0);

  /** What needs no escape inside a JSON string. */
  static final PlainText OF_STRING = ALL.without('"').without('\\').withoutControls();

  private PlainText withoutControls() {
    return new PlainText(barredLow | ((1L << ' ') - 1), barredHigh);
  }

  /** This text without an ASCII character. */
  PlainText without(int character) {
    return character < 64
        ? new PlainText(barredLow | 1L << character, barredHigh)
        : new PlainText(barredLow, barredHigh | 1L << character);
  }

  /** Whether a byte is barred. */
  boolean bars(int b) {
    return b < 128 && ((b < 64 ? barredLow : barredHigh) >>> b & 1) != 0;
  }
}
