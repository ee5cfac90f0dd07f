package dev.hearth.agent.language;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the names of a home in an utterance and puts handles in their place, so that the language
 * model points at things and never spells them. Deterministic; the same code marks the training
 * data.
 *
 * <p>Longer spans win over shorter ones and exact spelling over similar spelling: a span scores its
 * letters, times 0.8 when it is not exact, and the best are taken first. An entity's handle is
 * followed by its kind, since "set ⑴ to 50" means one thing for a lamp and another for a blind.
 */
public final class Marker {
  /** How much of an utterance is read, in characters. */
  public static final int MAX_LENGTH = 2_000;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\uFDD0-\\uFDEF]+");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern END = Pattern.compile("[\\s.!。！,，;；:：]+$");
  private static final double SIMILAR = 0.8;

  private record Span(int from, int to, double score, NameIndex.Match match) {}

  private final NameIndex index;

  /** A marker for the home with these names. */
  public Marker(NameIndex index) {
    this.index = index;
  }

  /** Marks an utterance; text over {@value #MAX_LENGTH} characters is cut. */
  public MarkedUtterance mark(String utterance) {
    String text = clean(utterance);
    List<Words.Word> words = Words.of(text);
    StringBuilder out = new StringBuilder();
    Map<Family, List<MarkedUtterance.Mark>> marks = new EnumMap<>(Family.class);
    List<MarkedUtterance.Mark> all = new ArrayList<>();
    int at = 0;
    for (Span span : spans(words, text)) {
      int start = words.get(span.from).start();
      int end = words.get(span.to - 1).end();
      MarkedUtterance.Mark mark = handle(span.match, text.substring(start, end), marks, all);
      if (mark == null) {
        continue;
      }
      out.append(Numbers.normalise(text.substring(at, start)));
      if (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      out.append(mark.handle()).append(kind(mark));
      at = end;
    }
    out.append(Numbers.normalise(text.substring(at)));
    return new MarkedUtterance(out.toString().strip(), all);
  }

  /** Lower case, no control or format characters, single spaces, no closing full stop. */
  static String clean(String utterance) {
    String text = utterance.length() > MAX_LENGTH ? utterance.substring(0, MAX_LENGTH) : utterance;
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (Family.isHandle(c)) {
            plain.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
          } else if (c == '’' || c == '‘') {
            plain.append('\'');
          } else {
            plain.appendCodePoint(c);
          }
        });
    String spaced = CONTROL.matcher(plain).replaceAll(" ");
    String lower = Normalizer.normalize(spaced, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return END.matcher(SPACE.matcher(lower).replaceAll(" ").strip()).replaceAll("");
  }

  private List<Span> spans(List<Words.Word> words, String text) {
    List<Span> found = new ArrayList<>();
    for (int from = 0; from < words.size(); from++) {
      int last = Math.min(words.size(), from + NameIndex.MAX_WORDS);
      for (int to = from + 1; to <= last && adjoining(words, text, from, to); to++) {
        NameIndex.Match match = index.find(words.subList(from, to));
        if (match != null) {
          int letters = words.get(to - 1).end() - words.get(from).start();
          found.add(new Span(from, to, match.exact() ? letters : letters * SIMILAR, match));
        }
      }
    }
    found.sort(Comparator.comparingDouble(Span::score).reversed().thenComparingInt(Span::from));
    boolean[] taken = new boolean[words.size()];
    List<Span> chosen = new ArrayList<>();
    for (Span span : found) {
      boolean free = true;
      for (int i = span.from; i < span.to; i++) {
        free &= !taken[i];
      }
      if (free) {
        Arrays.fill(taken, span.from, span.to, true);
        chosen.add(span);
      }
    }
    chosen.sort(Comparator.comparingInt(Span::from));
    return chosen;
  }

  /** A name does not run across a comma, a full stop or the like; a hyphen or a space joins. */
  private static boolean adjoining(List<Words.Word> words, String text, int from, int to) {
    if (to - from < 2) {
      return true;
    }
    String between = text.substring(words.get(to - 2).end(), words.get(to - 1).start());
    return between.length() <= 1 && (between.isEmpty() || " -_/".contains(between));
  }

  private static MarkedUtterance.@org.jspecify.annotations.Nullable Mark handle(
      NameIndex.Match match,
      String words,
      Map<Family, List<MarkedUtterance.Mark>> byFamily,
      List<MarkedUtterance.Mark> all) {
    List<MarkedUtterance.Mark> family =
        byFamily.computeIfAbsent(match.family(), f -> new ArrayList<>());
    for (MarkedUtterance.Mark mark : family) {
      if (mark.things().equals(match.things())) {
        return mark;
      }
    }
    if (family.size() == Family.HANDLES) {
      return null;
    }
    MarkedUtterance.Mark mark =
        new MarkedUtterance.Mark(
            match.family().handle(family.size()), match.family(), match.things(), words);
    family.add(mark);
    all.add(mark);
    return mark;
  }

  private static String kind(MarkedUtterance.Mark mark) {
    if (mark.family() != Family.NAME) {
      return "";
    }
    List<String> kinds = mark.things().stream().map(Named::kind).distinct().toList();
    return kinds.size() == 1 ? kinds.get(0) : "thing";
  }
}
