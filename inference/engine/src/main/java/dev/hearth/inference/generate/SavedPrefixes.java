package dev.hearth.inference.generate;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prefixes of a model that outlive the process. */
final class SavedPrefixes {

  private static final Logger LOG = LoggerFactory.getLogger(SavedPrefixes.class);

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
    model = Fingerprint.of(file, backend);
  }

  private PrefixFile file(int[] prefix, Path folder) {
    MessageDigest digest = Fingerprint.sha256();
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
