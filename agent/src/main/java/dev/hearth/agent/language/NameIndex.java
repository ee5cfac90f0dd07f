package dev.hearth.agent.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.sourceforge.pinyin4j.PinyinHelper;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Every name of a home, ready to be found in an utterance. Names are compared folded (case,
 * accents, plurals, numerals). A Latin name of five letters or more is also found with one typing
 * slip after its first letter (by the deletions of both sides, as in SymSpell), a Chinese name also
 * by its sound and by its pinyin in Latin letters. Immutable.
 */
public final class NameIndex {
  /** The longest name that is looked for, in words (Chinese: characters). */
  static final int MAX_WORDS = 10;

  private static final int MIN_FUZZY = 5;
  private static final LevenshteinDistance DISTANCE = new LevenshteinDistance(2);

  /** What a run of words names: things of one family, and whether it was written exactly so. */
  record Match(Family family, List<Named> things, boolean exact) {}

  private final Map<String, List<Named>> exact = new HashMap<>();
  private final Map<String, Set<String>> deletions = new HashMap<>();
  private final Map<String, Set<String>> sounds = new HashMap<>();

  private NameIndex() {}

  /** Indexes the names of the given things; names that say nothing ("the light") are left out. */
  public static NameIndex of(Collection<Named> things) {
    NameIndex index = new NameIndex();
    for (Named thing : things) {
      for (String name : thing.names()) {
        index.add(name, thing);
      }
    }
    return index;
  }

  private void add(String name, Named thing) {
    List<Words.Word> words = Words.of(name);
    if (words.isEmpty() || words.size() > MAX_WORDS) {
      return;
    }
    if (thing.family() == Family.NAME && words.stream().allMatch(w -> Words.common(w.folded()))) {
      return;
    }
    String key = key(words);
    put(key, thing);
    boolean han = words.stream().allMatch(Words.Word::han);
    if (han && words.size() > 1) {
      String sound = sound(key);
      sounds.computeIfAbsent(sound, k -> new LinkedHashSet<>()).add(key);
      put(sound, thing);
      put(sound.replace(" ", ""), thing);
    } else if (words.stream().noneMatch(Words.Word::han)) {
      put(key.replace(" ", ""), thing);
      if (key.length() >= MIN_FUZZY) {
        for (String shorter : deletions(key)) {
          deletions.computeIfAbsent(shorter, k -> new LinkedHashSet<>()).add(key);
        }
      }
    }
  }

  private void put(String key, Named thing) {
    List<Named> same = exact.computeIfAbsent(key, k -> new ArrayList<>());
    if (!same.contains(thing)) {
      same.add(thing);
    }
  }

  /** What the words name; null when nothing of that name exists. */
  @Nullable Match find(List<Words.Word> words) {
    String key = key(words);
    List<Named> same = exact.get(key);
    if (same != null) {
      return match(same, true);
    }
    Set<String> near = new LinkedHashSet<>();
    if (words.stream().noneMatch(Words.Word::han)) {
      if (key.length() >= MIN_FUZZY - 1
          && !words.stream().allMatch(w -> Words.common(w.folded()))) {
        near.addAll(deletions.getOrDefault(key, Set.of()));
        for (String shorter : deletions(key)) {
          near.addAll(deletions.getOrDefault(shorter, Set.of()));
          if (exact.containsKey(shorter)) {
            near.add(shorter);
          }
        }
        near.removeIf(candidate -> !slip(key, candidate));
      }
    } else if (words.size() > 1 && words.stream().allMatch(Words.Word::han)) {
      near.addAll(sounds.getOrDefault(sound(key), Set.of()));
    }
    List<Named> things =
        near.stream().flatMap(k -> exact.getOrDefault(k, List.of()).stream()).distinct().toList();
    return things.isEmpty() ? null : match(things, false);
  }

  /**
   * Areas come before floors before entities: "the kitchen" is the room, not a lamp named so. What
   * is hidden is meant only when nothing else has that name.
   */
  private static Match match(List<Named> all, boolean exact) {
    List<Named> seen = all.stream().filter(thing -> !thing.hidden()).toList();
    List<Named> things = seen.isEmpty() ? all : seen;
    Family family = things.stream().map(Named::family).min(Enum::compareTo).orElseThrow();
    return new Match(family, things.stream().filter(t -> t.family() == family).toList(), exact);
  }

  private static String key(List<Words.Word> words) {
    return words.stream().map(Words.Word::folded).collect(Collectors.joining(" "));
  }

  private static List<String> deletions(String key) {
    List<String> shorter = new ArrayList<>(key.length());
    for (int i = 1; i < key.length(); i++) {
      shorter.add(key.substring(0, i) + key.substring(i + 1));
    }
    return shorter;
  }

  /** One letter more, less, other or swapped with its neighbour; first letter and digits agree. */
  private static boolean slip(String written, String name) {
    if (written.charAt(0) != name.charAt(0) || !digits(written).equals(digits(name))) {
      return false;
    }
    int distance = DISTANCE.apply(written, name);
    return distance == 1 || (distance == 2 && swapped(written, name));
  }

  private static boolean swapped(String a, String b) {
    if (a.length() != b.length()) {
      return false;
    }
    int i = 0;
    while (a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i + 1 < a.length()
        && a.charAt(i) == b.charAt(i + 1)
        && a.charAt(i + 1) == b.charAt(i)
        && a.substring(i + 2).equals(b.substring(i + 2));
  }

  private static String digits(String text) {
    return text.chars()
        .filter(Character::isDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Syllables without tones, separated by spaces; a character without a sound stays itself. */
  private static String sound(String key) {
    StringBuilder sound = new StringBuilder();
    for (String character : key.split(" ")) {
      String[] readings =
          character.length() == 1
              ? PinyinHelper.toHanyuPinyinStringArray(character.charAt(0))
              : null;
      if (!sound.isEmpty()) {
        sound.append(' ');
      }
      sound.append(
          readings == null || readings.length == 0
              ? character
              : readings[0].substring(0, readings[0].length() - 1).replace("u:", "v"));
    }
    return sound.toString();
  }
}
