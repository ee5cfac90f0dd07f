package dev.hearth.devices.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Lets one user in. Names and passwords are compared as SHA-256 digests in constant time, so that
 * neither content nor length shows in the time an answer takes.
 */
final class Credentials implements ExtensionMain, SimpleAuthenticator {
  private final byte[] username;
  private final byte[] password;

  Credentials(String username, String password) {
    this.username = digest(username.getBytes(StandardCharsets.UTF_8));
    this.password = digest(password.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    Services.securityRegistry().setAuthenticatorProvider(ignored -> this);
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
    // Nothing is held.
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    ConnectPacket packet = input.getConnectPacket();
    byte[] name = packet.getUserName().orElse("").getBytes(StandardCharsets.UTF_8);
    byte[] secret = packet.getPassword().map(Credentials::bytes).orElse(new byte[0]);
    if (matches(name, secret)) {
      output.authenticateSuccessfully();
    } else {
      output.failAuthentication(
          ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD, "User name or password is wrong");
    }
  }

  /** Compares both parts whatever the first comparison says. */
  boolean matches(byte[] name, byte[] secret) {
    boolean sameName = MessageDigest.isEqual(username, digest(name));
    boolean samePassword = MessageDigest.isEqual(password, digest(secret));
    return sameName && samePassword;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] digest(byte[] value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing from this Java runtime", e);
    }
  }
}
