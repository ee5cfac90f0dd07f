package dev.hearth.agent.home;

import dev.hearth.agent.start.StartException;
import dev.hearth.devices.mqtt.MqttOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * How to reach one broker.
 *
 * @param uri such as {@code tcp://host:1883}
 * @param username empty for none
 * @param password empty for none
 * @param clientId empty for one that is made up at each start
 * @param prefix what stands before all topics, empty for nothing
 * @param tls whom to trust and who to be
 */
record BrokerSettings(
    @DefaultValue("") String uri,
    @DefaultValue("") String username,
    @DefaultValue("") String password,
    @DefaultValue("") String clientId,
    @DefaultValue("") String prefix,
    @DefaultValue Tls tls) {
  /**
   * PEM files of an encrypted connection.
   *
   * @param ca certificates of the authorities to trust; empty for those that Java trusts
   * @param certificate our certificate, with those between it and its authority; empty for none
   * @param key its private key
   * @param keyPassword the key's password; empty when it has none
   */
  record Tls(
      @DefaultValue("") String ca,
      @DefaultValue("") String certificate,
      @DefaultValue("") String key,
      @DefaultValue("") String keyPassword) {
    private boolean given() {
      return !(ca.isBlank() && certificate.isBlank() && key.isBlank());
    }

    private SSLContext context() {
      if (certificate.isBlank() != key.isBlank()) {
        throw new StartException(
            "Of hearth.mqtt.tls.certificate and hearth.mqtt.tls.key only one is given.",
            "Give both, or neither: the key belongs to the certificate.");
      }
      PemSslStoreDetails trusted =
          ca.isBlank() ? null : PemSslStoreDetails.forCertificates(pem("ca", ca));
      PemSslStoreDetails own =
          certificate.isBlank()
              ? null
              : PemSslStoreDetails.forCertificates(pem("certificate", certificate))
                  .withPrivateKey(pem("key", key))
                  .withPrivateKeyPassword(keyPassword.isEmpty() ? null : keyPassword);
      try {
        return SslBundle.of(new PemSslStoreBundle(own, trusted)).createSslContext();
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw new StartException(
            "The files of hearth.mqtt.tls cannot be used: " + e.getMessage() + ".",
            "Give PEM files: certificates that belong together, and the key of the first one, with"
                + " key-password when it is encrypted.",
            e);
      }
    }

    private static String pem(String name, String file) {
      String text;
      try {
        text = Files.readString(Path.of(file));
      } catch (IOException e) {
        throw new StartException(
            "hearth.mqtt.tls." + name + " is '" + file + "', which cannot be read.",
            "Name a PEM file that the user who runs Hearth may read.",
            e);
      }
      if (!text.contains("-----BEGIN ")) {
        throw new StartException(
            "hearth.mqtt.tls." + name + " is '" + file + "', which is no PEM file.",
            "It must begin with -----BEGIN; openssl x509 -inform der -in FILE turns a binary"
                + " certificate into one.");
      }
      return text;
    }

    @Override
    public String toString() {
      return "Tls[ca=" + ca + ", certificate=" + certificate + ", key=" + key + "]";
    }
  }

  /**
   * The same for the connection.
   *
   * @throws StartException when something is not understood
   */
  MqttOptions options() {
    return prefixed(encrypted(identified(parsed())));
  }

  private MqttOptions parsed() {
    try {
      return MqttOptions.of(uri);
    } catch (IllegalArgumentException e) {
      // What stands before an @ may be a password.
      String shown = uri.substring(uri.lastIndexOf('@') + 1);
      throw new StartException(
          "The broker's address '" + shown + "' is not understood.",
          "Write tcp://host:1883, ssl://host:8883, ws://host:9001/path or wss://host:443/path"
              + " (HEARTH_BROKER, ./hearth up --broker).",
          e);
    }
  }

  private MqttOptions identified(MqttOptions options) {
    MqttOptions named =
        username.isBlank() ? options : options.withCredentials(username, orNull(password));
    return clientId.isBlank() ? named : named.withClientId(clientId);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private MqttOptions encrypted(MqttOptions options) {
    if (!tls.given()) {
      return options;
    }
    if (!options.encrypted()) {
      throw new StartException(
          "hearth.mqtt.tls is given, but the broker's address " + options.uri() + " is plain.",
          "Write ssl:// or wss:// into the address, or leave hearth.mqtt.tls out.");
    }
    return options.withEncryption(tls.context());
  }

  private MqttOptions prefixed(MqttOptions options) {
    try {
      return options.withPrefix(prefix);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "hearth.mqtt.prefix is '" + prefix + "', which is no topic.",
          "Give a topic without wildcards, such as house/ with its slash.",
          e);
    }
  }

  @Override
  public String toString() {
    return "BrokerSettings[uri="
        + uri.substring(uri.lastIndexOf('@') + 1)
        + ", username="
        + username
        + ", clientId="
        + clientId
        + ", prefix="
        + prefix
        + ", tls="
        + tls
        + "]";
  }
}
