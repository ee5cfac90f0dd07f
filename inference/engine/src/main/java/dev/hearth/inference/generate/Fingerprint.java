package dev.hearth.inference.generate;

import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.GgufTensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What distinguishes one model's file from another's, without reading all of it. */
final class Fingerprint {

  private static final int SAMPLE_BYTES = 256;

  private Fingerprint() {}

  /**
   * The fingerprint: metadata, and the ends of every tensor.
   *
   * @param purpose what the fingerprint is for
   * @return 32 bytes
   */
  static byte[] of(GgufFile file, String purpose) {
    MessageDigest digest = sha256();
    put(digest, purpose + " " + file.size());
    for (Map.Entry<String, Object> entry : new TreeMap<>(file.metadata()).entrySet()) {
      put(digest, entry.getKey() + "=" + Arrays.deepToString(new Object[] {entry.getValue()}));
    }
    for (GgufTensor tensor : file.tensors().values()) {
      put(digest, tensor.name() + " " + tensor.type() + " " + tensor.columns());
      long size = tensor.data().byteSize();
      long sample = Math.min(SAMPLE_BYTES, size);
      digest.update(tensor.data().asSlice(0, sample).asByteBuffer());
      digest.update(tensor.data().asSlice(size - sample, sample).asByteBuffer());
    }
    return digest.digest();
  }

  private static void put(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
