package dev.hearth.agent.conversation;

import java.util.Locale;

/** How a turn ended; the wire form is the name in lower case. */
public enum OutcomeKind {
  /** Every step is confirmed by its device, or already held. */
  DONE,
  /** Some steps are confirmed, others are not. */
  PARTIAL,
  /** Sent, but no device confirmed it. */
  UNCONFIRMED,
  /** Policy or the devices refused. */
  REFUSED,
  /** Nothing was sent; the plan waits for a confirmation. */
  NEEDS_CONFIRMATION,
  /** Nothing was sent; the reply asks which thing is meant. */
  NEEDS_CLARIFICATION,
  /** A question or remark was answered; nothing was to be done. */
  ANSWERED,
  /** Nothing was done, and the reply says why. */
  FAILED;

  /** The form used in JSON. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
