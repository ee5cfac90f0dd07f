package dev.hearth.inference.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for a file: follows redirects by hand, for each target is checked, and ends waiting
 * when told to.
 *
 * <p>A request's own timeout is not used: from JDK 26 on it would cover the body, which takes as
 * long as it takes. The body is guarded instead by {@link Guard}.
 */
final class HttpSource implements AutoCloseable {

  private static final int MOST_REDIRECTS = 8;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");
  private static final Pattern DIGEST = Pattern.compile("(?:W/)?\"?([0-9a-f]{64})\"?");

  /** Something that may be better in a while. */
  static final class PassingException extends IOException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration pause;

    PassingException(String message, @Nullable Duration pause) {
      super(message);
      this.pause = pause;
    }

    /** When the server wishes to be asked again, if it said so. */
    @Nullable Duration pause() {
      return pause;
    }
  }

  /**
   * What a server said.
   *
   * @param digest SHA-256 of the file, if a server on the way named it as Hugging Face does
   * @param size the file's size, named in the same way
   */
  record Answer(HttpResponse<InputStream> response, @Nullable String digest, OptionalLong size)
      implements AutoCloseable {

    int status() {
      return response.statusCode();
    }

    HttpHeaders headers() {
      return response.headers();
    }

    /** First byte of a partial answer; empty if it does not say. */
    OptionalLong rangeStart() {
      return range(1);
    }

    /** Size of the whole file. */
    OptionalLong total() {
      return status() == 200 ? headers().firstValueAsLong("Content-Length") : range(2);
    }

    private OptionalLong range(int group) {
      Matcher matcher = CONTENT_RANGE.matcher(headers().firstValue("Content-Range").orElse(""));
      String number = matcher.matches() ? matcher.group(group) : null;
      return number == null || number.equals("*")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(number));
    }

    /** The entity tag, if it is a strong one, which alone may continue a file. */
    Optional<String> strongTag() {
      return headers().firstValue("ETag").filter(tag -> tag.startsWith("\""));
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private final Patience patience;
  private final CountDownLatch cancelled;
  private final LongSupplier nanoTime;
  private final HttpClient client;

  /**
   * Waits as long as {@code patience} says, and no longer than until the latch opens.
   *
   * @param nanoTime as {@link System#nanoTime}, by which a server is silent
   */
  HttpSource(Patience patience, CountDownLatch cancelled, LongSupplier nanoTime) {
    this.patience = patience;
    this.cancelled = cancelled;
    this.nanoTime = nanoTime;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** The head of a file alone; an answer of any status. */
  Answer head(URI uri) throws IOException {
    return follow("HEAD", uri, 0, null);
  }

  /**
   * A file from a byte on.
   *
   * @param from first byte wanted; 0 asks for the whole file
   * @param tag entity tag of the bytes that are there; null asks for the rest unconditionally
   * @return an answer of status 200, 206 or 416
   * @throws PassingException if it may be better in a while
   * @throws PullException if it will not
   */
  Answer get(URI uri, long from, @Nullable String tag) throws IOException {
    Answer answer = follow("GET", uri, from, tag);
    boolean good = false;
    try {
      refuse(uri, answer);
      good = true;
      return answer;
    } finally {
      if (!good) {
        answer.close();
      }
    }
  }

  private static void refuse(URI uri, Answer answer) throws IOException {
    String where = WebAddress.shown(uri);
    int status = answer.status();
    if (PASSING.contains(status)) {
      String after = answer.headers().firstValue("Retry-After").orElse("");
      throw new PassingException(
          "the server answers " + status,
          after.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(after)) : null);
    }
    switch (status) {
      case 200, 206, 416 -> {}
      case 401, 403 ->
          throw new PullException(
              where + " is not open to everybody: the server answers " + status);
      case 404, 410 ->
          throw new PullException("there is no " + where + ": the server says " + status);
      default -> throw new PullException("the server of " + where + " answers " + status);
    }
    String encoding = answer.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equals("identity")) {
      throw new PullException(where + " comes packed (" + encoding + "), which was not asked for");
    }
  }

  private Answer follow(String method, URI first, long from, @Nullable String tag)
      throws IOException {
    URI uri = first;
    @Nullable String digest = null;
    OptionalLong size = OptionalLong.empty();
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .header("User-Agent", "hearth")
              .header("Accept-Encoding", "identity");
      if (from > 0) {
        request.header("Range", "bytes=" + from + "-");
        if (tag != null) {
          request.header("If-Range", tag);
        }
      }
      HttpResponse<InputStream> response = send(request.build());
      if (digest == null) {
        digest = digest(response.headers());
        size = response.headers().firstValueAsLong("X-Linked-Size");
      }
      if (!REDIRECTS.contains(response.statusCode())) {
        return new Answer(response, digest, size);
      }
      response.body().close();
      uri = target(first, uri, response.headers().firstValue("Location").orElse(""));
    }
    throw new PullException(
        WebAddress.shown(first) + " redirects more than " + MOST_REDIRECTS + " times");
  }

  private static @Nullable String digest(HttpHeaders headers) {
    Matcher matcher = DIGEST.matcher(headers.firstValue("X-Linked-ETag").orElse(""));
    return matcher.matches() ? matcher.group(1) : null;
  }

  private static URI target(URI first, URI from, String location) throws PullException {
    try {
      URI to = from.resolve(location);
      WebAddress.requireSafe(to);
      if (WebAddress.loopback(to) && !WebAddress.loopback(first)) {
        throw new IllegalArgumentException("this machine itself");
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw new PullException(
          WebAddress.shown(from) + " redirects to where it must not: " + e.getMessage(), e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    long deadline = System.nanoTime() + patience.connect().plus(patience.answer()).toNanos();
    try {
      while (true) {
        try {
          return answer.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (cancelled.getCount() == 0) {
            throw new PassingException("cancelled", null);
          }
          if (System.nanoTime() - deadline > 0) {
            throw new PassingException(
                "no answer within " + patience.answer().toSeconds() + " s", null);
          }
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SSLHandshakeException refused) {
        throw new PullException(
            "the certificate of "
                + WebAddress.shown(request.uri())
                + " is not accepted: "
                + refused.getMessage(),
            refused);
      }
      throw new PassingException(
          "no answer from " + request.uri().getHost() + why(e.getCause()), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PassingException("interrupted", null);
    } finally {
      answer.cancel(true);
    }
  }

  /** Java says of an unknown host or a refused connection nothing but its class. */
  private static String why(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> "";
      case java.nio.channels.UnresolvedAddressException e -> " (unknown name)";
      case java.net.http.HttpConnectTimeoutException e -> " (no connection in time)";
      case java.net.ConnectException e when e.getCause() != null -> why(e.getCause());
      case java.nio.channels.ClosedChannelException e -> " (connection refused)";
      case java.net.ConnectException e ->
          e.getMessage() == null ? " (connection refused)" : " (" + e.getMessage() + ")";
      default -> cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    };
  }

  /** Closes a body when no bytes come for too long, or when the download is cancelled. */
  final class Guard implements AutoCloseable {
    private final InputStream body;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long last = nanoTime.getAsLong();
    private volatile boolean stalled;

    Guard(InputStream body) {
      this.body = body;
      Thread.ofVirtual().name("hearth-download-guard").start(this::watch);
    }

    /** Bytes came. */
    void alive() {
      last = nanoTime.getAsLong();
    }

    /** Whether the server fell silent. */
    boolean stalled() {
      return stalled;
    }

    private void watch() {
      try {
        while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
          stalled = nanoTime.getAsLong() - last > patience.stall().toNanos();
          if (stalled || cancelled.getCount() == 0) {
            body.close();
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        stalled = true; // the reader ends all the same
      }
    }

    @Override
    public void close() {
      ended.countDown();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
