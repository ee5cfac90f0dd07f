package dev.hearth.agent.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Brings the embedded model to a file, for the engine maps files into memory. */
final class ModelStore {
  private static final String RESOURCE = "/models/hearth-home.gguf";

  private ModelStore() {}

  /**
   * The embedded model as a file below the folder; written only when it is not there yet. Its name
   * holds the model's digest, so that an old file is never taken for a new model.
   */
  static Path embedded(Path folder) {
    try (InputStream in = ModelStore.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "this build holds no embedded model; set hearth.language.provider to gguf or openai");
      }
      byte[] bytes = in.readAllBytes();
      String digest =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
      Path file = folder.resolve("hearth-home-" + digest + ".gguf");
      if (!Files.exists(file) || Files.size(file) != bytes.length) {
        Files.createDirectories(folder);
        Path half = Files.createTempFile(folder, "hearth-home", ".part");
        Files.write(half, bytes);
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded model cannot be written to " + folder, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
