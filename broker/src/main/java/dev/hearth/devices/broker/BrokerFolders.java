package dev.hearth.devices.broker;

import com.hivemq.configuration.info.SystemInformation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the broker finds its folders. HiveMQ's own implementation asks the operating system about
 * its hardware first, which costs a native library and a tenth of a second and serves nothing here.
 */
final class BrokerFolders implements SystemInformation {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerFolders.class);

  private final Path root;
  private final boolean temporary;
  private final long started = System.currentTimeMillis();

  private BrokerFolders(Path root, boolean temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  /** The folders under the given one, or in a temporary folder that {@link #discard} removes. */
  static BrokerFolders in(@Nullable Path dataFolder) {
    try {
      Path root =
          dataFolder == null
              ? Files.createTempDirectory("hearth-broker")
              : Files.createDirectories(dataFolder).toAbsolutePath();
      for (String name : List.of("data", "extensions", "conf", "log")) {
        Files.createDirectories(root.resolve(name));
      }
      return new BrokerFolders(root, dataFolder == null);
    } catch (IOException e) {
      throw new BrokerStartException(
          "The broker's data folder "
              + (dataFolder == null ? "(temporary)" : dataFolder)
              + " cannot be written: "
              + e.getMessage()
              + ". Give it a folder that this user may write to",
          e);
    }
  }

  /** Removes the folders when they are temporary. */
  void discard() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("The broker's temporary folder {} stays behind: {}", root, e.getMessage());
    }
  }

  Path root() {
    return root;
  }

  @Override
  public void init() {
    // Made by in().
  }

  @Override
  public String getHiveMQVersion() {
    return "embedded";
  }

  @Override
  public File getHiveMQHomeFolder() {
    return root.toFile();
  }

  @Override
  public File getConfigFolder() {
    return root.resolve("conf").toFile();
  }

  @Override
  public File getLogFolder() {
    return root.resolve("log").toFile();
  }

  @Override
  public File getDataFolder() {
    return root.resolve("data").toFile();
  }

  @Override
  public File getExtensionsFolder() {
    return root.resolve("extensions").toFile();
  }

  @Override
  public long getRunningSince() {
    return started;
  }

  @Override
  public int getProcessorCount() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public boolean isEmbedded() {
    return true;
  }
}
