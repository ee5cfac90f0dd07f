package dev.hearth.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.language.HomeNames;
import dev.hearth.agent.language.Named;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import dev.hearth.devices.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
  private static final DeviceId DEVICE = new DeviceId("device");
  private static final List<Capability> LAMP =
      List.of(
          new Capability.OnOff(),
          new Capability.Brightness(),
          new Capability.ColorTemperature(2_200, 6_500),
          new Capability.Color());
  private static final List<Capability> PLAIN = List.of(new Capability.OnOff());
  private static final List<Capability> COVER =
      List.of(new Capability.OpenCloseStop(true), new Capability.Position());
  private static final List<Capability> THERMOSTAT =
      List.of(new Capability.Setpoint(7, 30, 0.5), new Capability.Mode(List.of("heat", "off")));

  private static final Home HOME =
      new Home(
          List.of(floor("ground", "Ground floor", 0), floor("first", "First floor", 1)),
          List.of(
              area("kitchen", "Kitchen", "ground"),
              area("hall", "Hall", "ground"),
              area("bedroom", "Bedroom", "first"),
              area("attic", "Attic", "first")),
          List.of(new Device(DEVICE, "Device", null, null, null)),
          List.of(
              entity(
                  "light.kitchen_ceiling",
                  "Kitchen ceiling light",
                  Kind.LIGHT,
                  null,
                  "kitchen",
                  LAMP,
                  Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40)),
              entity(
                  "light.kitchen_counter",
                  "Kitchen counter light",
                  Kind.LIGHT,
                  null,
                  "kitchen",
                  PLAIN,
                  Map.of(Attribute.ON, false)),
              entity(
                  "light.hall_ceiling",
                  "Hall ceiling light",
                  Kind.LIGHT,
                  null,
                  "hall",
                  LAMP,
                  Map.of()),
              entity(
                  "light.bedroom_ceiling",
                  "Bedroom ceiling light",
                  Kind.LIGHT,
                  null,
                  "bedroom",
                  LAMP,
                  Map.of(Attribute.ON, false)),
              entity(
                  "light.desk_left", "Left desk lamp", Kind.LIGHT, null, "attic", PLAIN, Map.of()),
              entity(
                  "light.desk_right",
                  "Right desk lamp",
                  Kind.LIGHT,
                  null,
                  "attic",
                  PLAIN,
                  Map.of()),
              entity(
                  "light.shelf", "Corner shelf light", Kind.LIGHT, null, "attic", PLAIN, Map.of()),
              entity(
                  "light.shelf_old",
                  "Old corner shelf light",
                  Kind.LIGHT,
                  null,
                  "attic",
                  PLAIN,
                  Map.of()),
              entity("switch.kettle", "Kettle", Kind.SWITCH, "outlet", "kitchen", PLAIN, Map.of()),
              entity(
                  "cover.kitchen_blind",
                  "Kitchen blind",
                  Kind.COVER,
                  "blind",
                  "kitchen",
                  COVER,
                  Map.of(Attribute.POSITION, 50)),
              entity("cover.garage", "Garage door", Kind.COVER, "garage", "hall", COVER, Map.of()),
              entity(
                  "climate.bedroom",
                  "Bedroom thermostat",
                  Kind.CLIMATE,
                  null,
                  "bedroom",
                  THERMOSTAT,
                  Map.of(Attribute.SETPOINT, 20.0)),
              entity(
                  "climate.kitchen",
                  "Kitchen thermostat",
                  Kind.CLIMATE,
                  null,
                  "kitchen",
                  THERMOSTAT,
                  Map.of(Attribute.SETPOINT, 19.0)),
              entity(
                  "lock.front",
                  "Front door",
                  Kind.LOCK,
                  null,
                  "hall",
                  List.of(new Capability.Lock()),
                  Map.of())));

  private static Floor floor(String id, String name, int level) {
    return new Floor(new FloorId(id), name, level, List.of());
  }

  private static Area area(String id, String name, String floor) {
    return new Area(new AreaId(id), name, new FloorId(floor), List.of());
  }

  private static Entity entity(
      String id,
      String name,
      Kind kind,
      @Nullable String deviceClass,
      String area,
      List<Capability> capabilities,
      Map<Attribute, Object> state) {
    return new Entity(
        new EntityId(id),
        name,
        List.of(),
        kind,
        deviceClass,
        DEVICE,
        new AreaId(area),
        capabilities,
        true,
        Availability.ONLINE,
        new State(state, Instant.EPOCH));
  }

  private static List<Named> byName(Home home, String word) {
    return HomeNames.of(home).stream()
        .filter(n -> n.names().stream().anyMatch(word.replaceAll("s$", "")::equalsIgnoreCase))
        .toList();
  }

  private static Plan plan(@Nullable String speaker, Intent... intents) {
    return planIn(HOME, speaker, intents);
  }

  private static Plan planIn(Home home, @Nullable String speaker, Intent... intents) {
    AreaId here = speaker == null ? null : new AreaId(speaker);
    return new PlanBuilder(
            new SelectorResolver(home, word -> byName(home, word), here, Entity::name),
            Entity::name)
        .build(List.of(intents));
  }

  private static Selector select(String kind, String... places) {
    return new Selector(List.of(), kind, List.of(places), false, List.of(), "");
  }

  private static Selector named(String... names) {
    return new Selector(List.of(names), "", List.of(), false, List.of(), "");
  }

  private static Intent.Adjust set(String what, double number, Selector selector) {
    return new Intent.Adjust(what, null, number, null, selector);
  }

  private static Intent.Adjust change(String what, double by, Selector selector) {
    return new Intent.Adjust(what, null, null, by, selector);
  }

  private static List<String> targets(Plan plan) {
    return plan.steps().stream().map(Step::entity).map(EntityId::value).toList();
  }

  @Test
  void aKindAndAPlaceMeanThoseThingsThere() {
    assertThat(targets(plan(null, new Intent.Control("off", select("light", "Kitchen")))))
        .containsExactly("light.kitchen_ceiling", "light.kitchen_counter");
  }

  @Test
  void aFloorMeansItsAreas() {
    assertThat(targets(plan(null, new Intent.Control("off", select("light", "Ground floor")))))
        .containsExactly("light.hall_ceiling", "light.kitchen_ceiling", "light.kitchen_counter");
  }

  @Test
  void anAreaOnAFloorIsTheAreaAlone() {
    assertThat(
            targets(plan(null, new Intent.Control("off", select("light", "Hall", "Ground floor")))))
        .containsExactly("light.hall_ceiling");
  }

  @Test
  void exceptionsStayOut() {
    Selector selector =
        new Selector(List.of(), "everything", List.of("Ground floor"), false, List.of("Hall"), "");

    assertThat(targets(plan(null, new Intent.Control("off", selector))))
        .containsExactly(
            "climate.kitchen", "light.kitchen_ceiling", "light.kitchen_counter", "switch.kettle")
        .doesNotContain("light.hall_ceiling");
  }

  @Test
  void everythingNeverTouchesLocksAndGarageDoors() {
    assertThat(targets(plan(null, new Intent.Control("off", select("everything")))))
        .doesNotContain("lock.front", "cover.garage");
    assertThat(targets(plan(null, new Intent.Control("open", select("everything")))))
        .containsExactly("cover.kitchen_blind");
  }

  @Test
  void withoutAPlaceTheSpeakersAreaIsMeant() {
    assertThat(targets(plan("bedroom", new Intent.Control("on", select("light")))))
        .containsExactly("light.bedroom_ceiling");
  }

  @Test
  void hereNeedsToBeKnown() {
    assertThat(plan(null, new Intent.Control("on", select("light", "here"))).problems())
        .containsExactly(new Problem.WhereIsHere());
  }

  @Test
  void aSharedNameIsAskedBack() {
    assertThat(plan(null, new Intent.Control("on", named("ceiling light"))).problems())
        .singleElement()
        .isInstanceOf(Problem.Ambiguous.class);
    assertThat(targets(plan("hall", new Intent.Control("on", named("ceiling light")))))
        .containsExactly("light.hall_ceiling");
  }

  @Test
  void aSharedNameInThePluralMeansAllOfThatRoom() {
    assertThat(targets(plan(null, new Intent.Control("on", named("desk lamps")))))
        .containsExactly("light.desk_left", "light.desk_right");
    assertThat(plan(null, new Intent.Control("on", named("desk lamp"))).problems())
        .singleElement()
        .isInstanceOf(Problem.Ambiguous.class);
    assertThat(plan(null, new Intent.Control("on", named("ceiling lights"))).problems())
        .describedAs("of several rooms")
        .singleElement()
        .isInstanceOf(Problem.Ambiguous.class);
  }

  @Test
  void aWholeNameWinsOverAnotherThingsShortName() {
    assertThat(targets(plan(null, new Intent.Control("on", named("Corner shelf light")))))
        .containsExactly("light.shelf");
    assertThat(targets(plan(null, new Intent.Control("on", named("Old corner shelf light")))))
        .containsExactly("light.shelf_old");
  }

  @Test
  void whatDoesNotExistIsSaid() {
    Selector selector = new Selector(List.of(), "", List.of(), false, List.of(), "sauna");

    assertThat(plan(null, new Intent.Control("on", selector)).problems())
        .containsExactly(new Problem.NotFound("sauna", List.of()));
  }

  @Test
  void relativeChangesBecomeAbsolute() {
    assertThat(plan(null, change("brightness", -20, named("Kitchen ceiling light"))).steps())
        .extracting(Step::command)
        .containsExactly(new Command.SetBrightness(20));
    assertThat(plan(null, change("temperature", 1.5, named("Bedroom thermostat"))).steps())
        .extracting(Step::command)
        .containsExactly(new Command.SetTemperature(21.5));
  }

  @Test
  void brighterFromOffStartsAtZero() {
    assertThat(plan(null, change("brightness", 30, named("Bedroom ceiling light"))).steps())
        .extracting(Step::command)
        .containsExactly(new Command.SetBrightness(30));
  }

  @Test
  void aRelativeChangeOfTheUnknownIsAskedBack() {
    assertThat(plan(null, change("brightness", 20, named("Hall ceiling light"))).problems())
        .containsExactly(new Problem.PresentUnknown("Hall ceiling light", "brightness"));
  }

  @Test
  void thingsOfAGroupThatCannotAreLeftOut() {
    Plan plan = plan(null, set("brightness", 50, select("light", "Kitchen")));

    assertThat(targets(plan)).containsExactly("light.kitchen_ceiling");
    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void aNamedThingThatCannotIsSaid() {
    assertThat(plan(null, set("brightness", 50, named("Kitchen counter light"))).problems())
        .containsExactly(new Problem.Unable("Kitchen counter light", "brightness"));
  }

  @Test
  void aValueOutOfRangeIsNotSent() {
    Plan plan = plan(null, set("temperature", 40, named("Bedroom thermostat")));

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.problems())
        .containsExactly(new Problem.OutOfRange("Bedroom thermostat", "40 °C", "7–30 °C"));
  }

  @Test
  void fahrenheitIsUnderstoodWhereCelsiusIsImpossible() {
    assertThat(plan(null, set("temperature", 70, named("Bedroom thermostat"))).steps())
        .extracting(Step::command)
        .containsExactly(new Command.SetTemperature(21));
  }

  @Test
  void aTemperatureWithoutAPlaceIsAskedBackWhenThereAreSeveral() {
    assertThat(plan(null, set("temperature", 21, select(""))).problems())
        .singleElement()
        .isInstanceOf(Problem.Ambiguous.class);
    assertThat(targets(plan(null, set("temperature", 21, select("", "Bedroom")))))
        .containsExactly("climate.bedroom");
  }

  @Test
  void turningOffAThermostatIsItsOffMode() {
    assertThat(plan(null, new Intent.Control("off", named("Bedroom thermostat"))).steps())
        .extracting(Step::command)
        .containsExactly(new Command.SetMode("off"));
  }

  /** The home with an area "Passage" that has nothing and adjoins others; some things otherwise. */
  private static Home homeWith(List<String> adjoining, UnaryOperator<Entity> change) {
    List<Area> areas = new ArrayList<>(HOME.areas());
    areas.add(
        area("passage", "Passage", "ground")
            .withAdjoining(adjoining.stream().map(AreaId::new).toList()));
    return new Home(
        HOME.floors(), areas, HOME.devices(), HOME.entities().stream().map(change).toList());
  }

  private static Entity with(Entity e, Exposure exposure, Risk risk) {
    return new Entity(
        e.id(),
        e.name(),
        e.aliases(),
        e.kind(),
        e.deviceClass(),
        e.device(),
        e.area(),
        e.capabilities(),
        exposure,
        risk,
        e.availability(),
        e.state());
  }

  @Test
  void whatTheSpeakersRoomLacksIsTakenFromTheOnlyRoomNextToItThatHasIt() {
    Home home = homeWith(List.of("kitchen"), e -> e);

    Plan bare = planIn(home, "passage", new Intent.Control("on", select("light")));
    Plan here = planIn(home, "passage", new Intent.Control("on", select("light", "here")));

    for (Plan plan : List.of(bare, here)) {
      assertThat(plan.steps())
          .extracting(s -> s.entity().value())
          .containsExactly("light.kitchen_ceiling", "light.kitchen_counter");
      assertThat(plan.moved())
          .containsExactly(
              new Plan.NextDoor(
                  "light",
                  home.area(new AreaId("passage")).orElseThrow(),
                  home.area(new AreaId("kitchen")).orElseThrow()));
    }
  }

  @Test
  void severalRoomsNextDoorChangeNothingAndNeitherDoQuestionsOrGuardedThings() {
    Plan several =
        planIn(
            homeWith(List.of("kitchen", "hall"), e -> e),
            "passage",
            new Intent.Control("on", select("light", "here")));
    assertThat(several.steps()).isEmpty();
    assertThat(several.problems()).containsExactly(new Problem.NothingThere("light", "Passage"));

    Home guarded = homeWith(List.of("kitchen"), e -> with(e, Exposure.OPEN, Risk.GUARDED));
    assertThat(
            planIn(guarded, "passage", new Intent.Control("on", select("light", "here"))).steps())
        .isEmpty();

    Home home = homeWith(List.of("kitchen"), e -> e);
    Plan asked = planIn(home, "passage", new Intent.Ask("on", select("light")));
    assertThat(asked.moved()).isEmpty();
    assertThat(asked.questions().getFirst().entities()).hasSize(8);
    Plan everywhere =
        planIn(
            home,
            "passage",
            new Intent.Control(
                "on", new Selector(List.of(), "light", List.of(), true, List.of(), "")));
    assertThat(everywhere.moved()).isEmpty();
    assertThat(everywhere.steps()).hasSize(8);
  }

  @Test
  void whatIsRiskyAndNotReleasedIsSaidAndNothingElseThatIsHidden() {
    for (Exposure exposure : Exposure.values()) {
      Home home =
          homeWith(List.of(), e -> e.kind() == Kind.LOCK ? with(e, exposure, Risk.GUARDED) : e);
      for (Selector selector :
          List.of(
              named("Front door"),
              select("lock"),
              new Selector(List.of(), "", List.of(), false, List.of(), "front door"))) {
        Plan plan = planIn(home, null, new Intent.Control("unlock", selector));

        if (!exposure.exposed()) {
          assertThat(plan.steps()).as(exposure + " " + selector).isEmpty();
        }
        assertThat(plan.problems().contains(new Problem.NotReleased(List.of("Front door (Hall)"))))
            .as(exposure + " " + selector)
            .isEqualTo(exposure == Exposure.RISKY);
      }
    }
  }

  @Test
  void theHiddenLockIsMeantNotTheContactOfItsNameThatCannotBeUnlocked() {
    Home locked =
        homeWith(
            List.of(),
            e ->
                switch (e.id().value()) {
                  case "lock.front" -> with(e, Exposure.RISKY, Risk.GUARDED);
                  case "cover.garage" -> contact("binary_sensor.front", "Front door", "hall");
                  case "switch.kettle" -> contact("binary_sensor.back", "Back door", "kitchen");
                  default -> e;
                });

    Plan front = planIn(locked, null, new Intent.Control("unlock", named("Front door")));
    Plan back = planIn(locked, null, new Intent.Control("unlock", named("Back door")));
    Plan on = planIn(locked, null, new Intent.Control("on", named("Front door")));

    assertThat(front.steps()).isEmpty();
    assertThat(front.problems())
        .containsExactly(new Problem.NotReleased(List.of("Front door (Hall)")));
    assertThat(back.problems()).hasOnlyElementsOfType(Problem.Unable.class).hasSize(1);
    assertThat(on.problems()).hasOnlyElementsOfType(Problem.Unable.class).hasSize(1);
  }

  private static Entity contact(String id, String name, String area) {
    return entity(id, name, Kind.BINARY_SENSOR, "door", area, List.of(), Map.of());
  }
}
