package dev.hearth.inference;

/**
 * A loaded model can no longer be used, such as when its file was cut short. The request fails, the
 * process goes on; the model has to be loaded again.
 */
public final class ModelFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * Creates the exception.
   *
   * @param file the model's file
   * @param problem what happened and what to do, after the file's name
   * @param cause what was thrown
   */
  public ModelFailedException(String file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
    this.file = file;
  }

  /** The model's file. */
  public String file() {
    return file;
  }
}
