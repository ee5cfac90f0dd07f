package dev.hearth.inference;

/** A model file cannot be used; says which file, what about it, what was expected and found. */
public final class ModelLoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String field;
  private final String expected;
  private final String found;

  /**
   * Creates the exception.
   *
   * @param file the file or folder
   * @param field the part of it that is wrong, such as a metadata key or a tensor name
   * @param expected what would be right
   * @param found what is there
   */
  public ModelLoadException(String file, String field, String expected, String found) {
    super(file + ": " + field + ": expected " + expected + ", found " + found);
    this.file = file;
    this.field = field;
    this.expected = expected;
    this.found = found;
  }

  /**
   * Creates the exception with a cause.
   *
   * @param file the file or folder
   * @param field the part of it that is wrong
   * @param expected what would be right
   * @param cause what happened
   */
  public ModelLoadException(String file, String field, String expected, Throwable cause) {
    this(file, field, expected, String.valueOf(cause));
    initCause(cause);
  }

  /** The file or folder. */
  public String file() {
    return file;
  }

  /** The part of it that is wrong. */
  public String field() {
    return field;
  }

  /** What would be right. */
  public String expected() {
    return expected;
  }

  /** What is there. */
  public String found() {
    return found;
  }
}
