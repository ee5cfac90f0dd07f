package dev.hearth.devices.mqtt;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a broker.
 *
 * @param uri {@code tcp://host:port}, {@code ssl://host:port}, {@code ws://host:port/path} or
 *     {@code wss://host:port/path}, without credentials
 * @param username who to be, or null for nobody
 * @param password the password, or null; never logged
 * @param clientId unique among the clients of the broker
 * @param connectTimeout for the whole attempt: resolving, connecting, CONNACK and subscribing
 * @param keepAlive a dead connection is noticed within 1.5 times this, whole seconds
 * @param minBackoff first pause between attempts; doubles, with jitter
 * @param maxBackoff longest pause between attempts
 * @param maxInFlight how many publishes may wait for acknowledgement at once
 * @param maxQueued how many more may wait to be sent
 * @param maxPayload larger messages from the broker are dropped, with a warning where it can be
 *     known, and larger ones to it are refused, in bytes
 * @param will last will, or null
 * @param prefix what stands before every topic on this broker, such as {@code house/}; devices do
 *     not notice. Empty for nothing
 * @param encryption whom to trust and who to be when the address is encrypted, or null for what the
 *     Java runtime trusts
 */
public record MqttOptions(
    URI uri,
    @Nullable String username,
    @Nullable String password,
    String clientId,
    Duration connectTimeout,
    Duration keepAlive,
    Duration minBackoff,
    Duration maxBackoff,
    int maxInFlight,
    int maxQueued,
    int maxPayload,
    @Nullable LastWill will,
    String prefix,
    @Nullable SSLContext encryption) {
  private static final String EXAMPLES =
      "write tcp://host:1883, ssl://host:8883, ws://host:9001/path or wss://host:443/path";

  /** What may be written, in Paho's words. */
  private static final Map<String, String> SCHEMES =
      Map.of(
          "tcp", "tcp", "mqtt", "tcp", "ssl", "ssl", "tls", "ssl", "mqtts", "ssl", "ws", "ws",
          "wss", "wss");

  private static final Map<String, Integer> PORTS =
      Map.of("tcp", 1883, "ssl", 8883, "ws", 80, "wss", 443);

  /** Checks the ranges; the message of a failure never shows credentials. */
  public MqttOptions {
    Objects.requireNonNull(uri, "uri");
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "The broker address must not carry credentials; give username and password apart");
    }
    if (!SCHEMES.containsKey(scheme(uri)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "Broker address '" + uri + "' is not understood; " + EXAMPLES);
    }
    require(!clientId.isBlank(), "clientId must not be empty");
    require(connectTimeout.isPositive(), "connectTimeout must be above 0");
    require(
        keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= 65_535,
        "keepAlive must be 1 s to 65,535 s");
    require(
        minBackoff.isPositive() && minBackoff.compareTo(maxBackoff) <= 0,
        "minBackoff must be above 0 and not above maxBackoff");
    require(maxInFlight >= 1 && maxInFlight <= 10_000, "maxInFlight must be 1 to 10,000");
    require(maxQueued >= 1, "maxQueued must be at least 1");
    require(maxPayload >= 1, "maxPayload must be at least 1");
    require(
        prefix.isEmpty() || Topics.isTopic(prefix),
        "prefix '" + prefix + "' must be a topic without wildcards, such as house/");
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("MqttOptions: " + message);
    }
  }

  /**
   * Options with defaults: a random client id, 10 s to connect, 30 s keep-alive, pauses of 0.5 s to
   * 30 s, 100 in flight, 10,000 queued, 8 MiB payload, no prefix.
   *
   * @param address {@code tcp://[user:password@]host[:port]}, or {@code ssl://...}, {@code
   *     ws://...}, {@code wss://...}
   * @return the options
   * @throws IllegalArgumentException when the address is not understood
   */
  public static MqttOptions of(String address) {
    URI given;
    try {
      given = URI.create(address.contains("://") ? address : "tcp://" + address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The broker address is not a URI; " + EXAMPLES, null);
    }
    String scheme = SCHEMES.get(scheme(given));
    if (given.getHost() == null || scheme == null) {
      throw new IllegalArgumentException(
          "The broker address lacks a host or begins with something else; " + EXAMPLES);
    }
    int port = given.getPort() >= 0 ? given.getPort() : PORTS.getOrDefault(scheme, 0);
    String path = scheme.startsWith("ws") ? Objects.requireNonNullElse(given.getRawPath(), "") : "";
    String[] user =
        given.getRawUserInfo() == null ? new String[0] : given.getRawUserInfo().split(":", 2);
    return new MqttOptions(
        URI.create(scheme(given) + "://" + given.getHost() + ":" + port + path),
        user.length > 0 ? unescape(user[0]) : null,
        user.length > 1 ? unescape(user[1]) : null,
        "hearth-" + UUID.randomUUID().toString().substring(0, 8),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        100,
        10_000,
        8 << 20,
        null,
        "",
        null);
  }

  private static String unescape(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * The same with credentials.
   *
   * @param username who to be, or null for nobody
   * @param password the password, or null
   * @return a copy
   */
  public MqttOptions withCredentials(@Nullable String username, @Nullable String password) {
    return with(copy -> {
      copy.username = username;
      copy.password = password;
    });
  }

  /**
   * The same with another client id.
   *
   * @param clientId unique among the clients of the broker
   * @return a copy
   */
  public MqttOptions withClientId(String clientId) {
    return with(copy -> copy.clientId = clientId);
  }

  /**
   * The same with another connect timeout.
   *
   * @param connectTimeout for the whole attempt
   * @return a copy
   */
  public MqttOptions withConnectTimeout(Duration connectTimeout) {
    return with(copy -> copy.connectTimeout = connectTimeout);
  }

  /**
   * The same with another keep-alive.
   *
   * @param keepAlive whole seconds
   * @return a copy
   */
  public MqttOptions withKeepAlive(Duration keepAlive) {
    return with(copy -> copy.keepAlive = keepAlive);
  }

  /**
   * The same with other pauses between attempts.
   *
   * @param minBackoff first pause
   * @param maxBackoff longest pause
   * @return a copy
   */
  public MqttOptions withBackoff(Duration minBackoff, Duration maxBackoff) {
    return with(copy -> {
      copy.minBackoff = minBackoff;
      copy.maxBackoff = maxBackoff;
    });
  }

  /**
   * The same with other limits of publishing.
   *
   * @param maxInFlight how many may wait for acknowledgement
   * @param maxQueued how many more may wait to be sent
   * @return a copy
   */
  public MqttOptions withPublishLimits(int maxInFlight, int maxQueued) {
    return with(copy -> {
      copy.maxInFlight = maxInFlight;
      copy.maxQueued = maxQueued;
    });
  }

  /**
   * The same with a last will.
   *
   * @param will the message, or null for none
   * @return a copy
   */
  public MqttOptions withWill(@Nullable LastWill will) {
    return with(copy -> copy.will = will);
  }

  /**
   * The same with a prefix before every topic.
   *
   * @param prefix such as {@code house/}, or empty
   * @return a copy
   */
  public MqttOptions withPrefix(String prefix) {
    return with(copy -> copy.prefix = prefix);
  }

  /**
   * The same with other trust, or a certificate of our own.
   *
   * @param encryption whom to trust and who to be, or null for what the Java runtime trusts
   * @return a copy
   */
  public MqttOptions withEncryption(@Nullable SSLContext encryption) {
    return with(copy -> copy.encryption = encryption);
  }

  private MqttOptions with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return new MqttOptions(
        uri,
        copy.username,
        copy.password,
        copy.clientId,
        copy.connectTimeout,
        copy.keepAlive,
        copy.minBackoff,
        copy.maxBackoff,
        copy.maxInFlight,
        copy.maxQueued,
        maxPayload,
        copy.will,
        copy.prefix,
        copy.encryption);
  }

  /** What a copy may differ in. */
  private static final class Copy {
    private @Nullable String username;
    private @Nullable String password;
    private String clientId;
    private Duration connectTimeout;
    private Duration keepAlive;
    private Duration minBackoff;
    private Duration maxBackoff;
    private int maxInFlight;
    private int maxQueued;
    private @Nullable LastWill will;
    private String prefix;
    private @Nullable SSLContext encryption;

    Copy(MqttOptions from) {
      username = from.username;
      password = from.password;
      clientId = from.clientId;
      connectTimeout = from.connectTimeout;
      keepAlive = from.keepAlive;
      minBackoff = from.minBackoff;
      maxBackoff = from.maxBackoff;
      maxInFlight = from.maxInFlight;
      maxQueued = from.maxQueued;
      will = from.will;
      prefix = from.prefix;
      encryption = from.encryption;
    }
  }

  /**
   * The address in Paho's spelling.
   *
   * @return {@code tcp://host:port}, or the same with ssl, ws or wss
   */
  String serverUri() {
    String scheme = SCHEMES.getOrDefault(scheme(uri), "tcp");
    int port = uri.getPort() >= 0 ? uri.getPort() : PORTS.getOrDefault(scheme, 0);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return scheme + "://" + uri.getHost() + ":" + port + path;
  }

  /**
   * Whether the connection is encrypted.
   *
   * @return true for ssl and wss, however they are written
   */
  public boolean encrypted() {
    return serverUri().startsWith("ssl:") || serverUri().startsWith("wss:");
  }

  /**
   * What tells it from other brokers.
   *
   * @return its address, and the prefix if there is one
   */
  public String label() {
    return prefix.isEmpty() ? uri.toString() : uri + " " + prefix;
  }

  /** Shows everything but the password. */
  @Override
  public String toString() {
    return "MqttOptions[uri="
        + uri
        + ", username="
        + username
        + ", password="
        + (password == null ? "none" : "***")
        + ", clientId="
        + clientId
        + (prefix.isEmpty() ? "" : ", prefix=" + prefix)
        + "]";
  }
}
