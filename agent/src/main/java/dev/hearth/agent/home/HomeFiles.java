package dev.hearth.agent.home;

import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.StoredHome;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The home as one file: export and import. */
@Component
public class HomeFiles {
  private final HomeRegistry registry;

  /**
   * For one home.
   *
   * @param registry the home
   */
  public HomeFiles(HomeRegistry registry) {
    this.registry = registry;
  }

  /**
   * What an import named.
   *
   * @param floors how many floors
   * @param areas how many areas
   * @param entities how many entities
   * @param waiting ids of entities that are not here at present; what the file says of them is kept
   *     and holds when they appear
   */
  public record Imported(int floors, int areas, int entities, List<String> waiting) {
    /** Copies the list. */
    public Imported {
      waiting = List.copyOf(waiting);
    }

    /**
     * For people.
     *
     * @return one or two sentences
     */
    public String sentence() {
      return "Taken over: floors %d, areas %d, entities %d.".formatted(floors, areas, entities)
          + (waiting.isEmpty()
              ? ""
              : " Not here at present, kept for when they appear: "
                  + String.join(", ", waiting.subList(0, Math.min(10, waiting.size())))
                  + (waiting.size() > 10 ? " and %d more.".formatted(waiting.size() - 10) : "."));
    }
  }

  /**
   * The whole home as a file.
   *
   * @return YAML
   */
  public String export() {
    return HomeFileWriter.write(registry.decisions(), registry.home());
  }

  /**
   * Takes a file over: what it names wins, what it does not name stays.
   *
   * @param file YAML in UTF-8, at most 1 MiB; null is an empty one
   * @return what it named
   * @throws HomeFileException when anything in it is wrong, and then nothing is changed
   */
  public Imported importFile(byte @Nullable [] file) {
    String text = file == null ? "" : decode(file);
    AtomicReference<HomeFileReader.Read> read = new AtomicReference<>();
    registry.decide(decided -> {
      HomeFileReader.Read now = HomeFileReader.read(text, decided);
      read.set(now);
      return now.home();
    });
    HomeFileReader.Read done = read.get();
    List<String> waiting =
        done.entities().stream()
            .filter(id -> registry.home().entity(id).isEmpty())
            .map(Object::toString)
            .toList();
    return new Imported(done.floors(), done.areas(), done.entities().size(), waiting);
  }

  /** The text of a file, without a byte order mark. */
  static String decode(byte[] file) {
    if (file.length > YamlEntry.MAX_LENGTH) {
      throw new HomeFileException(
          List.of(
              "the file has more than %d bytes; make it shorter".formatted(YamlEntry.MAX_LENGTH)));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new HomeFileException(List.of("the file is not UTF-8; save it as UTF-8"));
    }
  }

  /** What a file makes of a home, for the start. */
  static StoredHome onto(StoredHome decided, byte[] file) {
    return HomeFileReader.read(decode(file), decided).home();
  }
}
