package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.template.TemplateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one codec of this dialect: a list of readers, an encoder and the availability rules, put
 * together from a configuration by the class of each component.
 */
final class HomeAssistantCodec implements Codec {
  private static final Logger LOG = LoggerFactory.getLogger(HomeAssistantCodec.class);

  /** Puts a value that a device reported into an update. */
  @FunctionalInterface
  interface Mapper {
    /** Takes the value; throws IllegalArgumentException when it makes no sense. */
    void map(String value, Payload payload, State before, StateUpdate.Builder out);
  }

  /** Writes a command. */
  @FunctionalInterface
  interface Encoder {
    Encoded encode(Command command, State state) throws UnsupportedCommandException;
  }

  private record Reader(String topic, ValueTemplate template, Mapper mapper) {}

  private final List<Reader> readers;
  private final Encoder encoder;
  private final Set<Attribute> reported;
  private final boolean optimistic;
  private final Reach reach;
  private final @Nullable Duration expiresAfter;
  private final @Nullable Duration offDelay;
  private final AtomicLong nonsense = new AtomicLong();

  private HomeAssistantCodec(Builder builder, Encoder encoder) throws DiscoveryException {
    this.readers = List.copyOf(builder.readers);
    this.encoder = encoder;
    this.reported = Set.copyOf(builder.reported);
    this.optimistic = builder.config.flag("optimistic", false);
    this.reach = Reach.of(builder.config);
    double expire = builder.config.number("expire_after", 0, 0, 1e8);
    this.expiresAfter = expire > 0 ? Duration.ofMillis((long) (expire * 1_000)) : null;
    double delay = builder.config.number("off_delay", 0, 0, 1e8);
    this.offDelay = delay > 0 ? Duration.ofMillis((long) (delay * 1_000)) : null;
  }

  Availability initialAvailability() {
    return reach.initial();
  }

  @Override
  public Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>();
    readers.forEach(reader -> topics.add(reader.topic));
    topics.addAll(reach.topics());
    return topics;
  }

  @Override
  public StateUpdate parse(String topic, byte[] bytes, State before) {
    Payload payload = new Payload(bytes);
    StateUpdate.Builder out = new StateUpdate.Builder();
    try {
      Availability availability = reach.hear(topic, payload);
      if (availability != null) {
        out.availability(availability);
      }
    } catch (TemplateException e) {
      complain(topic, e);
    }
    if (payload.text().isEmpty()) {
      return out.build();
    }
    for (Reader reader : readers) {
      if (!reader.topic.equals(topic)) {
        continue;
      }
      try {
        String value = reader.template.read(payload);
        if (!value.isEmpty()) {
          reader.mapper.map(value, payload, before, out);
        }
      } catch (TemplateException | IllegalArgumentException e) {
        complain(topic, e);
      }
    }
    return out.build();
  }

  private void complain(String topic, RuntimeException e) {
    long count = nonsense.incrementAndGet();
    String reason = Names.line(String.valueOf(e.getMessage()));
    if (count == 1) {
      LOG.warn(
          "A message on '{}' cannot be understood and is left out (later ones only at debug"
              + " level): {}",
          topic,
          reason);
    } else {
      LOG.debug("A message on '{}' cannot be understood ({} so far): {}", topic, count, reason);
    }
  }

  @Override
  public Encoded encode(Command command, State state) throws UnsupportedCommandException {
    try {
      return encoder.encode(command, state);
    } catch (TemplateException e) {
      throw new UnsupportedCommandException(
          "The device's command template failed: " + e.getMessage());
    }
  }

  @Override
  public boolean reports(Attribute attribute) {
    return reported.contains(attribute);
  }

  @Override
  public boolean optimistic() {
    return optimistic;
  }

  @Override
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  @Override
  public Optional<Duration> offDelay() {
    return Optional.ofNullable(offDelay);
  }

  /** Collects the readers of a codec. */
  static final class Builder {
    private final Config config;
    private final List<Reader> readers = new ArrayList<>();
    private final Set<Attribute> reported = EnumSet.noneOf(Attribute.class);

    Builder(Config config) {
      this.config = config;
    }

    /**
     * Reads a topic, when the configuration has it.
     *
     * @param topicKey the key of the topic
     * @param templateKey the key of its template
     * @param mapper puts the value in place
     * @param attributes what it reports
     * @return whether the topic is there
     */
    boolean read(String topicKey, String templateKey, Mapper mapper, Attribute... attributes)
        throws DiscoveryException {
      return read(topicKey, config.template(templateKey), mapper, attributes);
    }

    boolean read(String topicKey, ValueTemplate template, Mapper mapper, Attribute... attributes)
        throws DiscoveryException {
      String topic = config.topic(topicKey);
      if (topic == null) {
        return false;
      }
      readers.add(new Reader(topic, template, mapper));
      reported.addAll(List.of(attributes));
      return true;
    }

    HomeAssistantCodec build(Encoder encoder) throws DiscoveryException {
      return new HomeAssistantCodec(this, encoder);
    }
  }
}
