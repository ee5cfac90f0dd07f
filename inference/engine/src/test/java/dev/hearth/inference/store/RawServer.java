package dev.hearth.inference.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An HTTP server over plain sockets on this machine, which can do whatever servers do wrong. */
final class RawServer implements AutoCloseable {

  /** What was asked. */
  record Request(String method, String path, Map<String, String> headers) {
    boolean head() {
      return method.equals("HEAD");
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * What is answered.
   *
   * @param announced Content-Length; negative for none
   * @param sent how many bytes of the body are sent before the connection ends
   * @param silent whether the server then stays connected and says nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(
      int status, List<String> headers, byte[] body, long announced, int sent, boolean silent) {

    static Reply of(int status, byte[] body, String... headers) {
      return new Reply(status, List.of(headers), body, body.length, body.length, false);
    }

    Reply with(String header) {
      List<String> more = new ArrayList<>(headers);
      more.add(header);
      return new Reply(status, more, body, announced, sent, silent);
    }

    Reply cutAfter(int bytes) {
      return new Reply(status, headers, body, announced, Math.min(bytes, body.length), silent);
    }

    Reply announcing(long bytes) {
      return new Reply(status, headers, body, bytes, sent, silent);
    }

    Reply silentAfter(int bytes) {
      return new Reply(status, headers, body, announced, Math.min(bytes, body.length), true);
    }
  }

  /** Decides on an answer. */
  interface Handler {
    Reply answer(Request request) throws IOException;
  }

  private final ServerSocket socket;
  private final Handler handler;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  RawServer(Handler handler) throws IOException {
    this.handler = handler;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** A server that serves a file as Hugging Face does: digest in the head, ranges, a strong tag. */
  static Handler file(byte[] bytes) {
    return request -> file(request, bytes).with("X-Linked-ETag: \"" + sha256(bytes) + "\"");
  }

  /** A file without a digest. */
  static Reply file(Request request, byte[] bytes) {
    String tag = "\"" + sha256(bytes).substring(0, 8) + "\"";
    String range = request.header("range");
    boolean same = request.header("if-range").isEmpty() || request.header("if-range").equals(tag);
    if (range.startsWith("bytes=") && same) {
      int from = Integer.parseInt(range.substring(6, range.length() - 1));
      if (from >= bytes.length) {
        return Reply.of(416, new byte[0], "Content-Range: bytes */" + bytes.length);
      }
      return Reply.of(
          206,
          Arrays.copyOfRange(bytes, from, bytes.length),
          "ETag: " + tag,
          "Content-Range: bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    return Reply.of(200, bytes, "ETag: " + tag);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
  }

  /** All requests but those for a head alone. */
  List<Request> gets() {
    return requests.stream().filter(request -> !request.head()).toList();
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(connection);
      requests.add(request);
      Reply reply = handler.answer(request);
      OutputStream out = connection.getOutputStream();
      StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status + " So\r\n");
      reply.headers.forEach(header -> head.append(header).append("\r\n"));
      if (reply.announced >= 0) {
        head.append("Content-Length: ").append(reply.announced).append("\r\n");
      }
      out.write(
          head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
      if (!request.head()) {
        out.write(reply.body, 0, reply.sent);
      }
      out.flush();
      if (reply.silent && !request.head()) {
        closed.await();
      }
    } catch (IOException e) {
      // The client went away, as it may.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String first = in.readLine();
    if (first == null) {
      throw new IOException("no request");
    }
    String[] words = first.split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(words[0], words[1], headers);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
