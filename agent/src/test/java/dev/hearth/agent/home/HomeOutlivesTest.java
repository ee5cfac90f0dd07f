package dev.hearth.agent.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.agent.Mosquitto;
import dev.hearth.agent.start.StartException;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Risk;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What people decide, against a real broker, real announcements and the real database in a file.
 */
class HomeOutlivesTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String LAMP = "homeassistant/light/lamp7/config";
  private static final String LOCK = "homeassistant/lock/bolt7/config";
  private static final EntityId LAMP_ID = new EntityId("light.lamp7");
  private static final EntityId LOCK_ID = new EntityId("lock.bolt7");

  @TempDir private Path folder;
  private Mosquitto broker;
  private MqttConnection device;

  @BeforeEach
  void start() throws InterruptedException {
    broker = Mosquitto.start();
    device = MqttConnection.start(MqttOptions.of(broker.uri()));
    assertThat(device.awaitConnected(LONG)).isTrue();
  }

  @AfterEach
  void stop() {
    device.close();
    broker.close();
  }

  private DataSource database() {
    return new DriverManagerDataSource(
        "jdbc:h2:file:"
            + folder.resolve("hearth")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"
            + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;DEFAULT_NULL_ORDERING=HIGH",
        "sa",
        "");
  }

  private void migrate(String target) {
    Flyway.configure().dataSource(database()).target(target).load().migrate();
  }

  private JdbcHomeStore store() {
    DataSource database = database();
    return new JdbcHomeStore(
        JdbcClient.create(database), new DataSourceTransactionManager(database));
  }

  private DeviceGateway gateway() {
    return DeviceGateway.start(MqttOptions.of(broker.uri()), GatewayOptions.DEFAULTS, store());
  }

  private void announce(String topic, String payload) throws Exception {
    assertThat(
            device
                .publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, true)
                .get(LONG.toSeconds(), TimeUnit.SECONDS)
                .sent())
        .isTrue();
  }

  private static String lamp(String name, String area) {
    return """
    {"uniq_id":"lamp7","name":null,"cmd_t":"lamp/set","stat_t":"lamp",
     "dev":{"ids":"l7","name":"%s","sa":"%s"}}\
    """
        .formatted(name, area);
  }

  private static Entity awaitEntity(HomeRegistry registry, EntityId id, Predicate<Entity> is) {
    await().atMost(LONG).until(() -> registry.home().entity(id).filter(is).isPresent());
    return registry.home().entity(id).orElseThrow();
  }

  @Test
  void decisionsSurviveRenamingLeavingReturningAndARestart() throws Exception {
    migrate("latest");
    announce(LAMP, lamp("Lamp", "Lounge"));
    announce(
        LOCK,
        """
        {"uniq_id":"bolt7","name":null,"cmd_t":"bolt/set","stat_t":"bolt",
         "dev":{"ids":"b7","name":"Front door","sa":"Hall"}}\
        """);
    AreaId den = new AreaId("den");
    EntityOverride decided =
        new EntityOverride("Reading lamp", den, List.of("阅读灯", "lampe"), false, Risk.GUARDED);
    try (DeviceGateway gateway = gateway()) {
      HomeRegistry home = gateway.registry();
      awaitEntity(home, LAMP_ID, e -> e.exposure() == Exposure.OPEN);
      assertThat(awaitEntity(home, LOCK_ID, e -> true).exposure()).isEqualTo(Exposure.RISKY);
      home.putFloor(new Floor(new FloorId("ground"), "Ground", 0, List.of("unten")));
      home.putArea(
          new Area(den, "Den", new FloorId("ground"), List.of(), List.of(new AreaId("hall"))));
      home.update(LAMP_ID, now -> decided);
      home.update(LOCK_ID, now -> now.withExposed(true));
      home.decide(now -> now.without(new AreaId("lounge")));

      announce(LAMP, lamp("Lamp with another name", "Lounge"));
      announce(LAMP, "");
      await().atMost(LONG).until(() -> home.home().entity(LAMP_ID).isEmpty());
      announce(LAMP, lamp("Lamp that came back", "Lounge"));
      assertDecided(home, decided);
    }
    try (DeviceGateway again = gateway()) {
      assertDecided(again.registry(), decided);
      again.registry().update(LAMP_ID, now -> EntityOverride.NONE);
      again.registry().decide(now -> now.without(new FloorId("ground")));
      Entity plain = again.registry().home().entity(LAMP_ID).orElseThrow();
      assertThat(plain.name()).isEqualTo("Lamp that came back");
      assertThat(plain.area()).as("nobody makes a deleted area again").isNull();
      assertThat(plain.exposed()).isTrue();
    }
    assertThat(store().load().floors()).isEmpty();
    assertThat(store().load().of(LAMP_ID)).isEqualTo(EntityOverride.NONE);
  }

  private static void assertDecided(HomeRegistry home, EntityOverride decided) {
    Entity lamp = awaitEntity(home, LAMP_ID, e -> true);
    assertThat(lamp.name()).isEqualTo(decided.name());
    assertThat(lamp.area()).isEqualTo(decided.area());
    assertThat(lamp.aliases()).isEqualTo(decided.aliases());
    assertThat(lamp.exposure()).isEqualTo(Exposure.DENIED);
    assertThat(lamp.risk()).isEqualTo(Risk.GUARDED);
    Entity lock = awaitEntity(home, LOCK_ID, e -> true);
    assertThat(lock.exposure()).isEqualTo(Exposure.ALLOWED);
    assertThat(lock.area()).isEqualTo(new AreaId("hall"));
    assertThat(home.home().area(new AreaId("lounge"))).isEmpty();
    assertThat(home.home().area(new AreaId("hall")).orElseThrow().adjoining())
        .containsExactly(new AreaId("den"));
    assertThat(home.home().floor(new FloorId("ground")).map(Floor::aliases))
        .isEqualTo(Optional.of(List.of("unten")));
  }

  @Test
  void anUpgradeKeepsWhatWasDecidedAndSeen() {
    migrate("2");
    JdbcClient jdbc = JdbcClient.create(database());
    jdbc.sql("insert into home_floor values ('up', 'Up', 1, '[]')").update();
    jdbc.sql("insert into home_area values ('hall', 'Hall', 'up', '[\"门厅\"]')").update();
    jdbc.sql("insert into home_entity values ('lock.named', 'hall', null, null)").update();
    jdbc.sql("insert into home_entity values ('lock.hidden', null, null, false)").update();
    jdbc.sql("insert into home_entity values ('valve.shown', null, '[\"v\"]', true)").update();
    jdbc.sql("insert into home_entity values ('valve.named', 'hall', null, null)").update();

    migrate("latest");

    var home = store().load();
    assertThat(home.area(new AreaId("hall")).orElseThrow().adjoining()).isEmpty();
    assertThat(home.of(new EntityId("lock.named")).exposed()).isTrue();
    assertThat(home.of(new EntityId("lock.hidden")).exposed()).isFalse();
    assertThat(home.of(new EntityId("valve.shown")).exposed()).isTrue();
    assertThat(home.of(new EntityId("valve.named")).exposed()).isNull();
  }

  @Test
  void aFolderOfZigbee2MqttIsAnArea() throws Exception {
    migrate("latest");
    announce(
        "zigbee2mqtt/bridge/devices",
        """
        [{"ieee_address":"0x0017","type":"Router","friendly_name":"top/living_room/lamp",
          "supported":true,"definition":{"model":"L","vendor":"V","description":"Lamp","exposes":[
            {"type":"light","features":[{"type":"binary","name":"state","property":"state",
              "access":7,"value_on":"ON","value_off":"OFF"}]}]}}]\
        """);
    try (DeviceGateway gateway = gateway()) {
      HomeRegistry home = gateway.registry();
      await().atMost(LONG).until(() -> home.home().entities().size() == 1);
      Entity lamp = home.home().entities().iterator().next();
      assertThat(lamp.area()).isEqualTo(new AreaId("living_room"));
      assertThat(home.home().area(new AreaId("living_room")).orElseThrow().name())
          .isEqualTo("Living room");
    }
  }

  @Test
  void theFileIsTakenOverAtAStartWhenItHasChangedAndNotOtherwise() throws Exception {
    migrate("latest");
    Path file = folder.resolve("home.yaml");
    HomeFileAtStart start = atStart(file);
    start.apply();
    assertThat(store().load().areas()).as("no file, nothing happens").isEmpty();

    Files.writeString(file, "version: 1\nareas: {den: {name: Den}}\n");
    start.apply();
    var before = store().load();
    var renamed = before.with(new Area(new AreaId("den"), "Lair", null, List.of()));
    store().save(before, renamed);
    start.apply();
    assertThat(store().load().areas()).as("the file is the same").isEqualTo(renamed.areas());

    Files.writeString(file, "version: 1\nareas: {den: {name: Study}, bad: {}}\n");
    Assertions.assertThatThrownBy(start::apply)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("line 2: areas.bad.name: a name is missing");
    assertThat(store().load().areas()).isEqualTo(renamed.areas());

    Assertions.assertThatThrownBy(() -> atStart(folder).apply())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("The home file " + folder + " cannot be read");

    Files.writeString(file, "version: 1\nareas: {den: {name: Study}}\n");
    start.apply();
    assertThat(store().load().areas()).extracting(Area::name).containsExactly("Study");
  }

  private HomeFileAtStart atStart(Path file) {
    return new HomeFileAtStart(store(), JdbcClient.create(database()), file.toString());
  }
}
