package dev.hearth.devices.dialect;

import java.util.List;

/** What a message on a discovery topic means. */
public sealed interface Announcement {
  /**
   * These are all entities of this topic now.
   *
   * @param entities perhaps none
   */
  record Entities(List<Discovered> entities) implements Announcement {
    /** Copies the list. */
    public Entities {
      entities = List.copyOf(entities);
    }
  }

  /** The entities of this topic are gone. */
  record Gone() implements Announcement {}

  /** The entities of this topic will be announced on another one soon. */
  record Moving() implements Announcement {}

  /**
   * Nothing for us.
   *
   * @param reason why, for the log
   */
  record Ignored(String reason) implements Announcement {}
}
