package dev.hearth.agent.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Where the agent listens; also written to the file {@code address} of the data directory, where
 * the launcher finds it.
 */
@Component
@Order(40)
class Address implements StartReport {
  private final Path file;
  private final @Nullable InetAddress bound;
  private volatile int port;

  Address(DataDirectory data, ServerProperties server) {
    this.file = data.path().resolve("address");
    this.bound = server.getAddress();
  }

  @EventListener
  void listening(WebServerInitializedEvent event) {
    if (event.getApplicationContext().getServerNamespace() != null) {
      return;
    }
    port = event.getWebServer().getPort();
    try {
      Files.writeString(file, url() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be written", e);
    }
  }

  @EventListener
  void closed(ContextClosedEvent event) throws IOException {
    Files.deleteIfExists(file);
  }

  /** The address for a client on this machine, such as {@code http://127.0.0.1:8080}. */
  String url() {
    InetAddress address = bound;
    String host =
        address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String title() {
    return "Address";
  }

  @Override
  public List<String> lines() {
    InetAddress address = bound;
    String reach =
        address != null && address.isLoopbackAddress()
            ? " (this machine only; HEARTH_ADDRESS=0.0.0.0 opens it to the network)"
            : " (open to the network)";
    return List.of(url() + "/" + reach);
  }
}
