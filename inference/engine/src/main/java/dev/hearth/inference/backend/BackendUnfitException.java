package dev.hearth.inference.backend;

/** A plan cannot be run by a backend here; another may be able to. */
public final class BackendUnfitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With reason and remedy, for people, without a full stop. */
  public BackendUnfitException(String reason) {
    super(reason);
  }

  /** With what caused it. */
  public BackendUnfitException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
