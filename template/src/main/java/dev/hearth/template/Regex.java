package dev.hearth.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of templates, with a look at the clock inside the matcher. */
final class Regex {
  private static final int MAX_PATTERN = 1_000;

  private Regex() {}

  static Matcher matcher(String pattern, String text, boolean ignoreCase, Evaluator evaluator) {
    if (pattern.length() > MAX_PATTERN) {
      throw new TemplateException(
          "a regular expression has %d characters; at most %d are allowed"
              .formatted(pattern.length(), MAX_PATTERN));
    }
    try {
      int flags = ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
      return Pattern.compile(pattern.replace("(?P<", "(?<"), flags)
          .matcher(new Watched(text, evaluator.budget()));
    } catch (PatternSyntaxException e) {
      throw new TemplateException(
          "regular expression '%s': %s".formatted(pattern, e.getDescription()));
    }
  }

  static String replace(
      String pattern, String text, String replacement, boolean ignoreCase, Evaluator evaluator) {
    Matcher matcher = matcher(pattern, text, ignoreCase, evaluator);
    StringBuilder out = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      out.append(text, end, matcher.start());
      end = matcher.end();
      expand(replacement, matcher, out);
      evaluator.budget().limit(out.length());
      evaluator.budget().step();
    }
    return out.append(text, end, text.length()).toString();
  }

  /** Python's replacement text: {@code \1}, {@code \g<1>} and {@code \g<name>} are groups. */
  private static void expand(String replacement, Matcher matcher, StringBuilder out) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 == replacement.length()) {
        out.append(c);
        continue;
      }
      char kind = replacement.charAt(++i);
      int close = kind == 'g' ? replacement.indexOf('>', i) : -1;
      String group = null;
      if (Character.isDigit(kind)) {
        group = String.valueOf(kind);
      } else if (close > i + 2) {
        group = replacement.substring(i + 2, close);
        i = close;
      }
      if (group == null) {
        out.append(kind == 'n' ? "\n" : kind == 't' ? "\t" : String.valueOf(kind));
        continue;
      }
      try {
        String found =
            group.chars().allMatch(Character::isDigit)
                ? matcher.group(Integer.parseInt(group))
                : matcher.group(group);
        out.append(found == null ? "" : found);
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw new TemplateException("regular expression has no group '" + group + "'");
      }
    }
  }

  /** Text that looks at the clock now and then, so that no pattern runs away. */
  private static final class Watched implements CharSequence {
    private final String text;
    private final Budget budget;
    private int reads;

    Watched(String text, Budget budget) {
      this.text = text;
      this.budget = budget;
    }

    @Override
    public char charAt(int index) {
      if ((++reads & 0xfff) == 0) {
        budget.checkTime();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
