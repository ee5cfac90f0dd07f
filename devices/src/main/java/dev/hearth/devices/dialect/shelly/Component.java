package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.ReaderCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One component of a device, such as {@code switch:0}: how to hear of it and how to command it.
 * Thread-safe.
 */
final class Component {
  /** Answers to older calls than that are not waited for. */
  private static final int CALLS = 32;

  private final Device device;
  private final String key;
  private final Set<Integer> commands = new LinkedHashSet<>();
  private final Set<Integer> questions = new LinkedHashSet<>();

  Component(Device device, String key) {
    this.device = device;
    this.key = key;
  }

  Device device() {
    return device;
  }

  String key() {
    return key;
  }

  /** The part before the number, such as {@code switch}. */
  String type() {
    return key.substring(0, key.indexOf(':'));
  }

  int number() {
    return Integer.parseInt(key.substring(key.indexOf(':') + 1));
  }

  /** A codec that hears whatever is told of the component's status, in whole or in part. */
  ReaderCodec.Builder codec(ReaderCodec.JsonReader reader) {
    String prefix = device.prefix();
    ReaderCodec.Builder codec = new ReaderCodec.Builder();
    if (!device.sleeps()) {
      codec.availability(prefix + "/online", "true", "false");
    }
    codec.readOwnJson(
        prefix + "/events/rpc",
        (json, before, out) -> {
          if (String.valueOf(json.get("method")).matches("Notify(Full)?Status")
              && json.get("params") instanceof Map<?, ?> told
              && told.get(key) instanceof Map<?, ?> status) {
            reader.read(status, before, out);
          }
        });
    codec.readOwnJson(prefix + "/status/" + key, reader);
    codec.readOwnJson(
        Rpc.answers(prefix), (json, before, out) -> answered(json, before, out, reader));
    return codec.greet(Rpc.askStatus(prefix));
  }

  private void answered(
      Map<?, ?> json, State before, StateUpdate.Builder out, ReaderCodec.JsonReader reader) {
    Rpc.Answer answer = Rpc.answer(json);
    if (answer == null) {
      return;
    }
    boolean command = take(commands, answer.id());
    Map<?, ?> result = answer.result();
    String error = answer.error();
    if (command && error != null) {
      out.failure(new StateUpdate.Failure(false, error));
    } else if (command) {
      out.accepted();
    } else if (result != null && answer.id() == Rpc.STATUS) {
      if (result.get(key) instanceof Map<?, ?> status) {
        reader.read(status, before, out);
      }
    } else if (result != null && take(questions, answer.id())) {
      reader.read(result, before, out);
    }
  }

  /**
   * A call that changes something. Who does not tell by itself what became of it is asked at once.
   *
   * @param method such as {@code Set}
   * @param parameters beside the component's number
   * @param target the state that it should lead to
   */
  Encoded call(String method, Map<String, ?> parameters, Map<Attribute, Object> target) {
    List<Outgoing> messages = new ArrayList<>();
    messages.add(call(commands, method, parameters));
    if (!device.notifies()) {
      messages.add(call(questions, "GetStatus", Map.of()));
    }
    return new Encoded(messages, target);
  }

  private Outgoing call(Set<Integer> calls, String method, Map<String, ?> parameters) {
    int id = Rpc.nextId();
    synchronized (this) {
      calls.add(id);
      if (calls.size() > CALLS) {
        calls.remove(calls.iterator().next());
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("id", number());
    all.putAll(parameters);
    return Rpc.call(device.prefix(), id, service() + "." + method, all);
  }

  /** The name of its methods, such as {@code Switch}. */
  private String service() {
    return switch (type()) {
      case "rgb", "rgbw", "cct" -> type().toUpperCase(java.util.Locale.ROOT);
      default -> Character.toUpperCase(type().charAt(0)) + type().substring(1);
    };
  }

  private synchronized boolean take(Set<Integer> calls, int id) {
    return calls.remove(id);
  }
}
