package dev.hearth.devices.dialect;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A codec put together from readers by topic and a writer of commands, for devices that report what
 * they do themselves.
 */
public final class ReaderCodec implements Codec {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderCodec.class);

  /** The largest message that is read, in bytes. */
  public static final int MAX_PAYLOAD = 256 * 1024;

  /** Puts what a message says into an update. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a message.
     *
     * @param payload its payload as text
     * @param before the state before
     * @param out takes what it says
     * @throws IllegalArgumentException when it makes no sense
     */
    void read(String payload, State before, StateUpdate.Builder out);
  }

  /** Puts what a JSON object says into an update. */
  @FunctionalInterface
  public interface JsonReader {
    /**
     * Reads a message.
     *
     * @param json its payload
     * @param before the state before
     * @param out takes what it says
     * @throws IllegalArgumentException when it makes no sense
     */
    void read(Map<?, ?> json, State before, StateUpdate.Builder out);
  }

  /** Writes commands. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Writes a command.
     *
     * @param command the command
     * @param state the entity's present state
     * @return what to publish, and the state it should lead to
     * @throws UnsupportedCommandException when there is no way to do it
     */
    Encoded write(Command command, State state) throws UnsupportedCommandException;
  }

  private record Listener(String topic, Reader reader) {}

  private final List<Listener> listeners;
  private final Set<String> own;
  private final Set<Attribute> reported;
  private final List<Outgoing> greeting;
  private final Writer writer;
  private final AtomicBoolean complained = new AtomicBoolean();

  private ReaderCodec(Builder builder, Writer writer) {
    listeners = List.copyOf(builder.listeners);
    own = Set.copyOf(builder.own);
    reported = Set.copyOf(builder.reported);
    greeting = List.copyOf(builder.greeting);
    this.writer = writer;
  }

  @Override
  public Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>();
    listeners.forEach(each -> topics.add(each.topic));
    return topics;
  }

  @Override
  public Set<String> ownTopics() {
    return own;
  }

  @Override
  public List<Outgoing> greeting() {
    return greeting;
  }

  @Override
  public StateUpdate parse(String topic, byte[] payload, State before) {
    StateUpdate.Builder out = new StateUpdate.Builder();
    if (payload.length > MAX_PAYLOAD) {
      complain(topic, "it has more than " + MAX_PAYLOAD + " bytes");
      return out.build();
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    for (Listener each : listeners) {
      if (each.topic.equals(topic)) {
        try {
          each.reader.read(text, before, out);
        } catch (IllegalArgumentException e) {
          complain(topic, String.valueOf(e.getMessage()));
        }
      }
    }
    return out.build();
  }

  private void complain(String topic, String reason) {
    if (complained.compareAndSet(false, true)) {
      LOG.warn(
          "A message on '{}' cannot be understood and is left out (later ones are not told): {}",
          topic,
          Names.line(reason));
    }
  }

  @Override
  public Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return writer.write(command, state);
  }

  @Override
  public boolean reports(Attribute attribute) {
    return reported.contains(attribute);
  }

  @Override
  public boolean optimistic() {
    return false;
  }

  @Override
  public Optional<Duration> expiresAfter() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> offDelay() {
    return Optional.empty();
  }

  /** Collects a codec. */
  public static final class Builder {
    private final List<Listener> listeners = new ArrayList<>();
    private final Set<String> own = new LinkedHashSet<>();
    private final Set<Attribute> reported = EnumSet.noneOf(Attribute.class);
    private final Set<Outgoing> greeting = new LinkedHashSet<>();

    /** Nothing yet. */
    public Builder() {}

    /**
     * Reads a topic.
     *
     * @param topic the topic, without wildcards
     * @param reader is given every message on it
     * @return this
     */
    public Builder read(String topic, Reader reader) {
      listeners.add(new Listener(topic, reader));
      return this;
    }

    /**
     * Reads a topic on which only this device speaks.
     *
     * @param topic the topic, without wildcards
     * @param reader is given every message on it
     * @return this
     */
    public Builder readOwn(String topic, Reader reader) {
      own.add(topic);
      return read(topic, reader);
    }

    /**
     * Reads a topic of JSON objects on which only this device speaks.
     *
     * @param topic the topic, without wildcards
     * @param reader is given every object on it
     * @return this
     */
    public Builder readOwnJson(String topic, JsonReader reader) {
      return readOwn(topic, json(reader));
    }

    /**
     * Reads a topic on which the device, or the broker for it, says in two words whether it can be
     * reached.
     *
     * @param topic the topic, without wildcards
     * @param online the word when it can
     * @param offline the word when it cannot
     * @return this
     */
    public Builder availability(String topic, String online, String offline) {
      return readOwn(
          topic,
          (payload, before, out) -> {
            if (payload.equals(online)) {
              out.availability(Availability.ONLINE);
            } else if (payload.equals(offline)) {
              out.availability(Availability.OFFLINE);
            } else if (!payload.isEmpty()) {
              throw Json.nonsense(payload, "'" + online + "' or '" + offline + "'");
            }
          });
    }

    /**
     * Says what the device reports on its topics.
     *
     * @param attributes what
     * @return this
     */
    public Builder reports(Attribute... attributes) {
      reported.addAll(List.of(attributes));
      return this;
    }

    /**
     * Asks the device for all it has to say.
     *
     * @param question what to send
     * @return this
     */
    public Builder greet(Outgoing question) {
      greeting.add(question);
      return this;
    }

    /**
     * The codec of something that takes commands.
     *
     * @param writer writes them
     * @return the codec
     */
    public ReaderCodec build(Writer writer) {
      return new ReaderCodec(this, writer);
    }

    /**
     * The codec of something that only reports.
     *
     * @return the codec
     */
    public ReaderCodec build() {
      return new ReaderCodec(
          this,
          (command, state) -> {
            throw UnsupportedCommandException.of(command);
          });
    }
  }

  /**
   * A reader of JSON objects.
   *
   * @param reader is given the object
   * @return a reader that finds anything else nonsense, but an empty message
   */
  public static Reader json(JsonReader reader) {
    return (payload, before, out) -> {
      if (payload.isEmpty()) {
        return;
      }
      if (!(Json.parseOrNull(payload) instanceof Map<?, ?> map)) {
        throw Json.nonsense(payload, "a JSON object");
      }
      reader.read(map, before, out);
    };
  }
}
