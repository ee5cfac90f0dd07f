package dev.hearth.training;

import static dev.hearth.training.RandomHome.pick;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.Named;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** English. */
final class English implements Wording {
  private static final List<String> AREAS =
      words(
          "Kitchen,Living room,Bedroom,Bathroom,Hall,Hallway,Office,Study,Garage,Attic,Basement,"
              + "Dining room,Kids room,Nursery,Guest room,Master bedroom,Laundry room,Utility room,"
              + "Pantry,Balcony,Terrace,Garden,Patio,Porch,Entrance,Corridor,Stairs,Library,Workshop,"
              + "Gym,Playroom,Den,Lounge,Toilet,Guest bathroom,En suite,Sunroom,Conservatory,Shed,"
              + "Storage room,Closet,Dressing room,Home cinema,Media room,Music room,Family room,"
              + "Foyer,Landing,Driveway,Backyard,Front yard,Loft,Cellar,Wine cellar,Bedroom 1,"
              + "Bedroom 2,Bathroom 2,Small bedroom,Big bathroom,Game room,Studio,Winter garden");
  private static final List<String> PEOPLE =
      words(
          "Anna,Ben,Clara,David,Emma,Finn,Grace,Henry,Ivy,Jack,Kate,Leo,Mia,Noah,Olivia,Paul,Rosa,"
              + "Sam,Tom,Zoe,Max,Lucy,Mom,Dad,Grandma");
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("Ground floor", "Downstairs"),
          List.of("First floor", "Upstairs"),
          List.of("Second floor"),
          List.of("Third floor"),
          List.of("Basement floor", "Basement level"),
          List.of("Top floor"),
          List.of("Upstairs"),
          List.of("Downstairs"),
          List.of("Main floor"),
          List.of("Attic floor"),
          List.of("Lower level"),
          List.of("Upper level"),
          List.of("Mezzanine"));
  private static final Map<String, List<String>> NOUNS =
      Map.ofEntries(
          Map.entry(
              "light",
              words(
                  "light,light,light,lamp,lamp,lights,spotlights,strip,chandelier,"
                      + "lantern,sconce,pendant,LEDs,spots")),
          Map.entry(
              "switch",
              words(
                  "switch,pump,boiler,socket switch,relay,kettle,radio,TV,"
                      + "projector,coffee maker,dishwasher,washer,dryer,router,aquarium,fountain,oven")),
          Map.entry("outlet", words("outlet,plug,socket,power strip")),
          Map.entry("blind", words("blind,blinds,roller blind,venetian blinds,shade,shades")),
          Map.entry("curtain", words("curtain,curtains,drapes")),
          Map.entry("shutter", words("shutter,shutters,roller shutter")),
          Map.entry("cover", words("cover,awning,skylight,canopy")),
          Map.entry("garage_door", words("garage door,gate,door")),
          Map.entry(
              "climate",
              words(
                  "thermostat,heating,AC,air conditioner,radiator,heater,"
                      + "heat pump,underfloor heating")),
          Map.entry("fan", words("fan,fan,ceiling fan,ventilator,exhaust fan,air purifier")),
          Map.entry("lock", words("lock,door,door lock,smart lock")),
          Map.entry("door", words("door,door sensor,door contact")),
          Map.entry("window", words("window,window sensor,window contact")),
          Map.entry("motion", words("motion sensor,motion detector,occupancy sensor")),
          Map.entry(
              "sensor",
              words(
                  "temperature sensor,humidity sensor,thermometer,sensor,"
                      + "air quality sensor,power meter,light sensor,leak sensor,smoke detector,"
                      + "weather station")));
  private static final List<String> ADJECTIVES =
      words(
          "ceiling,floor,table,desk,wall,bedside,reading,corner,counter,mirror,main,left,right,big,"
              + "small,front,back,side,window,door,sofa,bed,cabinet,shelf,ambient,night,stair,entry,"
              + "upper,lower,middle,old,new,tall,round,star,fairy,moon,north,south,east,west,hall,"
              + "garden,terrace,fireplace,piano,island,bar,vanity,shower,closet,porch,pool");
  private static final Map<String, List<String>> KINDS =
      Map.ofEntries(
          Map.entry("light", words("light,lights,lights,lights,lamp,lamps,lighting")),
          Map.entry("switch", words("switch,switches,switches")),
          Map.entry("outlet", words("outlet,outlets,plugs,sockets,socket,plug,power outlets")),
          Map.entry("blind", words("blind,blinds,blinds,shades,roller blinds,shade")),
          Map.entry("curtain", words("curtain,curtains,curtains,drapes")),
          Map.entry("shutter", words("shutter,shutters,shutters,roller shutters")),
          Map.entry("cover", words("cover,covers,window covers,awning,window coverings")),
          Map.entry("garage_door", words("garage door,garage doors,gate,garage gate")),
          Map.entry(
              "climate",
              words(
                  "thermostat,thermostats,heating,heater,radiator,radiators,ac,"
                      + "air conditioning,air conditioner,aircon,heat")),
          Map.entry("fan", words("fan,fans,fans,ventilation,ventilator,ceiling fan")),
          Map.entry("lock", words("lock,locks,door locks,door lock")),
          Map.entry("door", words("door,doors,door sensors")),
          Map.entry("window", words("window,windows,windows")),
          Map.entry("motion", words("motion sensor,motion sensors,motion detector")),
          Map.entry("sensor", words("sensor,sensors")));
  private static final Map<String, List<String>> COLORS =
      Map.ofEntries(
          Map.entry("red", words("red,red,crimson")),
          Map.entry("orange", words("orange,amber")),
          Map.entry("yellow", words("yellow,yellow,gold")),
          Map.entry("green", words("green,green,lime")),
          Map.entry("cyan", words("cyan,turquoise,teal")),
          Map.entry("blue", words("blue,blue,navy")),
          Map.entry("purple", words("purple,violet,lavender")),
          Map.entry("pink", words("pink,rose")),
          Map.entry("magenta", words("magenta,fuchsia")),
          Map.entry("white", words("white")));
  private static final Map<String, List<String>> MODES =
      Map.of(
          "heat", words("heat,heating"),
          "cool", words("cool,cooling"),
          "auto", words("auto,automatic"),
          "dry", words("dry,drying,dehumidify"),
          "fan_only", words("fan only,fan,ventilation"));
  private static final List<Phrase> BEFORE =
      Phrase.all(
          "please ",
          "(can|could|would|will) you ",
          "(can|could|would) you please ",
          "(hey|hi|ok|okay|hello) hearth,? ",
          "hey,? ",
          "ok,? ",
          "so,? ",
          "(i need you to|go ahead and) ",
          "(just|quickly) ",
          "(now|right),? ",
          "(can|could) you (just|maybe) ",
          "hey,? can you ",
          "i('d like| want) you to ",
          "(be so kind and|kindly) ",
          "it'd be great if you could ",
          "(oh|um|uh|well),? ",
          "let's ",
          "(good morning|good evening),? ",
          "listen,? ",
          "(could|can) (someone|somebody|anyone|anybody) (please |)",
          "hearth,? ",
          "(make sure to|remember to|don't forget to|be sure to) ",
          "i was wondering if you could ",
          "would you be so kind as to ",
          "i'd appreciate it if you could ",
          "(when you can|when you have a moment),? ",
          "(i think|maybe|perhaps) you (should|could) ",
          "(alright|all right|yes|no|actually|and),? ",
          "(before i go to bed|it's late|i'm home|we have guests|it's movie time),? ",
          "i (need|want) to ",
          "(try to|be a dear and|do me a favor,) ");
  private static final List<Phrase> AFTER =
      Phrase.all(
          ",? please",
          " for me",
          " now",
          ",? thanks",
          ",? thank you",
          ",? (would|will|could) you",
          " right now",
          " quickly",
          ",? ok",
          " immediately",
          " again",
          ",? hearth",
          " will you please",
          " as soon as possible",
          ",? if you (can|don't mind)",
          " for (a while|the moment|tonight)",
          " (today|tonight|already)",
          ",? it's (late|getting late|time|for the guests)",
          " (at once|straight away|right away)",
          " (before i leave|when you can|when you get a chance)",
          " (for the night|for the movie|for dinner|for the party|for the kids)",
          " so (i|we) can (sleep|see|read|relax|watch tv)",
          " (because|since) (i'm|we're) (leaving|going to bed|home|busy)",
          ",? (buddy|dear|my friend|love)",
          ",? (okay|alright|yes|right)",
          ",? (i'd appreciate it|that would be nice|much appreciated)",
          " (in a minute|soon|once more|this time)");

  private static List<String> words(String list) {
    return List.of(list.split(","));
  }

  @Override
  public String language() {
    return "en";
  }

  @Override
  public List<String> areaNames() {
    return AREAS;
  }

  @Override
  public String ownedArea(RandomGenerator random) {
    return pick(random, PEOPLE) + "'s " + (random.nextBoolean() ? "room" : "bedroom");
  }

  @Override
  public List<List<String>> floorNames() {
    return FLOORS;
  }

  @Override
  public List<String> nouns(String kind) {
    return NOUNS.getOrDefault(kind, List.of(kind));
  }

  @Override
  public List<String> adjectives(String kind) {
    return ADJECTIVES;
  }

  @Override
  public String join(String first, String second) {
    return first + " " + second;
  }

  private static String article(RandomGenerator random, String name) {
    if (name.toLowerCase(Locale.ROOT).matches(".*'s (room|bedroom).*")) {
      return name;
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> name;
      case 2 -> (random.nextInt(3) == 0 ? "our " : "my ") + name;
      default -> "the " + name;
    };
  }

  private static boolean adverb(String floor) {
    return floor.equalsIgnoreCase("upstairs") || floor.equalsIgnoreCase("downstairs");
  }

  private static String called(RandomGenerator random, Named place) {
    return pick(random, place.names());
  }

  @Override
  public String place(RandomGenerator random, Named place) {
    if (place.equals(Target.HERE)) {
      return pick(
          random,
          words("in here,here,in this room,in the room,in this room here,around here,in here"));
    }
    String name = called(random, place);
    if (adverb(name)) {
      return random.nextInt(4) == 0 ? "from " + name : name;
    }
    String preposition =
        place.family() == Family.FLOOR ? "on " : random.nextInt(12) == 0 ? "at " : "in ";
    return preposition + article(random, name);
  }

  @Override
  public String bare(RandomGenerator random, Named place) {
    if (place.equals(Target.HERE)) {
      return pick(random, words("this room,the room,the room here"));
    }
    String name = called(random, place);
    return adverb(name) ? name : article(random, name);
  }

  @Override
  public Target named(
      RandomGenerator random, Target meaning, List<String> names, @Nullable String area) {
    String text = article(random, names.getFirst());
    for (String other : names.subList(1, names.size())) {
      text += (random.nextInt(5) == 0 ? ", " : " and ") + article(random, other);
    }
    if (area == null) {
      return meaning.words(text, "");
    }
    String place = (random.nextInt(8) == 0 ? "of " : "in ") + article(random, area);
    return switch (random.nextInt(4)) {
      case 0 -> meaning.words("the " + area + " " + names.getFirst(), "");
      case 1 -> meaning.words(text, place);
      default -> meaning.words(text + " " + place, "");
    };
  }

  @Override
  public Target namedAll(RandomGenerator random, Target meaning, String name) {
    return random.nextInt(3) == 0
        ? meaning.words("the " + plural(name), "everywhere")
        : meaning.words(all(random, name), "");
  }

  @Override
  public Target group(RandomGenerator random, Target meaning) {
    List<Named> places = meaning.places();
    if (meaning.kind().isEmpty()) {
      return meaning.words(list(random, places), "");
    }
    boolean everything = meaning.kind().equals("everything");
    String word =
        everything
            ? pick(
                random,
                words(
                    "everything,everything,all devices,all the devices,every device,"
                        + "all of it,all appliances,all things,anything"))
            : pick(random, KINDS.getOrDefault(meaning.kind(), List.of(meaning.kind())));
    if (places.isEmpty()) {
      String house =
          pick(
              random,
              words(
                  ",,, in the house, in the whole house, everywhere, at home,"
                      + " in the entire house, throughout the house, in the home, in every room"));
      if (everything) {
        return meaning.words(word + house, "");
      }
      if (!meaning.all()) {
        return meaning.words(article(random, word), "");
      }
      if (random.nextInt(4) == 0) {
        return meaning.words("the " + plural(word), house.isEmpty() ? "everywhere" : house.strip());
      }
      return meaning.words(all(random, word) + house, "");
    }
    String where = places.size() == 1 ? place(random, places.getFirst()) : null;
    String head = everything ? word : meaning.all() ? all(random, word) : article(random, word);
    if (where == null) {
      String both = list(random, places);
      boolean floors = places.getFirst().family() == Family.FLOOR;
      if (!everything && !floors && random.nextInt(3) == 0) {
        return meaning.words(both + " " + word, "");
      }
      return meaning.words(head + (floors ? " on " : " in ") + both, "");
    }
    Named place = places.getFirst();
    if (!everything && !place.equals(Target.HERE) && random.nextInt(2) == 0) {
      String name = called(random, place);
      String core = name + " " + word;
      return meaning.words(
          meaning.all()
              ? "all " + (random.nextBoolean() ? "the " : "") + core
              : article(random, core),
          "");
    }
    return random.nextInt(3) == 0
        ? meaning.words(head, where)
        : meaning.words(head + " " + where, "");
  }

  private static String plural(String word) {
    return word.endsWith("s") || word.endsWith("ing") || word.endsWith("ion") ? word : word + "s";
  }

  private static String all(RandomGenerator random, String word) {
    String many = plural(word);
    return switch (random.nextInt(6)) {
      case 0 -> "all of the " + many;
      case 1 -> "all " + many;
      case 2 -> word.endsWith("s") ? "all " + word : "every " + word;
      case 3 -> word.endsWith("s") ? "all the " + word : "each " + word;
      default -> "all the " + many;
    };
  }

  private String list(RandomGenerator random, List<Named> places) {
    String text = bare(random, places.getFirst());
    for (int i = 1; i < places.size(); i++) {
      text += (i < places.size() - 1 ? ", " : " and ") + bare(random, places.get(i));
    }
    return text;
  }

  @Override
  public Target except(RandomGenerator random, Target meaning, List<String> exceptions) {
    String word =
        pick(
            random,
            words(
                "except,except,except for,but not,apart from,other than,besides,"
                    + "but leave out,with the exception of,excluding,just not,not"));
    String phrase = word + " " + String.join(random.nextInt(4) == 0 ? " or " : " and ", exceptions);
    String comma = random.nextInt(4) == 0 ? ", " : " ";
    return random.nextInt(3) == 0
        ? meaning.words(meaning.text() + " " + phrase, meaning.tail())
        : meaning.words(meaning.text(), (meaning.tail() + comma + phrase).strip());
  }

  @Override
  public String exception(RandomGenerator random, Named thing) {
    if (thing.id().isEmpty()) {
      return "the " + pick(random, KINDS.getOrDefault(thing.kind(), List.of(thing.kind())));
    }
    if (thing.equals(Target.HERE)) {
      return pick(random, words("this room,here,in here,the ones here,this one room"));
    }
    String name = called(random, thing);
    if (thing.family() == Family.NAME) {
      return article(random, name);
    }
    return switch (random.nextInt(5)) {
      case 0 -> place(random, thing);
      case 1 -> "the ones " + place(random, thing);
      default -> bare(random, thing);
    };
  }

  @Override
  public Target unknown(RandomGenerator random, Target meaning, boolean room) {
    String words = meaning.unknown();
    if (!room) {
      return meaning.words(article(random, words), "");
    }
    String word =
        meaning.kind().equals("everything")
            ? "everything"
            : pick(random, KINDS.getOrDefault(meaning.kind(), List.of(meaning.kind())));
    return switch (random.nextInt(3)) {
      case 0 ->
          meaning.words(
              word.equals("everything") ? word + " in the " + words : "the " + words + " " + word,
              "");
      case 1 -> meaning.words(article(random, word), "in the " + words);
      default -> meaning.words(article(random, word) + " in the " + words, "");
    };
  }

  @Override
  public List<String> oddThings() {
    return words(
        "sauna,hot tub,jacuzzi,coffee machine,robot vacuum,vacuum,lawn mower,christmas tree,"
            + "christmas lights,disco ball,popcorn machine,fish tank,sprinklers,irrigation,doorbell,"
            + "camera,alarm,siren,treadmill,electric blanket,humidifier,dehumidifier,fireplace,"
            + "water heater,toaster,microwave,fridge,freezer,washing machine,tumble dryer,car charger,"
            + "solar panels,hair dryer,record player,stereo,soundbar,playstation,xbox,computer,"
            + "printer,monitor,neon sign,lava lamp,salt lamp,aroma diffuser,bread maker,"
            + "slow cooker,espresso machine,wine cooler,pool pump,pool heater,heat lamp,"
            + "bug zapper,towel warmer,massage chair,bidet,telescope,drone,hoverboard,piano,spaceship,"
            + "teleporter,ice machine,pizza oven,elevator,escalator,stove,hob,garbage disposal,"
            + "baby monitor,bird feeder,greenhouse heater,chandelier,spotlight,string lights");
  }

  @Override
  public List<String> oddRooms() {
    return words(
        "sauna,cellar,wine cellar,dungeon,ballroom,bunker,greenhouse,stable,barn,penthouse,"
            + "observatory,chapel,server room,boathouse,treehouse,panic room,billiard room,salon,"
            + "solarium,parlor,mudroom,veranda,roof terrace,pool house,carport,darkroom,vault,"
            + "throne room,smoking room,east wing,gym,library,nursery,workshop,cinema,conservatory");
  }

  private static String spelled(RandomGenerator random, int value) {
    if (random.nextInt(3) != 0) {
      return String.valueOf(value);
    }
    String[] units =
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                + " fifteen sixteen seventeen eighteen nineteen")
            .split(" ");
    String[] tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
    if (value == 100) {
      return random.nextBoolean() ? "a hundred" : "one hundred";
    }
    if (value < 20) {
      return units[value];
    }
    String ten = tens[value / 10];
    return value % 10 == 0 ? ten : ten + (random.nextBoolean() ? " " : "-") + units[value % 10];
  }

  @Override
  public Value percent(RandomGenerator random) {
    int value = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 5 * (1 + random.nextInt(20));
    if (random.nextInt(14) == 0) {
      return random.nextInt(3) == 0
          ? new Value("a quarter", "25")
          : new Value(pick(random, words("half,50%,half power,one half")), "50");
    }
    String unit = pick(random, words(" percent,%,%, percent, per cent,"));
    return new Value(
        unit.equals("%") ? value + "%" : spelled(random, value) + unit, String.valueOf(value));
  }

  @Override
  public Value degrees(RandomGenerator random) {
    boolean half = random.nextInt(6) == 0;
    int value = random.nextInt(4) == 0 ? 5 + random.nextInt(30) : 16 + random.nextInt(11);
    String number =
        half
            ? random.nextInt(3) == 0
                ? spelled(random, value) + " point five"
                : random.nextInt(3) == 0 ? spelled(random, value) + " and a half" : value + ".5"
            : spelled(random, value);
    String unit = pick(random, words(" degrees, degrees, degrees,,°,°c, degrees celsius, c"));
    if (half && !Character.isDigit(number.charAt(0)) && unit.startsWith("°")) {
      unit = " degrees";
    }
    if (number.endsWith("five") || number.endsWith("half")) {
      int base = value;
      return new Value(number + unit, base + ".5");
    }
    return new Value(number + unit, half ? value + ".5" : String.valueOf(value));
  }

  @Override
  public Value difference(RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      return new Value(pick(random, words("half a degree,0.5 degrees")), "0.5");
    }
    int value = 1 + random.nextInt(random.nextInt(3) == 0 ? 9 : 4);
    if (value == 1) {
      return new Value(pick(random, words("1 degree,one degree,a degree")), "1");
    }
    return new Value(
        spelled(random, value) + pick(random, words(" degrees, degrees,°, degrees celsius")),
        String.valueOf(value));
  }

  @Override
  public Value kelvin(RandomGenerator random) {
    int value = 2000 + 100 * random.nextInt(46);
    return new Value(value + pick(random, words(" kelvin,k,k, k, kelvin")), String.valueOf(value));
  }

  @Override
  public Map<String, List<String>> colors() {
    return COLORS;
  }

  @Override
  public Map<String, List<String>> modes() {
    return MODES;
  }

  @Override
  public String dress(RandomGenerator random, String sentence, boolean question) {
    String dressed = sentence;
    int way = random.nextInt(10);
    if (question) {
      dressed =
          way == 0
              ? pick(random, words("hey ,please ,tell me ,hearth ,so ,ok ")) + sentence
              : sentence;
      return random.nextInt(2) == 0 ? dressed + "?" : dressed;
    }
    if (way < 4) {
      dressed = pick(random, BEFORE).expand(random) + " " + dressed;
    }
    if (way >= 3 && way < 6) {
      dressed = dressed + " " + pick(random, AFTER).expand(random);
      dressed = dressed.replace(" ,", ",");
    }
    return dressed + (random.nextInt(3) == 0 ? pick(random, words(".,!,?,.,.")) : "");
  }

  @Override
  public String hesitate(RandomGenerator random, String sentence) {
    int space = sentence.indexOf(' ', random.nextInt(Math.max(1, sentence.length())));
    if (random.nextInt(14) != 0 || space < 0) {
      return sentence;
    }
    String filler =
        pick(random, words("just,please,maybe,actually,now,um,like,kindly,quickly,uh,really"));
    return sentence.substring(0, space) + " " + filler + sentence.substring(space);
  }

  @Override
  public String joinSentences(RandomGenerator random, List<String> sentences) {
    StringBuilder all = new StringBuilder(sentences.getFirst());
    for (String sentence : sentences.subList(1, sentences.size())) {
      all.append(
          pick(
              random,
              List.of(
                  " and ",
                  " and ",
                  " and ",
                  ", and ",
                  " and then ",
                  ", then ",
                  ", ",
                  " then ",
                  ". ",
                  " and also ",
                  ", also ",
                  " plus ",
                  "; ",
                  " & ",
                  " and please ")));
      all.append(sentence);
    }
    return all.toString();
  }
}
