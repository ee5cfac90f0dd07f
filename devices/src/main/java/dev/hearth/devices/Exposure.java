package dev.hearth.devices;

import java.util.Locale;

/** Whether the agent may see and control an entity, and why. */
public enum Exposure {
  /** Seen: it is harmless, and nobody decided otherwise. */
  OPEN,
  /** Seen: an operator allowed it. */
  ALLOWED,
  /** Hidden: an operator decided so. */
  DENIED,
  /** Hidden: it is {@linkplain Risk#GUARDED guarded}, and no operator has allowed it yet. */
  RISKY,
  /** Hidden: it may do anything, such as a number to set, and nobody has looked at it yet. */
  UNDECIDED,
  /** Hidden: a setting or a diagnosis of a device, or nothing that one talks about. */
  DIAGNOSTIC;

  /**
   * Whether the agent may see and control it.
   *
   * @return true for {@link #OPEN} and {@link #ALLOWED}
   */
  public boolean exposed() {
    return this == OPEN || this == ALLOWED;
  }

  /**
   * The word for it.
   *
   * @return such as {@code risky}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
