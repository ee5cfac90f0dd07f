package dev.hearth.agent.home;

import dev.hearth.devices.Names;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file with its place in it. Values are read as they are written, whatever type
 * YAML makes of them: a room may be called {@code no}. Faults are collected, never thrown.
 */
final class YamlEntry {
  /** The longest file, in characters. */
  static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_DEPTH = 8;
  private static final int MOST_FAULTS = 20;

  /** Collects what is wrong; tells the first twenty things in order of lines. */
  static final class Faults {
    private record Fault(int line, String text) {}

    private final List<Fault> found = new ArrayList<>();

    void add(int line, String fault) {
      String told = Names.line(fault);
      found.add(new Fault(line, line > 0 ? "line %d: %s".formatted(line, told) : told));
    }

    void throwIfAny() {
      if (!found.isEmpty()) {
        List<String> told = new ArrayList<>();
        found.stream()
            .sorted(Comparator.comparingInt(Fault::line))
            .limit(MOST_FAULTS)
            .forEach(fault -> told.add(fault.text()));
        if (found.size() > MOST_FAULTS) {
          told.add("and %d more".formatted(found.size() - MOST_FAULTS));
        }
        throw new HomeFileException(told);
      }
    }
  }

  private final String path;
  private final int line;
  private final Map<String, Node> values;
  private final Map<String, Integer> lines;
  private final Faults faults;

  private YamlEntry(
      String path, int line, Map<String, Node> values, Map<String, Integer> lines, Faults faults) {
    this.path = path;
    this.line = line;
    this.values = values;
    this.lines = lines;
    this.faults = faults;
  }

  /**
   * Reads a file of one mapping.
   *
   * @throws HomeFileException when it is too long, too deep, no YAML, or uses anchors
   */
  static YamlEntry parse(String text, Faults faults) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_LENGTH);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(1);
    Node root;
    try {
      root = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int at = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      faults.add(at, "this is no YAML that can be read: " + e.getProblem());
      faults.throwIfAny();
      throw e;
    } catch (YAMLException e) {
      String message = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
      faults.add(0, "this is no YAML that can be read: " + message);
      faults.throwIfAny();
      throw e;
    }
    if (root == null) {
      faults.add(1, "the file is empty; export one to see its form: ./hearth home export");
    } else {
      refuseAnchors(root, Collections.newSetFromMap(new IdentityHashMap<>()), faults);
      faults.throwIfAny();
    }
    YamlEntry entry = root == null ? null : of(root, "the file", 1, faults);
    faults.throwIfAny();
    if (entry == null) {
      throw new IllegalStateException("a fault is missing");
    }
    return new YamlEntry("", 1, entry.values, entry.lines, faults);
  }

  private static void refuseAnchors(Node node, Set<Node> seen, Faults faults) {
    if (!seen.add(node)) {
      faults.add(line(node), "anchors and aliases (& and *) are not allowed; write it out");
      return;
    }
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        refuseAnchors(tuple.getKeyNode(), seen, faults);
        refuseAnchors(tuple.getValueNode(), seen, faults);
      }
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(each -> refuseAnchors(each, seen, faults));
    }
  }

  private static @Nullable YamlEntry of(Node node, String path, int line, Faults faults) {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    if (isNull(node)) {
      return new YamlEntry(path, line, values, lines, faults);
    }
    if (!(node instanceof MappingNode mapping)) {
      faults.add(line(node), path + " must be a list of keys with values, such as  name: Kitchen");
      return null;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        faults.add(line(tuple.getKeyNode()), path + " has a key that is no word");
        continue;
      }
      String name = key.getValue();
      if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
        faults.add(
            line(key),
            "%s has '%s' twice, first on line %d; keep one"
                .formatted(path, name, lines.getOrDefault(name, 0)));
      } else {
        lines.put(name, line(key));
      }
    }
    return new YamlEntry(path, line, values, lines, faults);
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  int line() {
    return line;
  }

  /** The line of a key; that of the entry when it is not there. */
  int line(String key) {
    return lines.getOrDefault(key, line);
  }

  /** Where a key is, such as {@code areas.kitchen.floor}. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  void fault(String key, String fault) {
    faults.add(line(key), path(key) + ": " + fault);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether a key is there without a value, or with null. */
  boolean isNull(String key) {
    Node node = values.get(key);
    return node != null && isNull(node);
  }

  Set<String> keys() {
    return values.keySet();
  }

  /** Names keys that nothing reads. */
  void allow(String... allowed) {
    List<String> known = List.of(allowed);
    for (String key : keys()) {
      if (!known.contains(key)) {
        fault(key, "this key is unknown; known are " + String.join(", ", known));
      }
    }
  }

  /** The mapping of a key; null when it is absent or faulty. */
  @Nullable YamlEntry entry(String key) {
    Node node = values.get(key);
    return node == null ? null : of(node, path(key), line(key), faults);
  }

  /** The text of a key; null when it is absent, null or faulty. */
  @Nullable String text(String key) {
    Node node = values.get(key);
    if (node == null || isNull(node)) {
      return null;
    }
    if (!(node instanceof ScalarNode scalar)) {
      fault(key, "this must be a word or a text in quotes");
      return null;
    }
    return scalar.getValue();
  }

  /** The texts of a key; null when it is absent, null or faulty. */
  @Nullable List<String> texts(String key) {
    Node node = values.get(key);
    if (node == null || isNull(node)) {
      return null;
    }
    if (!(node instanceof SequenceNode sequence)) {
      fault(key, "this must be a list, such as [one, two]");
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Node each : sequence.getValue()) {
      if (each instanceof ScalarNode scalar && !isNull(scalar)) {
        texts.add(scalar.getValue());
      } else {
        faults.add(line(each), path(key) + ": every one must be a word or a text in quotes");
      }
    }
    return texts;
  }
}
