package dev.hearth.devices.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the sockets that Paho opens, and sets them to send at once, which Paho does not. Paho
 * waits for CONNACK without any limit (its issue 1028) and has no call to give up; closing the
 * socket under it is the one way out.
 */
final class Sockets {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private Socket remember(Socket socket) throws IOException {
    sockets.add(socket);
    // Commands are small and few: waiting to fill a segment costs 40 ms against delayed ACKs.
    socket.setTcpNoDelay(true);
    if (closed) {
      closeAll();
      throw new IOException("given up");
    }
    return socket;
  }

  boolean everConnected() {
    return sockets.stream().anyMatch(Socket::isConnected);
  }

  void closeAll() {
    closed = true;
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("Socket did not close cleanly: {}", e.toString());
      }
    }
  }

  SocketFactory factory(MqttOptions options) {
    if (!options.encrypted()) {
      return new Plain(SocketFactory.getDefault());
    }
    SSLContext context = options.encryption();
    return new Secure(
        context == null
            ? (SSLSocketFactory) SSLSocketFactory.getDefault()
            : context.getSocketFactory());
  }

  private final class Plain extends SocketFactory {
    private final SocketFactory delegate;

    Plain(SocketFactory delegate) {
      this.delegate = delegate;
    }

    @Override
    public Socket createSocket() throws IOException {
      return remember(delegate.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return remember(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return remember(delegate.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return remember(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return remember(delegate.createSocket(host, port, local, localPort));
    }
  }

  private final class Secure extends SSLSocketFactory {
    private final SSLSocketFactory delegate;

    Secure(SSLSocketFactory delegate) {
      this.delegate = delegate;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return delegate.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return delegate.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return remember(delegate.createSocket());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
        throws IOException {
      return remember(delegate.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return remember(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return remember(delegate.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return remember(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return remember(delegate.createSocket(host, port, local, localPort));
    }
  }
}
