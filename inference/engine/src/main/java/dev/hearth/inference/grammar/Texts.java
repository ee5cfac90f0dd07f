package dev.hearth.inference.grammar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules for text that is not listed: characters of strings, parts of a given text. */
final class Texts {
  private Texts() {}

  /**
   * Characters of a JSON string, without its quotes.
   *
   * @param min least number of characters (code points)
   * @param max greatest, {@link Integer#MAX_VALUE} for no limit
   */
  static Rule json(int min, int max) {
    if (max == Integer.MAX_VALUE) {
      return Rule.repeat(next -> new JsonCharacter(Utf8.START, max, next, null), min, max);
    }
    return end -> {
      Node unlimited = json(0, Integer.MAX_VALUE).before(end);
      return Rule.counted(
              count ->
                  next ->
                      new JsonCharacter(
                          Utf8.START, max - count, next, count < min ? null : unlimited),
              min,
              max)
          .before(end);
    };
  }

  /** One character of a JSON string: any but quote, backslash and controls, or an escape. */
  private static final class JsonCharacter extends Node.Leaf {
    /** Bytes below 64 that stand for themselves: neither controls nor the quote. */
    private static final long PLAIN = (-1L << ' ') & ~(1L << '"');

    private final int state;
    private final int room;
    private final Node next;
    private final @Nullable Node unlimited;
    private final @Nullable Node[] after = new Node[Utf8.STATES];
    private @Nullable Node escape;

    JsonCharacter(int state, int room, Node next, @Nullable Node unlimited) {
      this.state = state;
      this.room = room;
      this.next = next;
      this.unlimited = unlimited;
    }

    @Override
    void addLive(long[] live) {
      long[] own = Utf8.live(state);
      live[0] |= state == Utf8.START ? own[0] & PLAIN : own[0];
      live[1] |= own[1];
      live[2] |= own[2];
      live[3] |= own[3];
    }

    @Override
    @Nullable Node step(int b) {
      if (state == Utf8.START && (b < ' ' || b == '"')) {
        return null;
      }
      if (state == Utf8.START && b == '\\') {
        return escape();
      }
      int to = Utf8.step(state, b);
      if (to < 0) {
        return null;
      }
      if (to == Utf8.START) {
        return next;
      }
      Node made = after[to];
      if (made == null) {
        made = new JsonCharacter(to, room, next, null);
        after[to] = made;
      }
      return made;
    }

    @Override
    @Nullable PlainText plain() {
      return state == Utf8.START ? PlainText.OF_STRING : null;
    }

    @Override
    int room() {
      return room;
    }

    @Override
    @Nullable Node unlimited() {
      return unlimited;
    }

    private Node escape() {
      Node made = escape;
      if (made == null) {
        made = new Escape(Escape.KIND, next);
        escape = made;
      }
      return made;
    }
  }

  /**
   * What follows a backslash: a letter, or {@code u00} and two digits for the controls that have no
   * letter, for one form is enough. Every character of a string with a limit has its own, so they
   * are made small.
   */
  private static final class Escape extends Node.Leaf {
    /** After the backslash. */
    static final int KIND = 0;

    private static final int U = 1;
    private static final int U0 = 2;
    private static final int U00 = 3;
    private static final int U000 = 4;
    private static final int U001 = 5;

    /** What each state takes. */
    private static final String[] TAKEN = {
      "\"\\nrtbfu", "0", "0", "01", "01234567bef", "0123456789abcdef"
    };

    private final int state;
    private final Node next;
    private final @Nullable Node[] after = new Node[2];

    Escape(int state, Node next) {
      this.state = state;
      this.next = next;
    }

    @Override
    void addLive(long[] live) {
      String taken = TAKEN[state];
      for (int i = 0; i < taken.length(); i++) {
        live[taken.charAt(i) >> 6] |= 1L << taken.charAt(i);
      }
    }

    @Override
    @Nullable Node step(int b) {
      if (TAKEN[state].indexOf(b) < 0) {
        return null;
      }
      return switch (state) {
        case KIND -> b == 'u' ? on(U) : next;
        case U -> on(U0);
        case U0 -> on(U00);
        case U00 -> on(b == '0' ? U000 : U001);
        default -> next;
      };
    }

    private Node on(int to) {
      int slot = to == U001 ? 1 : 0;
      Node made = after[slot];
      if (made == null) {
        made = new Escape(to, next);
        after[slot] = made;
      }
      return made;
    }
  }

  /**
   * A part of a text, inside a JSON string: from the start of a word to the end of one. In scripts
   * that write no blanks between words every character is a boundary. Punctuation stands neither
   * first nor last, unless the text has nothing else.
   *
   * @param text what may be quoted
   * @param max greatest number of characters (code points)
   * @return null when the text is blank
   */
  static @Nullable Rule partOf(String text, int max) {
    Part part = Part.of(text.codePoints().toArray(), max);
    return part == null ? null : part::first;
  }

  private static final class Part {
    private final int[] text;
    private final boolean[] starts;
    private final boolean[] ends;
    private final int max;

    private Part(int[] text, boolean[] starts, boolean[] ends, int max) {
      this.text = text;
      this.starts = starts;
      this.ends = ends;
      this.max = max;
    }

    static @Nullable Part of(int[] text, int max) {
      boolean[] starts = new boolean[text.length];
      boolean[] ends = new boolean[text.length];
      boolean wordy = false;
      for (int i = 0; i < text.length; i++) {
        wordy |= solid(text[i]);
      }
      boolean any = false;
      for (int i = 0; i < text.length; i++) {
        if (wordy ? !solid(text[i]) : blank(text[i])) {
          continue;
        }
        starts[i] = i == 0 || boundary(text[i - 1], text[i]);
        ends[i] = i + 1 == text.length || boundary(text[i], text[i + 1]);
      }
      for (int i = 0; i < text.length; i++) {
        starts[i] = starts[i] && endWithin(ends, i, max);
        any |= starts[i];
      }
      return any ? new Part(text, starts, ends, max) : null;
    }

    private static boolean endWithin(boolean[] ends, int start, int max) {
      for (int i = start; i < ends.length && i - start < max; i++) {
        if (ends[i]) {
          return true;
        }
      }
      return false;
    }

    private static boolean blank(int c) {
      return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    private static boolean word(int c) {
      int type = Character.getType(c);
      return Character.isLetterOrDigit(c)
          || type == Character.NON_SPACING_MARK
          || type == Character.COMBINING_SPACING_MARK
          || c == '_';
    }

    private static boolean solid(int c) {
      return switch (Character.getType(c)) {
        case Character.MATH_SYMBOL,
            Character.CURRENCY_SYMBOL,
            Character.OTHER_SYMBOL,
            Character.OTHER_NUMBER,
            Character.LETTER_NUMBER ->
            true;
        default -> word(c);
      };
    }

    private static boolean unspaced(int c) {
      return switch (Character.UnicodeScript.of(c)) {
        case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR ->
            Character.getType(c) != Character.NON_SPACING_MARK;
        default -> false;
      };
    }

    private static boolean boundary(int before, int after) {
      boolean mark = Character.getType(after) == Character.NON_SPACING_MARK;
      return !mark && (!word(before) || !word(after) || unspaced(before) || unspaced(after));
    }

    Node first(Node next) {
      // Without a limit, all parts share the nodes of a position; with one they cannot.
      @Nullable Node[] shared = new Node[text.length + 1];
      return new Node.Fork(() -> {
        List<Node> first = new ArrayList<>();
        for (int i = 0; i < text.length; i++) {
          if (starts[i]) {
            first.add(character(i, max, next, shared));
          }
        }
        return first.toArray(Node[]::new);
      });
    }

    private Node character(int at, int left, Node next, @Nullable Node[] shared) {
      String quoted = JsonText.quoted(Character.toString(text[at]));
      byte[] bytes = JsonText.utf8(quoted.substring(1, quoted.length() - 1));
      return Node.literal(bytes, Node.lazy(() -> after(at + 1, left - 1, next, shared)));
    }

    private Node after(int at, int left, Node next, @Nullable Node[] shared) {
      boolean limited = max < text.length;
      Node made = limited ? null : shared[at];
      if (made == null) {
        List<Node> nodes = new ArrayList<>();
        if (ends[at - 1]) {
          nodes.add(next);
        }
        if (at < text.length && endWithin(ends, at, left)) {
          nodes.add(character(at, left, next, shared));
        }
        made = Node.either(nodes.toArray(Node[]::new));
        if (!limited) {
          shared[at] = made;
        }
      }
      return made;
    }
  }
}
