package dev.hearth.devices;

/**
 * Cleans names that devices and people give. A device's name is data that later stands in front of
 * a language model, so characters that could act as markup or hide text do not survive.
 */
public final class Names {
  /** The longest name, in code points. */
  public static final int MAX_LENGTH = 64;

  private Names() {}

  /**
   * A name fit to show and to prompt with: control, format, private and unassigned characters and
   * {@code < > { } | `} become spaces, runs of white space become one space, at most {@link
   * #MAX_LENGTH} code points.
   *
   * @param raw any text
   * @return the clean name, perhaps empty
   */
  public static String clean(String raw) {
    StringBuilder out = new StringBuilder();
    int length = 0;
    boolean space = false;
    for (int i = 0; i < raw.length() && length < MAX_LENGTH; ) {
      int c = raw.codePointAt(i);
      i += Character.charCount(c);
      if (!allowed(c)) {
        space = true;
        continue;
      }
      if (space && !out.isEmpty()) {
        if (length + 2 > MAX_LENGTH) {
          break;
        }
        out.append(' ');
        length++;
      }
      space = false;
      out.appendCodePoint(c);
      length++;
    }
    return out.toString();
  }

  private static boolean allowed(int c) {
    if (Character.isWhitespace(c) || Character.isSpaceChar(c) || "<>{}|`".indexOf(c) >= 0) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
