package dev.hearth.devices;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much harm a wrong command to an entity can do. What a thing is tells its class at first; an
 * operator may raise or lower it for each entity.
 */
public enum Risk {
  /** Commands run at once. */
  NORMAL,
  /**
   * Commands wait for a confirmation, but for those that only make things safer. The agent does not
   * see such a thing at all until an operator has allowed it.
   */
  GUARDED;

  private static final Set<String> GUARDED_COVERS = Set.of("garage", "gate", "door");
  private static final Set<String> GUARDED_BUTTONS = Set.of("restart", "update");

  /**
   * What a plain switch or button that guards the house, heats, or may cut its network is called.
   * Of a relay nothing else tells what hangs on it.
   */
  private static final Pattern GUARDED_WORDS =
      Pattern.compile(
          "\\b(?:(?:un)?lock|(?:door|gate|garage) (?:opener|strike|release|buzzer)|garage door"
              + "|valve|siren|alarm|boiler|furnace|kiln|sauna|oven|stove|hob|cooker|\\w*heater"
              + "|immersion|router|modem|gateway|access point|firewall|nas|server|reboot|restart"
              + "|reset|firmware|update)\\b"
              + "|门锁|门禁|开门|车库门|阀|警报|报警|警号|热水器|加热|取暖|电暖|锅炉|烤箱|灶|桑拿"
              + "|路由|光猫|网关|防火墙|服务器|重启|复位|重置|固件|更新|升级");

  private static final Pattern SIGNS = Pattern.compile("[\\s_./-]+");

  /**
   * The class of what people know to be dangerous by its kind alone.
   *
   * @param kind what sort of thing it is
   * @param deviceClass Home Assistant's device class, such as {@code garage}, or null
   * @return {@link #GUARDED} for a {@linkplain Kind#dangerous() dangerous kind} and for covers that
   *     are garage doors, gates or doors
   */
  public static Risk of(Kind kind, @Nullable String deviceClass) {
    boolean guarded =
        kind.dangerous()
            || (kind == Kind.COVER && deviceClass != null && GUARDED_COVERS.contains(deviceClass))
            || (kind == Kind.BUTTON
                && deviceClass != null
                && GUARDED_BUTTONS.contains(deviceClass));
    return guarded ? GUARDED : NORMAL;
  }

  /**
   * The class of a thing before anybody decided about it.
   *
   * @param kind what sort of thing it is
   * @param deviceClass Home Assistant's device class, or null
   * @param name what the device calls it; of switches and buttons it tells what they do, in English
   *     and Chinese: a heater, a router, a door opener, a reset
   * @return the class
   */
  public static Risk of(Kind kind, @Nullable String deviceClass, String name) {
    boolean plain = kind == Kind.SWITCH || kind == Kind.BUTTON;
    if (plain) {
      String words = SIGNS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll(" ");
      if (GUARDED_WORDS.matcher(words).find()) {
        return GUARDED;
      }
    }
    return of(kind, deviceClass);
  }

  /**
   * The class of a word.
   *
   * @param word such as {@code guarded}
   * @return empty when there is none of that word
   */
  public static Optional<Risk> ofWord(String word) {
    return Arrays.stream(values()).filter(risk -> risk.word().equals(word)).findFirst();
  }

  /**
   * The word for it.
   *
   * @return such as {@code guarded}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
