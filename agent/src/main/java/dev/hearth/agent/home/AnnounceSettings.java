package dev.hearth.agent.home;

import dev.hearth.agent.start.StartException;
import dev.hearth.devices.mqtt.LastWill;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether and as what Hearth shows itself on the first broker. Off unless wanted: whoever may
 * publish there could command it without a token.
 *
 * @param announce whether it does
 * @param announceId tells this Hearth from others on the broker: 1 to 64 of {@code A-Z a-z 0-9 _ -}
 * @param announceArea where the speaker is taken to be: id, name or alias of an area; empty for
 *     nowhere
 */
@ConfigurationProperties("hearth.mqtt")
public record AnnounceSettings(
    @DefaultValue("false") boolean announce,
    @DefaultValue("home") String announceId,
    @DefaultValue("") String announceArea) {
  /** What the availability topic says while Hearth is there. */
  public static final String ONLINE = "online";

  /** What it says when Hearth is gone. */
  public static final String OFFLINE = "offline";

  /**
   * A topic of this Hearth.
   *
   * @param name such as {@code ask}
   */
  public String topic(String name) {
    return "hearth/" + announceId + "/" + name;
  }

  /** The topic that says whether it is there, retained. */
  public String availability() {
    return topic("availability");
  }

  /**
   * What the broker says when the connection breaks; null when nothing is announced.
   *
   * @throws StartException when the id is none
   */
  @Nullable LastWill will() {
    if (!announceId.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new StartException(
          "hearth.mqtt.announce-id is '" + announceId + "', which is no id.",
          "Give 1 to 64 letters, digits, _ and -, such as home.");
    }
    return announce ? new LastWill(availability(), OFFLINE, true) : null;
  }
}
