package dev.hearth.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import dev.hearth.devices.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UndoTest {
  private static final List<Capability> LAMP =
      List.of(
          new Capability.OnOff(),
          new Capability.Brightness(),
          new Capability.Color(),
          new Capability.ColorTemperature(2000, 6500));
  private static final List<Capability> BLIND =
      List.of(new Capability.OpenCloseStop(true), new Capability.Position());

  private static State state(Map<Attribute, Object> values) {
    return new State(values, Instant.EPOCH);
  }

  /** The plan that undoes some commands to the one thing of a home. */
  private static Plan undo(
      Kind kind,
      List<Capability> capabilities,
      Map<Attribute, Object> before,
      Map<Attribute, Object> after,
      Map<Attribute, Object> now,
      Command... commands) {
    return undo(kind, capabilities, before, after, now, true, commands);
  }

  private static Plan undo(
      Kind kind,
      List<Capability> capabilities,
      Map<Attribute, Object> before,
      Map<Attribute, Object> after,
      Map<Attribute, Object> now,
      boolean known,
      Command... commands) {
    EntityId id = new EntityId(kind.component() + ".it");
    Entity entity =
        new Entity(
            id,
            "It",
            List.of(),
            kind,
            null,
            new DeviceId("it"),
            null,
            capabilities,
            true,
            Availability.ONLINE,
            state(now));
    Change change =
        new Change(id, "It", List.of(commands), state(before), state(after), known, true);
    Home home = new Home(List.of(), List.of(), List.of(), List.of(entity));
    return Undo.plan(List.of(change), home, Entity::name);
  }

  private static List<Command> commands(Plan plan) {
    assertThat(plan.problems()).isEmpty();
    return plan.steps().stream().map(Step::command).toList();
  }

  private static Problem.NotUndone.Why why(Plan plan) {
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.problems()).hasSize(1);
    return ((Problem.NotUndone) plan.problems().getFirst()).why();
  }

  @Test
  void aLampThatWasOnComesBackAsItShoneAndOneThatWasOffGoesOff() {
    Map<Attribute, Object> red =
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40, Attribute.COLOR, new Color(0, 100));
    Map<Attribute, Object> white =
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40, Attribute.COLOR_TEMPERATURE, 4000);
    Map<Attribute, Object> off = Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 40);
    Command toWhite = new Command.SetColorTemperature(4000);
    Command toRed = new Command.SetColor(new Color(0, 100), "red");

    assertThat(commands(undo(Kind.LIGHT, LAMP, red, white, white, toWhite)))
        .containsExactly(new Command.SetColor(new Color(0, 100), null));
    assertThat(commands(undo(Kind.LIGHT, LAMP, white, red, red, toRed)))
        .containsExactly(new Command.SetColorTemperature(4000));
    assertThat(commands(undo(Kind.LIGHT, LAMP, white, off, off, new Command.TurnOff())))
        .containsExactly(new Command.SetBrightness(40));
    assertThat(commands(undo(Kind.LIGHT, LAMP, off, white, white, toWhite)))
        .containsExactly(new Command.TurnOff());
  }

  @Test
  void aHeaterThatWasOffIsSetBackBeforeItGoesOff() {
    List<Capability> heater =
        List.of(new Capability.Setpoint(5, 30, 0.5), new Capability.Mode(List.of("off", "heat")));
    Map<Attribute, Object> before = Map.of(Attribute.MODE, "off", Attribute.SETPOINT, 18.0);
    Map<Attribute, Object> after = Map.of(Attribute.MODE, "heat", Attribute.SETPOINT, 21.0);
    Command[] given = {new Command.SetMode("heat"), new Command.SetTemperature(21)};

    assertThat(commands(undo(Kind.CLIMATE, heater, before, after, after, given)))
        .containsExactly(new Command.SetTemperature(18), new Command.SetMode("off"));
    assertThat(commands(undo(Kind.CLIMATE, heater, after, before, before, given)))
        .containsExactly(new Command.SetMode("heat"), new Command.SetTemperature(21));
  }

  @Test
  void aBlindGoesBackFromTheMiddleOfItsWayOrItsEndButNotFromWhereSomebodyStoppedIt() {
    Map<Attribute, Object> before = Map.of(Attribute.COVER, "open", Attribute.POSITION, 60);
    Map<Attribute, Object> moving = Map.of(Attribute.COVER, "closing", Attribute.POSITION, 55);
    Map<Attribute, Object> closed = Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0);
    Map<Attribute, Object> stopped = Map.of(Attribute.COVER, "open", Attribute.POSITION, 30);
    Command close = new Command.Close();

    for (Map<Attribute, Object> now : List.of(moving, closed)) {
      assertThat(commands(undo(Kind.COVER, BLIND, before, moving, now, close)))
          .containsExactly(new Command.SetPosition(60));
    }
    assertThat(why(undo(Kind.COVER, BLIND, before, moving, stopped, close)))
        .isEqualTo(Problem.NotUndone.Why.CHANGED_SINCE);
    assertThat(why(undo(Kind.COVER, BLIND, moving, closed, closed, close)))
        .isEqualTo(Problem.NotUndone.Why.UNKNOWN_BEFORE);
  }

  @Test
  void whatSomebodyPutBackAlreadyIsNoChange() {
    Map<Attribute, Object> off = Map.of(Attribute.ON, false);
    Map<Attribute, Object> on = Map.of(Attribute.ON, true);

    assertThat(commands(undo(Kind.SWITCH, LAMP, off, on, off, new Command.TurnOn())))
        .containsExactly(new Command.TurnOff());
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LOCK", "SIREN", "VALVE", "ALARM_CONTROL_PANEL", "WATER_HEATER", "LAWN_MOWER"})
  void whatGuardsTheHouseOrCanDoHarmIsLeftAsItIs(Kind kind) {
    Map<Attribute, Object> on = Map.of(Attribute.ON, true);
    Map<Attribute, Object> off = Map.of(Attribute.ON, false);

    assertThat(why(undo(kind, LAMP, on, off, off, new Command.TurnOff())))
        .isEqualTo(Problem.NotUndone.Why.GUARDS);
  }

  @Test
  void whatHasNoWayBackOrNoKnownPastIsSaid() {
    Map<Attribute, Object> on = Map.of(Attribute.ON, true);

    assertThat(
            why(
                undo(
                    Kind.SCENE,
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    false,
                    new Command.Perform(Action.ACTIVATE))))
        .isEqualTo(Problem.NotUndone.Why.ONE_WAY);
    assertThat(why(undo(Kind.SWITCH, LAMP, Map.of(), on, on, new Command.TurnOn())))
        .isEqualTo(Problem.NotUndone.Why.UNKNOWN_BEFORE);
    assertThat(why(undo(Kind.SWITCH, LAMP, on, on, on, false, new Command.TurnOff())))
        .isEqualTo(Problem.NotUndone.Why.UNCONFIRMED);
  }

  @Test
  void whatSomebodyChangedOfItSinceCountsEvenIfThePlanDidNotTouchIt() {
    Map<Attribute, Object> off = Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 40);
    Map<Attribute, Object> on = Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40);
    Map<Attribute, Object> dimmed = Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 15);

    assertThat(why(undo(Kind.LIGHT, LAMP, off, on, dimmed, new Command.TurnOn())))
        .isEqualTo(Problem.NotUndone.Why.CHANGED_SINCE);
  }

  @Test
  void whatAThingMeasuresIsNoChange() {
    List<Capability> heater = List.of(new Capability.Setpoint(5, 30, 0.5));
    Map<Attribute, Object> before =
        Map.of(Attribute.SETPOINT, 18.0, Attribute.TEMPERATURE, 18.0, Attribute.ACTION, "idle");
    Map<Attribute, Object> after =
        Map.of(Attribute.SETPOINT, 21.0, Attribute.TEMPERATURE, 18.0, Attribute.ACTION, "idle");
    Map<Attribute, Object> now =
        Map.of(Attribute.SETPOINT, 21.0, Attribute.TEMPERATURE, 20.5, Attribute.ACTION, "heating");

    assertThat(
            commands(
                undo(Kind.CLIMATE, heater, before, after, now, new Command.SetTemperature(21))))
        .containsExactly(new Command.SetTemperature(18));
  }

  @Test
  void slatsThatTurnedWithTheBlindAreNoChange() {
    Map<Attribute, Object> before =
        Map.of(Attribute.COVER, "open", Attribute.POSITION, 60, Attribute.TILT, 50);
    Map<Attribute, Object> moving =
        Map.of(Attribute.COVER, "closing", Attribute.POSITION, 55, Attribute.TILT, 50);
    Map<Attribute, Object> closed =
        Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0, Attribute.TILT, 0);

    assertThat(commands(undo(Kind.COVER, BLIND, before, moving, closed, new Command.Close())))
        .containsExactly(new Command.SetPosition(60));
  }

  @Test
  void whatIsPutBackInPartCanBePutBackInFull() {
    Map<Attribute, Object> red =
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 80, Attribute.COLOR, new Color(0, 100));
    Map<Attribute, Object> blue =
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 20, Attribute.COLOR, new Color(240, 100));
    Map<Attribute, Object> half =
        Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 20, Attribute.COLOR, new Color(0, 100));

    assertThat(commands(undo(Kind.LIGHT, LAMP, red, blue, half, new Command.SetBrightness(20))))
        .containsExactly(
            new Command.SetColor(new Color(0, 100), null), new Command.SetBrightness(80));
  }

  /** What somebody decided about the lamp after the plan had turned it on. */
  private static Plan afterDeciding(Exposure exposure, Risk risk) {
    Change change = lampTurnedOn();
    Entity lamp =
        new Entity(
            change.entity(),
            "Desk lamp",
            List.of(),
            Kind.LIGHT,
            null,
            new DeviceId("it"),
            null,
            LAMP,
            exposure,
            risk,
            Availability.ONLINE,
            change.after());
    Home home = new Home(List.of(), List.of(), List.of(), List.of(lamp));
    return Undo.plan(List.of(change), home, Entity::name);
  }

  private static Change lampTurnedOn() {
    return new Change(
        new EntityId("light.desk"),
        "Desk lamp",
        List.of(new Command.TurnOn()),
        state(Map.of(Attribute.ON, false)),
        state(Map.of(Attribute.ON, true)),
        true,
        true);
  }

  @Test
  void whatBecameHiddenOrGuardedSinceIsNotTouched() {
    assertThat(commands(afterDeciding(Exposure.ALLOWED, Risk.NORMAL)))
        .containsExactly(new Command.TurnOff());
    assertThat(why(afterDeciding(Exposure.DENIED, Risk.NORMAL)))
        .isEqualTo(Problem.NotUndone.Why.GONE);
    assertThat(why(afterDeciding(Exposure.ALLOWED, Risk.GUARDED)))
        .isEqualTo(Problem.NotUndone.Why.GUARDS);
  }

  @Test
  void whatIsGoneIsSaid() {
    assertThat(Undo.plan(List.of(lampTurnedOn()), Home.EMPTY, Entity::name).problems())
        .containsExactly(new Problem.NotUndone(List.of("Desk lamp"), Problem.NotUndone.Why.GONE));
  }
}
