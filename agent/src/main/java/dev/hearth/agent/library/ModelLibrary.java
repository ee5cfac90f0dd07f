package dev.hearth.agent.library;

import dev.hearth.agent.start.DataDirectory;
import dev.hearth.inference.store.Download;
import dev.hearth.inference.store.DownloadListener;
import dev.hearth.inference.store.ModelFolder;
import dev.hearth.inference.store.PullException;
import dev.hearth.inference.store.PullSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The models in the data directory and the downloads of this process. A download that ends with the
 * agent is taken up by the next one of the same name.
 */
@Component
public class ModelLibrary implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelLibrary.class);
  private static final int MOST_AT_ONCE = 2;
  private static final int MOST_REMEMBERED = 20;
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private record Running(Download download, Thread thread) {
    /** Whether it is at work: its thread may live a moment longer. */
    boolean active() {
      return switch (download.snapshot().state()) {
        case RUNNING, RETRYING, VERIFYING -> thread.isAlive();
        case DONE, FAILED, CANCELLED -> false;
      };
    }
  }

  private final ModelFolder folder;
  private final Map<String, Running> downloads = new LinkedHashMap<>();
  private volatile @Nullable Path loaded;

  ModelLibrary(DataDirectory data) {
    folder = new ModelFolder(data.path().resolve("models"));
  }

  /** Where the models are. */
  public Path path() {
    return folder.path();
  }

  /** Where weights in a backend's own form are kept. */
  public Path prepared() {
    return folder.prepared();
  }

  /** What remembers how fast devices are; {@code ./hearth devices} reads it, too. */
  public Path measured() {
    return folder.path().resolveSibling("devices.properties");
  }

  /** The built-in model and the others. */
  public List<ModelFolder.Model> models() {
    return reading(folder::list);
  }

  /** The file of a model that is there. */
  public Optional<Path> file(String name) {
    return reading(() -> folder.find(name)).map(ModelFolder.Model::file);
  }

  /** The name of the model of the next start; empty for the built-in one. */
  public Optional<String> chosen() {
    return reading(folder::chosen);
  }

  /**
   * Makes a model the one of the next start, if nothing else is said then. The one that runs stays.
   *
   * @return whether there is such a model
   */
  public synchronized boolean use(String name) {
    try {
      return folder.use(name);
    } catch (IOException e) {
      throw new UncheckedIOException("The model " + name + " cannot be chosen", e);
    }
  }

  /** Notes which file the agent runs. */
  public void loaded(Path file) {
    loaded = file;
  }

  /** The name of the model that the agent runs; empty if it runs elsewhere. */
  public Optional<String> loaded() {
    return Optional.ofNullable(loaded).map(folder::nameOf);
  }

  /** Downloads that run, and how earlier ones ended. */
  public synchronized List<Download.Snapshot> downloads() {
    return downloads.values().stream().map(running -> running.download.snapshot()).toList();
  }

  /**
   * Begins a download.
   *
   * @throws ConflictException if the model is there, is being downloaded, or too much else is
   */
  public synchronized Download.Snapshot pull(PullSource source) {
    String name = source.name();
    if (active(name)) {
      throw new ConflictException(name + " is being downloaded already");
    }
    if (file(name).isPresent()) {
      throw new ConflictException(
          "there is a model " + name + " already: delete it, or give this one another name");
    }
    if (downloads.values().stream().filter(Running::active).count() >= MOST_AT_ONCE) {
      throw new ConflictException(
          MOST_AT_ONCE + " downloads run already: wait for one, or stop one");
    }
    Download download = new Download(folder, source);
    Thread thread =
        Thread.ofVirtual().name("hearth-download-" + name).start(() -> run(name, download));
    downloads.remove(name);
    downloads.put(name, new Running(download, thread));
    forget();
    return download.snapshot();
  }

  private void forget() {
    Iterator<Running> oldest = downloads.values().iterator();
    while (downloads.size() > MOST_REMEMBERED && oldest.hasNext()) {
      if (!oldest.next().active()) {
        oldest.remove();
      }
    }
  }

  private static void run(String name, Download download) {
    log.info("Downloading the model {} from {}", name, download.snapshot().uri());
    try {
      download.run(
          new DownloadListener() {
            @Override
            public void wrote(long done, long total) {}

            @Override
            public void note(String text) {
              log.info("Model {}: {}", name, text);
            }
          });
      log.info("The model {} is there: ./hearth models use {}", name, name);
    } catch (PullException e) {
      log.warn("The model {} was not downloaded: {}", name, e.getMessage());
    } catch (IOException e) {
      log.warn("The model {} was not downloaded", name, e);
    }
  }

  private boolean active(String name) {
    Running running = downloads.get(name);
    return running != null && running.active();
  }

  /**
   * Stops a download and waits a moment until it has stopped; what came is kept.
   *
   * @return whether it ran
   */
  public boolean cancel(String name) {
    Running running;
    synchronized (this) {
      running = downloads.get(name);
      if (running == null || !running.active()) {
        return false;
      }
    }
    running.download.cancel();
    join(running);
    return true;
  }

  private static void join(Running running) {
    try {
      running.thread.join(GOODBYE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deletes a model and what is left of a download of it.
   *
   * @return whether there was anything of that name
   * @throws ConflictException if it runs or is being downloaded
   */
  public synchronized boolean remove(String name) {
    if (active(name)) {
      throw new ConflictException(name + " is being downloaded: stop that first");
    }
    if (name.equals(ModelFolder.BUILT_IN)) {
      throw new ConflictException("the built-in model cannot be deleted");
    }
    if (loaded().filter(name::equals).isPresent()) {
      throw new ConflictException(
          name + " is the model that runs: start with another one, then delete it");
    }
    downloads.remove(name);
    try {
      return folder.remove(name);
    } catch (PullException e) {
      throw new ConflictException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("The model " + name + " cannot be deleted", e);
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> what) {
    try {
      return what.read();
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder.path() + " cannot be read", e);
    }
  }

  @Override
  public void close() {
    List<Running> running;
    synchronized (this) {
      running = downloads.values().stream().filter(Running::active).toList();
    }
    running.forEach(one -> one.download.cancel());
    running.forEach(ModelLibrary::join);
  }
}
