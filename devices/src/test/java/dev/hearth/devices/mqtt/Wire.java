package dev.hearth.devices.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire to a broker that can go dead as behind a router that forgot a connection: nothing passes
 * any more, and neither end is told. Connections made later pass.
 */
public final class Wire implements AutoCloseable {
  private static final class Pair {
    private final Socket client;
    private final Socket broker;
    private volatile boolean dead;

    Pair(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
    }
  }

  private final ServerSocket server;
  private final int target;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();

  private Wire(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** A wire to a port of this machine. */
  public static Wire to(int port) throws IOException {
    Wire wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(wire::accept);
    return wire;
  }

  /** Where its near end is. */
  public int port() {
    return server.getLocalPort();
  }

  /** From now on nothing passes on the connections that there are. */
  public void die() {
    pairs.forEach(each -> each.dead = true);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Pair pair = new Pair(server.accept(), new Socket(server.getInetAddress(), target));
        pairs.add(pair);
        Thread.ofVirtual().start(() -> pass(pair, pair.client, pair.broker));
        Thread.ofVirtual().start(() -> pass(pair, pair.broker, pair.client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private static void pass(Pair pair, Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!pair.dead) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // One end is gone; the other learns of it unless the wire is dead.
    }
    if (!pair.dead) {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Pair each : pairs) {
      close(each.client);
      close(each.broker);
    }
  }
}
