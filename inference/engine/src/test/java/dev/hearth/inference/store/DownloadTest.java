package dev.hearth.inference.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.gguf.GgufWriter;
import dev.hearth.inference.store.RawServer.Reply;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real server that does what servers do wrong. */
class DownloadTest {

  private static final Patience PATIENCE =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(1),
          4);

  @TempDir Path temp = Path.of("unset");
  private Path folder = Path.of("unset");
  private byte[] model = {};
  private byte[] otherModel = {};

  /** Notes what a download tells. */
  private static final class Notes implements DownloadListener {
    private final List<String> texts = new ArrayList<>();
    private long total;

    @Override
    public void wrote(long done, long total) {
      assertThat(done).isBetween(0L, total < 0 ? Long.MAX_VALUE : total);
      this.total = total;
    }

    @Override
    public void note(String text) {
      texts.add(text);
    }
  }

  private final Notes notes = new Notes();

  @BeforeEach
  void writeModels() throws IOException {
    folder = temp.resolve("models");
    model = Files.readAllBytes(TinyModel.ofType(WeightType.F32).write(temp.resolve("a.gguf")));
    otherModel = Files.readAllBytes(TinyModel.ofType(WeightType.F16).write(temp.resolve("b.gguf")));
  }

  private Download download(RawServer server) {
    return download(server, null, true, PATIENCE);
  }

  private Download download(
      RawServer server, @Nullable String sha256, boolean verify, Patience patience) {
    return new Download(
        new ModelFolder(folder),
        new PullSource("tiny", server.address("/files/x.gguf"), sha256, verify),
        patience);
  }

  private void pulls(RawServer.Handler handler, byte[] expected) throws IOException {
    try (RawServer server = new RawServer(handler)) {
      Download download = download(server);
      Path file = download.run(notes);
      assertThat(file).isEqualTo(folder.resolve("tiny.gguf")).hasBinaryContent(expected);
      assertThat(folder.toFile().list()).containsExactly("tiny.gguf");
      assertThat(download.snapshot().state()).isEqualTo(Download.State.DONE);
      assertThat(download.snapshot().bytes()).isEqualTo(expected.length);
    }
  }

  private void refuses(RawServer.Handler handler, String why) throws IOException {
    try (RawServer server = new RawServer(handler)) {
      Download download = download(server);
      assertThatThrownBy(() -> download.run(notes))
          .isInstanceOf(PullException.class)
          .hasMessageContaining(why);
      assertThat(folder.resolve("tiny.gguf")).doesNotExist();
      assertThat(download.snapshot().state()).isEqualTo(Download.State.FAILED);
      assertThat(download.snapshot().detail()).contains(why);
    }
  }

  private void refusesAndKeepsNothing(RawServer.Handler handler, String why) throws IOException {
    refuses(handler, why);
    assertThat(folder).isEmptyDirectory();
  }

  // ---- what works

  @Test
  void bringsAFileWhoseDigestTheServerNames() throws IOException {
    pulls(RawServer.file(model), model);
    assertThat(notes.total).isEqualTo(model.length);
    assertThat(notes.texts).hasSize(1).first().asString().startsWith("Checking");
  }

  @Test
  void followsRedirectsAndKeepsTheDigestOfTheFirst() throws IOException {
    pulls(
        request ->
            request.path().startsWith("/files")
                ? Reply.of(302, new byte[0], "Location: ../cdn?signed=secret")
                    .with("X-Linked-ETag: \"" + RawServer.sha256(model) + "\"")
                    .with("X-Linked-Size: " + model.length)
                : RawServer.file(request, model),
        model);
  }

  @Test
  void takesTheDigestOfTheOperatorOverTheServers() throws IOException {
    RawServer.Handler lying =
        request -> RawServer.file(request, model).with("X-Linked-ETag: \"" + "0".repeat(64) + "\"");
    try (RawServer server = new RawServer(lying)) {
      Path file = download(server, RawServer.sha256(model), true, PATIENCE).run(notes);
      assertThat(file).hasBinaryContent(model);
      assertThat(server.gets()).hasSize(1);
    }
  }

  @Test
  void takesAFileWithoutDigestOnlyWhenAllowedAndSaysItsDigest() throws IOException {
    refusesAndKeepsNothing(request -> RawServer.file(request, model), "--sha256 HEX");
    try (RawServer server = new RawServer(request -> RawServer.file(request, model))) {
      download(server, null, false, PATIENCE).run(notes);
      assertThat(notes.texts).anyMatch(text -> text.contains(RawServer.sha256(model)));
    }
  }

  @Test
  void takesABodyOfUnannouncedLength() throws IOException {
    pulls(request -> RawServer.file(model).answer(request).announcing(-1), model);
  }

  // ---- lost connections

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void goesOnAfterConnectionsCutAtRandomPoints(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    AtomicInteger cuts = new AtomicInteger(3);
    pulls(
        request -> {
          Reply whole = RawServer.file(model).answer(request);
          return request.head() || cuts.getAndDecrement() <= 0
              ? whole
              : whole.cutAfter(random.nextInt(whole.body().length));
        },
        model);
  }

  @Test
  void asksOnlyForTheRestInALaterRun() throws IOException {
    try (RawServer server =
        new RawServer(request -> RawServer.file(model).answer(request).cutAfter(1000))) {
      assertThatThrownBy(() -> download(server, null, true, once()).run(notes))
          .hasMessageContaining("gave up after 1 attempts: the connection was lost")
          .hasMessageContaining("pull again");
      assertThat(new ModelFolder(folder).unfinished()).containsExactly("tiny");
      assertThatThrownBy(() -> download(server, null, true, once()).run(notes))
          .isInstanceOf(PullException.class);
      assertThat(server.gets().get(1).header("range")).isEqualTo("bytes=1000-");
      assertThat(server.gets().get(1).header("if-range")).startsWith("\"");
      assertThat(Files.size(folder.resolve("tiny.download.part"))).isEqualTo(2000);
    }
  }

  private static Patience once() {
    return new Patience(
        PATIENCE.connect(), PATIENCE.answer(), PATIENCE.stall(), PATIENCE.pause(), 1);
  }

  @Test
  void beginsAnewWhenTheServerIgnoresRanges() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    pulls(
        request -> {
          Reply whole =
              Reply.of(200, model, "X-Linked-ETag: " + RawServer.sha256(model), "ETag: \"a\"");
          return request.head() || asked.getAndIncrement() > 0 ? whole : whole.cutAfter(5000);
        },
        model);
    assertThat(notes.texts).contains("The server sends the file from its beginning");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void beginsAnewWhenTheFileChangesBetweenAttempts(boolean honoursIfRange) throws IOException {
    AtomicInteger asked = new AtomicInteger();
    pulls(
        request -> {
          if (!request.head() && asked.getAndIncrement() == 0) {
            return RawServer.file(model).answer(request).cutAfter(5000);
          }
          byte[] now = asked.get() == 0 ? model : otherModel;
          if (!honoursIfRange) {
            request.headers().remove("if-range");
          }
          return RawServer.file(now).answer(request);
        },
        otherModel);
  }

  @Test
  void knowsAPartOfAnotherAddressFromItsOwn() throws IOException {
    RawServer.Handler handler =
        request ->
            request.path().startsWith("/files")
                ? RawServer.file(model).answer(request).cutAfter(4000)
                : RawServer.file(otherModel).answer(request);
    try (RawServer server = new RawServer(handler)) {
      assertThatThrownBy(() -> download(server, null, true, once()).run(notes))
          .isInstanceOf(PullException.class);
      PullSource other = new PullSource("tiny", server.address("/other.gguf"), null, true);
      assertThat(new Download(new ModelFolder(folder), other, PATIENCE).run(notes))
          .hasBinaryContent(otherModel);
    }
  }

  @Test
  void triesAgainWhenAServerFallsSilent() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    RawServer.Handler handler =
        request -> {
          Reply whole = RawServer.file(model).answer(request);
          return request.head() || asked.getAndIncrement() > 0 ? whole : whole.silentAfter(3000);
        };
    AtomicLong clock = new AtomicLong();
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void wrote(long done, long total) {
            notes.wrote(done, total);
            if (done == 3000) {
              clock.addAndGet(PATIENCE.stall().toNanos() + 1);
            }
          }

          @Override
          public void note(String text) {
            notes.note(text);
          }
        };
    try (RawServer server = new RawServer(handler)) {
      PullSource source = new PullSource("tiny", server.address("/files/x.gguf"), null, true);
      Download download = new Download(new ModelFolder(folder), source, PATIENCE, clock::get);
      assertThat(download.run(listener)).hasBinaryContent(model);
      assertThat(notes.texts).anyMatch(text -> text.startsWith("the server sent nothing for"));
      assertThat(server.gets().get(1).header("range")).isEqualTo("bytes=3000-");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void triesAgainWhatMayPass(int status) throws IOException {
    AtomicInteger asked = new AtomicInteger();
    pulls(
        request ->
            request.head() || asked.getAndIncrement() > 1
                ? RawServer.file(model).answer(request)
                : Reply.of(status, new byte[0], "Retry-After: 0"),
        model);
  }

  @Test
  void givesUpWhenNothingHelps() throws IOException {
    refusesAndKeepsNothing(
        request -> Reply.of(500, new byte[0]), "gave up after 4 attempts: the server answers 500");
    RawServer gone = new RawServer(request -> Reply.of(500, new byte[0]));
    gone.close();
    assertThatThrownBy(() -> download(gone).run(notes))
        .hasMessageContaining("no answer from 127.0.0.1 (connection refused)");
  }

  // ---- lies

  @Test
  void refusesWrongBytes() throws IOException {
    byte[] wrong = model.clone();
    wrong[wrong.length - 1] ^= 1;
    refusesAndKeepsNothing(
        request -> RawServer.file(request, wrong).with("X-Linked-ETag: " + RawServer.sha256(model)),
        "and should have " + RawServer.sha256(model) + " (said by the server)");
  }

  @Test
  void refusesAnAnnouncedLengthThatIsNotTheFiles() throws IOException {
    refusesAndKeepsNothing(
        request ->
            RawServer.file(model)
                .answer(request)
                .with("X-Linked-Size: " + model.length)
                .announcing(model.length - 100L)
                .cutAfter(model.length - 100),
        "announces %,d bytes for a file of %,d".formatted(model.length - 100, model.length));
    refusesAndKeepsNothing(
        request ->
            RawServer.file(model)
                .answer(request)
                .announcing(model.length - 100L)
                .cutAfter(model.length - 100),
        "It was deleted");
    refuses(
        request ->
            Reply.of(200, model, "X-Linked-ETag: " + RawServer.sha256(model))
                .announcing(model.length + 100L),
        "gave up after 4 attempts: the connection was lost");
  }

  @Test
  void refusesMoreBytesThanTheFileHas() throws IOException {
    byte[] longer = java.util.Arrays.copyOf(model, model.length + 100);
    refusesAndKeepsNothing(
        request ->
            Reply.of(200, longer, "X-Linked-ETag: " + RawServer.sha256(model))
                .with("X-Linked-Size: " + model.length)
                .announcing(-1),
        "sends more than");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://models.example/x.gguf",
        "ftp://127.0.0.1/x.gguf",
        "file:///etc/passwd",
        "http://user:secret@127.0.0.1/x",
        "http://[::1",
        "https:///x"
      })
  void followsNoRedirectToWhereItMustNot(String location) throws IOException {
    refusesAndKeepsNothing(
        request -> Reply.of(302, new byte[0], "Location: " + location),
        "redirects to where it must not");
  }

  @Test
  void endsEndlessRedirects() throws IOException {
    AtomicInteger hops = new AtomicInteger();
    refusesAndKeepsNothing(
        request -> Reply.of(307, new byte[0], "Location: /hop" + hops.incrementAndGet()),
        "redirects more than 8 times");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410, 418, 204})
  void doesNotAskAgainWhatIsRefused(int status) throws IOException {
    try (RawServer server =
        new RawServer(request ->
            request.head()
                ? RawServer.file(model).answer(request)
                : Reply.of(status, new byte[0]).announcing(-1))) {
      assertThatThrownBy(() -> download(server).run(notes))
          .isInstanceOf(PullException.class)
          .hasMessageContaining(Integer.toString(status));
      assertThat(server.gets()).hasSize(1);
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void seesAPageAtOnce() throws IOException {
    byte[] page =
        "<!DOCTYPE html><title>Please\u0001 sign in</title>".getBytes(StandardCharsets.UTF_8);
    refusesAndKeepsNothing(
        request ->
            Reply.of(200, page, "Content-Type: text/html", "X-Linked-ETag: " + "0".repeat(64))
                .announcing(1_000_000),
        "no GGUF file but text/html that begins with \"<!DOCTYPE html><title>Please?");
    refusesAndKeepsNothing(
        request -> Reply.of(200, new byte[] {'G'}, "X-Linked-ETag: " + "0".repeat(64)),
        "begins with \"G\"");
  }

  @Test
  void refusesAPackedBody() throws IOException {
    refusesAndKeepsNothing(
        request -> RawServer.file(model).answer(request).with("Content-Encoding: gzip"),
        "comes packed (gzip)");
  }

  @Test
  void refusesAModelThatHearthCannotRun() throws IOException {
    Path llama = temp.resolve("llama.gguf");
    TinyModel.write(llama, new GgufWriter().put("general.architecture", "llama"));
    refusesAndKeepsNothing(
        RawServer.file(Files.readAllBytes(llama)),
        "general.architecture: expected one of [qwen2, qwen3, mimo], found llama");
    byte[] half = java.util.Arrays.copyOf(model, model.length / 2);
    refusesAndKeepsNothing(RawServer.file(half), "no model that Hearth can run");
  }

  // ---- this machine

  @Test
  void neverReplacesAModelThatIsThere() throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("tiny.gguf"), otherModel);
    try (RawServer server = new RawServer(RawServer.file(model))) {
      assertThatThrownBy(() -> download(server).run(notes))
          .hasMessageContaining("there is a model tiny already");
      assertThat(server.gets()).isEmpty();
    }
    assertThat(folder.resolve("tiny.gguf")).hasBinaryContent(otherModel);
    assertThat(folder.toFile().list()).containsExactly("tiny.gguf");
  }

  @Test
  void looksAtTheDiskFirst() throws IOException {
    refusesAndKeepsNothing(
        request -> RawServer.file(model).answer(request).announcing(1_000_000_000_000_000L),
        "1,000,000,000,000,000 more bytes are needed");
  }

  @Test
  void cancelsAndGoesOnLater() throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    RawServer.Handler handler =
        request -> {
          Reply whole = RawServer.file(model).answer(request);
          return request.head() || asked.getAndIncrement() > 0 ? whole : whole.silentAfter(9000);
        };
    try (RawServer server = new RawServer(handler)) {
      Download download = download(server);
      DownloadListener listener =
          new DownloadListener() {
            @Override
            public void wrote(long done, long total) {
              came.countDown();
            }

            @Override
            public void note(String text) {}
          };
      Thread.ofVirtual()
          .start(() -> {
            try {
              download.run(listener);
            } catch (IOException e) {
              ended.countDown();
            }
          });
      assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
      download.cancel();
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(download.snapshot().state()).isEqualTo(Download.State.CANCELLED);
      assertThat(folder.resolve("tiny.gguf")).doesNotExist();
      assertThat(download(server).run(notes)).hasBinaryContent(model);
      assertThat(server.gets().get(1).header("range")).startsWith("bytes=");
    }
  }

  @Test
  void cancelsWhileItWaitsToTryAgain() throws IOException {
    Patience slow =
        new Patience(
            PATIENCE.connect(), PATIENCE.answer(), PATIENCE.stall(), Duration.ofMinutes(1), 4);
    try (RawServer server = new RawServer(request -> Reply.of(503, new byte[0]))) {
      Download[] download = new Download[1];
      download[0] = download(server, RawServer.sha256(model), true, slow);
      DownloadListener listener =
          new DownloadListener() {
            @Override
            public void wrote(long done, long total) {}

            @Override
            public void note(String text) {
              assertThat(download[0].snapshot().state()).isEqualTo(Download.State.RETRYING);
              download[0].cancel();
            }
          };
      assertThatThrownBy(() -> download[0].run(listener)).hasMessageContaining("cancelled");
      assertThat(server.gets()).hasSize(1);
    }
  }

  @Test
  void letsOnlyOneDownloadOfANameRun() throws IOException {
    List<Throwable> second = new ArrayList<>();
    try (RawServer server = new RawServer(RawServer.file(model))) {
      DownloadListener meanwhile =
          new DownloadListener() {
            @Override
            public void wrote(long done, long total) {
              try {
                download(server).run(DownloadListener.NONE);
              } catch (IOException e) {
                second.add(e);
              }
            }

            @Override
            public void note(String text) {}
          };
      download(server).run(meanwhile);
    }
    assertThat(second).isNotEmpty().allMatch(e -> e.toString().contains("being downloaded"));
    assertThat(folder.resolve("tiny.gguf")).hasBinaryContent(model);
  }
}
