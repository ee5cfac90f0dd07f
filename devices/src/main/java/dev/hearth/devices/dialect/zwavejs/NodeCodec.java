package dev.hearth.devices.dialect.zwavejs;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entity of a Z-Wave node behind Z-Wave JS UI. All it says and takes is as announced; beside
 * that the gateway can be told to read a value from the node ({@code pollValue}), and answers with
 * the value, or why it could not. Its answer repeats the question, by which it is known.
 */
public final class NodeCodec implements Codec {
  private static final Pattern GATEWAY =
      Pattern.compile("(.+/_CLIENTS/ZWAVE_GATEWAY-[^/]+)/status");
  private static final String CLIENTS = "/_CLIENTS/";
  private static final String STATUS = "/status";
  private static final String SET = "/set";

  /** How the gateway names a node among a device's identifiers: its home and its number. */
  private static final Pattern NODE =
      Pattern.compile("zwavejs2mqtt_0x[0-9a-fA-F]{1,8}_node(\\d{1,4})");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final int MAX_ANSWER = 16 * 1024;

  /** Several hops over the air, and the gateway's own tries. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Codec announced;
  private final String poll;

  /** What to ask for, by the topic on which it is told. */
  private final Map<String, Map<String, Object>> values;

  private NodeCodec(Codec announced, String poll, Map<String, Map<String, Object>> values) {
    this.announced = announced;
    this.poll = poll;
    this.values = values;
  }

  /**
   * Adds questions to what was announced.
   *
   * @param announced the codec of an announcement
   * @param identifiers of its device
   * @return the same codec when it is no Z-Wave node, or when its topics do not tell what to ask
   */
  public static Codec of(Codec announced, Collection<?> identifiers) {
    String gateway = first(GATEWAY, announced.topics());
    String number = first(NODE, identifiers);
    if (gateway == null || number == null) {
      return announced;
    }
    Map<String, Map<String, Object>> values = new LinkedHashMap<>();
    for (String status : announced.topics()) {
      if (status.endsWith(STATUS) && !status.contains(CLIENTS)) {
        String node = status.substring(0, status.length() - STATUS.length() + 1);
        for (String topic : announced.topics()) {
          Map<String, Object> id =
              topic.startsWith(node) && !topic.equals(status)
                  ? valueId(Integer.parseInt(number), topic.substring(node.length()).split("/"))
                  : null;
          if (id != null) {
            values.put(topic, id);
          }
        }
      }
    }
    String poll = gateway + "/api/pollValue";
    return values.isEmpty() || !Topics.isTopic(poll + SET)
        ? announced
        : new NodeCodec(announced, poll, values);
  }

  private static @Nullable String first(Pattern pattern, Collection<?> texts) {
    for (Object each : texts) {
      Matcher matcher = pattern.matcher(String.valueOf(each));
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    return null;
  }

  /** What a topic {@code class/endpoint/property/key} is about; null when it has names. */
  private static @Nullable Map<String, Object> valueId(int node, String[] levels) {
    if (levels.length < 3
        || levels.length > 4
        || !NUMBER.matcher(levels[0]).matches()
        || !NUMBER.matcher(levels[1]).matches()) {
      return null;
    }
    Map<String, Object> id = new LinkedHashMap<>();
    id.put("nodeId", node);
    id.put("commandClass", Integer.valueOf(levels[0]));
    id.put("endpoint", Integer.valueOf(levels[1]));
    id.put("property", numberOrWord(levels[2]));
    if (levels.length == 4) {
      id.put("propertyKey", numberOrWord(levels[3]));
    }
    return id;
  }

  private static Object numberOrWord(String level) {
    return NUMBER.matcher(level).matches() ? (Object) Integer.valueOf(level) : level;
  }

  @Override
  public Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>(announced.topics());
    topics.add(poll);
    return topics;
  }

  @Override
  public StateUpdate parse(String topic, byte[] payload, State before) {
    return topic.equals(poll) ? answer(payload, before) : announced.parse(topic, payload, before);
  }

  private StateUpdate answer(byte[] payload, State before) {
    Map<?, ?> json = payload.length > MAX_ANSWER ? null : Json.objectOrNull(payload);
    if (json == null
        || !(json.get("origin") instanceof Map<?, ?> origin)
        || !(origin.get("args") instanceof List<?> asked)
        || asked.isEmpty()) {
      return StateUpdate.NOTHING;
    }
    for (Map.Entry<String, Map<String, Object>> each : values.entrySet()) {
      if (!each.getValue().equals(asked.getFirst())) {
        continue;
      }
      if (Boolean.FALSE.equals(json.get("success"))) {
        String reason = json.get("message") instanceof String text ? Names.clean(text) : "";
        return new StateUpdate.Builder()
            .failure(
                new StateUpdate.Failure(true, reason.isEmpty() ? "no reason was given" : reason))
            .build();
      }
      Object value = json.get("result");
      return value == null
          ? StateUpdate.NOTHING
          : announced.parse(
              each.getKey(),
              Json.write(Map.of("value", value)).getBytes(StandardCharsets.UTF_8),
              before);
    }
    return StateUpdate.NOTHING;
  }

  @Override
  public Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return announced.encode(command, state);
  }

  @Override
  public List<Outgoing> readBack(Set<Attribute> attributes) {
    return attributes.isEmpty()
        ? List.of()
        : values.values().stream()
            .map(id -> new Outgoing(poll + SET, Json.write(Map.of("args", List.of(id)))))
            .toList();
  }

  @Override
  public Duration answersWithin() {
    return ANSWER;
  }

  @Override
  public boolean reports(Attribute attribute) {
    return announced.reports(attribute);
  }

  @Override
  public boolean optimistic() {
    return announced.optimistic();
  }

  @Override
  public Optional<Duration> expiresAfter() {
    return announced.expiresAfter();
  }

  @Override
  public Optional<Duration> offDelay() {
    return announced.offDelay();
  }
}
