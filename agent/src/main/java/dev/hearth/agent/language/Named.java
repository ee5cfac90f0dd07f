package dev.hearth.agent.language;

import java.util.List;

/**
 * A thing of the home that people call by name.
 *
 * @param family what it is
 * @param id the id of the area, floor or entity
 * @param kind for an entity its kind in lower case, such as {@code light}; else empty
 * @param names every name it goes by, in any language; untrusted text
 * @param hidden whether the agent knows it only to say that nobody has released it
 */
public record Named(Family family, String id, String kind, List<String> names, boolean hidden) {
  /** Copies the names. */
  public Named {
    names = List.copyOf(names);
  }

  /** A thing that is not hidden. */
  public Named(Family family, String id, String kind, List<String> names) {
    this(family, id, kind, names, false);
  }
}
