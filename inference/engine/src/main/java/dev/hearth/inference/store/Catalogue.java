package dev.hearth.inference.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Models that can be downloaded by name: the resource {@code catalogue.json}. */
public final class Catalogue {

  private static final String RESOURCE = "catalogue.json";

  /**
   * A model that can be downloaded.
   *
   * @param name what the operator calls it
   * @param description one line
   * @param uri where it is
   * @param aboutBytes its size, for people only: the server says the exact one
   * @param licence SPDX id of the weights' licence
   * @param sha256 64 hexadecimal digits, or null when the server has to say it
   */
  public record Entry(
      String name,
      String description,
      URI uri,
      long aboutBytes,
      String licence,
      @Nullable String sha256) {}

  private Catalogue() {}

  /** All models, in the catalogue's order. */
  public static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build holds no " + RESOURCE);
      }
      for (JsonNode node : new ObjectMapper().readTree(in)) {
        entries.add(
            new Entry(
                node.required("name").asString(),
                node.required("description").asString(),
                URI.create(node.required("url").asString()),
                node.required("about_bytes").asLong(),
                node.required("licence").asString(),
                node.path("sha256").isString() ? node.path("sha256").asString() : null));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return List.copyOf(entries);
  }

  /** The model of a name. */
  public static Optional<Entry> find(String name) {
    return entries().stream().filter(entry -> entry.name.equals(name)).findFirst();
  }

  /** The names, for messages. */
  static String names() {
    return entries().stream().map(Entry::name).collect(Collectors.joining(", "));
  }
}
