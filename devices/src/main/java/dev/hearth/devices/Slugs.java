package dev.hearth.devices;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Turns names and foreign ids into slugs: {@code [a-z0-9]+(_[a-z0-9]+)*}, 1 to 64 characters. */
public final class Slugs {
  /** The longest slug, in characters. */
  public static final int MAX_LENGTH = 64;

  private static final Pattern SLUG = Pattern.compile("[a-z0-9]+(_[a-z0-9]+)*");

  private Slugs() {}

  /**
   * The slug of a text: accents dropped, lower case, anything else becomes one underscore. Where
   * letters of other scripts are lost, or the text was cut, a checksum of the whole text keeps
   * different texts apart.
   *
   * @param text any text
   * @return the slug, the same for the same text
   */
  public static String slug(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}+", "")
            .toLowerCase(Locale.ROOT);
    boolean lost = plain.codePoints().anyMatch(c -> c > 127 && Character.isLetterOrDigit(c));
    String slug = plain.replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
    if (!lost && !slug.isEmpty() && slug.length() <= MAX_LENGTH) {
      return slug;
    }
    String head = slug.substring(0, Math.min(slug.length(), MAX_LENGTH - 9)).replaceAll("_$", "");
    return head.isEmpty() ? "x" + checksum(text) : head + "_" + checksum(text);
  }

  /**
   * A short checksum of a text, for keeping ids apart.
   *
   * @param text any text
   * @return eight hexadecimal digits
   */
  public static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  static void requireSlug(String what, String value) {
    if (value.length() > MAX_LENGTH || !SLUG.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " '"
              + value
              + "' is not a slug: use a-z, 0-9 and single underscores, at most "
              + MAX_LENGTH
              + " characters");
    }
  }
}
