package dev.hearth.inference.tokenizer;

import dev.hearth.inference.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte-pair encoding as Qwen2 does it: added tokens are cut out, the text between is
 * brought to NFC, split into pieces by a regular expression, and the UTF-8 bytes of each piece are
 * merged.
 */
public final class BpeTokenizer implements Tokenizer {

  /**
   * Qwen2's pre-tokenizer (llama.cpp {@code llama-vocab.cpp}, QWEN2). White space is Unicode's, so
   * that U+3000 and U+00A0 count; digits are split singly.
   */
  private static final Pattern PIECES =
      Pattern.compile(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Set<String> TURN_ENDS = Set.of("<|im_end|>", "<|endoftext|>");
  private static final int CACHED_PIECES = 16_384;
  private static final int CACHED_LENGTH = 48;

  private final Vocabulary vocabulary;
  private final byte[][] bytes;
  private final int[] byteTokens = new int[256];
  private final MergeTable merges;
  private final Map<String, Integer> specials = new HashMap<>();
  private final Map<Character, List<String>> specialsByStart = new HashMap<>();
  private final Set<Integer> endOfTurn;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  /**
   * Builds the tokenizer.
   *
   * @param vocabulary tokens and merges
   * @throws ModelLoadException if a byte has no token or a merge names a token that is not there
   */
  public BpeTokenizer(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    int size = vocabulary.size();
    bytes = new byte[size][];
    Map<String, Integer> ids = HashMap.newHashMap(size);
    for (int id = 0; id < size; id++) {
      bytes[id] = bytesOf(id);
      if (vocabulary.kind(id) == TokenKind.NORMAL) {
        ids.putIfAbsent(vocabulary.token(id), id);
      } else if (added(id)) {
        specials.putIfAbsent(vocabulary.token(id), id);
      }
    }
    for (int b = 0; b < 256; b++) {
      String symbol = String.valueOf(ByteSymbols.symbol(b));
      Integer id = ids.get(symbol);
      if (id == null) {
        throw vocabulary.wrong("tokens", "a token for each byte", "none for byte " + b);
      }
      byteTokens[b] = id;
    }
    merges = readMerges(ids);
    for (String special : specials.keySet()) {
      specialsByStart.computeIfAbsent(special.charAt(0), c -> new ArrayList<>()).add(special);
    }
    for (List<String> names : specialsByStart.values()) {
      names.sort((a, b) -> b.length() - a.length());
    }
    endOfTurn = findEndOfTurn();
  }

  private boolean added(int id) {
    TokenKind kind = vocabulary.kind(id);
    return (kind == TokenKind.CONTROL || kind == TokenKind.USER_DEFINED)
        && !vocabulary.token(id).isEmpty();
  }

  private byte[] bytesOf(int id) {
    String token = vocabulary.token(id);
    return switch (vocabulary.kind(id)) {
      case UNUSED, UNKNOWN, BYTE -> new byte[0];
      case CONTROL, USER_DEFINED -> token.getBytes(StandardCharsets.UTF_8);
      case NORMAL -> {
        byte[] decoded = ByteSymbols.decode(token);
        if (decoded == null) {
          throw vocabulary.wrong(
              "token " + id, "characters that stand for bytes", '"' + token + '"');
        }
        yield decoded;
      }
    };
  }

  private MergeTable readMerges(Map<String, Integer> ids) {
    List<String> lines = vocabulary.merges();
    MergeTable table = new MergeTable(lines.size());
    for (int rank = 0; rank < lines.size(); rank++) {
      String line = lines.get(rank);
      int space = line.indexOf(' ', 1);
      Integer left = space < 0 ? null : ids.get(line.substring(0, space));
      Integer right = space < 0 ? null : ids.get(line.substring(space + 1));
      Integer merged =
          space < 0 ? null : ids.get(line.substring(0, space) + line.substring(space + 1));
      if (left == null || right == null || merged == null) {
        throw vocabulary.wrong(
            "merge " + rank, "two tokens and their sum in the vocabulary", '"' + line + '"');
      }
      table.put(left, right, rank, merged);
    }
    return table;
  }

  private Set<Integer> findEndOfTurn() {
    Set<Integer> ends = new LinkedHashSet<>(vocabulary.endTokens());
    for (String name : TURN_ENDS) {
      Integer id = specials.get(name);
      if (id != null && vocabulary.kind(id) == TokenKind.CONTROL) {
        ends.add(id);
      }
    }
    return Collections.unmodifiableSet(ends);
  }

  @Override
  public int[] encode(String text, boolean parseSpecial) {
    IntList tokens = new IntList(text.length() / 3 + 8);
    if (!parseSpecial) {
      encodeText(text, tokens);
      return tokens.toArray();
    }
    int done = 0;
    for (int at = 0; at < text.length(); ) {
      String special = specialAt(text, at);
      if (special == null) {
        at++;
        continue;
      }
      encodePlain(text, done, at, tokens);
      tokens.add(specials.getOrDefault(special, -1));
      at += special.length();
      done = at;
    }
    encodePlain(text, done, text.length(), tokens);
    return tokens.toArray();
  }

  private @Nullable String specialAt(String text, int at) {
    for (String name : specialsByStart.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(name, at)) {
        return name;
      }
    }
    return null;
  }

  private void encodePlain(String text, int from, int to, IntList tokens) {
    if (from < to) {
      String plain = text.substring(from, to);
      encodeText(plain.indexOf(BREAK) < 0 ? plain : plain.replace("" + BREAK, ""), tokens);
    }
  }

  private void encodeText(String text, IntList tokens) {
    String normal =
        Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
    Matcher matcher = PIECES.matcher(normal);
    int done = 0;
    while (matcher.find()) {
      // Every character matches some alternative; the gaps are a guard.
      if (matcher.start() > done) {
        tokens.addAll(encodePiece(normal.substring(done, matcher.start())));
      }
      tokens.addAll(encodePiece(matcher.group()));
      done = matcher.end();
    }
    if (done < normal.length()) {
      tokens.addAll(encodePiece(normal.substring(done)));
    }
  }

  private int[] encodePiece(String piece) {
    int[] known = cache.get(piece);
    if (known != null) {
      return known;
    }
    int[] tokens = BpeMerger.merge(merges, utf8(piece), byteTokens);
    if (piece.length() <= CACHED_LENGTH && cache.size() < CACHED_PIECES) {
      cache.put(piece, tokens);
    }
    return tokens;
  }

  /** UTF-8 bytes; an unpaired surrogate becomes U+FFFD, where {@code getBytes} would give '?'. */
  private static byte[] utf8(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      if (Character.isSurrogate(piece.charAt(i))) {
        int[] points =
            piece
                .codePoints()
                .map(p -> p >= Character.MIN_SURROGATE && p <= Character.MAX_SURROGATE ? 0xFFFD : p)
                .toArray();
        return new String(points, 0, points.length).getBytes(StandardCharsets.UTF_8);
      }
    }
    return piece.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String decode(int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int token : tokens) {
      all.writeBytes(tokenBytes(token));
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] tokenBytes(int token) {
    return bytes[check(token)];
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public OptionalInt idOf(String special) {
    Integer id = specials.get(special);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public boolean isSpecial(int token) {
    return vocabulary.kind(check(token)) != TokenKind.NORMAL;
  }

  @Override
  public boolean isControl(int token) {
    TokenKind kind = vocabulary.kind(check(token));
    return kind != TokenKind.NORMAL && kind != TokenKind.USER_DEFINED;
  }

  @Override
  public Set<Integer> endOfTurn() {
    return endOfTurn;
  }

  @Override
  public Detokenizer detokenizer() {
    return new Detokenizer(this);
  }

  private int check(int token) {
    if (token < 0 || token >= bytes.length) {
      throw new IllegalArgumentException(
          "token " + token + " is outside the vocabulary of " + bytes.length);
    }
    return token;
  }

  /** A growing array of ints. */
  private static final class IntList {
    private int[] values;
    private int size;

    IntList(int capacity) {
      values = new int[capacity];
    }

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    void addAll(int[] more) {
      if (size + more.length > values.length) {
        values = Arrays.copyOf(values, 2 * (size + more.length));
      }
      System.arraycopy(more, 0, values, size, more.length);
      size += more.length;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
