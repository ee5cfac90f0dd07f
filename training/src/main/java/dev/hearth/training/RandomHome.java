package dev.hearth.training;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.Marker;
import dev.hearth.agent.language.NameIndex;
import dev.hearth.agent.language.NameVariants;
import dev.hearth.agent.language.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A home with random floors, areas and entities. Nothing in it repeats from home to home but the
 * words people use for rooms and things, and many names are invented.
 */
final class RandomHome {
  /**
   * An entity.
   *
   * @param named what the marker knows of it
   * @param kind the kind a person would say, one of {@code HomeTools.KINDS}
   * @param shortName its name without the area's
   * @param area where it is
   */
  record Thing(Named named, String kind, String shortName, Named area) {
    String name() {
      return named.names().getFirst();
    }
  }

  private static final String[] CONSONANTS =
      "b br c cl d dr f fl g gr h j k l m n p pr qu r s sh st t tr v w z".split(" ");
  private static final String[] VOWELS = "a e i o u ai ea oo ou ie".split(" ");
  private static final String[] ENDS = "n l r x m nd ra lo ck s t vy ne la".split(" ");
  private static final String RARE = "沁岚翊霁澜栎萱珺柠槿苑阙轩榭澈琅昙瑾睿珂";

  final List<Named> floors = new ArrayList<>();
  final List<Named> areas = new ArrayList<>();
  final List<Thing> things = new ArrayList<>();
  final Marker marker;
  final Wording wording;

  RandomHome(RandomGenerator random, Wording wording) {
    this.wording = wording;
    Set<String> taken = new HashSet<>();
    int floorCount = random.nextInt(10) < 3 ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < floorCount; i++) {
      List<String> names = wording.floorNames().get(random.nextInt(wording.floorNames().size()));
      if (names.stream().noneMatch(taken::contains)) {
        taken.addAll(names);
        floors.add(new Named(Family.FLOOR, "floor" + i, "", names));
      }
    }
    int areaCount = 1 + random.nextInt(12);
    for (int i = 0; i < areaCount; i++) {
      String name =
          random.nextInt(5) == 0
              ? invented(random)
              : random.nextInt(8) == 0
                  ? wording.ownedArea(random)
                  : pick(random, wording.areaNames());
      if (taken.add(name.toLowerCase(java.util.Locale.ROOT))) {
        areas.add(new Named(Family.AREA, "area" + i, "", List.of(name)));
      }
    }
    int count = random.nextInt(10) == 0 ? 60 + random.nextInt(140) : 3 + random.nextInt(45);
    for (int i = 0; i < count; i++) {
      add(random, i, taken);
    }
    List<Named> all = new ArrayList<>(floors);
    all.addAll(areas);
    things.forEach(t -> all.add(t.named));
    marker = new Marker(NameIndex.of(all));
  }

  private void add(RandomGenerator random, int i, Set<String> taken) {
    String kind = pick(random, wording.entityKinds());
    Named area = areas.get(random.nextInt(areas.size()));
    String areaName = area.names().getFirst();
    String noun = pick(random, wording.nouns(kind));
    String shortName =
        switch (random.nextInt(10)) {
          case 0, 1 -> wording.join(invented(random), noun);
          case 2 -> wording.join(noun, String.valueOf(1 + random.nextInt(9)));
          case 3 -> noun;
          default -> wording.join(pick(random, wording.adjectives(kind)), noun);
        };
    String name = random.nextInt(10) < 6 ? wording.join(areaName, shortName) : shortName;
    if (!taken.add(name.toLowerCase(java.util.Locale.ROOT))) {
      return;
    }
    List<String> variants = NameVariants.of(name, List.of(), area.names());
    things.add(
        new Thing(
            new Named(Family.NAME, "entity" + i, Wording.tag(kind), variants),
            kind,
            shortName,
            area));
  }

  List<Thing> things(String kind) {
    return things.stream().filter(t -> t.kind.equals(kind)).toList();
  }

  String invented(RandomGenerator random) {
    if (wording.language().equals("zh")) {
      StringBuilder name = new StringBuilder();
      for (int i = 0; i < 2; i++) {
        name.append(RARE.charAt(random.nextInt(RARE.length())));
      }
      return name.toString();
    }
    StringBuilder name = new StringBuilder();
    int syllables = 1 + random.nextInt(2);
    for (int i = 0; i < syllables; i++) {
      name.append(CONSONANTS[random.nextInt(CONSONANTS.length)]);
      name.append(VOWELS[random.nextInt(VOWELS.length)]);
    }
    name.append(ENDS[random.nextInt(ENDS.length)]);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  static <T> T pick(RandomGenerator random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
