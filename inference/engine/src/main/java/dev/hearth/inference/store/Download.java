package dev.hearth.inference.store;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One download of a model. What comes goes to a file of its own and gets the model's name when its
 * SHA-256 is right and it opens as a model of a known architecture. A lost connection is taken up
 * where it was, in this run or a later one, if the file is still the same (If-Range).
 */
public final class Download {

  /** How far it is. */
  public enum State {
    /** Asks the server, or receives. */
    RUNNING,
    /** Waits before it asks again; the detail says why. */
    RETRYING,
    /** All is there and being checked. */
    VERIFYING,
    /** The model is in place. */
    DONE,
    /** Given up; the detail says why. */
    FAILED,
    /** Stopped; what came is kept for the next time. */
    CANCELLED
  }

  /**
   * A download at one moment.
   *
   * @param name name of the model
   * @param uri where it comes from, without its query
   * @param state how far it is
   * @param bytes bytes that are there
   * @param total bytes of the whole file, or null while unknown
   * @param bytesPerSecond over the last seconds
   * @param detail what is wrong, or null
   */
  public record Snapshot(
      String name,
      String uri,
      State state,
      long bytes,
      @Nullable Long total,
      long bytesPerSecond,
      @Nullable String detail) {}

  private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
  private static final int SHOWN_BYTES = 40;
  private static final int BUFFER = 1 << 17;
  private static final long PROGRESS_BYTES = 1 << 20;

  private final ModelFolder folder;
  private final PullSource source;
  private final Patience patience;
  private final LongSupplier nanoTime;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Rate rate = new Rate();
  private volatile Snapshot now;

  /** A download that has not begun. */
  public Download(ModelFolder folder, PullSource source) {
    this(folder, source, Patience.DEFAULT);
  }

  Download(ModelFolder folder, PullSource source, Patience patience) {
    this(folder, source, patience, System::nanoTime);
  }

  /** With a clock of its own, as {@link System#nanoTime}, by which a server is silent. */
  Download(ModelFolder folder, PullSource source, Patience patience, LongSupplier nanoTime) {
    this.folder = folder;
    this.source = source;
    this.patience = patience;
    this.nanoTime = nanoTime;
    now =
        new Snapshot(
            source.name(), WebAddress.shown(source.uri()), State.RUNNING, 0, null, 0, null);
  }

  /** How it is now; for any thread. */
  public Snapshot snapshot() {
    return now;
  }

  /** Ends it soon; for any thread. */
  public void cancel() {
    cancelled.countDown();
  }

  /**
   * Downloads; blocks until done.
   *
   * @return the model's file
   * @throws PullException if it cannot be done; says why and what helps
   * @throws IOException if the disk fails
   */
  public Path run(DownloadListener listener) throws IOException {
    try {
      Path file = download(listener);
      state(State.DONE, null);
      return file;
    } catch (IOException e) {
      boolean stopped = cancelled.getCount() == 0;
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      state(stopped ? State.CANCELLED : State.FAILED, stopped ? null : message);
      throw e;
    }
  }

  private Path download(DownloadListener listener) throws IOException {
    Path target = folder.path().resolve(source.name() + ModelFolder.SUFFIX);
    if (Files.exists(target)) {
      throw new PullException(
          "there is a model %s already: remove it, or give this one another name"
              .formatted(source.name()));
    }
    try (Partial part = Partial.open(folder.path(), source.name());
        HttpSource server = new HttpSource(patience, cancelled, nanoTime)) {
      String digest = source.sha256() == null ? part.known("sha256") : source.sha256();
      part.begin(source.uri(), digest);
      receiveAll(server, part, listener);
      verify(part, listener);
      part.moveTo(target);
      return target;
    }
  }

  // ---- receiving

  private void receiveAll(HttpSource server, Partial part, DownloadListener listener)
      throws IOException {
    long best = part.size();
    int failures = 0;
    while (true) {
      try {
        state(State.RUNNING, null);
        if (source.sha256() == null && source.verify()) {
          askForDigest(server, part);
        }
        if (receive(server, part, listener)) {
          return;
        }
      } catch (HttpSource.PassingException e) {
        requireGoingOn();
        if (part.size() >= best + PROGRESS_BYTES) {
          best = part.size();
          failures = 0;
        }
        failures++;
        if (failures >= patience.attempts()) {
          throw new PullException(
              "gave up after %d attempts: %s. What came is kept; pull again to go on"
                  .formatted(failures, e.getMessage()),
              e);
        }
        pause(e, failures, listener);
      }
    }
  }

  private void pause(HttpSource.PassingException e, int failures, DownloadListener listener)
      throws PullException {
    Duration wished = e.pause();
    Duration pause = patience.pauseAfter(failures);
    if (wished != null && wished.compareTo(pause) > 0) {
      pause = wished.compareTo(Patience.LONGEST_PAUSE) < 0 ? wished : Patience.LONGEST_PAUSE;
    }
    String text = "%s; trying again in %d s".formatted(e.getMessage(), pause.toSeconds());
    state(State.RETRYING, text);
    listener.note(text);
    try {
      if (cancelled.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        requireGoingOn();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PullException("interrupted", interrupted);
    }
  }

  private void requireGoingOn() throws PullException {
    if (cancelled.getCount() == 0) {
      throw new PullException("cancelled; what came is kept, pull again to go on");
    }
  }

  /** Hugging Face names the digest of a large file in the head of its redirect. */
  private void askForDigest(HttpSource server, Partial part) throws IOException {
    try (HttpSource.Answer head = server.head(source.uri())) {
      learn(head, part);
    }
  }

  /** Takes what a server says of the file; another digest is another file. */
  private void learn(HttpSource.Answer answer, Partial part) throws IOException {
    String said = answer.digest();
    if (source.sha256() == null && said != null && !said.equals(part.known("sha256"))) {
      part.restart();
      part.note("sha256", said);
    }
    OptionalLong size = answer.size();
    if (said != null && size.isPresent() && part.total().isEmpty()) {
      part.note("size", Long.toString(size.getAsLong()));
    }
  }

  /** Asks for what is missing; returns whether all is there now. */
  private boolean receive(HttpSource server, Partial part, DownloadListener listener)
      throws IOException {
    long kept = part.size();
    if (kept > 0 && part.total().isPresent() && part.total().getAsLong() == kept) {
      return true;
    }
    String tag = part.known("etag");
    if (kept > 0 && tag == null && part.known("sha256") == null) {
      // Nothing would tell a mixture of two files from one.
      part.restart();
      kept = 0;
    }
    try (HttpSource.Answer answer = server.get(source.uri(), kept, tag)) {
      learn(answer, part);
      if (source.verify() && part.known("sha256") == null) {
        throw new PullException(
            ("the server does not say the SHA-256 of %s: give it with --sha256 HEX, or take the"
                    + " file unchecked with --no-verify")
                .formatted(WebAddress.shown(source.uri())));
      }
      if (answer.status() == 416 && kept > 0 && answer.total().equals(OptionalLong.of(kept))) {
        return true;
      }
      boolean goesOn = answer.status() == 206 && kept > 0 && part.size() == kept;
      if (answer.status() == 416 || (answer.status() == 206 && !continues(answer, part, kept))) {
        part.restart();
        throw new HttpSource.PassingException("the file on the server has changed", null);
      }
      if (!goesOn) {
        if (part.size() > 0) {
          listener.note("The server sends the file from its beginning");
        }
        startAnew(answer, part);
      }
      requireSpace(part);
      copy(server, answer, part, listener);
      return true;
    }
  }

  private static boolean continues(HttpSource.Answer answer, Partial part, long kept)
      throws IOException {
    String tag = part.known("etag");
    boolean sameTag = tag == null || answer.strongTag().map(tag::equals).orElse(true);
    boolean sameSize =
        part.total().isEmpty()
            || answer.total().isEmpty()
            || part.total().getAsLong() == answer.total().getAsLong();
    OptionalLong start = answer.rangeStart();
    return kept > 0
        && part.size() == kept
        && start.isPresent()
        && start.getAsLong() == kept
        && sameTag
        && sameSize;
  }

  private void startAnew(HttpSource.Answer answer, Partial part) throws IOException {
    OptionalLong known = answer.size();
    OptionalLong announced = answer.total();
    if (known.isPresent() && announced.isPresent() && known.getAsLong() != announced.getAsLong()) {
      throw new PullException(
          "the server announces %,d bytes for a file of %,d"
              .formatted(announced.getAsLong(), known.getAsLong()));
    }
    part.restart();
    OptionalLong total = announced.isPresent() ? announced : known;
    part.note("size", total.isPresent() ? Long.toString(total.getAsLong()) : null);
    part.note("etag", answer.strongTag().orElse(null));
  }

  private static void requireSpace(Partial part) throws IOException {
    long free = part.space();
    long missing = part.total().orElse(0) - part.size();
    if (free < missing) {
      throw new PullException(
          "%,d more bytes are needed and the disk of %s has %,d: free some, or use another folder"
                  .formatted(missing, part.file().toAbsolutePath().getParent(), free)
              + " with --data DIR (HEARTH_DATA)");
    }
  }

  private void copy(
      HttpSource server, HttpSource.Answer answer, Partial part, DownloadListener listener)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = part.size();
    OptionalLong total = part.total();
    InputStream body = answer.response().body();
    try (HttpSource.Guard guard = server.new Guard(body)) {
      boolean looked = size >= MAGIC.length;
      for (int read = read(body, buffer, guard); read >= 0; read = read(body, buffer, guard)) {
        part.append(buffer, read);
        size += read;
        if (!looked && size >= MAGIC.length) {
          requireMagic(part, answer);
          looked = true;
        }
        if (total.isPresent() && size > total.getAsLong()) {
          part.discard();
          throw new PullException(
              "the server sends more than the %,d bytes of the file".formatted(total.getAsLong()));
        }
        progress(State.RUNNING, size, total.orElse(-1), listener);
      }
    }
    requireGoingOn();
    if (total.isPresent() && size < total.getAsLong()) {
      throw new HttpSource.PassingException(
          "the connection ended after %,d of %,d bytes".formatted(size, total.getAsLong()), null);
    }
    if (size < MAGIC.length) {
      requireMagic(part, answer);
    }
  }

  private int read(InputStream body, byte[] buffer, HttpSource.Guard guard) throws IOException {
    try {
      int read = body.read(buffer);
      guard.alive();
      requireGoingOn();
      if (read < 0 && guard.stalled()) {
        throw new IOException("closed by the guard");
      }
      return read;
    } catch (PullException e) {
      throw e;
    } catch (IOException e) {
      requireGoingOn();
      String why =
          guard.stalled()
              ? "the server sent nothing for " + patience.stall().toSeconds() + " s"
              : "the connection was lost";
      throw new HttpSource.PassingException(why, null);
    }
  }

  /** Sees at once that an error page or something else comes, not after gigabytes. */
  private static void requireMagic(Partial part, HttpSource.Answer answer) throws IOException {
    byte[] head = part.head(SHOWN_BYTES);
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= head.length || head[i] != MAGIC[i]) {
        part.discard();
        String type = answer.headers().firstValue("Content-Type").orElse("no type");
        throw new PullException(
            "the server sends no GGUF file but %s that begins with \"%s\""
                .formatted(
                    clean(type), clean(new String(head, StandardCharsets.ISO_8859_1).strip())));
      }
    }
  }

  private static String clean(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  // ---- checking

  private void verify(Partial part, DownloadListener listener) throws IOException {
    long size = part.size();
    listener.note("Checking " + ProgressBar.size(size));
    String digest =
        part.digest(read -> {
          requireGoingOn();
          progress(State.VERIFYING, read, size, listener);
        });
    String expected = part.known("sha256");
    if (expected == null) {
      listener.note("SHA-256 " + digest + ", which nobody vouched for");
    } else if (!expected.equals(digest)) {
      part.discard();
      throw new PullException(
          ("what came has the SHA-256 %s and should have %s (said by %s). It was deleted: pull"
                  + " again, and if that does not help, the file is not what it should be")
              .formatted(digest, expected, source.sha256() == null ? "the server" : "you"));
    }
    try (GgufFile file = GgufFile.open(part.file())) {
      new ModelFile(file).plan(ModelOptions.defaults());
      Vocabulary.of(file);
    } catch (ModelLoadException e) {
      part.discard();
      throw new PullException(
          "the file is no model that Hearth can run: %s: expected %s, found %s. It was deleted"
              .formatted(e.field(), e.expected(), e.found()),
          e);
    }
  }

  // ---- telling

  private void progress(State state, long bytes, long total, DownloadListener listener) {
    if (state == State.RUNNING) {
      rate.at(System.nanoTime(), bytes);
    }
    now =
        new Snapshot(
            now.name,
            now.uri,
            state,
            bytes,
            total < 0 ? null : total,
            state == State.RUNNING ? (long) rate.perSecond() : 0,
            null);
    listener.wrote(bytes, total);
  }

  private void state(State state, @Nullable String detail) {
    Snapshot last = now;
    now = new Snapshot(last.name, last.uri, state, last.bytes, last.total, 0, detail);
  }
}
