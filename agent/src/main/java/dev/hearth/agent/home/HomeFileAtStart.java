package dev.hearth.agent.home;

import dev.hearth.agent.start.StartException;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.registry.StoredHome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes the operator's home file over at a start, if it is there and is not the one that was taken
 * over last. Later changes in the console or over REST stay until the file changes again.
 */
@Component
class HomeFileAtStart {
  private static final Logger LOG = LoggerFactory.getLogger(HomeFileAtStart.class);

  private final HomeStore store;
  private final JdbcClient jdbc;
  private final String file;

  @Autowired
  HomeFileAtStart(HomeStore store, JdbcClient jdbc, HomeSettings settings) {
    this(store, jdbc, settings.home().file());
  }

  HomeFileAtStart(HomeStore store, JdbcClient jdbc, String file) {
    this.store = store;
    this.jdbc = jdbc;
    this.file = file;
  }

  /** Before the home's registry reads the store. */
  void apply() {
    if (file.isBlank()) {
      return;
    }
    Path path = Path.of(file);
    if (Files.notExists(path)) {
      LOG.debug("There is no home file {}", path);
      return;
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(path)) {
      content = in.readNBytes(YamlEntry.MAX_LENGTH + 1);
    } catch (IOException e) {
      throw new StartException(
          "The home file " + path + " cannot be read: " + e.getMessage() + ".",
          "Let the user that runs Hearth read it, or take it away.",
          e);
    }
    String hash = hash(content);
    boolean known =
        jdbc.sql("select hash from home_file")
            .query(String.class)
            .optional()
            .filter(hash::equals)
            .isPresent();
    if (known) {
      return;
    }
    StoredHome before = store.load();
    StoredHome after;
    try {
      after = HomeFiles.onto(before, content);
    } catch (HomeFileException e) {
      throw new StartException(
          "The home file "
              + path
              + " is not right, and nothing of it was taken over:\n"
              + e.getMessage(),
          "Mend it, or take it away: Hearth then starts with what is in its database.",
          e);
    }
    store.save(before, after);
    jdbc.sql("delete from home_file").update();
    jdbc.sql("insert into home_file (hash) values (:hash)").param("hash", hash).update();
    LOG.info("The home file {} has changed and was taken over", path);
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
