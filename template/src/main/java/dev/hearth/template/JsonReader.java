package dev.hearth.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small strict JSON reader for the {@code from_json} filter. */
final class JsonReader {
  private static final int MAX_NESTING = 100;

  private final String text;
  private final Budget budget;
  private int position;

  private JsonReader(String text, Budget budget) {
    this.text = text;
    this.budget = budget;
  }

  static @Nullable Object read(String text, Budget budget) {
    JsonReader reader = new JsonReader(text, budget);
    Object value = reader.value(0);
    reader.blanks();
    if (reader.position < text.length()) {
      throw reader.error("text after the value");
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    budget.step();
    if (depth > MAX_NESTING) {
      throw error("nesting deeper than " + MAX_NESTING + " levels");
    }
    blanks();
    char c = position < text.length() ? text.charAt(position) : 0;
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, position)) {
      throw error("an unknown word");
    }
    position += word.length();
    return value;
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    position++;
    for (boolean first = true; !close('}', first); first = false) {
      blanks();
      if (position >= text.length() || text.charAt(position) != '"') {
        throw error("no key");
      }
      String key = string();
      blanks();
      if (position >= text.length() || text.charAt(position) != ':') {
        throw error("no ':' after a key");
      }
      position++;
      map.put(key, value(depth + 1));
    }
    return map;
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    position++;
    for (boolean first = true; !close(']', first); first = false) {
      list.add(value(depth + 1));
    }
    return list;
  }

  private boolean close(char end, boolean first) {
    blanks();
    char c = position < text.length() ? text.charAt(position) : 0;
    if (c == end) {
      position++;
      return true;
    }
    if (!first) {
      if (c != ',') {
        throw error("no ',' or '" + end + "'");
      }
      position++;
    }
    return false;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (position++; position < text.length(); position++) {
      char c = text.charAt(position);
      if (c == '"') {
        position++;
        budget.allocate(out.length());
        return out.toString();
      }
      if (c < ' ') {
        break;
      }
      if (c == '\\' && position + 1 < text.length()) {
        escape(out, text.charAt(++position));
      } else {
        out.append(c);
      }
    }
    throw error("a string that is not closed or not escaped");
  }

  private void escape(StringBuilder out, char c) {
    switch (c) {
      case '"', '\\', '/' -> out.append(c);
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'u' -> {
        int value = 0;
        for (int i = 1; i <= 4; i++) {
          int digit =
              position + i < text.length() ? Character.digit(text.charAt(position + i), 16) : -1;
          if (digit < 0) {
            throw error("an escape without four digits");
          }
          value = value * 16 + digit;
        }
        out.append((char) value);
        position += 4;
      }
      default -> throw error("an unknown escape");
    }
  }

  private Object number() {
    int start = position;
    while (position < text.length() && "+-.0123456789eE".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    String digits = text.substring(start, position);
    try {
      return digits.matches("-?\\d{1,18}")
          ? (Object) Long.parseLong(digits)
          : (Object) Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw error("no value");
    }
  }

  private void blanks() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private TemplateException error(String found) {
    return new TemplateException("from_json found %s at character %d".formatted(found, position));
  }
}
