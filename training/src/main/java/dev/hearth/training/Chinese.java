package dev.hearth.training;

import static dev.hearth.training.RandomHome.pick;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.Named;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chinese. */
final class Chinese implements Wording {
  private static final List<String> AREAS =
      words(
          "厨房,客厅,卧室,主卧,次卧,浴室,卫生间,洗手间,书房,办公室,车库,阁楼,地下室,餐厅,儿童房,婴儿房,"
              + "客房,洗衣房,储藏室,阳台,露台,花园,院子,玄关,门厅,走廊,楼梯,图书室,工作间,健身房,游戏室,"
              + "影音室,衣帽间,起居室,老人房,保姆房,主卫,次卫,客卫,前院,后院,茶室,琴房,酒窖,休息室,大厅,"
              + "过道,门口,杂物间,卧室1,卧室2,二号卧室,小卧室,大客厅,南阳台,北阳台");
  private static final List<String> PEOPLE = words("小明,爸爸,妈妈,奶奶,爷爷,小红,乐乐,豆豆,弟弟,姐姐,萌萌,天天");
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("一楼", "楼下"),
          List.of("二楼", "楼上"),
          List.of("三楼"),
          List.of("四楼"),
          List.of("负一楼", "地下一层"),
          List.of("顶楼"),
          List.of("楼上"),
          List.of("楼下"),
          List.of("一层"),
          List.of("二层"),
          List.of("底层"),
          List.of("夹层"));
  private static final Map<String, List<String>> NOUNS =
      Map.ofEntries(
          Map.entry("light", words("灯,灯,灯,灯带,吊灯,台灯,射灯,壁灯,吸顶灯,筒灯,落地灯,夜灯,氛围灯")),
          Map.entry("switch", words("开关,水泵,热水器,电视,音响,咖啡机,洗衣机,电饭煲,鱼缸,路由器,投影仪,电水壶")),
          Map.entry("outlet", words("插座,插排,智能插座")),
          Map.entry("blind", words("百叶窗,百叶帘,卷帘")),
          Map.entry("curtain", words("窗帘,纱帘,布帘")),
          Map.entry("shutter", words("卷帘窗,卷闸,百叶")),
          Map.entry("cover", words("遮阳棚,天窗,遮阳帘")),
          Map.entry("garage_door", words("车库门,大门,卷帘门")),
          Map.entry("climate", words("空调,空调,暖气,地暖,温控器,恒温器,取暖器,中央空调")),
          Map.entry("fan", words("风扇,电风扇,吊扇,排气扇,空气净化器,新风")),
          Map.entry("lock", words("门锁,智能锁,锁")),
          Map.entry("door", words("门,门磁,门传感器")),
          Map.entry("window", words("窗户,窗磁,窗")),
          Map.entry("motion", words("人体传感器,移动传感器")),
          Map.entry("sensor", words("温度传感器,湿度传感器,温度计,传感器,温湿度计,空气检测仪,功率计,水浸传感器")));
  private static final List<String> ADJECTIVES =
      words(
          "左,右,大,小,前,后,主,床头,镜前,门口,窗边,沙发,书桌,餐桌,柜子,背景,北,南,东,西,上,下,新,旧,"
              + "智能,阅读,星星,圆形,中间,角落,吧台,岛台,钢琴,鞋柜,电视,床底,浴缸");
  private static final Map<String, List<String>> KINDS =
      Map.ofEntries(
          Map.entry("light", words("灯,灯,灯,灯,灯光,电灯,照明")),
          Map.entry("switch", words("开关")),
          Map.entry("outlet", words("插座,插座,电源插座")),
          Map.entry("blind", words("百叶窗,百叶帘,卷帘")),
          Map.entry("curtain", words("窗帘,窗帘,窗帘,帘子")),
          Map.entry("shutter", words("卷帘窗,卷闸")),
          Map.entry("cover", words("遮阳帘,遮阳棚")),
          Map.entry("garage_door", words("车库门,车库大门")),
          Map.entry("climate", words("空调,空调,空调,暖气,地暖,温控器,恒温器")),
          Map.entry("fan", words("风扇,风扇,电扇,电风扇")),
          Map.entry("lock", words("门锁,锁")),
          Map.entry("door", words("门,房门")),
          Map.entry("window", words("窗户,窗,窗子")),
          Map.entry("motion", words("人体传感器,移动传感器")),
          Map.entry("sensor", words("传感器")));
  private static final Map<String, List<String>> COLORS =
      Map.ofEntries(
          Map.entry("red", words("红色,红,红色的")),
          Map.entry("orange", words("橙色,橘色,橘黄色")),
          Map.entry("yellow", words("黄色,黄,金色")),
          Map.entry("green", words("绿色,绿,绿色的")),
          Map.entry("cyan", words("青色,青")),
          Map.entry("blue", words("蓝色,蓝,蓝色的,天蓝色")),
          Map.entry("purple", words("紫色,紫,紫色的")),
          Map.entry("pink", words("粉色,粉红色,粉红")),
          Map.entry("magenta", words("洋红色,品红,玫红色")),
          Map.entry("white", words("白色,白,白色的")));
  private static final Map<String, List<String>> MODES =
      Map.of(
          "heat", words("制热,加热,暖风"),
          "cool", words("制冷,冷风"),
          "auto", words("自动"),
          "dry", words("除湿,干燥"),
          "fan_only", words("送风,通风"));
  private static final List<Phrase> BEFORE =
      Phrase.all(
          "请",
          "帮我",
          "请帮我",
          "麻烦你?",
          "麻烦帮我",
          "给我",
          "你好，",
          "嘿，",
          "喂，",
          "小助手，",
          "那个，",
          "(现在|马上|立刻)",
          "能不能",
          "可以",
          "能",
          "我想",
          "我要",
          "嗯，",
          "快",
          "顺便",
          "管家，",
          "(劳驾|拜托)(你|)",
          "(请你|请您)",
          "(记得|别忘了)",
          "(那就|先)",
          "(听着|我说)，",
          "(你|您)(能|可以)",
          "(太晚了|我回来了|客人来了|要看电影了)，",
          "(赶紧|赶快|快点)",
          "(好的|行|好)，");
  private static final List<Phrase> AFTER =
      Phrase.all(
          "吧",
          "，谢谢",
          "，好吗",
          "可以吗",
          "好不好",
          "呗",
          "啊",
          "，快点",
          "，麻烦了",
          "行吗",
          "好吗",
          "哦",
          "嘛",
          "呀",
          "啦",
          "，(拜托|辛苦了|谢啦|谢谢你)",
          "，(我要睡了|我要看书|客人来了|天晚了)",
          "(可以吗|好吧|行不行)",
          "，(现在|马上|立刻)");

  private static List<String> words(String list) {
    return List.of(list.split(","));
  }

  @Override
  public String language() {
    return "zh";
  }

  @Override
  public List<String> areaNames() {
    return AREAS;
  }

  @Override
  public String ownedArea(RandomGenerator random) {
    return pick(random, PEOPLE) + (random.nextBoolean() ? "的房间" : "房间");
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
    return first + second;
  }

  private static String called(RandomGenerator random, Named place) {
    return pick(random, place.names());
  }

  @Override
  public String place(RandomGenerator random, Named place) {
    if (place.equals(Target.HERE)) {
      return pick(random, words("这里,这儿,房间里,这个房间,屋里,这屋,这间房,这边"));
    }
    return called(random, place) + pick(random, words(",,里,里面"));
  }

  @Override
  public String bare(RandomGenerator random, Named place) {
    return place.equals(Target.HERE) ? pick(random, words("这里,这个房间,这间屋子")) : called(random, place);
  }

  @Override
  public Target named(
      RandomGenerator random, Target meaning, List<String> names, @Nullable String area) {
    String text = String.join(random.nextInt(3) == 0 ? "、" : "和", names);
    return area == null
        ? meaning.words(text, "")
        : meaning.words(area + pick(random, words("的,的,,里的")) + text, "");
  }

  @Override
  public Target namedAll(RandomGenerator random, Target meaning, String name) {
    return meaning.words(pick(random, words("所有,所有的,全部,全部的,每个,家里所有的")) + name, "");
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
            ? pick(random, words("所有设备,所有的设备,所有东西,所有电器,全部设备,全部电器,一切,所有的东西"))
            : pick(random, KINDS.getOrDefault(meaning.kind(), List.of(meaning.kind())));
    String whole = meaning.all() ? pick(random, words("所有,所有的,全部,全部的,每一个,每个,所有的")) : "";
    if (places.isEmpty()) {
      String house =
          meaning.all() || everything ? pick(random, words(",,,家里的,家里,全家的,整个房子的,全屋的")) : "";
      if (meaning.all() && !everything && random.nextInt(4) == 0) {
        return meaning.words(pick(random, words("全屋,全家,全屋的,全家的,整个家的")) + word, "");
      }
      return meaning.words(house + whole + word, "");
    }
    String where =
        places.size() == 1
            ? place(random, places.getFirst()) + pick(random, words("的,的,的,"))
            : list(random, places) + pick(random, words("的,的,"));
    return meaning.words(where + whole + word, "");
  }

  private String list(RandomGenerator random, List<Named> places) {
    return String.join(
        random.nextInt(3) == 0 ? "、" : "和", places.stream().map(p -> bare(random, p)).toList());
  }

  @Override
  public Target except(RandomGenerator random, Target meaning, List<String> exceptions) {
    String things = String.join(random.nextInt(3) == 0 ? "、" : "和", exceptions);
    return switch (random.nextInt(3)) {
      case 0 ->
          meaning.words(meaning.text(), pick(random, words("，除了,，不包括,，但不要动,，不含,除了")) + things);
      case 1 ->
          meaning.words(
              "除了" + things + pick(random, words("以外的,之外的,外的,以外，,，,之外，")) + meaning.text(), "");
      default ->
          meaning.words(
              "除" + things + pick(random, words("以外的,之外的,外的,以外其他的")) + meaning.text(), "");
    };
  }

  @Override
  public String exception(RandomGenerator random, Named thing) {
    if (thing.id().isEmpty()) {
      return pick(random, KINDS.getOrDefault(thing.kind(), List.of(thing.kind())));
    }
    if (thing.equals(Target.HERE)) {
      return pick(random, words("这里,这个房间,这儿,这间"));
    }
    String name = called(random, thing);
    return thing.family() == Family.NAME ? name : name + pick(random, words(",,,的"));
  }

  @Override
  public Target unknown(RandomGenerator random, Target meaning, boolean room) {
    String words = meaning.unknown();
    if (!room) {
      return meaning.words(words, "");
    }
    String word =
        meaning.kind().equals("everything")
            ? "所有设备"
            : pick(random, KINDS.getOrDefault(meaning.kind(), List.of(meaning.kind())));
    return meaning.words(words + pick(random, words("的,里的,的,")) + word, "");
  }

  @Override
  public List<String> oddThings() {
    return words(
        "桑拿,浴缸加热器,扫地机器人,扫地机,咖啡机,割草机,圣诞树,鱼缸,喷灌,门铃,摄像头,报警器,跑步机,电热毯,"
            + "加湿器,除湿机,壁炉,热水器,烤箱,微波炉,冰箱,洗衣机,烘干机,充电桩,吹风机,唱片机,音响,游戏机,电脑,"
            + "打印机,显示器,霓虹灯,盐灯,香薰机,面包机,电饭煲,酒柜,泳池水泵,按摩椅,马桶,望远镜,无人机,钢琴,"
            + "饮水机,电梯,油烟机,灶台,投影仪,电视,机顶盒,宠物喂食器,晾衣架,浴霸,水晶灯,灯笼,消毒柜,净水器");
  }

  @Override
  public List<String> oddRooms() {
    return words(
        "桑拿房,酒窖,地牢,舞厅,温室,马厩,天文台,机房,船屋,树屋,台球室,暗房,健身房,图书馆,教堂,佛堂,"
            + "画室,车棚,天台,游泳池,会议室,电影院,仓库,实验室,阳光房,麻将房");
  }

  private static String spelled(RandomGenerator random, int value) {
    if (random.nextInt(3) != 0) {
      return String.valueOf(value);
    }
    String digits = "零一二三四五六七八九十";
    if (value == 100) {
      return "一百";
    }
    if (value <= 10) {
      return digits.substring(value, value + 1);
    }
    String tens = value / 10 == 1 ? "十" : digits.charAt(value / 10) + "十";
    return value % 10 == 0 ? tens : tens + digits.charAt(value % 10);
  }

  @Override
  public Value percent(RandomGenerator random) {
    int value = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 5 * (1 + random.nextInt(20));
    return switch (random.nextInt(12)) {
      case 0 -> new Value("一半", "50");
      case 1, 2, 3, 4 -> new Value("百分之" + spelled(random, value), String.valueOf(value));
      case 5, 6 -> new Value(String.valueOf(value), String.valueOf(value));
      default -> new Value(value + "%", String.valueOf(value));
    };
  }

  @Override
  public Value degrees(RandomGenerator random) {
    int value = random.nextInt(4) == 0 ? 5 + random.nextInt(30) : 16 + random.nextInt(11);
    if (random.nextInt(6) == 0) {
      String half = value + ".5";
      return random.nextBoolean()
          ? new Value(spelled(random, value) + "度半", half)
          : new Value(half + "度", half);
    }
    return new Value(
        spelled(random, value) + pick(random, words("度,度,度,摄氏度,℃")).replace("℃", "度"),
        String.valueOf(value));
  }

  @Override
  public Value difference(RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      return new Value(pick(random, words("半度,0.5度")), "0.5");
    }
    int value = 1 + random.nextInt(random.nextInt(3) == 0 ? 9 : 4);
    String number = value == 2 && random.nextBoolean() ? "两" : spelled(random, value);
    return new Value(number + "度", String.valueOf(value));
  }

  @Override
  public Value kelvin(RandomGenerator random) {
    int value = 2000 + 100 * random.nextInt(46);
    return new Value(value + pick(random, words("k,开,k,开尔文")), String.valueOf(value));
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
      dressed = way == 0 ? pick(random, words("请问,你好，,告诉我,那个，,帮我看看")) + sentence : sentence;
      return dressed + pick(random, words(",,？,?,呢"));
    }
    if (way < 4) {
      dressed = pick(random, BEFORE).expand(random) + dressed;
    }
    if (way >= 3 && way < 6) {
      dressed = dressed + pick(random, AFTER).expand(random);
    }
    return dressed + (random.nextInt(3) == 0 ? pick(random, words("。,！,。")) : "");
  }

  @Override
  public String hesitate(RandomGenerator random, String sentence) {
    if (random.nextInt(20) != 0) {
      return sentence;
    }
    return pick(random, words("嗯,呃,那个,就是,额,这个嘛")) + pick(random, words("，,,…")) + sentence;
  }

  @Override
  public String joinSentences(RandomGenerator random, List<String> sentences) {
    StringBuilder all = new StringBuilder(sentences.getFirst());
    for (String sentence : sentences.subList(1, sentences.size())) {
      all.append(
          pick(
              random,
              List.of(
                  "，", "，", "，然后", "，再", "，并且", "，顺便", "，同时", "然后", "。", "，也", "、", " ", "，接着",
                  "并")));
      all.append(sentence);
    }
    return all.toString();
  }
}
