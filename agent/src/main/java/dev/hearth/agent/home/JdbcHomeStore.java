package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.registry.StoredHome;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Floors, areas and what was decided about entities, in the agent's database. */
@Component
class JdbcHomeStore implements HomeStore {
  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  JdbcHomeStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
  }

  @Override
  public StoredHome load() {
    List<Floor> floors =
        jdbc.sql("select id, name, level, aliases from home_floor")
            .query((row, i) ->
                new Floor(
                    new FloorId(row.getString("id")),
                    row.getString("name"),
                    row.getInt("level"),
                    names(row.getString("aliases"))))
            .list();
    List<Area> areas =
        jdbc.sql("select id, name, floor, aliases, adjoining from home_area")
            .query((row, i) ->
                new Area(
                    new AreaId(row.getString("id")),
                    row.getString("name"),
                    floorId(row.getString("floor")),
                    names(row.getString("aliases")),
                    names(row.getString("adjoining")).stream().map(AreaId::new).toList()))
            .list();
    Map<EntityId, EntityOverride> entities = new HashMap<>();
    jdbc.sql("select id, name, area, aliases, exposed, risk from home_entity")
        .query((row, i) -> {
          String aliases = row.getString("aliases");
          String risk = row.getString("risk");
          return entities.put(
              new EntityId(row.getString("id")),
              new EntityOverride(
                  row.getString("name"),
                  areaId(row.getString("area")),
                  aliases == null ? null : names(aliases),
                  row.getObject("exposed", Boolean.class),
                  risk == null ? null : Risk.valueOf(risk)));
        })
        .list();
    Set<AreaId> ignored =
        jdbc.sql("select id from home_ignored_area")
            .query((row, i) -> new AreaId(row.getString("id")))
            .set();
    return new StoredHome(floors, areas, entities, ignored);
  }

  /** Writes what differs, in one transaction. */
  @Override
  public void save(StoredHome before, StoredHome after) {
    transactions.executeWithoutResult(status -> {
      after.floors().stream().filter(f -> !before.floors().contains(f)).forEach(this::save);
      after.areas().stream().filter(a -> !before.areas().contains(a)).forEach(this::save);
      before.areas().stream()
          .filter(a -> after.area(a.id()).isEmpty())
          .forEach(a -> delete("home_area", a.id().value()));
      before.floors().stream()
          .filter(f -> after.floor(f.id()).isEmpty())
          .forEach(f -> delete("home_floor", f.id().value()));
      after
          .entities()
          .forEach((id, override) -> {
            if (!override.equals(before.of(id))) {
              save(id, override);
            }
          });
      before.entities().keySet().stream()
          .filter(id -> !after.entities().containsKey(id))
          .forEach(id -> delete("home_entity", id.value()));
      after.ignored().stream()
          .filter(id -> !before.ignored().contains(id))
          .forEach(id -> put("home_ignored_area", Map.of("id", id.value())));
      before.ignored().stream()
          .filter(id -> !after.ignored().contains(id))
          .forEach(id -> delete("home_ignored_area", id.value()));
    });
  }

  private void save(Floor floor) {
    put(
        "home_floor",
        Map.of(
            "id", floor.id().value(),
            "name", floor.name(),
            "level", floor.level(),
            "aliases", json(floor.aliases())));
  }

  private void save(Area area) {
    FloorId floor = area.floor();
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("id", area.id().value());
    values.put("name", area.name());
    values.put("floor", floor == null ? null : floor.value());
    values.put("aliases", json(area.aliases()));
    values.put("adjoining", json(area.adjoining().stream().map(AreaId::value).toList()));
    put("home_area", values);
  }

  private void save(EntityId id, EntityOverride override) {
    AreaId area = override.area();
    List<String> aliases = override.aliases();
    Risk risk = override.risk();
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("id", id.value());
    values.put("name", override.name());
    values.put("area", area == null ? null : area.value());
    values.put("aliases", aliases == null ? null : json(aliases));
    values.put("exposed", override.exposed());
    values.put("risk", risk == null ? null : risk.name());
    put("home_entity", values);
  }

  /** Adds or replaces a row; the names of columns are ours. */
  private void put(String table, Map<String, ? extends @Nullable Object> values) {
    String set =
        values.keySet().stream().map(c -> c + " = :" + c).collect(Collectors.joining(", "));
    String update = "update %s set %s where id = :id".formatted(table, set);
    if (jdbc.sql(update).params(values).update() == 0) {
      List<String> columns = List.copyOf(values.keySet());
      String insert =
          "insert into %s (%s) values (:%s)"
              .formatted(table, String.join(", ", columns), String.join(", :", columns));
      jdbc.sql(insert).params(values).update();
    }
  }

  private void delete(String table, String id) {
    jdbc.sql("delete from " + table + " where id = :id").param("id", id).update();
  }

  private static @Nullable FloorId floorId(@Nullable String value) {
    return value == null ? null : new FloorId(value);
  }

  private static @Nullable AreaId areaId(@Nullable String value) {
    return value == null ? null : new AreaId(value);
  }

  private static String json(List<String> names) {
    return JSON.writeValueAsString(names);
  }

  private static List<String> names(@Nullable String json) {
    return json == null ? List.of() : Arrays.asList(JSON.readValue(json, String[].class));
  }
}
