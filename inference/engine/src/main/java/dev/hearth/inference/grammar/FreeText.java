package dev.hearth.inference.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text of the model: well-formed UTF-8 in which a marker does not occur, such as the opening of a
 * tool call or the end of thinking. Where the marker is plain bytes it is looked for as Knuth,
 * Morris and Pratt do, and leads into what follows; where it is an added token, that token does.
 */
final class FreeText {
  private final byte[] marker;
  private final int[] fallback;
  private final @Nullable Node follows;
  private final @Nullable Node special;
  private final boolean thinking;
  private final @Nullable Node[] characters;
  private final @Nullable Node[] betweens;

  private FreeText(
      byte[] marker, @Nullable Node follows, @Nullable Node special, boolean thinking) {
    this.marker = marker;
    this.follows = follows;
    this.special = special;
    this.thinking = thinking;
    this.fallback = fallback(marker);
    int positions = Math.max(1, marker.length);
    this.characters = new Node[positions * Utf8.STATES];
    this.betweens = new Node[positions];
  }

  /**
   * An answer of at least one character.
   *
   * @param marker plain bytes that open a call; empty when a call opens otherwise
   * @param call what follows the marker; null when no call is allowed
   * @param special a call that opens with an added token; null when there is none
   */
  static Node answer(byte[] marker, @Nullable Node call, @Nullable Node special) {
    return new FreeText(marker, call, special, false).character(0, Utf8.START);
  }

  /**
   * Thinking, possibly none, up to its end mark.
   *
   * @param mark plain bytes of the end mark; empty when it is an added token
   * @param end the end mark as an added token and what follows; null when it is plain bytes
   * @param after what follows the end mark
   */
  static Node thinking(byte[] mark, Node.@Nullable Special end, Node after) {
    return new FreeText(mark, after, end, true).between(0);
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

  private Node character(int matched, int state) {
    int index = matched * Utf8.STATES + state;
    Node made = characters[index];
    if (made == null) {
      made = new TextCharacter(matched, state);
      characters[index] = made;
    }
    return made;
  }

  /** Between characters: more text, what follows or, of an answer, the end. */
  private Node between(int matched) {
    Node made = betweens[matched];
    if (made == null) {
      Node more = character(matched, Utf8.START);
      List<Node> ways = new ArrayList<>(List.of(more));
      if (!thinking) {
        ways.add(Node.End.END);
      }
      if (special != null) {
        ways.add(special);
      }
      made = Node.either(ways.toArray(Node[]::new));
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
      if (follows == null && marker.length > 0 && matched + 1 == marker.length) {
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
          return follows;
        }
      }
      return to == Utf8.START ? between(now) : character(now, to);
    }

    @Override
    @Nullable Node closing() {
      return thinking ? new Unfinished(state, this).closed() : null;
    }
  }

  /** The rest of a character at which thinking is cut off, before its end mark. */
  private final class Unfinished extends Node.Leaf {
    private final int state;
    private final TextCharacter cut;

    Unfinished(int state, TextCharacter cut) {
      this.state = state;
      this.cut = cut;
    }

    Node closed() {
      if (state != Utf8.START) {
        return this;
      }
      int matched = cut.state == Utf8.START ? cut.matched : 0;
      Node mark =
          special != null
              ? special
              : Node.literal(Arrays.copyOfRange(marker, matched, marker.length), after());
      return matched > 0 ? mark : Node.literal(JsonText.utf8("\n"), mark);
    }

    private Node after() {
      if (follows == null) {
        throw new IllegalStateException("nothing follows thinking");
      }
      return follows;
    }

    @Override
    void addLive(long[] live) {
      for (int i = 0; i < live.length; i++) {
        live[i] |= Utf8.live(state)[i];
      }
    }

    @Override
    @Nullable Node step(int b) {
      int to = Utf8.step(state, b);
      return to < 0 ? null : new Unfinished(to, cut).closed();
    }
  }
}
