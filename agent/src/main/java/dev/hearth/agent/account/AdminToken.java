package dev.hearth.agent.account;

import dev.hearth.agent.start.DataDirectory;
import dev.hearth.agent.start.StartException;
import dev.hearth.agent.start.StartReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The admin token. The database holds its SHA-256 (of 256 random bits, so a slow hash would add
 * nothing); the file {@code admin-token} of the data directory, readable by its owner only, holds
 * the token itself so that the launcher on this machine can ask. Whoever deletes the file keeps a
 * valid token that only they know.
 */
@Component
@Order(50)
class AdminToken implements StartReport {
  /** The shortest fixed token, in characters: shorter ones can be guessed. */
  static final int MIN_LENGTH = 16;

  private static final String PREFIX = "hearth_";
  private static final int RANDOM_BYTES = 32;

  private final Path file;
  private final byte[] hash;
  private final List<String> report;

  AdminToken(DataDirectory data, AccountSettings settings, AdminTokens tokens) {
    this.file = data.path().resolve("admin-token");
    String fixed = settings.token();
    if (fixed != null && !fixed.isBlank()) {
      this.hash = hash(checked(fixed.strip()));
      tokens.save(new AdminTokens.Stored(HexFormat.of().formatHex(hash), false));
      delete();
      this.report = List.of("admin token as fixed by HEARTH_TOKEN");
      return;
    }
    Optional<AdminTokens.Stored> stored =
        tokens.find().filter(AdminTokens.Stored::generated).filter(s -> !settings.newToken());
    if (stored.isPresent()) {
      this.hash = HexFormat.of().parseHex(stored.get().hash());
      String kept = read();
      this.report =
          kept != null && MessageDigest.isEqual(hash(kept), hash)
              ? List.of("admin token in " + file + " (readable by its owner only)")
              : List.of(
                  "admin token as shown at its first start; " + file + " does not hold it",
                  "lost it? ./hearth up --new-token makes a new one");
      return;
    }
    String token = generate();
    this.hash = hash(token);
    write(token);
    tokens.save(new AdminTokens.Stored(HexFormat.of().formatHex(hash), true));
    this.report =
        List.of(
            "admin token " + token,
            "shown this once; also in " + file + " (readable by its owner only), where ./hearth",
            "finds it; the database holds only its hash");
  }

  /** Whether this is the admin token; takes the same time for every wrong one. */
  boolean matches(String token) {
    return MessageDigest.isEqual(hash(token), hash);
  }

  private static String checked(String token) {
    if (token.length() < MIN_LENGTH || !token.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new StartException(
          "HEARTH_TOKEN has %d characters; it needs at least %d of visible ASCII."
              .formatted(token.length(), MIN_LENGTH),
          "Take the output of: openssl rand -hex 32");
    }
    return token;
  }

  private static String generate() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return PREFIX + HexFormat.of().formatHex(random);
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256; every Java must have it", e);
    }
  }

  private @Nullable String read() {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : null;
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read", e);
    }
  }

  private void write(String token) {
    try {
      Files.deleteIfExists(file);
      FileAttribute<?>[] ownerOnly =
          FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0];
      Files.createFile(file, ownerOnly);
      Files.writeString(file, token + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be written", e);
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("The outdated file " + file + " cannot be deleted", e);
    }
  }

  @Override
  public String title() {
    return "Access";
  }

  @Override
  public List<String> lines() {
    return report;
  }
}
