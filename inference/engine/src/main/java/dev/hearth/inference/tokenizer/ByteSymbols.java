package dev.hearth.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's printable stand-ins for bytes: vocabularies write a byte as one visible character. Bytes
 * that are visible in Latin-1 stand for themselves, the others are numbered from U+0100.
 */
public final class ByteSymbols {

  private static final int FIRST_STAND_IN = 256;
  private static final char[] SYMBOLS = new char[256];
  private static final short[] BYTES = new short[512];

  static {
    Arrays.fill(BYTES, (short) -1);
    int next = FIRST_STAND_IN;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      SYMBOLS[b] = (char) (visible ? b : next++);
      BYTES[SYMBOLS[b]] = (short) b;
    }
  }

  private ByteSymbols() {}

  /** The character that stands for a byte (0 to 255). */
  public static char symbol(int b) {
    return SYMBOLS[b];
  }

  /** A text with each of its UTF-8 bytes written as its stand-in. */
  public static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder symbols = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      symbols.append(SYMBOLS[b & 0xFF]);
    }
    return symbols.toString();
  }

  /** The bytes behind a written token, or null if a character stands for none. */
  static byte @Nullable [] decode(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char symbol = token.charAt(i);
      if (symbol >= BYTES.length || BYTES[symbol] < 0) {
        return null;
      }
      bytes[i] = (byte) BYTES[symbol];
    }
    return bytes;
  }
}
