package dev.hearth.template;

import dev.hearth.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Source text to tokens, with Jinja's white-space control. */
final class Lexer {
  private static final Pattern NUMBER =
      Pattern.compile("\\d[\\d_]*+(\\.\\d[\\d_]*+)?([eE][+-]?\\d[\\d_]*+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*+");
  private static final Pattern RAW =
      Pattern.compile("\\{%([-+]?)\\s*+raw\\s*+([-+]?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_RAW =
      Pattern.compile("\\{%([-+]?)\\s*+endraw\\s*+([-+]?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", ".", ":",
          "|", ",", ";", "(", ")", "[", "]", "{", "}");

  private final String source;
  private final boolean trimBlocks;
  private final boolean lstripBlocks;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  /** Whether what comes next stands at the start of a line. */
  private boolean lineStarting = true;

  private int line = 1;
  private int lineStart;
  private int counted;

  private Lexer(String source, TemplateOptions options) {
    String unix = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    this.trimBlocks = options.trimBlocks();
    this.lstripBlocks = options.lstripBlocks();
  }

  static List<Token> tokens(String source, TemplateOptions options) {
    Lexer lexer = new Lexer(source, options);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int open = nextOpen(position);
      if (open < 0) {
        text(source.substring(position));
        position = source.length();
        break;
      }
      char kind = source.charAt(open + 1);
      char control = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      text(beforeTag(source.substring(position, open), kind, control));
      position = open;
      switch (kind) {
        case '#' -> comment();
        case '%' -> {
          if (!raw()) {
            tag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}", control);
          }
        }
        default -> tag(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}", control);
      }
    }
    add(Kind.END, "", source.length());
  }

  private int nextOpen(int from) {
    for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
      if (at + 1 < source.length() && "{%#".indexOf(source.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  private String beforeTag(String text, char kind, char control) {
    if (control == '-') {
      return text.stripTrailing();
    }
    if (lstripBlocks && control != '+' && kind != '{') {
      int start = text.lastIndexOf('\n') + 1;
      if ((start > 0 || lineStarting) && text.substring(start).isBlank()) {
        return text.substring(0, start);
      }
    }
    return text;
  }

  private void text(String text) {
    if (!text.isEmpty()) {
      add(Kind.TEXT, text, position);
    }
  }

  private void comment() {
    int end = source.indexOf("#}", position + 2);
    if (end < 0) {
      throw error(position, "comment is never closed; add '#}'");
    }
    char control = end > position + 2 ? source.charAt(end - 1) : ' ';
    afterTag(end + 2, control, true);
  }

  /** Skips what white-space control removes behind a tag that ends at {@code end}. */
  private void afterTag(int end, char control, boolean block) {
    position = end;
    if (control == '-') {
      while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
        position++;
      }
    } else if (block
        && trimBlocks
        && control != '+'
        && position < source.length()
        && source.charAt(position) == '\n') {
      position++;
    }
    lineStarting = position > 0 && source.charAt(position - 1) == '\n';
  }

  private boolean raw() {
    Matcher begin = RAW.matcher(source).region(position, source.length());
    if (!begin.lookingAt()) {
      return false;
    }
    Matcher end = END_RAW.matcher(source);
    if (!end.find(begin.end())) {
      throw error(position, "raw block is never closed; add '{% endraw %}'");
    }
    afterTag(begin.end(), controlOf(begin), true);
    int from = Math.min(position, end.start());
    char control = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
    text(beforeTag(source.substring(from, end.start()), '%', control));
    afterTag(end.end(), controlOf(end), true);
    return true;
  }

  private static char controlOf(Matcher tag) {
    return tag.group(2).isEmpty() ? ' ' : tag.group(2).charAt(0);
  }

  private void tag(Kind begin, Kind end, String close, char control) {
    int open = position;
    add(begin, source.substring(open, open + 2), open);
    position = open + 2;
    if (control == '-' || (control == '+' && begin == Kind.BLOCK_BEGIN)) {
      position++;
    }
    int depth = 0;
    while (true) {
      while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
        position++;
      }
      if (position >= source.length()) {
        throw error(open, "tag is never closed; add '" + close + "'");
      }
      if (depth == 0) {
        char c = source.charAt(position);
        boolean controlled = (c == '-' || c == '+') && source.startsWith(close, position + 1);
        if (controlled || source.startsWith(close, position)) {
          add(end, close, position);
          afterTag(
              position + close.length() + (controlled ? 1 : 0),
              controlled ? c : ' ',
              end == Kind.BLOCK_END);
          return;
        }
      }
      depth += expressionToken();
      if (depth < 0) {
        throw error(position - 1, "unexpected '" + source.charAt(position - 1) + "'");
      }
    }
  }

  /** Reads one token of an expression; returns by how much it opens or closes brackets. */
  private int expressionToken() {
    char c = source.charAt(position);
    if (c == '"' || c == '\'') {
      string(c);
      return 0;
    }
    Matcher number = NUMBER.matcher(source).region(position, source.length());
    if (number.lookingAt()) {
      boolean real = number.group(1) != null || number.group(2) != null;
      add(real ? Kind.FLOAT : Kind.INTEGER, number.group().replace("_", ""), position);
      position = number.end();
      return 0;
    }
    Matcher name = NAME.matcher(source).region(position, source.length());
    if (name.lookingAt()) {
      add(Kind.NAME, name.group(), position);
      position = name.end();
      return 0;
    }
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        add(Kind.OPERATOR, operator, position);
        position += operator.length();
        return "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
      }
    }
    throw error(position, "unexpected character '" + c + "'");
  }

  private void string(char quote) {
    int start = position;
    StringBuilder text = new StringBuilder();
    position++;
    while (true) {
      if (position >= source.length()) {
        throw error(start, "string is never closed; add " + quote);
      }
      char c = source.charAt(position++);
      if (c == quote) {
        break;
      }
      if (c == '\\' && position < source.length()) {
        escape(text, source.charAt(position++));
      } else {
        text.append(c);
      }
    }
    add(Kind.STRING, text.toString(), start);
  }

  private void escape(StringBuilder text, char c) {
    switch (c) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'v' -> text.append('\u000b');
      case 'a' -> text.append('\u0007');
      case '0' -> text.append('\0');
      case '\\', '\'', '"' -> text.append(c);
      case '\n' -> {
        // A backslash at the end of a line joins the lines.
      }
      case 'x' -> text.appendCodePoint(hex(2));
      case 'u' -> text.append((char) hex(4));
      case 'U' -> text.appendCodePoint(hex(8));
      default -> text.append('\\').append(c);
    }
  }

  private int hex(int digits) {
    int end = position + digits;
    if (end <= source.length()) {
      try {
        int value = Integer.parseUnsignedInt(source.substring(position, end), 16);
        if (Character.isValidCodePoint(value)) {
          position = end;
          return value;
        }
      } catch (NumberFormatException e) {
        throw error(position, "escape needs " + digits + " hexadecimal digits");
      }
    }
    throw error(position, "escape needs " + digits + " hexadecimal digits of a character");
  }

  private void add(Kind kind, String text, int at) {
    locate(at);
    tokens.add(new Token(kind, text, line, at - lineStart + 1));
  }

  private TemplateException error(int at, String what) {
    locate(at);
    return new TemplateException(line, Math.max(1, at - lineStart + 1), what);
  }

  private void locate(int at) {
    for (; counted < at && counted < source.length(); counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
        lineStart = counted + 1;
      }
    }
  }
}
