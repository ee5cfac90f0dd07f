package dev.hearth.devices;

/**
 * Cleans names that devices and people give. A device's name is data that later stands in front of
 * a language model, so characters that could act as markup or hide text do not survive.
 */
public final class Names {
  /** The longest name, in code points. */
  public static final int MAX_LENGTH = 64;

  /** The longest line, in UTF-16 units. */
  public static final int MAX_LINE = 400;

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

  /**
   * A message fit for a log and for people, whoever had a hand in it: on one line, without what
   * hides or turns text, at most {@link #MAX_LINE} long, an ellipsis at the end of a longer one.
   *
   * @param raw any text
   * @return the line, perhaps empty
   */
  public static String line(String raw) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < raw.length(); ) {
      int c = raw.codePointAt(i);
      i += Character.charCount(c);
      if (out.length() + Character.charCount(c) >= MAX_LINE && i < raw.length()) {
        return out.append('…').toString();
      }
      out.appendCodePoint(visible(c) ? c : ' ');
    }
    return out.toString();
  }

  private static boolean allowed(int c) {
    if (Character.isWhitespace(c) || Character.isSpaceChar(c) || "<>{}|`".indexOf(c) >= 0) {
      return false;
    }
    return visible(c);
  }

  private static boolean visible(int c) {
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
