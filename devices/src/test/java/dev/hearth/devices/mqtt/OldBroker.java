package dev.hearth.devices.mqtt;

import java.io.DataInputStream;
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
 * A broker that knows MQTT 3.1.1 alone: a gate before a real broker that answers a CONNECT of
 * protocol level 5 as MQTT 3.1.1 says (section 3.1.2.2): CONNACK with return code 1, then close.
 */
final class OldBroker implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private OldBroker(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static OldBroker inFrontOf(int port) throws IOException {
    OldBroker broker =
        new OldBroker(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(broker::accept);
    return broker;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      byte[] packet = readPacket(in);
      int level = packet[packet.length - remaining(packet) + 6];
      if (level != 4) {
        client.getOutputStream().write(new byte[] {0x20, 2, 0, 1});
        return;
      }
      try (Socket broker = new Socket(InetAddress.getLoopbackAddress(), target)) {
        sockets.add(broker);
        broker.getOutputStream().write(packet);
        Thread back = Thread.ofVirtual().start(() -> copy(broker, client));
        copy(client, broker);
        back.join();
      }
    } catch (IOException e) {
      close(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] readPacket(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    out.write(type);
    int digit;
    do {
      digit = in.readUnsignedByte();
      out.write(digit);
      length |= (digit & 127) << shift;
      shift += 7;
    } while ((digit & 128) != 0);
    out.write(in.readNBytes(length));
    return out.toByteArray();
  }

  private static int remaining(byte[] packet) {
    int header = 2;
    while ((packet[header - 1] & 128) != 0) {
      header++;
    }
    return packet.length - header;
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // One side is gone: so is the other.
    } finally {
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

  /** Cuts every connection and takes no more. */
  void cut() {
    close();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(OldBroker::close);
  }
}
