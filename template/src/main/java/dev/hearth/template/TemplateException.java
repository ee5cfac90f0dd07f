package dev.hearth.template;

import java.io.Serial;

/**
 * A template that cannot be compiled or rendered: bad syntax, a failing operation or an exceeded
 * limit. The message names what was wrong and, where known, the line and column.
 */
public final class TemplateException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  /**
   * Creates an exception without a position.
   *
   * @param what what went wrong, naming the thing and the value
   */
  public TemplateException(String what) {
    super(what);
    this.line = 0;
    this.column = 0;
  }

  TemplateException(int line, int column, String what) {
    super("line %d, column %d: %s".formatted(line, column, what));
    this.line = line;
    this.column = column;
  }

  /** Line of the fault, from 1; 0 when unknown. */
  public int line() {
    return line;
  }

  /** Column of the fault in characters, from 1; 0 when unknown. */
  public int column() {
    return column;
  }
}
