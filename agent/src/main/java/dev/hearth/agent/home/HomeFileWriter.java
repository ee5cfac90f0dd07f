package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.StoredHome;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Writes what was decided about a home as a file for people: floors, areas, and every entity, also
 * where nothing is decided about it, with its name as a comment. Reading it gives the same.
 */
final class HomeFileWriter {
  private static final String ABOUT =
      """
      The home as people speak of it. ./hearth home import FILE takes this file over; config/home.yaml
      is also read when Hearth starts and it has changed. What the file names wins, what it does not
      name stays; null takes a decision back.
      Entities: name, area, aliases: [other names], exposed: true or false, risk: normal or guarded
      (commands to guarded ones wait for a yes).\
      """;

  private final List<NodeTuple> tuples = new ArrayList<>();

  private HomeFileWriter() {}

  /**
   * Writes a home.
   *
   * @param decided what was decided
   * @param home what is there now, for names in comments
   */
  static String write(StoredHome decided, Home home) {
    HomeFileWriter file = new HomeFileWriter();
    file.put("version", plain(Tag.INT, "1"), null);
    HomeFileWriter floors = new HomeFileWriter();
    decided.floors().stream()
        .sorted(Comparator.comparingInt(Floor::level).thenComparing(f -> f.id().value()))
        .forEach(floor -> floors.put(floor.id().value(), floor(floor), null));
    file.put("floors", floors.node(), null);
    HomeFileWriter areas = new HomeFileWriter();
    decided.areas().stream()
        .sorted(Comparator.comparing(a -> a.id().value()))
        .forEach(area -> areas.put(area.id().value(), area(area), null));
    file.put("areas", areas.node(), null);
    if (!decided.ignored().isEmpty()) {
      file.texts("ignored_areas", decided.ignored().stream().map(AreaId::value).sorted().toList());
    }
    Map<String, EntityOverride> all = new TreeMap<>();
    home.entities().forEach(e -> all.put(e.id().value(), EntityOverride.NONE));
    decided.entities().forEach((id, override) -> all.put(id.value(), override));
    HomeFileWriter entities = new HomeFileWriter();
    all.forEach((id, override) ->
        entities.put(id, entity(override), about(home.entity(new EntityId(id)).orElse(null))));
    file.put("entities", entities.node(), null);
    return file.render();
  }

  private static String about(@Nullable Entity entity) {
    if (entity == null) {
      return "not here at present";
    }
    return entity.exposed()
        ? entity.name()
        : entity.name() + " (hidden: " + entity.exposure().word() + ")";
  }

  private static Node floor(Floor floor) {
    HomeFileWriter out = new HomeFileWriter();
    out.text("name", floor.name());
    out.put("level", plain(Tag.INT, String.valueOf(floor.level())), null);
    out.texts("aliases", floor.aliases());
    return out.node();
  }

  private static Node area(Area area) {
    FloorId floor = area.floor();
    HomeFileWriter out = new HomeFileWriter();
    out.text("name", area.name());
    if (floor != null) {
      out.text("floor", floor.value());
    }
    out.texts("aliases", area.aliases());
    out.texts("adjoining", area.adjoining().stream().map(AreaId::value).toList());
    return out.node();
  }

  private static Node entity(EntityOverride override) {
    HomeFileWriter out = new HomeFileWriter();
    String name = override.name();
    AreaId area = override.area();
    List<String> aliases = override.aliases();
    Boolean exposed = override.exposed();
    Risk risk = override.risk();
    if (name != null) {
      out.text("name", name);
    }
    if (area != null) {
      out.text("area", area.value());
    }
    if (aliases != null) {
      out.texts("aliases", aliases);
    }
    if (exposed != null) {
      out.put("exposed", plain(Tag.BOOL, exposed.toString()), null);
    }
    if (risk != null) {
      out.text("risk", risk.word());
    }
    return out.node();
  }

  private void text(String key, String value) {
    put(key, scalar(value), null);
  }

  private void texts(String key, List<String> values) {
    put(
        key,
        new SequenceNode(
            Tag.SEQ, values.stream().map(v -> (Node) scalar(v)).toList(), FlowStyle.FLOW),
        null);
  }

  private void put(String key, Node value, @Nullable String comment) {
    ScalarNode name = scalar(key);
    if (comment != null) {
      name.setBlockComments(comments(" " + comment));
    }
    tuples.add(new NodeTuple(name, value));
  }

  /** Plain where that can be read back as it is, else in double quotes. */
  private static ScalarNode scalar(String value) {
    boolean plain =
        value.matches("-?[\\p{L}\\p{N}_][\\p{L}\\p{N}_. -]*")
            && !value.endsWith(" ")
            && !value.matches("(?i)null|n|y");
    return new ScalarNode(
        Tag.STR,
        value,
        null,
        null,
        plain ? DumperOptions.ScalarStyle.PLAIN : DumperOptions.ScalarStyle.DOUBLE_QUOTED);
  }

  /** A number, true or false. */
  private static ScalarNode plain(Tag tag, String value) {
    return new ScalarNode(tag, value, null, null, DumperOptions.ScalarStyle.PLAIN);
  }

  private Node node() {
    return new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
  }

  private static List<CommentLine> comments(String text) {
    return text.lines().map(l -> new CommentLine(null, null, l, CommentType.BLOCK)).toList();
  }

  private String render() {
    DumperOptions options = new DumperOptions();
    options.setProcessComments(true);
    options.setAllowUnicode(true);
    options.setSplitLines(false);
    Node root = node();
    tuples.getFirst().getKeyNode().setBlockComments(comments(ABOUT.indent(1)));
    StringWriter out = new StringWriter();
    new Yaml(options).serialize(root, out);
    return out.toString();
  }
}
