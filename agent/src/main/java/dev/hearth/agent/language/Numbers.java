package dev.hearth.agent.language;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the number words of a command as digits: "twenty one point five" becomes 21.5, 百分之五十
 * becomes 50%, 二十一度半 becomes 21.5度. Words that are numbers only by chance stay ("one of the lamps",
 * 一下): an English "one" alone and a Chinese numeral without a unit are left as they are.
 */
final class Numbers {
  private static final Map<String, Integer> UNITS =
      Map.ofEntries(
          Map.entry("zero", 0),
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12),
          Map.entry("thirteen", 13),
          Map.entry("fourteen", 14),
          Map.entry("fifteen", 15),
          Map.entry("sixteen", 16),
          Map.entry("seventeen", 17),
          Map.entry("eighteen", 18),
          Map.entry("nineteen", 19));
  private static final Map<String, Integer> TENS =
      Map.of(
          "twenty", 20, "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70,
          "eighty", 80, "ninety", 90);

  private static final String UNIT = "(?:" + String.join("|", UNITS.keySet()) + ")";
  private static final String TEN = "(?:" + String.join("|", TENS.keySet()) + ")";
  private static final String BELOW_HUNDRED = "(?:" + TEN + "(?:[ -]" + UNIT + ")?|" + UNIT + ")";
  private static final Pattern ENGLISH =
      Pattern.compile(
          "\\b(?:(?<hundred>(?:a|one) hundred)|(?<below>"
              + BELOW_HUNDRED
              + ")(?: point (?<tenths>"
              + UNIT
              + ")|(?<half> and a half))?)\\b");

  private static final String HAN = "零一二三四五六七八九十百两〇";
  private static final Pattern CHINESE =
      Pattern.compile(
          "(?<percent>百分之)?(?<whole>["
              + HAN
              + "]+)(?:点(?<tenths>["
              + HAN
              + "]))?"
              + "(?<unit>度半|摄氏度|度|%|档|成|开尔文|k)?");
  private static final Pattern PERCENT = Pattern.compile("百分之(\\d+)");
  private static final Pattern HALF_DEGREE = Pattern.compile("(\\d+)度半");

  private Numbers() {}

  static String normalise(String text) {
    String english = ENGLISH.matcher(text).replaceAll(m -> english(m, text));
    String chinese = chinese(english);
    String percent = PERCENT.matcher(chinese).replaceAll("$1%");
    return HALF_DEGREE.matcher(percent).replaceAll("$1.5度");
  }

  private static String english(java.util.regex.MatchResult match, String text) {
    if (match.group("hundred") != null) {
      return "100";
    }
    String below = match.group("below");
    boolean plain = match.group("tenths") == null && match.group("half") == null;
    if (plain && below.equals("one")) {
      return text.startsWith(" percent", match.end()) || text.startsWith(" degree", match.end())
          ? "1"
          : "one";
    }
    int value = 0;
    for (String word : below.split("[ -]")) {
      value += TENS.getOrDefault(word, UNITS.getOrDefault(word, 0));
    }
    if (match.group("tenths") != null) {
      return value + "." + UNITS.get(match.group("tenths"));
    }
    return match.group("half") != null ? value + ".5" : String.valueOf(value);
  }

  private static String chinese(String text) {
    Matcher matcher = CHINESE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      boolean percent = matcher.group("percent") != null;
      String unit = matcher.group("unit");
      String before = text.substring(0, matcher.start());
      boolean target =
          before.endsWith("到")
              || before.endsWith("至")
              || before.endsWith("成")
              || before.endsWith("为");
      String whole = matcher.group("whole");
      boolean number = percent || unit != null || (target && whole.length() > 1);
      int value = number ? value(whole) : -1;
      if (value < 0) {
        continue;
      }
      String tenths = matcher.group("tenths") == null ? "" : "." + value(matcher.group("tenths"));
      if ("成".equals(unit)) {
        matcher.appendReplacement(out, value * 10 + "%");
      } else {
        matcher.appendReplacement(
            out, value + tenths + (percent ? "%" : "") + (unit == null ? "" : unit));
      }
    }
    matcher.appendTail(out);
    return out.toString();
  }

  /** The value of a Chinese numeral below 1,000; -1 when it is none. */
  private static int value(String numeral) {
    int total = 0;
    int digit = -1;
    int last = 0;
    for (int i = 0; i < numeral.length(); i++) {
      char c = numeral.charAt(i);
      switch (c) {
        case '百' -> {
          total += (digit < 0 ? 1 : digit) * 100;
          digit = -1;
          last = 100;
        }
        case '十' -> {
          total += (digit < 0 ? 1 : digit) * 10;
          digit = -1;
          last = 10;
        }
        default -> {
          int d = c == '两' ? 2 : c == '〇' ? 0 : "零一二三四五六七八九".indexOf(c);
          if (digit > 0 && last == 0) {
            digit = digit * 10 + d;
          } else {
            digit = d;
          }
        }
      }
    }
    int value = total + Math.max(digit, 0);
    return value > 999 ? -1 : value;
  }
}
