package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.devices.Attribute;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedDeviceTest {
  private static final String SET = "/set";

  private final Workbench bench = new Workbench();

  @BeforeEach
  void introduce() {
    bench.introduce();
  }

  @Test
  void reportsOnlyAfterItActed() {
    bench.device("kitchen_ceiling").receive("home/kitchen_ceiling/set", "{\"state\":\"OFF\"}");
    assertThat(bench.sent).isEmpty();
    assertThat(bench.device("kitchen_ceiling").actual().on()).contains(true);

    bench.pass(bench.options.reaction());
    assertThat(bench.device("kitchen_ceiling").actual().on()).contains(false);
    assertThat(bench.sent).hasSize(1).first().asString().contains("\"state\":\"OFF\"");
  }

  @Test
  void fadesOverTheTransitionThatTheCommandAsksFor() {
    bench.command(
        "kitchen_ceiling", "home/kitchen_ceiling/set", "{\"brightness\":25,\"transition\":2}");
    bench.pass(Duration.ofSeconds(1));
    assertThat(bench.device("kitchen_ceiling").actual().brightnessPercent().orElseThrow())
        .isBetween(30, 60);
    bench.pass(Duration.ofMillis(1_100));
    assertThat(bench.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(10);
    assertThat(bench.sent).hasSizeGreaterThan(5);
  }

  @Test
  void travelsAndStopsOnTheWay() {
    bench.command("kitchen_blind", "home/kitchen_blind/set", "CLOSE");
    assertThat(bench.retained).containsEntry("home/kitchen_blind/state", "closing");
    bench.pass(Duration.ofSeconds(6));
    bench.command("kitchen_blind", "home/kitchen_blind/set", "STOP");
    bench.pass(Duration.ofSeconds(20));

    int position = bench.device("kitchen_blind").actual().position().orElseThrow();
    assertThat(position).isBetween(40, 60);
    assertThat(bench.retained)
        .containsEntry("home/kitchen_blind/state", "open")
        .containsEntry("home/kitchen_blind/position", Integer.toString(position));
  }

  @Test
  void turnsBackWhenTheDirectionChangesOnTheWay() {
    bench.command("garage_door", "home/garage_door/set", "OPEN");
    bench.pass(Duration.ofSeconds(5));
    bench.command("garage_door", "home/garage_door/set", "CLOSE");
    assertThat(bench.retained).containsEntry("home/garage_door/state", "closing");
    bench.pass(Duration.ofSeconds(15));
    assertThat(bench.retained).containsEntry("home/garage_door/state", "closed");
    assertThat(bench.device("garage_door").actual().position()).hasValue(0);
  }

  @Test
  void locksAfterAMoment() {
    bench.command("front_door", "home/front_door/set", "UNLOCK");
    assertThat(bench.retained).containsEntry("home/front_door/state", "UNLOCKING");
    assertThat(bench.device("front_door").actual().lock()).contains("unlocking");
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.retained).containsEntry("home/front_door/state", "UNLOCKED");
  }

  @Test
  void warmsUpUntilTheSetpointAndCoolsDownAfterwards() {
    SimulatedDevice thermostat = bench.device("bedroom_thermostat");
    bench.command(
        "bedroom_thermostat",
        "home/bedroom_thermostat/set",
        "{\"occupied_heating_setpoint\": 21 }");
    assertThat(thermostat.actual().action()).contains("heating");
    double before = thermostat.actual().temperature().orElseThrow();

    thermostat.tick(Duration.ofMinutes(5));
    assertThat(thermostat.actual().temperature().orElseThrow()).isGreaterThan(before);
    thermostat.tick(Duration.ofHours(1));
    assertThat(thermostat.actual().temperature().orElseThrow()).isLessThanOrEqualTo(21);
    assertThat(thermostat.actual().action()).contains("idle");
    thermostat.tick(Duration.ofHours(2));
    assertThat(thermostat.actual().action()).contains("heating");
    assertThat(bench.retained.get("home/bedroom_thermostat"))
        .contains("\"running_state\":\"heat\"");
  }

  @Test
  void metersFollowWhatReallyHappens() {
    bench.command("kitchen_coffee", "home/kitchen_coffee/set", "on");
    assertThat(bench.retained).containsEntry("home/kitchen_coffee/power", "{\"power\":1150}");
    bench.command("kitchen_coffee", "home/kitchen_coffee/set", "off");
    assertThat(bench.retained).containsEntry("home/kitchen_coffee/power", "{\"power\":0}");
  }

  @Test
  void reportsWhatOtherHandsDo() {
    bench.device("bedroom_window").happen(Attribute.ON, false);
    assertThat(bench.retained.get("home/bedroom_window")).contains("\"contact\":true");
  }

  @Test
  void ignoresCommandsThatMeanNothing() {
    for (String nonsense : List.of("", "TOGGLE", "{", "[]", "null", "{\"color\":{\"q\":1}}")) {
      bench.command("living_ceiling", "home/living_ceiling/set", nonsense);
      bench.command("kitchen_blind", "home/kitchen_blind/position/set", nonsense);
      bench.command("bedroom_thermostat", "home/bedroom_thermostat/set", nonsense);
    }
    assertThat(bench.device("living_ceiling").actual().on()).contains(true);
    assertThat(bench.device("kitchen_blind").actual().position()).hasValue(100);
  }

  @Test
  void deadDevicesNeitherActNorReportNorSayThatTheyAreGone() {
    SimulatedDevice light = bench.device("kitchen_ceiling");
    light.fault(Fault.DEAD);
    bench.command("kitchen_ceiling", "home/kitchen_ceiling" + SET, "{\"state\":\"OFF\"}");
    bench.pass(Duration.ofMinutes(1));

    assertThat(bench.sent).isEmpty();
    assertThat(light.actual().on()).contains(true);
    assertThat(bench.retained).containsEntry("home/kitchen_ceiling/availability", "online");
  }

  @Test
  void deadCoversStopWhereTheyAre() {
    bench.command("kitchen_blind", "home/kitchen_blind/set", "CLOSE");
    bench.pass(Duration.ofSeconds(3));
    bench.device("kitchen_blind").fault(Fault.DEAD);
    bench.forget();
    bench.pass(Duration.ofSeconds(30));
    assertThat(bench.device("kitchen_blind").actual().position().orElseThrow()).isBetween(60, 90);
    assertThat(bench.sent).isEmpty();
  }

  @Test
  void slowDevicesActLate() {
    bench.device("kitchen_ceiling").fault(Fault.SLOW);
    bench.command("kitchen_ceiling", "home/kitchen_ceiling" + SET, "{\"state\":\"OFF\"}");
    bench.pass(Duration.ofMillis(2_900));
    assertThat(bench.sent).isEmpty();
    bench.pass(Duration.ofMillis(200));
    assertThat(bench.sent).hasSize(1);
    assertThat(bench.device("kitchen_ceiling").actual().on()).contains(false);
  }

  @Test
  void lyingDevicesEchoAtOnceAndTakeItBack() {
    SimulatedDevice light = bench.device("kitchen_ceiling");
    light.fault(Fault.LYING);
    light.receive("home/kitchen_ceiling/set", "{\"state\":\"OFF\"}");
    assertThat(bench.sent).hasSize(1).first().asString().contains("\"state\":\"OFF\"");
    assertThat(light.actual().on()).contains(true);

    bench.pass(Duration.ofMillis(310));
    assertThat(bench.sent).hasSize(2).last().asString().contains("\"state\":\"ON\"");
  }

  @Test
  void lyingForGoodIsBetrayedOnlyByMetersAndPositions() {
    for (String id : List.of("kitchen_coffee", "kitchen_blind", "hall_light")) {
      bench.device(id).fault(new Fault.Lying(null));
    }
    bench.command("kitchen_coffee", "home/kitchen_coffee/set", "on");
    bench.command("kitchen_blind", "home/kitchen_blind/set", "CLOSE");
    bench.command("hall_light", "home/hall_light/set", "{\"state\":\"OFF\"}");
    bench.pass(Duration.ofMinutes(5));
    bench.devices.values().forEach(device -> device.tick(Duration.ofMinutes(5)));

    assertThat(bench.retained.get("home/kitchen_coffee/state")).contains("\"relay\":\"on\"");
    assertThat(bench.retained).containsEntry("home/kitchen_coffee/power", "{\"power\":0}");
    assertThat(bench.retained)
        .containsEntry("home/kitchen_blind/state", "closed")
        .containsEntry("home/kitchen_blind/position", "100");
    assertThat(bench.retained.get("home/hall_light")).contains("\"state\":\"OFF\"");
    assertThat(bench.device("kitchen_coffee").actual().on()).contains(false);
    assertThat(bench.device("kitchen_blind").actual().position()).hasValue(100);
    assertThat(bench.device("hall_light").actual().on()).contains(true);
  }

  @Test
  void clampingDevicesReportTheLimitTheyReached() {
    for (String id :
        List.of("kitchen_ceiling", "kitchen_blind", "bedroom_thermostat", "living_fan")) {
      bench.device(id).fault(Fault.CLAMPING);
    }
    bench.command("kitchen_ceiling", "home/kitchen_ceiling/set", "{\"brightness\":254}");
    bench.command("kitchen_blind", "home/kitchen_blind/position/set", "90");
    bench.command(
        "bedroom_thermostat", "home/bedroom_thermostat/set", "{\"occupied_heating_setpoint\":28}");
    bench.command("living_fan", "home/living_fan/speed/set", "3");
    bench.pass(Duration.ofSeconds(30));

    assertThat(bench.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(50);
    assertThat(bench.retained.get("home/kitchen_ceiling")).contains("\"brightness\":127");
    assertThat(bench.retained).containsEntry("home/kitchen_blind/position", "50");
    assertThat(bench.device("bedroom_thermostat").actual().setpoint()).hasValue(17.5);
    assertThat(bench.retained).containsEntry("home/living_fan/speed", "1");
  }

  @Test
  void rejectingDevicesReportTheirOldState() {
    bench.device("kitchen_ceiling").fault(Fault.REJECTING);
    bench.command("kitchen_ceiling", "home/kitchen_ceiling" + SET, "{\"state\":\"OFF\"}");
    assertThat(bench.sent).hasSize(1).first().asString().contains("\"state\":\"ON\"");
    assertThat(bench.device("kitchen_ceiling").actual().on()).contains(true);
  }

  @Test
  void offlineDevicesSaySoAndComeBackWithTheirState() {
    SimulatedDevice light = bench.device("kitchen_ceiling");
    light.fault(Fault.OFFLINE);
    bench.command("kitchen_ceiling", "home/kitchen_ceiling" + SET, "{\"state\":\"OFF\"}");
    assertThat(bench.sent).containsExactly("home/kitchen_ceiling/availability offline");

    bench.forget();
    light.repair();
    assertThat(bench.sent).hasSize(2);
    assertThat(bench.sent.getFirst()).isEqualTo("home/kitchen_ceiling/availability online");
    assertThat(bench.sent.getLast()).contains("\"state\":\"ON\"");
  }

  @Test
  void flakyDevicesMissEveryOtherCommand() {
    bench.device("garage_light").fault(Fault.FLAKY);
    bench.command("garage_light", "home/garage_light/set", "on");
    assertThat(bench.device("garage_light").actual().on()).contains(true);
    bench.command("garage_light", "home/garage_light/set", "off");
    assertThat(bench.device("garage_light").actual().on()).contains(true);
  }

  @Test
  void namesTheDevicesPointsWhenAskedForAnother() {
    assertThatThrownBy(() -> bench.device("kitchen_coffee").actual("color"))
        .hasMessageContaining("kitchen_coffee_power");
  }

  @Test
  void roomsWanderAroundTheirMeanAndStayThere() {
    SimulatedDevice air = bench.device("kitchen_air");
    double lowest = 100;
    double highest = 0;
    for (int i = 0; i < 1_000; i++) {
      air.tick(Duration.ofSeconds(30));
      double now = air.actual("kitchen_air_temperature").number().orElseThrow();
      lowest = Math.min(lowest, now);
      highest = Math.max(highest, now);
    }
    assertThat(lowest).isBetween(20.7, 21.4);
    assertThat(highest).isBetween(21.6, 22.3);
  }
}
