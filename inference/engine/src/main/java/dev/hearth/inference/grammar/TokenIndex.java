package dev.hearth.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A vocabulary prepared for grammars. One per vocabulary, shared by all grammars. */
final class TokenIndex {
  private static final Map<TokenVocabulary, TokenIndex> SHARED = new WeakHashMap<>();

  /** Bytes and token id that fit one sortable long. */
  private static final int KEY_BYTES = 5;

  /** Every token that is ordinary text. */
  final TokenTrie all;

  /** Added tokens that are text, longest first. */
  final List<AddedToken> added;

  /** Room that tokens need in strings. */
  final StringRoom room;

  final int vocabularySize;
  final int[] endOfTurn;
  private final byte[][] text;
  private final Map<PlainText, PlainTokens> plain = new ConcurrentHashMap<>();

  /**
   * An added token.
   *
   * @param text what stands for it in text
   * @param token its id
   */
  record AddedToken(String text, int token) {}

  static TokenIndex of(TokenVocabulary vocabulary) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(vocabulary, TokenIndex::new);
    }
  }

  private TokenIndex(TokenVocabulary vocabulary) {
    vocabularySize = vocabulary.size();
    endOfTurn = vocabulary.endOfTurn().stream().mapToInt(Integer::intValue).sorted().toArray();
    text = new byte[vocabularySize][];
    List<AddedToken> texts = new ArrayList<>();
    int[] ordinary = new int[vocabularySize];
    int count = 0;
    for (int id = 0; id < vocabularySize; id++) {
      byte[] bytes = vocabulary.bytes(id);
      text[id] = bytes;
      if (bytes.length == 0 || Arrays.binarySearch(endOfTurn, id) >= 0) {
        continue;
      }
      if (vocabulary.added(id)) {
        texts.add(new AddedToken(new String(bytes, StandardCharsets.UTF_8), id));
      } else if (!vocabulary.control(id) && bytes.length < Short.MAX_VALUE) {
        ordinary[count++] = id;
      }
    }
    room = new StringRoom(text);
    texts.sort((a, b) -> b.text().length() - a.text().length());
    added = List.copyOf(texts);
    all = new TokenTrie(sorted(Arrays.copyOf(ordinary, count)), text);
    List<Integer> missing = all.missingBytes();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for %d single bytes, the first is 0x%02x; a grammar needs a"
                  .formatted(missing.size(), missing.getFirst())
              + " byte-level vocabulary");
    }
  }

  /** Ids in the order of their bytes: by the first bytes as a number, then the ties. */
  private int[] sorted(int[] ids) {
    long[] keys = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      byte[] bytes = text[ids[i]];
      long key = 0;
      for (int k = 0; k < KEY_BYTES; k++) {
        key = key << 8 | (k < bytes.length ? bytes[k] & 0xff : 0);
      }
      keys[i] = key << 24 | i;
    }
    Arrays.sort(keys);
    Integer[] order = new Integer[ids.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = ids[(int) (keys[i] & 0xff_ffff)];
    }
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && keys[to] >>> 24 == keys[from] >>> 24) {
        to++;
      }
      if (to - from > 1) {
        Arrays.sort(order, from, to, (a, b) -> Arrays.compareUnsigned(text[a], text[b]));
      }
      from = to;
    }
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Text of a syntax: names of added tokens in it are those tokens. */
  Rule text(String text) {
    List<Rule> rules = new ArrayList<>();
    int plain = 0;
    for (int at = 0; at < text.length(); ) {
      AddedToken found = addedAt(text, at);
      if (found == null) {
        at++;
        continue;
      }
      rules.add(Rule.literal(JsonText.utf8(text.substring(plain, at))));
      rules.add(next -> new Node.Special(found.token(), next));
      at += found.text().length();
      plain = at;
    }
    rules.add(Rule.literal(JsonText.utf8(text.substring(plain))));
    return Rule.sequence(rules.toArray(Rule[]::new));
  }

  /** The added token whose text stands at a place, null when there is none. */
  @Nullable AddedToken addedAt(String text, int at) {
    for (AddedToken one : added) {
      if (text.startsWith(one.text(), at)) {
        return one;
      }
    }
    return null;
  }

  /** The tokens that are text of a kind. */
  PlainTokens plain(PlainText kind) {
    PlainTokens made = plain.get(kind);
    return made != null ? made : plain.computeIfAbsent(kind, k -> new PlainTokens(k, all, text));
  }
}
