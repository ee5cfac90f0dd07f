package dev.hearth.agent.language;

import java.util.List;
import java.util.Optional;

/**
 * An utterance in which every span that names something of this home is replaced by a one-token
 * handle.
 *
 * @param text what the model reads, lower case, such as {@code turn off the① lights}
 * @param marks the handles in it, each once, in order of appearance
 */
public record MarkedUtterance(String text, List<Mark> marks) {
  /**
   * A handle and what it stands for.
   *
   * @param handle one character, see {@link Family}
   * @param things areas, floors or entities, all of {@code family}; several when they share the
   *     name
   * @param words the words of the utterance that it replaced
   */
  public record Mark(String handle, Family family, List<Named> things, String words) {}

  /** Copies the marks. */
  public MarkedUtterance {
    marks = List.copyOf(marks);
  }

  /** The mark of a handle. */
  public Optional<Mark> mark(String handle) {
    return marks.stream().filter(m -> m.handle().equals(handle)).findFirst();
  }

  /** The handles of one of the families, in order. */
  public List<String> handles(Family... families) {
    List<Family> wanted = List.of(families);
    return marks.stream().filter(m -> wanted.contains(m.family())).map(Mark::handle).toList();
  }
}
