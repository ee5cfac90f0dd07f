package dev.hearth.inference.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to download, and how it is checked.
 *
 * @param name what it will be called here
 * @param uri where it is; https, or http on this machine
 * @param sha256 64 lower-case hexadecimal digits that it must have, or null: the server has to say
 *     them
 * @param verify false takes a file whose digest nobody knows
 */
public record PullSource(String name, URI uri, @Nullable String sha256, boolean verify) {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");
  private static final String SUFFIX = ".gguf";

  /**
   * Checks all parts.
   *
   * @throws IllegalArgumentException if one breaks its rule; says which and what would do
   */
  public PullSource {
    ModelFolder.requireNewName(name);
    WebAddress.requireSafe(uri);
    if (sha256 != null) {
      if (!DIGEST.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "\"" + sha256 + "\" is no SHA-256: give 64 hexadecimal digits");
      }
      sha256 = sha256.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Finds out what an operator means.
   *
   * @param nameOrUrl a name of the catalogue, or an address
   * @param name what it shall be called; null takes the catalogue's name, or the last part of the
   *     address without {@code .gguf}
   * @param sha256 digest that it must have; null takes the catalogue's, if it has one
   * @param verify false takes a file whose digest nobody knows
   * @throws IllegalArgumentException if the name is unknown or the address will not do
   */
  public static PullSource of(
      String nameOrUrl, @Nullable String name, @Nullable String sha256, boolean verify) {
    if (nameOrUrl.contains("://")) {
      URI uri = parse(nameOrUrl);
      return new PullSource(name == null ? lastPart(uri) : name, uri, sha256, verify);
    }
    Catalogue.Entry entry =
        Catalogue.find(nameOrUrl)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "\"%s\" is neither an address nor in the catalogue, which has: %s"
                        .formatted(nameOrUrl, Catalogue.names())));
    return new PullSource(
        name == null ? entry.name() : name,
        entry.uri(),
        sha256 == null ? entry.sha256() : sha256,
        verify);
  }

  private static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + url + "\" is no address: " + e.getReason(), e);
    }
  }

  private static String lastPart(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String last = path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B");
    String decoded;
    try {
      decoded = URLDecoder.decode(last, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the path of " + uri + " is not well formed", e);
    }
    return decoded.toLowerCase(Locale.ROOT).endsWith(SUFFIX)
        ? decoded.substring(0, decoded.length() - SUFFIX.length())
        : decoded;
  }
}
