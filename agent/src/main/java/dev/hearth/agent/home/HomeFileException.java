package dev.hearth.agent.home;

import java.util.List;

/** A home file cannot be taken over; nothing of it was. The message has a fault on each line. */
public final class HomeFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  HomeFileException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
