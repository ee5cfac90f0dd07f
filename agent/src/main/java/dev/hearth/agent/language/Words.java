package dev.hearth.agent.language;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits text into words and folds them to the form in which names are compared. */
final class Words {
  /** A word of a text with its place, {@code start} inclusive to {@code end} exclusive. */
  record Word(String folded, int start, int end, boolean han) {}

  private static final Pattern WORD =
      Pattern.compile("\\p{IsHan}|[\\p{L}\\p{M}\\p{N}&&[^\\p{IsHan}]]+(?:['’][\\p{L}]+)*");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private static final Map<String, String> NUMERALS =
      Map.ofEntries(
          Map.entry("one", "1"),
          Map.entry("two", "2"),
          Map.entry("three", "3"),
          Map.entry("four", "4"),
          Map.entry("five", "5"),
          Map.entry("six", "6"),
          Map.entry("seven", "7"),
          Map.entry("eight", "8"),
          Map.entry("nine", "9"),
          Map.entry("一", "1"),
          Map.entry("二", "2"),
          Map.entry("三", "3"),
          Map.entry("四", "4"),
          Map.entry("五", "5"),
          Map.entry("六", "6"),
          Map.entry("七", "7"),
          Map.entry("八", "8"),
          Map.entry("九", "9"));

  /**
   * Words of commands. A name made of these only names nothing in particular ("the light"), and a
   * single one of them is never taken for a misspelt name.
   */
  private static final Set<String> COMMON =
      new HashSet<>(
          List.of(
              ("light lamp switch outlet plug socket fan lock door window blind curtain shutter shade"
                      + " cover garage gate thermostat heating heater heat ac air conditioner climate"
                      + " temperature humidity sensor motion device thing everything all every turn on"
                      + " off open close set dim bright brighten brightness color colour warm cool cold"
                      + " white red green blue please could would can you the in of to at and room"
                      + " house home here there what is are it make up down more less bit little high"
                      + " low medium half full percent degree unlock stop start speed mode state status"
                      + " night light lights lower raise put kill shut good thank hello still left"
                      + " right then than that this with want need like just now some too very"
                      + " 灯 开 关 的 把 风 扇 空 调 窗 帘 门 锁 插 座 光 电 暖 气 温 度 度 亮 暗 全 部"
                      + " 所 有 家 里 这 那 请 打 一 下 点 到 吗 了 是 着 上")
                  .split(" ")));

  private Words() {}

  static List<Word> of(String text) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      boolean han =
          Character.UnicodeScript.of(matcher.group().codePointAt(0)) == Character.UnicodeScript.HAN;
      words.add(new Word(fold(matcher.group()), matcher.start(), matcher.end(), han));
    }
    return words;
  }

  /** Lower case, no accents, no apostrophes, no plural, numerals as digits. */
  static String fold(String word) {
    String plain =
        MARKS
            .matcher(Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD))
            .replaceAll("")
            .replace("'", "")
            .replace("’", "");
    String digits = NUMERALS.get(plain);
    if (digits != null) {
      return digits;
    }
    int length = plain.length();
    boolean plural =
        length > 3
            && plain.endsWith("s")
            && !plain.endsWith("ss")
            && !plain.endsWith("us")
            && !plain.endsWith("is");
    return plural ? plain.substring(0, length - 1) : plain;
  }

  static boolean common(String folded) {
    return COMMON.contains(folded);
  }
}
