package dev.hearth.inference.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The least of an MQTT 3.1.1 client, so that what drives a measurement costs next to nothing: it
 * publishes at QoS 0 or 1 and counts what comes. OASIS MQTT Version 3.1.1, chapter 3.
 */
final class RawMqtt implements Closeable {
  private static final int PUBLISH = 3;
  private static final int TWO_BYTES = 0xffff;
  private static final int KEEP_ALIVE_OFF = 0;

  private final Socket socket;
  private final DataOutputStream out;
  private final AtomicLong arrived = new AtomicLong();
  private int nextId;

  /** A client that only counts. */
  RawMqtt(int port, String clientId) throws IOException {
    this(port, clientId, payload -> {});
  }

  /** A client that hands over the payloads of QoS 0, without their topics. */
  RawMqtt(int port, String clientId, Consumer<byte[]> listener) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream connect = new DataOutputStream(body);
    connect.writeUTF("MQTT");
    connect.writeByte(4);
    connect.writeByte(2); // clean session
    connect.writeShort(KEEP_ALIVE_OFF);
    connect.writeUTF(clientId);
    packet(0x10, body.toByteArray());
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readFully(new byte[3]);
    if (in.readByte() != 0) {
      throw new IOException("Mosquitto refuses the client " + clientId);
    }
    Thread _ = Thread.ofPlatform().daemon().name(clientId).start(() -> read(in, listener));
  }

  private void packet(int type, byte[] body) throws IOException {
    out.writeByte(type);
    int length = body.length;
    do {
      int digit = length & 127;
      length >>= 7;
      out.writeByte(length > 0 ? digit | 128 : digit);
    } while (length > 0);
    out.write(body);
  }

  /** Writes a message; it leaves with {@link #flush} at the latest. */
  void publish(String topic, byte[] payload, int qos) throws IOException {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream(name.length + payload.length + 4);
    DataOutputStream message = new DataOutputStream(body);
    message.writeShort(name.length);
    message.write(name);
    if (qos == 1) {
      nextId = nextId % TWO_BYTES + 1;
      message.writeShort(nextId);
    }
    message.write(payload);
    packet(PUBLISH << 4 | qos << 1, body.toByteArray());
  }

  void flush() throws IOException {
    out.flush();
  }

  void subscribe(String filter) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream subscribe = new DataOutputStream(body);
    subscribe.writeShort(1);
    subscribe.writeUTF(filter);
    subscribe.writeByte(0);
    packet(0x82, body.toByteArray());
    out.flush();
  }

  /** How many messages came. */
  long arrived() {
    return arrived.get();
  }

  private void read(DataInputStream socketIn, Consumer<byte[]> listener) {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socketIn, 1 << 16));
      while (true) {
        int type = in.readUnsignedByte() >> 4;
        int length = 0;
        int digit;
        int shift = 0;
        do {
          digit = in.readUnsignedByte();
          length |= (digit & 127) << shift;
          shift += 7;
        } while (digit > 127);
        if (type == PUBLISH) {
          int topic = in.readUnsignedShort();
          in.skipNBytes(topic);
          listener.accept(in.readNBytes(length - topic - 2));
          arrived.incrementAndGet();
        } else {
          in.skipNBytes(length);
        }
      }
    } catch (SocketException | EOFException e) {
      // Closed: nothing more comes.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
