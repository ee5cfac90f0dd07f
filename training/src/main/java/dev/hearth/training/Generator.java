package dev.hearth.training;

import static dev.hearth.training.RandomHome.pick;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.MarkedUtterance;
import dev.hearth.agent.language.Named;
import dev.hearth.agent.tool.HomeTools;
import dev.hearth.inference.chat.ToolCallSyntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes training examples: a random home, one to three sentences about it, and the calls they mean.
 * Names are marked by the production marker; an example whose marks do not fit its meaning is
 * thrown away.
 */
final class Generator {
  private static final int HOLD_OUT_ONE_IN = 12;

  /** A call before its targets are known as handles. */
  private record Clause(
      Section section, String value, List<Target> targets, String words, boolean held) {}

  private final RandomGenerator random;
  private final ToolCallSyntax syntax;
  private final List<Wording> wordings = List.of(new English(), new Chinese());
  private final Map<String, List<Section>> sections =
      Map.of("en", Section.load("en"), "zh", Section.load("zh"));
  private @Nullable RandomHome home;
  private int homeUses;

  Generator(RandomGenerator random, ToolCallSyntax syntax) {
    this.random = random;
    this.syntax = syntax;
  }

  /** The next example that makes sense. */
  Sample next() {
    while (true) {
      Optional<Sample> sample = attempt();
      if (sample.isPresent()) {
        return sample.get();
      }
    }
  }

  private Optional<Sample> attempt() {
    RandomHome current = home;
    if (current == null || homeUses++ > 24) {
      Wording wording = wordings.get(random.nextInt(5) < 3 ? 0 : 1);
      current = new RandomHome(random, wording);
      home = current;
      homeUses = 0;
    }
    int roll = random.nextInt(20);
    int count = roll < 15 ? 1 : roll < 19 ? 2 : 3;
    List<Clause> clauses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Clause clause = clause(current, count > 1);
      if (clause == null) {
        return Optional.empty();
      }
      clauses.add(clause);
    }
    String words =
        count == 1
            ? clauses.getFirst().words
            : current.wording.joinSentences(random, clauses.stream().map(Clause::words).toList());
    Section first = clauses.getFirst().section;
    boolean talk = first.tool().equals(HomeTools.DECLINE) || first.category().equals("indirect");
    String dressed =
        talk && random.nextInt(3) != 0
            ? words
            : current.wording.dress(random, words, first.tool().equals(HomeTools.ASK));
    String utterance = slip(current.wording, current.wording.hesitate(random, dressed));
    MarkedUtterance marked = current.marker.mark(utterance);
    StringBuilder calls = new StringBuilder();
    Set<String> used = new HashSet<>();
    int number = 0;
    for (Clause clause : clauses) {
      for (Target target : clause.targets) {
        String call = call(clause, target, marked, used);
        if (call == null) {
          return Optional.empty();
        }
        calls.append(number++ == 0 ? "" : syntax.separator()).append(call);
      }
    }
    if (number > 6 || used.size() < marked.marks().size()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sample(
            current.wording.language(),
            count == 1 ? clauses.getFirst().section.category() : "several",
            clauses.stream().anyMatch(Clause::held),
            utterance,
            marked,
            calls.toString()));
  }

  private @Nullable Clause clause(RandomHome home, boolean several) {
    Section section = pickSection(home.wording.language(), several);
    Phrase template = pick(random, section.templates());
    boolean held = Math.floorMod(template.toString().hashCode(), HOLD_OUT_ONE_IN) == 0;
    List<Target> targets = targets(home, section, template);
    if (targets.isEmpty()) {
      return null;
    }
    Target shown = targets.getFirst();
    String[] value = {""};
    String[] spoken = {""};
    String text =
        template.expand(
            random,
            slot ->
                switch (slot) {
                  case "T", "W", "P" -> shown.text();
                  case "E" -> shown.tail();
                  default -> {
                    Wording.Value v = value(home.wording, slot);
                    value[0] = v.meaning();
                    spoken[0] = v.words();
                    yield v.words();
                  }
                });
    boolean bare = shown.kind().isEmpty() && shown.names().isEmpty() && !shown.places().isEmpty();
    if (bare && template.has("T") && !section.equals(owner(home, template))) {
      return null; // "lower the kitchen" means one thing only
    }
    if (bare && section.category().equals("temperature") && unitless(spoken[0])) {
      return null; // "set the kitchen to 21" may as well be about its lights
    }
    if (!shown.tail().isEmpty() && !template.has("E")) {
      text = text + (home.wording.language().equals("zh") ? "" : " ") + shown.tail();
      text = text.replace(" ,", ",");
    }
    return new Clause(section, value[0], targets, text, held);
  }

  /** The first section with a template that may be about a bare place. */
  private @Nullable Section owner(RandomHome home, Phrase template) {
    return sections.getOrDefault(home.wording.language(), List.of()).stream()
        .filter(s ->
            s.area()
                && s.templates().stream().anyMatch(t -> t.toString().equals(template.toString())))
        .findFirst()
        .orElse(null);
  }

  private static boolean unitless(String words) {
    return !words.isEmpty()
        && !words.contains("deg")
        && !words.contains("°")
        && !words.contains("度")
        && !words.endsWith("c");
  }

  /** How often each category comes, against one for the others. */
  private static final Map<String, Integer> WEIGHTS =
      Map.of(
          "on",
          8,
          "off",
          8,
          "brightness",
          8,
          "temperature",
          6,
          "open",
          4,
          "close",
          4,
          "ask",
          10,
          "indirect",
          5,
          "decline",
          4,
          "color",
          3);

  /** A category by its weight, then a section of it by the number of its templates. */
  private Section pickSection(String language, boolean several) {
    List<Section> all = sections.getOrDefault(language, List.of());
    while (true) {
      List<String> categories = all.stream().map(Section::category).distinct().toList();
      int total = categories.stream().mapToInt(c -> WEIGHTS.getOrDefault(c, 2)).sum();
      int roll = random.nextInt(total);
      String category = "";
      for (String c : categories) {
        roll -= WEIGHTS.getOrDefault(c, 2);
        if (roll < 0) {
          category = c;
          break;
        }
      }
      String wanted = category;
      List<Section> of = all.stream().filter(s -> s.category().equals(wanted)).toList();
      int templates = random.nextInt(of.stream().mapToInt(s -> s.templates().size()).sum());
      Section section = of.getLast();
      for (Section s : of) {
        templates -= s.templates().size();
        if (templates < 0) {
          section = s;
          break;
        }
      }
      boolean talk =
          section.tool().equals(HomeTools.DECLINE) || section.category().equals("indirect");
      boolean ask = section.tool().equals(HomeTools.ASK);
      if (!several || (!talk && (!ask || random.nextInt(4) == 0))) {
        return section;
      }
    }
  }

  private Wording.Value value(Wording wording, String slot) {
    return switch (slot) {
      case "N" -> wording.percent(random);
      case "D" -> wording.degrees(random);
      case "DD" -> wording.difference(random);
      case "K" -> wording.kelvin(random);
      case "C" -> word(wording.colors());
      case "M" -> word(wording.modes());
      default -> throw new IllegalArgumentException("unknown slot {" + slot + "}");
    };
  }

  private Wording.Value word(Map<String, List<String>> words) {
    String meaning = pick(random, words.keySet().stream().sorted().toList());
    return new Wording.Value(pick(random, words.getOrDefault(meaning, List.of())), meaning);
  }

  /** The targets of a sentence: one, or two that are named with "and" but cannot be one call. */
  private List<Target> targets(RandomHome home, Section section, Phrase template) {
    if (template.has("E")) {
      Target only = only(home);
      return only == null ? List.of() : List.of(only);
    }
    if (template.has("P") || template.has("W")) {
      return List.of(where(home, template.has("W")));
    }
    if (!template.has("T")) {
      return List.of(Target.NOTHING);
    }
    String kind = pick(random, section.kinds());
    boolean ask = section.tool().equals(HomeTools.ASK);
    if (random.nextInt(25) == 0 && !kind.equals("everything")) {
      Target first = target(home, section, kind, false);
      Target second = target(home, section, pick(random, section.kinds()), false);
      if (first == null || second == null || !first.tail().isEmpty() || !second.tail().isEmpty()) {
        return List.of();
      }
      if (simple(first) && simple(second) && !first.equals(second)) {
        String and = home.wording.language().equals("zh") ? "和" : " and ";
        Target both = first.words(first.text() + and + second.text(), "");
        boolean named = !first.names().isEmpty() && !second.names().isEmpty();
        return named ? List.of() : List.of(both, second);
      }
      return List.of();
    }
    Target target = target(home, section, kind, ask);
    return target == null ? List.of() : List.of(target);
  }

  private static boolean simple(Target target) {
    return target.except().isEmpty()
        && !target.kind().equals("everything")
        && !target.all()
        && (!target.kind().isEmpty() || !target.names().isEmpty());
  }

  private Target where(RandomHome home, boolean needed) {
    Wording w = home.wording;
    int roll = random.nextInt(10);
    if (!needed && roll < 3) {
      return Target.NOTHING;
    }
    Named place =
        roll < 5
            ? Target.HERE
            : roll == 9 && !home.floors.isEmpty()
                ? pick(random, home.floors)
                : pick(random, home.areas);
    Target meaning = Target.of("", List.of(place), false);
    return meaning.words(needed ? w.bare(random, place) : w.place(random, place), "");
  }

  /** A place with lights that are left out: the text is the place, the tail the lights. */
  private @Nullable Target only(RandomHome home) {
    Target place = where(home, false);
    List<RandomHome.Thing> lights = home.things("light");
    if (lights.isEmpty()) {
      return null;
    }
    boolean area = !place.places().isEmpty() && place.places().getFirst().family() == Family.AREA;
    if (!area && random.nextInt(3) == 0) {
      Named room = pick(random, home.areas);
      Target words = home.wording.group(random, Target.of("light", List.of(room), false));
      String space = words.tail().isEmpty() ? "" : " ";
      return place.without(List.of(room)).words(place.text(), words.text() + space + words.tail());
    }
    List<RandomHome.Thing> out = distinct(lights, random.nextInt(6) == 0 ? 2 : 1);
    Target names =
        home.wording.named(
            random,
            Target.named(out.stream().map(RandomHome.Thing::named).toList()),
            out.stream().map(t -> random.nextInt(4) == 0 ? t.shortName() : t.name()).toList(),
            null);
    return place
        .without(out.stream().map(RandomHome.Thing::named).toList())
        .words(place.text(), names.text());
  }

  private @Nullable Target target(RandomHome home, Section section, String kind, boolean ask) {
    Wording w = home.wording;
    if (kind.equals("everything")) {
      return everything(home, ask);
    }
    int roll = random.nextInt(100);
    if (roll < 45) {
      return named(home, kind, roll);
    }
    if (roll < 62) {
      return w.group(
          random, Target.of(kind, List.of(pick(random, home.areas)), random.nextInt(6) == 0));
    }
    if (roll < 68) {
      return w.group(random, Target.of(kind, List.of(), false));
    }
    if (roll < 74 && !home.floors.isEmpty()) {
      return w.group(
          random, Target.of(kind, List.of(pick(random, home.floors)), random.nextInt(4) == 0));
    }
    if (roll < 79) {
      return w.group(random, Target.of(kind, List.of(), true));
    }
    if (roll < 82) {
      return w.group(random, Target.of(kind, List.of(Target.HERE), random.nextInt(4) == 0));
    }
    if (roll < 85 && home.areas.size() > 2) {
      return w.group(random, Target.of(kind, distinct(home.areas, 2 + random.nextInt(2)), false));
    }
    if (roll < 90 && section.area()) {
      List<Named> places = roll == 89 && !home.floors.isEmpty() ? home.floors : home.areas;
      int count = places.size() > 1 && random.nextInt(6) == 0 ? 2 : 1;
      return w.group(random, Target.of("", distinct(places, count), false));
    }
    if (roll < 95 && !ask) {
      return except(home, kind);
    }
    return unknown(home, kind);
  }

  private @Nullable Target everything(RandomHome home, boolean ask) {
    int roll = random.nextInt(10);
    List<Named> places =
        roll < 3
            ? List.of()
            : roll < 6
                ? List.of(pick(random, home.areas))
                : roll < 8 && !home.floors.isEmpty()
                    ? List.of(pick(random, home.floors))
                    : List.of(Target.HERE);
    Target target = Target.of("everything", places, false);
    Target worded = home.wording.group(random, target);
    return random.nextInt(5) < 2 && !ask ? excepting(home, worded, "everything") : worded;
  }

  private @Nullable Target except(RandomHome home, String kind) {
    int roll = random.nextInt(10);
    List<Named> places =
        roll < 5 || home.floors.isEmpty()
            ? roll < 2 ? List.of(pick(random, home.areas)) : List.of()
            : List.of(pick(random, home.floors));
    boolean all = places.isEmpty() || random.nextBoolean();
    return excepting(home, home.wording.group(random, Target.of(kind, places, all)), kind);
  }

  private @Nullable Target excepting(RandomHome home, Target worded, String kind) {
    List<Named> out = new ArrayList<>();
    int count = random.nextInt(5) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      int roll = random.nextInt(10);
      boolean inArea =
          !worded.places().isEmpty() && worded.places().getFirst().family() == Family.AREA;
      Named thing;
      if (kind.equals("everything") && roll < 3) {
        String other =
            pick(
                random, List.of("light", "fan", "climate", "switch", "outlet", "curtain", "blind"));
        thing = new Named(Family.NAME, "", other, List.of());
      } else if (inArea || roll < 6) {
        List<RandomHome.Thing> same = kind.equals("everything") ? home.things : home.things(kind);
        if (same.isEmpty()) {
          return null;
        }
        RandomHome.Thing chosen = pick(random, same);
        thing =
            new Named(
                Family.NAME, chosen.named().id(), chosen.named().kind(), List.of(chosen.name()));
      } else if (roll == 9) {
        thing = Target.HERE;
      } else {
        thing = pick(random, home.areas);
      }
      if (out.contains(thing) || worded.places().contains(thing)) {
        return null;
      }
      out.add(thing);
    }
    Target meant = worded.without(out);
    return home.wording.except(
        random, meant, out.stream().map(t -> home.wording.exception(random, t)).toList());
  }

  private @Nullable Target named(RandomHome home, String kind, int roll) {
    List<RandomHome.Thing> same = home.things(kind);
    if (same.isEmpty()) {
      return null;
    }
    RandomHome.Thing thing = pick(random, same);
    if (roll < 30) {
      List<String> variants = thing.named().names();
      String name = random.nextInt(4) == 0 ? pick(random, variants) : thing.name();
      return home.wording.named(random, Target.named(List.of(thing.named())), List.of(name), null);
    }
    if (roll < 39) {
      return home.wording.named(
          random,
          Target.named(List.of(thing.named())).in(thing.area()),
          List.of(thing.shortName()),
          thing.area().names().getFirst());
    }
    if (roll < 42) {
      return home.wording.namedAll(
          random, Target.named(List.of(thing.named())).every(), thing.shortName());
    }
    List<RandomHome.Thing> several = distinct(same, 2 + random.nextInt(2));
    return home.wording.named(
        random,
        Target.named(several.stream().map(RandomHome.Thing::named).toList()),
        several.stream().map(RandomHome.Thing::name).toList(),
        null);
  }

  private @Nullable Target unknown(RandomHome home, String kind) {
    Wording w = home.wording;
    int roll = random.nextInt(10);
    if (roll < 4) {
      String room =
          random.nextInt(3) == 0
              ? home.invented(random)
              : pick(random, roll == 0 ? w.areaNames() : w.oddRooms());
      String words = room.toLowerCase(Locale.ROOT);
      return w.unknown(random, Target.of(kind, List.of(), false).unknown(words), true);
    }
    String name;
    if (roll < 7) {
      name = pick(random, w.oddThings());
    } else {
      String noun = pick(random, w.nouns(kind));
      name =
          roll == 7
              ? w.join(home.invented(random), noun)
              : w.join(pick(random, w.adjectives(kind)), noun);
    }
    return w.unknown(random, Target.NOTHING.unknown(name.toLowerCase(Locale.ROOT)), false);
  }

  private <T> List<T> distinct(List<T> from, int count) {
    List<T> rest = new ArrayList<>(from);
    List<T> chosen = new ArrayList<>();
    while (chosen.size() < count && !rest.isEmpty()) {
      chosen.add(rest.remove(random.nextInt(rest.size())));
    }
    return chosen;
  }

  /**
   * Now and then a typing slip in a Latin word of five letters or more, never in the first letter.
   */
  private String slip(Wording wording, String sentence) {
    if (wording.language().equals("zh") || random.nextInt(9) != 0) {
      return sentence;
    }
    String[] words = sentence.split(" ");
    int at = random.nextInt(words.length);
    String word = words[at];
    if (!word.matches("[A-Za-z]{5,}")) {
      return sentence;
    }
    int i = 1 + random.nextInt(word.length() - 2);
    words[at] =
        switch (random.nextInt(4)) {
          case 0 -> word.substring(0, i) + word.substring(i + 1);
          case 1 -> word.substring(0, i) + word.charAt(i) + word.substring(i);
          case 2 ->
              word.substring(0, i) + word.charAt(i + 1) + word.charAt(i) + word.substring(i + 2);
          default ->
              word.substring(0, i) + (char) ('a' + random.nextInt(26)) + word.substring(i + 1);
        };
    return String.join(" ", words);
  }

  /** The call in the model's syntax; null when the marks do not fit the meaning. */
  private @Nullable String call(
      Clause clause, Target target, MarkedUtterance marked, Set<String> used) {
    Map<String, String> arguments = new LinkedHashMap<>();
    clause.section.arguments().forEach((k, v) -> arguments.put(k, literal(k, v, clause.value)));
    if (!target.names().isEmpty()) {
      List<String> handles = handles(target.names(), marked, used);
      if (handles == null) {
        return null;
      }
      arguments.put("name", list(handles));
    }
    if (!target.kind().isEmpty()) {
      arguments.put("kind", '"' + target.kind() + '"');
    }
    if (!target.places().isEmpty()) {
      List<String> handles = handles(target.places(), marked, used);
      if (handles == null) {
        return null;
      }
      arguments.put("in", list(handles));
    }
    if (target.all()) {
      arguments.put("which", "\"all\"");
    }
    if (!target.places().isEmpty() && target.names().isEmpty()) {
      arguments.remove("which"); // a group in a place is all of it anyway
    }
    if (!target.except().isEmpty()) {
      List<String> handles = handles(target.except(), marked, used);
      if (handles == null) {
        return null;
      }
      arguments.put("except", list(handles));
    }
    if (!target.unknown().isEmpty()) {
      if (!bounded(marked.text(), target.unknown())) {
        return null;
      }
      arguments.put("unknown", '"' + target.unknown() + '"');
    }
    String json = arguments(arguments);
    return syntax.open() + clause.section.tool() + syntax.middle() + json + syntax.close();
  }

  /** The properties in the order of the tool's schema. */
  private String arguments(Map<String, String> arguments) {
    List<String> order =
        List.of(
            "do", "what", "to", "by", "why", "name", "kind", "in", "which", "except", "unknown");
    String colon = syntax.compactJson() ? ":" : ": ";
    List<String> members = new ArrayList<>();
    for (String key : order) {
      String value = arguments.get(key);
      if (value != null) {
        members.add('"' + key + '"' + colon + value);
      }
    }
    return "{" + String.join(syntax.compactJson() ? "," : ", ", members) + "}";
  }

  private static String literal(String key, String value, String slot) {
    String filled = value.replace("@", slot);
    boolean number = (key.equals("to") || key.equals("by")) && filled.matches("-?[0-9.]+");
    if (number) {
      return filled;
    }
    return key.equals("in") ? "[\"" + filled + "\"]" : '"' + filled + '"';
  }

  private @Nullable List<String> handles(
      List<Named> things, MarkedUtterance marked, Set<String> used) {
    List<String> handles = new ArrayList<>();
    for (Named thing : things) {
      if (thing.equals(Target.HERE)) {
        handles.add(HomeTools.HERE);
        continue;
      }
      if (thing.id().isEmpty()) {
        handles.add(thing.kind());
        continue;
      }
      Optional<MarkedUtterance.Mark> mark =
          marked.marks().stream()
              .filter(m ->
                  m.family() == thing.family()
                      && m.things().stream().anyMatch(t -> t.id().equals(thing.id())))
              .findFirst();
      if (mark.isEmpty()) {
        return null;
      }
      used.add(mark.get().handle());
      if (!handles.contains(mark.get().handle())) {
        handles.add(mark.get().handle());
      }
    }
    return handles;
  }

  private String list(List<String> words) {
    return "[\"" + String.join(syntax.compactJson() ? "\",\"" : "\", \"", words) + "\"]";
  }

  private static boolean bounded(String text, String words) {
    int at = text.indexOf(words);
    if (at < 0) {
      return false;
    }
    int end = at + words.length();
    return (at == 0 || !letter(text.charAt(at - 1)) || han(text.charAt(at)))
        && (end == text.length() || !letter(text.charAt(end)) || han(text.charAt(end - 1)));
  }

  private static boolean letter(char c) {
    return Character.isLetterOrDigit(c) && !han(c);
  }

  private static boolean han(char c) {
    return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
  }
}
