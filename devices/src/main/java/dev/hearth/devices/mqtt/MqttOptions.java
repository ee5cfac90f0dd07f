package dev.hearth.devices.mqtt;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a broker.
 *
 * @param uri {@code tcp://host:port} or {@code ssl://host:port}, without credentials
 * @param username who to be, or null for nobody
 * @param password the password, or null; never logged
 * @param clientId unique among the clients of the broker
 * @param connectTimeout for the whole attempt: resolving, connecting, CONNACK and subscribing
 * @param keepAlive a dead connection is noticed within 1.5 times this, whole seconds
 * @param minBackoff first pause between attempts; doubles, with jitter
 * @param maxBackoff longest pause between attempts
 * @param maxInFlight how many publishes may wait for acknowledgement at once
 * @param maxQueued how many more may wait to be sent
 * @param maxPayload larger messages from the broker are dropped with a warning, in bytes
 * @param will last will, or null
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
    @Nullable LastWill will) {
  private static final Set<String> SECURE = Set.of("ssl", "tls", "mqtts");
  private static final Set<String> PLAIN = Set.of("tcp", "mqtt");

  /** Checks the ranges; the message of a failure never shows credentials. */
  public MqttOptions {
    Objects.requireNonNull(uri, "uri");
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "The broker address must not carry credentials; give username and password apart");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(SECURE.contains(scheme) || PLAIN.contains(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "Broker address '"
              + uri
              + "' is not understood; write tcp://host:1883 or"
              + " ssl://host:8883");
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
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("MqttOptions: " + message);
    }
  }

  /**
   * Options with defaults: a random client id, 10 s to connect, 30 s keep-alive, pauses of 0.5 s to
   * 30 s, 100 in flight, 10,000 queued, 1 MiB payload.
   *
   * @param address {@code tcp://[user:password@]host[:port]}, or {@code ssl://...}
   * @return the options
   * @throws IllegalArgumentException when the address is not understood
   */
  public static MqttOptions of(String address) {
    URI given;
    try {
      given = URI.create(address.contains("://") ? address : "tcp://" + address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The broker address is not a URI; write tcp://host:1883 or ssl://host:8883", null);
    }
    if (given.getHost() == null || given.getScheme() == null) {
      throw new IllegalArgumentException(
          "The broker address lacks a host; write tcp://host:1883 or ssl://host:8883");
    }
    String scheme = given.getScheme().toLowerCase(Locale.ROOT);
    int port = given.getPort() >= 0 ? given.getPort() : SECURE.contains(scheme) ? 8883 : 1883;
    String[] user =
        given.getRawUserInfo() == null ? new String[0] : given.getRawUserInfo().split(":", 2);
    return new MqttOptions(
        URI.create(scheme + "://" + given.getHost() + ":" + port),
        user.length > 0 ? unescape(user[0]) : null,
        user.length > 1 ? unescape(user[1]) : null,
        "hearth-" + UUID.randomUUID().toString().substring(0, 8),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        100,
        10_000,
        1 << 20,
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
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The same with another client id.
   *
   * @param clientId unique among the clients of the broker
   * @return a copy
   */
  public MqttOptions withClientId(String clientId) {
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The same with another connect timeout.
   *
   * @param connectTimeout for the whole attempt
   * @return a copy
   */
  public MqttOptions withConnectTimeout(Duration connectTimeout) {
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The same with other pauses between attempts.
   *
   * @param minBackoff first pause
   * @param maxBackoff longest pause
   * @return a copy
   */
  public MqttOptions withBackoff(Duration minBackoff, Duration maxBackoff) {
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The same with other limits of publishing.
   *
   * @param maxInFlight how many may wait for acknowledgement
   * @param maxQueued how many more may wait to be sent
   * @return a copy
   */
  public MqttOptions withPublishLimits(int maxInFlight, int maxQueued) {
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The same with a last will.
   *
   * @param will the message, or null for none
   * @return a copy
   */
  public MqttOptions withWill(@Nullable LastWill will) {
    return new MqttOptions(
        uri,
        username,
        password,
        clientId,
        connectTimeout,
        keepAlive,
        minBackoff,
        maxBackoff,
        maxInFlight,
        maxQueued,
        maxPayload,
        will);
  }

  /**
   * The address in Paho's spelling.
   *
   * @return {@code tcp://host:port} or {@code ssl://host:port}
   */
  String serverUri() {
    String scheme = SECURE.contains(uri.getScheme().toLowerCase(Locale.ROOT)) ? "ssl" : "tcp";
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("ssl") ? 8883 : 1883;
    return scheme + "://" + uri.getHost() + ":" + port;
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
        + "]";
  }
}
