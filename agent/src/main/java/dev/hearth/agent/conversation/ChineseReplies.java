package dev.hearth.agent.conversation;

import dev.hearth.agent.plan.Commands;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Step;
import dev.hearth.agent.plan.StepOutcome;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.State;
import dev.hearth.devices.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Chinese. */
final class ChineseReplies implements Replies {
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("light", "灯"),
          Map.entry("switch", "开关"),
          Map.entry("outlet", "插座"),
          Map.entry("cover", "遮阳帘"),
          Map.entry("blind", "百叶窗"),
          Map.entry("curtain", "窗帘"),
          Map.entry("shutter", "卷帘"),
          Map.entry("garage_door", "车库门"),
          Map.entry("climate", "温控设备"),
          Map.entry("fan", "风扇"),
          Map.entry("lock", "门锁"),
          Map.entry("door", "门"),
          Map.entry("window", "窗户"),
          Map.entry("motion", "人体传感器"),
          Map.entry("sensor", "传感器"));
  private static final Map<String, String> COLORS =
      Map.of(
          "red", "红色", "orange", "橙色", "yellow", "黄色", "green", "绿色", "cyan", "青色", "blue", "蓝色",
          "purple", "紫色", "pink", "粉色", "magenta", "洋红色", "white", "白色");
  private static final Map<String, String> MODES =
      Map.of(
          "heat",
          "制热",
          "cool",
          "制冷",
          "auto",
          "自动",
          "heat_cool",
          "自动",
          "dry",
          "除湿",
          "fan_only",
          "送风",
          "off",
          "关闭");
  private static final Map<String, String> POSITIONS =
      Map.of("open", "开着", "opening", "正在打开", "closed", "关着", "closing", "正在关闭", "stopped", "停住了");
  private static final Map<String, String> ACTIVITIES =
      Map.of(
          "cleaning", "正在打扫",
          "mowing", "正在割草",
          "paused", "暂停了",
          "idle", "空闲",
          "returning", "正在返回基座",
          "docked", "在基座上",
          "error", "出错了");
  private static final Map<String, String> LOCKS =
      Map.of(
          "locked",
          "已上锁",
          "locking",
          "正在上锁",
          "unlocked",
          "未上锁",
          "unlocking",
          "正在解锁",
          "jammed",
          "卡住了");

  @Override
  public String name(Entity entity) {
    return Names.in("zh", entity);
  }

  @Override
  public String join(List<String> sentences) {
    return String.join("", sentences);
  }

  @Override
  public String outcome(StepOutcome done) {
    String name = spaced(done.step().name());
    Outcome outcome = done.outcome();
    Command command = done.step().command();
    return switch (outcome.evidence()) {
      case ALREADY -> name + already(command) + "。";
      case READ_BACK, STATE_CONFIRMED -> name + result(command) + "。";
      case STARTED -> name + moving(command) + "。";
      case ACCEPTED -> name + "已接受指令，状态尚未确认。";
      case BROKER_ACKNOWLEDGED, PUBLISHED -> "指令已发给" + name + "，它不会回报状态。";
      case QUEUED -> name + "正在休眠省电，还没有回应，醒来后可能会执行。";
      case NOT_CONNECTED ->
          outcome.published() ? "与设备的连接中断了，不知道" + name + "是否执行。" : "没有与设备的连接，没有向" + name + "发送指令。";
      case OFFLINE -> outcome.published() ? name + "在回应之前离线了。" : name + "离线了，指令没有发送。";
      case REJECTED -> name + "拒绝了。";
      case DIFFERENT_VALUE ->
          "要求" + name + wish(command) + "，但它回报的是" + reported(command, outcome.state()) + "。";
      case TIMED_OUT -> "指令已发送，但" + name + "没有回应。";
      case SUPERSEDED -> name + "收到了更新的指令。";
      case UNSUPPORTED -> name + "不支持这个操作。";
      case FAILED -> name + "操作失败：" + outcome.detail();
    };
  }

  @Override
  public String confirmed(Command command, int count) {
    return count + "个设备" + result(command) + "。";
  }

  private static String result(Command command) {
    return switch (command) {
      case Command.TurnOn c -> "已打开";
      case Command.TurnOff c -> "已关闭";
      case Command.SetBrightness c -> c.percent() == 0 ? "已关闭" : "亮度是" + c.percent() + "%";
      case Command.SetColor c -> "已变成" + color(c.name());
      case Command.SetColorTemperature c -> "色温是" + c.kelvin() + "K";
      case Command.Open c -> "已打开";
      case Command.Close c -> "已关上";
      case Command.Stop c -> "已停下";
      case Command.SetPosition c -> "开到了" + c.percent() + "%";
      case Command.SetTemperature c -> "已设为" + EnglishReplies.number(c.celsius()) + "°C";
      case Command.SetMode c -> c.mode().equals("off") ? "已关闭" : "已设为" + mode(c.mode()) + "模式";
      case Command.SetFanSpeed c -> c.percent() == 0 ? "已关闭" : "风速是" + c.percent() + "%";
      case Command.SetPreset c -> "已设为" + c.preset() + "模式";
      case Command.Lock c -> "已上锁";
      case Command.Unlock c -> "已解锁";
      default -> "已照办";
    };
  }

  private static String already(Command command) {
    return switch (command) {
      case Command.TurnOn c -> "本来就开着";
      case Command.TurnOff c -> "本来就关着";
      case Command.Open c -> "本来就开着";
      case Command.Close c -> "本来就关着";
      case Command.Lock c -> "本来就锁着";
      case Command.Unlock c -> "本来就没锁";
      default -> "本来就是这样：" + result(command);
    };
  }

  private static String moving(Command command) {
    return switch (command) {
      case Command.Open c -> "正在打开";
      case Command.Close c -> "正在关闭";
      case Command.SetPosition c -> "正在移到" + c.percent() + "%";
      case Command.Lock c -> "正在上锁";
      case Command.Unlock c -> "正在解锁";
      default -> "开始动作了";
    };
  }

  private static String wish(Command command) {
    return switch (command) {
      case Command.TurnOn c -> "打开";
      case Command.TurnOff c -> "关闭";
      case Command.SetBrightness c -> "把亮度调到" + c.percent() + "%";
      case Command.SetColor c -> "变成" + color(c.name());
      case Command.SetColorTemperature c -> "把色温调到" + c.kelvin() + "K";
      case Command.Open c -> "打开";
      case Command.Close c -> "关上";
      case Command.Stop c -> "停下";
      case Command.SetPosition c -> "移到" + c.percent() + "%";
      case Command.SetTemperature c -> "设为" + EnglishReplies.number(c.celsius()) + "°C";
      case Command.SetMode c -> "设为" + mode(c.mode()) + "模式";
      case Command.SetFanSpeed c -> "把风速调到" + c.percent() + "%";
      case Command.SetPreset c -> "设为" + c.preset() + "模式";
      case Command.Lock c -> "上锁";
      case Command.Unlock c -> "解锁";
      default -> "执行“" + Commands.name(command).replace('_', ' ') + "”";
    };
  }

  private static String reported(Command command, State state) {
    String nothing = "未知";
    return switch (command) {
      case Command.SetBrightness c ->
          state.brightnessPercent().isPresent()
              ? state.brightnessPercent().getAsInt() + "%"
              : onOff(state);
      case Command.SetColorTemperature c ->
          state.colorTemperatureKelvin().isPresent()
              ? state.colorTemperatureKelvin().getAsInt() + "K"
              : onOff(state);
      case Command.SetPosition c ->
          state.position().isPresent() ? state.position().getAsInt() + "%" : nothing;
      case Command.SetTemperature c ->
          state.setpoint().isPresent()
              ? EnglishReplies.number(state.setpoint().getAsDouble()) + "°C"
              : nothing;
      case Command.SetMode c -> state.mode().map(ChineseReplies::mode).orElse(nothing);
      case Command.SetFanSpeed c ->
          state.fanSpeedPercent().isPresent()
              ? state.fanSpeedPercent().getAsInt() + "%"
              : onOff(state);
      case Command.SetPreset c -> state.preset().orElse(nothing);
      case Command.SetColor c -> state.color().isPresent() ? "别的颜色" : onOff(state);
      case Command.Open c -> position(state);
      case Command.Close c -> position(state);
      case Command.Stop c -> position(state);
      case Command.Lock c -> lock(state);
      case Command.Unlock c -> lock(state);
      case Command.TurnOn c -> onOff(state);
      case Command.TurnOff c -> onOff(state);
      default -> "别的状态";
    };
  }

  private static String position(State state) {
    return state.cover().map(c -> POSITIONS.getOrDefault(c, c)).orElse("未知");
  }

  private static String lock(State state) {
    return state.lock().map(l -> LOCKS.getOrDefault(l, l)).orElse("未知");
  }

  private static String onOff(State state) {
    return state.on().map(on -> on ? "开着" : "关着").orElse("未知");
  }

  private static String color(@org.jspecify.annotations.Nullable String name) {
    return name == null ? "那个颜色" : COLORS.getOrDefault(name, name);
  }

  private static String mode(String mode) {
    return MODES.getOrDefault(mode, mode);
  }

  @Override
  public String problem(Problem problem) {
    return switch (problem) {
      case Problem.NotFound p ->
          "家里没有“"
              + p.words()
              + "”。"
              + (p.similar().isEmpty() ? "" : "您是说" + String.join("、", p.similar()) + "吗？");
      case Problem.NothingThere p ->
          (p.place().isEmpty() ? "家里" : p.place()) + "没有可以这样控制的" + kind(p.kind()) + "。";
      case Problem.Ambiguous p -> "您指的是哪一个：" + String.join("、", p.names()) + "？";
      case Problem.NotReleased p ->
          "我知道"
              + spaced(String.join("、", p.names()))
              + "，但它还没有开放给 Hearth，所以我什么也没做。管理员可以在控制台的“设置”（Set-up）里开放。";
      case Problem.WhereIsHere p -> "我不知道您在哪个房间，请说出房间名。";
      case Problem.Unable p -> spaced(p.name()) + "不能" + ability(p.what()) + "。";
      case Problem.OutOfRange p ->
          spaced(p.name())
              + "不能设为"
              + MODES.getOrDefault(p.value(), p.value())
              + "，可选范围是"
              + p.range()
              + "。";
      case Problem.PresentUnknown p -> "我不知道" + spaced(p.name()) + "现在的数值，请直接说一个数值。";
      case Problem.Senseless p -> "我没听懂要设成什么值。";
      case Problem.NotUndone p -> left(p);
    };
  }

  private static String left(Problem.NotUndone problem) {
    List<String> names = problem.names();
    String who =
        names.size() > EnglishReplies.LISTED
            ? names.size() + "个设备"
            : spaced(String.join("、", names));
    return switch (problem.why()) {
      case GUARDS -> "对" + who + "的操作我不会自动撤销，请直接说要做什么。";
      case ONE_WAY -> "对" + who + "的操作无法撤销。";
      case UNCONFIRMED -> "不知道" + who + "是否执行了指令，所以保持不变。";
      case CHANGED_SINCE -> who + "之后又被改动过，所以保持不变。";
      case UNKNOWN_BEFORE -> "我不知道" + who + "之前是什么状态，请直接说一个数值。";
      case GONE -> "我已经无法控制" + who + "。";
    };
  }

  private static String ability(String what) {
    return switch (what) {
      case "on_off" -> "开关";
      case "brightness" -> "调亮度";
      case "color" -> "变颜色";
      case "color_temperature" -> "调色温";
      case "open_close" -> "打开或关上";
      case "stop" -> "停下";
      case "position" -> "移到指定位置";
      case "temperature" -> "设温度";
      case "mode" -> "换模式";
      case "speed" -> "调风速";
      case "lock" -> "上锁";
      default -> "这样做";
    };
  }

  @Override
  public String nextDoor(Plan.NextDoor moved) {
    return spaced(Names.in("zh", moved.here()))
        + "没有可以这样控制的"
        + kind(moved.kind())
        + "，所以用了隔壁的"
        + spaced(Names.in("zh", moved.there()))
        + "。";
  }

  @Override
  public String confirm(List<Step> steps) {
    return "要让"
        + String.join("、", steps.stream().map(s -> spaced(s.name()) + wish(s.command())).toList())
        + "吗？请确认。";
  }

  @Override
  public String cancelled() {
    return "好的，什么都没有改变。";
  }

  @Override
  public String nothingToUndo() {
    return "没有可以撤销的操作。";
  }

  @Override
  public String declined(String reason) {
    return switch (reason) {
      case "small_talk" -> "我在，请告诉我家里要做什么。";
      case "help" -> "我可以控制灯、开关、窗帘、空调暖气、风扇和门锁，也可以告诉您它们的状态。例如：“关掉厨房的灯”，“大门锁了吗”。";
      case "unsupported" -> "这个我做不到，我只能控制家里的设备。";
      default -> "我没听懂。要对哪个设备或房间做什么？";
    };
  }

  @Override
  public String tookTooLong() {
    return "理解这句话用的时间太长，所以什么都没有做。请再说一次，或者一次少说几件事。";
  }

  @Override
  public String which(String what, String kind, List<String> yes, int asked, List<String> unknown) {
    String state = what.equals("locked") ? "已上锁" : "开着";
    String answer;
    if (what.equals("motion")) {
      answer = yes.isEmpty() ? "没有检测到移动。" : String.join("、", yes) + "检测到移动。";
    } else if (yes.isEmpty()) {
      answer = "没有" + kind(kind) + state + "。";
    } else if (yes.size() == asked && asked > 2) {
      answer = "全部" + asked + "个" + kind(kind) + "都" + state + "。";
    } else {
      answer =
          yes.size() == 1
              ? spaced(yes.getFirst()) + state + "。"
              : asked
                  + "个"
                  + kind(kind)
                  + "中有"
                  + yes.size()
                  + "个"
                  + state
                  + "："
                  + String.join("、", yes)
                  + "。";
    }
    return unknown.isEmpty() ? answer : answer + String.join("、", unknown) + "没有回报。";
  }

  @Override
  public String tells(String what, Entity entity) {
    State state = entity.state();
    String name = spaced(name(entity));
    if (entity.availability() == Availability.OFFLINE) {
      return name + "离线了。";
    }
    String told =
        switch (what) {
          case "on" ->
              state
                  .on()
                  .map(on -> on ? "开着" : "关着")
                  .or(() -> state.mode().map(m -> m.equals("off") ? "关着" : "开着"))
                  .orElse("");
          case "open" -> open(state);
          case "locked" -> state.lock().map(l -> LOCKS.getOrDefault(l, l)).orElse("");
          case "brightness" ->
              state.on().filter(on -> !on).isPresent()
                  ? "关着"
                  : state.brightnessPercent().isPresent()
                      ? "亮度是" + state.brightnessPercent().getAsInt() + "%"
                      : "";
          case "temperature" -> temperature(state);
          case "humidity" ->
              measured(state.humidity().isPresent() ? state.humidity() : state.number(), "%");
          case "position" ->
              state.position().isPresent() ? "开了" + state.position().getAsInt() + "%" : open(state);
          case "mode" -> state.mode().map(m -> "是" + mode(m) + "模式").orElse("");
          case "speed" ->
              state.on().filter(on -> !on).isPresent()
                  ? "关着"
                  : state.fanSpeedPercent().isPresent()
                      ? "风速是" + state.fanSpeedPercent().getAsInt() + "%"
                      : "";
          case "motion" -> state.on().map(on -> on ? "检测到移动" : "没有检测到移动").orElse("");
          case "power", "battery", "illuminance" -> measured(state.number(), unit(entity));
          case "color" -> state.color().map(c -> "的色相是" + Math.round(c.hue()) + "°").orElse("");
          default -> everything(entity);
        };
    return told.isEmpty() ? name + "没有回报这个状态。" : name + told + "。";
  }

  private static String open(State state) {
    return state
        .cover()
        .map(c -> POSITIONS.getOrDefault(c, c))
        .or(() -> state.on().map(on -> on ? "开着" : "关着"))
        .orElse("");
  }

  private static String temperature(State state) {
    OptionalDouble measured =
        state.temperature().isPresent() ? state.temperature() : state.number();
    List<String> parts = new ArrayList<>();
    if (measured.isPresent()) {
      parts.add("测得" + EnglishReplies.number(measured.getAsDouble()) + "°C");
    }
    if (state.setpoint().isPresent()) {
      parts.add("设定为" + EnglishReplies.number(state.setpoint().getAsDouble()) + "°C");
    }
    return String.join("，", parts);
  }

  private static String measured(OptionalDouble value, String unit) {
    return value.isPresent() ? "是" + EnglishReplies.number(value.getAsDouble()) + unit : "";
  }

  private static String unit(Entity entity) {
    return entity
        .capability(Capability.Measurement.class)
        .map(m -> m.unit() == null ? "" : m.unit())
        .orElse("");
  }

  private static String everything(Entity entity) {
    State state = entity.state();
    return switch (entity.kind()) {
      case LIGHT, SWITCH, FAN, SIREN, HUMIDIFIER ->
          state.on().map(on -> on ? "开着" : "关着").orElse("");
      case COVER, VALVE -> open(state);
      case VACUUM, LAWN_MOWER ->
          state.word(Attribute.ACTIVITY).map(a -> ACTIVITIES.getOrDefault(a, a)).orElse("");
      case ALARM_CONTROL_PANEL ->
          state.word(Attribute.ALARM).map(a -> "状态是" + a.replace('_', ' ')).orElse("");
      case SELECT -> state.mode().map(m -> "设为" + m).orElse("");
      case NUMBER ->
          state.number().isPresent()
              ? "设为" + EnglishReplies.number(state.number().getAsDouble())
              : "";
      case EVENT -> state.word(Attribute.EVENT).map(e -> "上次是" + e).orElse("");
      case UPDATE -> state.on().map(on -> on ? "有新固件" : "是最新的").orElse("");
      case BUTTON, SCENE -> "";
      case CLIMATE, WATER_HEATER ->
          temperature(state) + state.mode().map(m -> "，" + mode(m) + "模式").orElse("");
      case LOCK -> state.lock().map(l -> LOCKS.getOrDefault(l, l)).orElse("");
      case SENSOR, TEXT ->
          state.number().isPresent()
              ? measured(state.number(), unit(entity))
              : state.text().map(t -> "是" + t).orElse("");
      case BINARY_SENSOR -> state.on().map(on -> on ? "有触发" : "没有触发").orElse("");
    };
  }

  @Override
  public String more(int count) {
    return "还有" + count + "个。";
  }

  private static String kind(String kind) {
    return KINDS.getOrDefault(kind, "设备");
  }

  /** A Latin name stands apart from Chinese text. */
  private static String spaced(String name) {
    return name.isEmpty() || name.charAt(name.length() - 1) > 127 ? name : name + " ";
  }
}
