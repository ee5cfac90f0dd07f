package dev.hearth.inference.generate;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.GgufTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prefixes of a model that outlive the process. */
final class SavedPrefixes {

  private static final Logger LOG = LoggerFactory.getLogger(SavedPrefixes.class);
  private static final int SAMPLE_BYTES = 256;

  private final Session session;
  private final PrefixCache cache;
  private final byte[] model;

  /**
   * Prepares.
   *
   * @param backend name of what made the pages
   */
  SavedPrefixes(GgufFile file, String backend, Session session, PrefixCache cache) {
    this.session = session;
    this.cache = cache;
    model = fingerprint(file, backend);
  }

  /** What distinguishes the model: metadata, and the ends of every tensor. */
  private static byte[] fingerprint(GgufFile file, String backend) {
    MessageDigest digest = sha256();
    put(digest, backend + " " + file.size());
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private PrefixFile file(int[] prefix, Path folder) {
    MessageDigest digest = sha256();
    digest.update(model);
    ByteBuffer tokens = ByteBuffer.allocate(Integer.BYTES * prefix.length);
    tokens.asIntBuffer().put(prefix);
    digest.update(tokens);
    byte[] key = digest.digest();
    return new PrefixFile(folder, HexFormat.of().formatHex(key, 0, 12), key, session);
  }

  /** Tokens of a prefix that are kept: the next-token layer reads each with the one after it. */
  private int kept(int[] prefix) {
    return prefix.length - (session.drafts() ? 1 : 0);
  }

  /** Reads a prefix into the cache; returns whether it was there and whole. */
  boolean load(int[] prefix, Path folder) {
    PrefixFile file = file(prefix, folder);
    if (!Files.exists(file.path())) {
      return false;
    }
    int kept = kept(prefix);
    int needed = cache.pages(kept);
    if (!cache.reserve(needed, false)) {
      return false;
    }
    boolean reserved = true;
    try {
      List<KvPage> pages = file.read(kept);
      reserved = false;
      cache.settle(
          needed,
          prefix,
          kept,
          at -> pages.get(at / session.pageTokens()),
          () -> pages.forEach(KvPage::release));
      return true;
    } catch (IOException e) {
      LOG.warn("A saved prefix is not used: {}; it will be made anew", e.getMessage());
      return false;
    } finally {
      if (reserved) {
        cache.release(needed);
      }
    }
  }

  /** Writes what the cache has of a prefix, if that is all of it. */
  void save(int[] prefix, Path folder) {
    Sequence sequence = session.newSequence();
    try {
      int kept = kept(prefix);
      cache.take(sequence, Arrays.copyOf(prefix, prefix.length + 1));
      if (sequence.position() < kept) {
        LOG.info("The prefix of {} tokens is not kept: the KV cache is too small", prefix.length);
        return;
      }
      List<KvPage> pages = new ArrayList<>();
      for (int at = 0; at < kept; at += session.pageTokens()) {
        pages.add(sequence.page(at));
      }
      file(prefix, folder).write(kept, pages);
    } catch (IOException e) {
      LOG.warn("The prefix cannot be saved in {}: {}; the next start runs it again", folder, e);
    } finally {
      sequence.clear();
    }
  }
}
