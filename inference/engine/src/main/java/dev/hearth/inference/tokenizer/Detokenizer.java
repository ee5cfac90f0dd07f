package dev.hearth.inference.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns tokens into text one at a time, holding back the bytes of a character that is not yet
 * complete. Bytes that can be no UTF-8 become U+FFFD at once. Not for several threads.
 */
public final class Detokenizer {

  private static final int LONGEST_CHARACTER = 4;

  private final Tokenizer tokenizer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer bytes = ByteBuffer.allocate(64);
  private CharBuffer chars = CharBuffer.allocate(64);

  Detokenizer(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Takes the next token.
   *
   * @return the text that is now complete, often empty
   */
  public String accept(int token) {
    if (tokenizer.isControl(token)) {
      return "";
    }
    byte[] piece = tokenizer.tokenBytes(token);
    reserve(piece.length);
    bytes.put(piece);
    return drain(false);
  }

  /** Ends the stream: bytes still held back become U+FFFD. */
  public String finish() {
    String rest = drain(true);
    decoder.reset();
    return rest;
  }

  private void reserve(int more) {
    if (bytes.remaining() < more) {
      ByteBuffer larger = ByteBuffer.allocate(2 * (bytes.position() + more));
      bytes.flip();
      larger.put(bytes);
      bytes = larger;
    }
    int needed = bytes.capacity() + LONGEST_CHARACTER;
    if (chars.capacity() < needed) {
      chars = CharBuffer.allocate(needed);
    }
  }

  private String drain(boolean end) {
    bytes.flip();
    chars.clear();
    decoder.decode(bytes, chars, end);
    if (end) {
      decoder.flush(chars);
    }
    bytes.compact();
    return chars.flip().toString();
  }
}
