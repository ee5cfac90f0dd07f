package dev.hearth.template;

/**
 * A piece of a template's source.
 *
 * @param kind what it is
 * @param text the text, strings already unescaped
 * @param line from 1
 * @param column from 1
 */
record Token(Kind kind, String text, int line, int column) {
  enum Kind {
    TEXT,
    PRINT_BEGIN,
    PRINT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }

  boolean operator(String wanted) {
    return is(Kind.OPERATOR, wanted);
  }

  boolean name(String wanted) {
    return is(Kind.NAME, wanted);
  }

  TemplateException error(String what) {
    return new TemplateException(line, column, what);
  }

  /** For messages. */
  String shown() {
    return kind == Kind.END ? "the end of the template" : "'" + text + "'";
  }
}
