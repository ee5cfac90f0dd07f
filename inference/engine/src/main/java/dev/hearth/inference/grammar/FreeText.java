package dev.hearth.inference.grammar;

import org.jspecify.annotations.Nullable;

/**
 * Text of the model: well-formed UTF-8 of at least one character, in which the opening of a tool
 * call does not occur. Where the opening is plain bytes it is looked for as Knuth, Morris and Pratt
 * do, and leads into the call; where it is an added token, that token does.
 */
final class FreeText {
  private final byte[] marker;
  private final int[] fallback;
  private final @Nullable Node call;
  private final @Nullable Node special;
  private final @Nullable Node[] characters;
  private final @Nullable Node[] betweens;

  /**
   * Creates the text.
   *
   * @param marker plain bytes that open a call; empty when a call opens otherwise
   * @param call what follows the marker; null when no call is allowed
   * @param special a call that opens with an added token; null when there is none
   */
  FreeText(byte[] marker, @Nullable Node call, @Nullable Node special) {
    this.marker = marker;
    this.call = call;
    this.special = special;
    this.fallback = fallback(marker);
    int positions = Math.max(1, marker.length);
    this.characters = new Node[positions * Utf8.STATES];
    this.betweens = new Node[positions];
  }

  private static int[] fallback(byte[] marker) {
    int[] fallback = new int[marker.length + 1];
    int matched = 0;
    for (int i = 1; i < marker.length; i++) {
      while (matched > 0 && marker[i] != marker[matched]) {
        matched = fallback[matched];
      }
      matched += marker[i] == marker[matched] ? 1 : 0;
      fallback[i + 1] = matched;
    }
    return fallback;
  }

  /** The first node: at least one character. */
  Node first() {
    return character(0, Utf8.START);
  }

  private Node character(int matched, int state) {
    int index = matched * Utf8.STATES + state;
    Node made = characters[index];
    if (made == null) {
      made = new TextCharacter(matched, state);
      characters[index] = made;
    }
    return made;
  }

  /** Between characters, after the first: more text, a call or the end. */
  private Node between(int matched) {
    Node made = betweens[matched];
    if (made == null) {
      Node more = character(matched, Utf8.START);
      made =
          special == null
              ? Node.either(Node.End.END, more)
              : Node.either(Node.End.END, more, special);
      betweens[matched] = made;
    }
    return made;
  }

  private final class TextCharacter extends Node.Leaf {
    private final int matched;
    private final int state;

    TextCharacter(int matched, int state) {
      this.matched = matched;
      this.state = state;
    }

    @Override
    void addLive(long[] live) {
      long[] own = Utf8.live(state).clone();
      if (call == null && marker.length > 0 && matched + 1 == marker.length) {
        int last = marker[matched] & 0xff;
        own[last >> 6] &= ~(1L << last);
      }
      for (int i = 0; i < live.length; i++) {
        live[i] |= own[i];
      }
    }

    @Override
    @Nullable PlainText plain() {
      if (state != Utf8.START) {
        return null;
      }
      return marker.length == 0 ? PlainText.ALL : PlainText.ALL.without(marker[0] & 0xff);
    }

    @Override
    int exception() {
      return matched == 0 ? -1 : marker[matched] & 0xff;
    }

    @Override
    @Nullable Node step(int b) {
      int to = Utf8.step(state, b);
      if (to < 0) {
        return null;
      }
      int now = matched;
      if (marker.length > 0) {
        while (now > 0 && (marker[now] & 0xff) != b) {
          now = fallback[now];
        }
        now += (marker[now] & 0xff) == b ? 1 : 0;
        if (now == marker.length) {
          return call;
        }
      }
      return to == Utf8.START ? between(now) : character(now, to);
    }
  }
}
