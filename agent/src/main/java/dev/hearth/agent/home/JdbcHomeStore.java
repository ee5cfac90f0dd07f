package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.registry.StoredHome;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        jdbc.sql("select id, name, floor, aliases from home_area")
            .query((row, i) ->
                new Area(
                    new AreaId(row.getString("id")),
                    row.getString("name"),
                    floorId(row.getString("floor")),
                    names(row.getString("aliases"))))
            .list();
    Map<EntityId, EntityOverride> entities = new HashMap<>();
    jdbc.sql("select id, area, aliases, exposed from home_entity")
        .query((row, i) -> {
          String aliases = row.getString("aliases");
          return entities.put(
              new EntityId(row.getString("id")),
              new EntityOverride(
                  areaId(row.getString("area")),
                  aliases == null ? null : names(aliases),
                  row.getObject("exposed", Boolean.class)));
        })
        .list();
    return new StoredHome(floors, areas, entities);
  }

  @Override
  public void saveFloor(Floor floor) {
    save(
        jdbc.sql(
            "update home_floor set name = :name, level = :level, aliases = :aliases where id = :id"),
        jdbc.sql(
            "insert into home_floor (id, name, level, aliases) values (:id, :name, :level, :aliases)"),
        Map.of(
            "id", floor.id().value(),
            "name", floor.name(),
            "level", floor.level(),
            "aliases", json(floor.aliases())));
  }

  @Override
  public void saveArea(Area area) {
    FloorId floor = area.floor();
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("id", area.id().value());
    values.put("name", area.name());
    values.put("floor", floor == null ? null : floor.value());
    values.put("aliases", json(area.aliases()));
    save(
        jdbc.sql(
            "update home_area set name = :name, floor = :floor, aliases = :aliases where id = :id"),
        jdbc.sql(
            "insert into home_area (id, name, floor, aliases) values (:id, :name, :floor, :aliases)"),
        values);
  }

  @Override
  public void saveEntity(EntityId id, EntityOverride override) {
    AreaId area = override.area();
    List<String> aliases = override.aliases();
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("id", id.value());
    values.put("area", area == null ? null : area.value());
    values.put("aliases", aliases == null ? null : json(aliases));
    values.put("exposed", override.exposed());
    save(
        jdbc.sql(
            "update home_entity set area = :area, aliases = :aliases, exposed = :exposed where id = :id"),
        jdbc.sql(
            "insert into home_entity (id, area, aliases, exposed)"
                + " values (:id, :area, :aliases, :exposed)"),
        values);
  }

  private void save(
      JdbcClient.StatementSpec update,
      JdbcClient.StatementSpec insert,
      Map<String, ? extends @Nullable Object> values) {
    transactions.executeWithoutResult(status -> {
      if (update.params(values).update() == 0) {
        insert.params(values).update();
      }
    });
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
