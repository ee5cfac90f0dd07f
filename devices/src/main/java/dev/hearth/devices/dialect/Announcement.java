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

  /**
   * These are the entities of this topic now, but for some whose announcement cannot be used: those
   * stay as they were.
   *
   * @param entities perhaps none
   * @param faults at least one
   */
  record Partly(List<Discovered> entities, List<DiscoveryFault> faults) implements Announcement {
    /** Copies the lists. */
    public Partly {
      entities = List.copyOf(entities);
      faults = List.copyOf(faults);
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
