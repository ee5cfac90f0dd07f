package dev.hearth.devices.dialect;

import dev.hearth.devices.Names;
import java.util.List;

/** What a source of announcements says. */
public sealed interface Announcement {
  /**
   * These are all entities of this source now.
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
   * These are the entities of this source now, but for some whose announcement cannot be used:
   * those stay as they were.
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

  /**
   * Someone is there who must be asked for what it is; the answers come as announcements.
   *
   * @param questions what to send
   */
  record Asking(List<Outgoing> questions) implements Announcement {
    /** Copies the list. */
    public Asking {
      questions = List.copyOf(questions);
    }
  }

  /** The entities of this source are gone. */
  record Gone() implements Announcement {}

  /** The entities of this source will be announced by another one soon. */
  record Moving() implements Announcement {}

  /**
   * It cannot be used; what was announced before stays valid.
   *
   * @param reason what is wrong: key, value and remedy
   */
  record Faulty(String reason) implements Announcement {
    /** Makes the reason a {@linkplain Names#line line}. */
    public Faulty {
      reason = Names.line(reason);
    }
  }

  /**
   * Nothing for us.
   *
   * @param reason why, for the log
   */
  record Ignored(String reason) implements Announcement {
    /** Makes the reason a {@linkplain Names#line line}. */
    public Ignored {
      reason = Names.line(reason);
    }
  }
}
