package dev.hearth.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Forced text as the tokens that the tokenizer itself would give for the whole turn. The last ones
 * are left to the model where a longer token could cover them and go on into a choice: after a
 * value {@code "} is not forced while {@code ",} and {@code "}} are tokens that may follow.
 *
 * <p>A boundary is kept when no way on moves it. The ways tried are the tokens that begin before
 * the end of the forced text, reach over it and fit the grammar: if the tokens before the end
 * change at all, one of those covers it. Each is checked with the tokenizer; when there are very
 * many, an even sample of them.
 */
final class ForcedTokens {
  /** Checks with the tokenizer for one forced text. */
  private static final int MAX_PROBES = 24;

  /** Candidates collected for one position. */
  private static final int MAX_CANDIDATES = 256;

  /** How far back from the end a crossing token is looked for. */
  private static final int MAX_BACK = 48;

  /** Text of the turn that is encoded again, in bytes. */
  private static final int MAX_TAIL = 4096;

  private final TokenTrie trie;
  private final TokenVocabulary vocabulary;
  private final TextEncoder encoder;

  ForcedTokens(TokenIndex index, TokenVocabulary vocabulary, TextEncoder encoder) {
    this.trie = index.all;
    this.vocabulary = vocabulary;
    this.encoder = encoder;
  }

  int[] of(Automaton.State state, int[] turn) {
    List<Automaton.Piece> pieces = state.forced().pieces();
    IntStream.Builder tokens = IntStream.builder();
    byte[] tail = tail(turn);
    Automaton.State at = state;
    for (int i = 0; i < pieces.size(); i++) {
      Automaton.Piece piece = pieces.get(i);
      if (piece.token() >= 0) {
        tokens.add(piece.token());
        tail = new byte[0];
        at = require(at.stepSpecial(piece.token()));
      } else {
        boolean last = i + 1 == pieces.size();
        for (int token : plain(tail, piece.bytes(), at, last)) {
          tokens.add(token);
        }
        at = require(at.step(piece.bytes()));
      }
    }
    return tokens.build().toArray();
  }

  private static Automaton.State require(Automaton.@Nullable State state) {
    if (state == null) {
      throw new IllegalStateException("forced text is not taken by its own grammar");
    }
    return state;
  }

  /** The plain text since the last added token of the turn. */
  private byte[] tail(int[] turn) {
    int start = turn.length;
    int size = 0;
    while (start > 0 && !vocabulary.added(turn[start - 1]) && size < MAX_TAIL) {
      size += vocabulary.bytes(turn[--start]).length;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    for (int i = start; i < turn.length; i++) {
      bytes.writeBytes(vocabulary.bytes(turn[i]));
    }
    return bytes.toByteArray();
  }

  private int[] plain(byte[] tail, byte[] forced, Automaton.State at, boolean last) {
    byte[] all = Arrays.copyOf(tail, tail.length + forced.length);
    System.arraycopy(forced, 0, all, tail.length, forced.length);
    int end = Utf8.wholeCharacters(all, all.length);
    if (end <= tail.length) {
      return new int[0];
    }
    byte[] whole = end == all.length ? all : Arrays.copyOf(all, end);
    int[] tokens = canonical(whole, tail.length);
    if (!last) {
      return tokens;
    }
    Automaton.State after = require(at.step(Arrays.copyOfRange(whole, tail.length, end)));
    int keep = stable(whole, tail.length, tokens, after);
    return Arrays.copyOf(tokens, keep);
  }

  /** Tokens for {@code text[from..)}, such as the tokenizer gives for the whole text if it can. */
  private int[] canonical(byte[] text, int from) {
    int[] all = encode(text, text.length);
    int length = 0;
    for (int i = 0; all != null && i <= all.length; i++) {
      if (length == from) {
        return Arrays.copyOfRange(all, i, all.length);
      }
      length += i < all.length ? vocabulary.bytes(all[i]).length : 0;
    }
    byte[] rest = Arrays.copyOfRange(text, from, text.length);
    int[] alone = encode(rest, rest.length);
    return alone != null ? alone : longest(rest);
  }

  /** The tokenizer's tokens of well-formed text that it does not change; null otherwise. */
  private int @Nullable [] encode(byte[] text, int length) {
    String decoded;
    try {
      decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(text, 0, length))
              .toString();
    } catch (CharacterCodingException e) {
      return null; // the turn ends inside a character; the caller has another way
    }
    int[] tokens = encoder.encode(decoded);
    int at = 0;
    for (int token : tokens) {
      byte[] bytes = vocabulary.bytes(token);
      if (vocabulary.added(token)
          || at + bytes.length > length
          || !Arrays.equals(text, at, at + bytes.length, bytes, 0, bytes.length)) {
        return null;
      }
      at += bytes.length;
    }
    return at == length ? tokens : null;
  }

  /** The longest token at each place: right for the grammar, if not what the tokenizer gives. */
  private int[] longest(byte[] text) {
    IntStream.Builder tokens = IntStream.builder();
    for (int at = 0; at < text.length; ) {
      int node = -1;
      int token = -1;
      int end = at;
      for (int i = at; i < text.length && (node = trie.child(node, text[i])) >= 0; i++) {
        if (trie.token[node] >= 0) {
          token = trie.token[node];
          end = i + 1;
        }
      }
      if (token < 0) {
        break;
      }
      tokens.add(token);
      at = end;
    }
    return tokens.build().toArray();
  }

  /** How many of the tokens for {@code text[from..)} stay whatever follows. */
  private int stable(byte[] text, int from, int[] tokens, Automaton.State after) {
    List<byte[]> ways = ways(text, from, after);
    if (ways.isEmpty()) {
      return tokens.length;
    }
    // Encoding from a little before the end gives the same tokens there, at less cost.
    int start = window(text, from, tokens);
    byte[] near = Arrays.copyOfRange(text, start, text.length);
    int[] base = encode(near, near.length);
    if (base == null || !endsWith(base, tokens)) {
      near = text;
      base = encode(near, near.length);
    }
    int keep = tokens.length;
    int stride = Math.max(1, (ways.size() + MAX_PROBES - 1) / MAX_PROBES);
    for (int i = 0; i < ways.size() && keep > 0; i += stride) {
      byte[] way = ways.get(i);
      byte[] longer = Arrays.copyOf(near, near.length + way.length);
      System.arraycopy(way, 0, longer, near.length, way.length);
      int[] probed = encode(longer, Utf8.wholeCharacters(longer, longer.length));
      if (base == null || probed == null) {
        continue;
      }
      int same = Arrays.mismatch(base, probed);
      int moved = same < 0 || same >= base.length ? 0 : base.length - same;
      keep = Math.min(keep, Math.max(0, tokens.length - moved));
    }
    return keep;
  }

  private static boolean endsWith(int[] all, int[] end) {
    int tail = Math.min(end.length, 4);
    return all.length >= tail
        && Arrays.equals(all, all.length - tail, all.length, end, end.length - tail, end.length);
  }

  /** A token boundary some tokens before those that could change. */
  private int window(byte[] text, int from, int[] tokens) {
    int start = text.length;
    for (int i = tokens.length - 1; i >= 0 && text.length - start < MAX_BACK; i--) {
      start -= vocabulary.bytes(tokens[i]).length;
    }
    return start <= from || text.length - start < MAX_BACK ? 0 : start;
  }

  /** What may follow so that a token covers the end of the text. */
  private List<byte[]> ways(byte[] text, int from, Automaton.State after) {
    List<byte[]> ways = new ArrayList<>();
    int back = Math.min(MAX_BACK, Math.min(trie.maxDepth - 1, text.length - from));
    for (int start = text.length - 1; start >= text.length - back; start--) {
      int node = trie.find(text, start, text.length);
      if (node >= 0) {
        crossing(node, after, ways);
      }
    }
    int length = text.length;
    if (length > 1 && isBlank(text[length - 1]) && isBlank(text[length - 2])) {
      // Blanks are split differently before a letter; one way per first byte shows it.
      for (int b = 0; b < 128; b++) {
        if (after.step(b) != null) {
          ways.add(new byte[] {(byte) b});
        }
      }
    }
    return ways;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }

  private void crossing(int node, Automaton.State after, List<byte[]> ways) {
    int base = trie.depth[node] + 1;
    Automaton.State[] at = new Automaton.State[trie.maxDepth - base + 1];
    byte[] path = new byte[trie.maxDepth - base];
    at[0] = after;
    int found = 0;
    for (int child = node + 1; child < trie.end[node] && found < MAX_CANDIDATES; ) {
      int depth = trie.depth[child] - base;
      Automaton.State to = at[depth].step(trie.bytes[child] & 0xff);
      if (to == null) {
        child = trie.end[child];
        continue;
      }
      path[depth] = trie.bytes[child];
      if (trie.token[child] >= 0) {
        ways.add(Arrays.copyOf(path, depth + 1));
        found++;
      }
      at[depth + 1] = to;
      child++;
    }
  }
}
