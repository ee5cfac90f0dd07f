package dev.hearth.inference.store;

import java.net.InetAddress;
import java.net.URI;

/** Which addresses are downloaded from: https ones, and this machine's own. */
final class WebAddress {

  private WebAddress() {}

  /**
   * Checks an address.
   *
   * @throws IllegalArgumentException if it is not encrypted and not of this machine, or holds
   *     credentials
   */
  static void requireSafe(URI uri) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    boolean http = "http".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null || !(https || http)) {
      throw new IllegalArgumentException(
          "\"" + shown(uri) + "\" will not do: give an address that begins with https://");
    }
    if (http && !loopback(uri)) {
      throw new IllegalArgumentException(
          "\"" + shown(uri) + "\" is not encrypted: only https is used, or http on this machine");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "\"" + shown(uri) + "\" holds a user name or password, which are not supported");
    }
  }

  /** Whether it is this machine's, by name or number; nothing is looked up. */
  static boolean loopback(URI uri) {
    String host = uri.getHost();
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false; // a name of another machine
    }
  }

  /** The address without user and query, which may hold secrets. */
  static String shown(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getHost() == null
        ? String.valueOf(uri.getScheme()) + ":..."
        : uri.getScheme() + "://" + uri.getHost() + port + path;
  }
}
