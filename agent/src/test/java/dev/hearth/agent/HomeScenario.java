package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.agent.conversation.ActionReport;
import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.OutcomeKind;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.Utterance;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.simulation.Fault;
import dev.hearth.devices.simulation.HomeLayout;
import dev.hearth.devices.simulation.SimulatedDevice;
import dev.hearth.devices.simulation.SimulatedHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The whole application: the embedded model understands, a broker carries, the simulated home acts,
 * and what the agent claims is compared with what the devices really did. A subclass chooses the
 * broker.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "hearth.patience=2")
@DirtiesContext
abstract class HomeScenario {
  /** The liar takes its word back at once: how long it lets it stand is the simulation's affair. */
  private static final List<Fault> FAULTS =
      List.of(Fault.DEAD, new Fault.Lying(Duration.ZERO), Fault.REJECTING, Fault.OFFLINE);

  @TempDir private static Path data;

  @Autowired private Assistant assistant;
  @Autowired protected SimulatedHome simulation;
  @Autowired private HomeRegistry home;

  @DynamicPropertySource
  static void data(DynamicPropertyRegistry registry) {
    registry.add("hearth.data", data::toString);
  }

  @AfterEach
  void repair() {
    simulation.devices().forEach(SimulatedDevice::repair);
  }

  protected final Turn ask(String text) {
    return assistant.ask(new Utterance(text, null, null, null));
  }

  private Turn ask(String text, @Nullable String area) {
    return assistant.ask(new Utterance(text, area, null, null));
  }

  protected final boolean on(String entity) {
    return simulation.device(entity).actual().on().orElseThrow();
  }

  @Test
  void twoCommandsInOneSentenceAreDoneByTheDevices() {
    ask("turn on the kitchen lights");

    Turn turn = ask("turn off the kitchen lights and set the bedroom to 21 degrees");

    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(turn.reply())
        .contains("Kitchen ceiling light is off.")
        .contains("Bedroom thermostat is set to 21 °C.");
    assertThat(on("kitchen_ceiling")).isFalse();
    assertThat(simulation.device("bedroom_thermostat").actual().setpoint()).hasValue(21.0);
    assertThat(turn.timing().decodedTokens()).isPositive();
  }

  @Test
  void chineseIsAnsweredInChinese() {
    ask("turn off the kitchen lights");

    Turn turn = ask("打开厨房的灯");

    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(turn.reply()).contains("打开");
    assertThat(on("kitchen_ceiling")).isTrue();
  }

  @Test
  void anExceptionStaysAsItIs() {
    ask("turn on all the lights");

    Turn turn = ask("turn off all the lights downstairs except the hall");

    assertThat(turn.actions()).as(turn.reply()).isNotEmpty();
    assertThat(turn.actions()).extracting(ActionReport::entity).noneMatch(e -> e.contains("hall"));
    assertThat(on("kitchen_ceiling")).isFalse();
    assertThat(on("hall_light")).isTrue();
  }

  @Test
  void theSpeakersRoomIsHere() {
    Turn turn = ask("turn on the light in here", "kitchen");

    assertThat(turn.actions())
        .as(turn.reply())
        .isNotEmpty()
        .extracting(ActionReport::entity)
        .allMatch(e -> e.contains("kitchen"));
  }

  @Test
  void anUnlockingWaitsForAYes() {
    simulation.device("front_door").repair();
    Turn turn = ask("unlock the front door");

    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.NEEDS_CONFIRMATION);
    assertThat(turn.actions()).isEmpty();
    assertThat(simulation.device("front_door").actual().lock()).hasValue("locked");

    Turn confirmed = assistant.ask(new Utterance("yes", null, turn.conversation(), null));

    assertThat(confirmed.outcome()).as(confirmed.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(confirmed.actions()).hasSize(1);
    assertThat(simulation.device("front_door").actual().lock()).hasValue("unlocked");
    assertThat(ask("lock the front door").outcome()).isEqualTo(OutcomeKind.DONE);
  }

  @Test
  void aQuestionChangesNothing() {
    String before = simulation.device("front_door").actual().lock().orElseThrow();

    Turn turn = ask("is the front door locked?");

    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.ANSWERED);
    assertThat(turn.reply()).contains("Front door lock is " + before);
    assertThat(turn.actions()).isEmpty();
    assertThat(simulation.device("front_door").actual().lock()).hasValue(before);
  }

  @Test
  void whatIsNotInTheHomeIsSaid() {
    Turn turn = ask("turn on the sauna");

    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.FAILED);
    assertThat(turn.reply()).contains("sauna");
    assertThat(turn.actions()).isEmpty();
  }

  @Test
  void aDeadLyingRejectingOrOfflineDeviceIsNeverDone() {
    for (Fault fault : FAULTS) {
      simulation.device("office_desk_lamp").repair();
      // On a busy machine the command of the turn before may reach the device only now.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            ask("turn off the desk lamp");
            return !on("office_desk_lamp");
          });
      simulation.device("office_desk_lamp").fault(fault);

      Turn turn = ask("turn on the desk lamp");

      assertThat(turn.outcome()).as(fault + ": " + turn.reply()).isNotEqualTo(OutcomeKind.DONE);
      assertThat(turn.reply()).as(fault.toString()).doesNotContain("lamp is on.");
      assertThat(on("office_desk_lamp")).as(fault.toString()).isFalse();
    }
  }

  @Test
  void aliasesThatAnOperatorGaveAreUnderstoodInBothLanguages() {
    EntityId lamp = lampId("attic_light");
    home.update(lamp, now -> now.withAliases(List.of("gable lantern", "阁楼灯笼")));
    try {
      Turn on = ask("turn on the gable lantern");
      assertThat(on.outcome()).as(on.reply()).isEqualTo(OutcomeKind.DONE);
      assertThat(on("attic_light")).isTrue();

      Turn off = ask("关掉阁楼灯笼");
      assertThat(off.outcome()).as(off.reply()).isEqualTo(OutcomeKind.DONE);
      assertThat(on("attic_light")).isFalse();
    } finally {
      home.update(lamp, now -> now.withAliases(List.of("阁楼灯")));
    }
  }

  @Test
  void aLockThatNobodyReleasedIsNamedAndNeverMoved() {
    EntityId lock = lockId();
    home.update(lock, now -> now.withExposed(null));
    try {
      String before = simulation.device("front_door").actual().lock().orElseThrow();

      Turn english = ask("unlock the front door");
      assertThat(english.actions()).isEmpty();
      assertThat(english.outcome()).as(english.reply()).isEqualTo(OutcomeKind.FAILED);
      assertThat(english.reply())
          .contains("Front door lock", "is known, but not released", "Set-up");

      Turn chinese = ask("打开前门锁");
      assertThat(chinese.actions()).isEmpty();
      assertThat(chinese.reply()).contains("还没有开放", "前门锁").doesNotContain("Front");

      home.update(lock, now -> now.withExposed(false));
      Turn hidden = ask("unlock the front door lock");
      assertThat(hidden.actions()).isEmpty();
      assertThat(hidden.reply())
          .as("what an operator hides is not told")
          .doesNotContain("released");
      assertThat(simulation.device("front_door").actual().lock()).hasValue(before);
    } finally {
      home.update(lock, now -> now.withExposed(true));
    }
  }

  @Test
  void aYesMovesNothingThatAnOperatorHidWhileItWaited() {
    EntityId lock = lockId();
    simulation.device("front_door").repair();
    ask("lock the front door");
    Turn byWord = ask("unlock the front door");
    Turn byToken = ask("unlock the front door");
    assertThat(byToken.confirmation()).isNotNull();
    home.update(lock, now -> now.withExposed(false));
    try {
      for (Turn turn :
          List.of(
              assistant.ask(new Utterance("yes", null, byWord.conversation(), null)),
              assistant.confirm(String.valueOf(byToken.confirmation())))) {
        assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.FAILED);
        assertThat(turn.actions()).isEmpty();
        assertThat(turn.reply()).contains("Front door lock", "not released");
      }
      assertThat(simulation.device("front_door").actual().lock()).hasValue("locked");
    } finally {
      home.update(lock, now -> now.withExposed(true));
    }
  }

  @Test
  void aRoomWithoutALampUsesTheOnlyOneNextToIt() {
    home.decide(now ->
        now.with(
            new Area(
                new AreaId("corridor"),
                "Corridor",
                null,
                List.of(),
                List.of(new AreaId("kitchen")))));
    ask("turn off all the lights");

    Turn turn = ask("turn on the light", "corridor");
    Turn chinese = ask("打开灯", "corridor");

    home.decide(now -> now.without(new AreaId("corridor")));
    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(turn.reply()).contains("no light for that in Corridor, so I took Kitchen");
    assertThat(chinese.reply()).contains("所以用了隔壁的厨房");
    assertThat(on("kitchen_ceiling")).isTrue();
    assertThat(on("hall_light")).isFalse();
  }

  private EntityId lampId(String device) {
    return SimulatedHome.layout().entities().stream()
        .map(HomeLayout.Place::id)
        .filter(id -> id.value().startsWith("light.") && id.value().contains(device))
        .findFirst()
        .orElseThrow();
  }

  private EntityId lockId() {
    return SimulatedHome.layout().entities().stream()
        .map(HomeLayout.Place::id)
        .filter(id -> id.value().startsWith("lock.") && id.value().contains("front_door"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void smallTalkMovesNothing() {
    Turn turn = ask("thank you");

    assertThat(turn.outcome()).isEqualTo(OutcomeKind.ANSWERED);
    assertThat(turn.actions()).isEmpty();
  }

  private Turn undo(Turn turn) {
    return assistant.undo(turn.conversation(), null);
  }

  @Test
  void undoPutsEverythingOfASentenceBackAndUndoingTwiceDoesItAgain() {
    ask("set the kitchen ceiling light to 70 percent and the bedroom to 20 degrees");
    Turn turn = ask("turn off the kitchen ceiling light and set the bedroom to 22 degrees");
    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);

    Turn undone = assistant.ask(new Utterance("Undo that.", null, turn.conversation(), null));

    assertThat(undone.outcome()).as(undone.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(undone.reply())
        .contains("Kitchen ceiling light is at 70 %.", "Bedroom thermostat is set to 20 °C.");
    assertThat(on("kitchen_ceiling")).isTrue();
    assertThat(simulation.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(70);
    assertThat(simulation.device("bedroom_thermostat").actual().setpoint()).hasValue(20.0);

    Turn again = undo(undone);

    assertThat(again.outcome()).as(again.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(on("kitchen_ceiling")).isFalse();
    assertThat(simulation.device("bedroom_thermostat").actual().setpoint()).hasValue(22.0);
  }

  @Test
  void whoeverNamesNoConversationUndoesTheLastThatWasDoneInTheHome() {
    ask("turn off the kitchen lights");
    ask("打开厨房的灯");
    assertThat(on("kitchen_ceiling")).isTrue();
    ask("is the front door locked?");

    Turn undone = ask("撤销");

    assertThat(undone.outcome()).as(undone.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(undone.reply()).contains("已关闭");
    assertThat(on("kitchen_ceiling")).isFalse();
  }

  @Test
  void whatWasChangedByHandSinceIsLeftAloneAndNamed() {
    ask("turn off the kitchen ceiling light");
    Turn turn = ask("set the kitchen ceiling light to 40 percent");
    simulation.device("kitchen_ceiling").happen(Attribute.BRIGHTNESS, 90);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ask("how bright is the kitchen ceiling light?").reply().contains("90"));

    Turn undone = undo(turn);

    assertThat(undone.outcome()).as(undone.reply()).isEqualTo(OutcomeKind.FAILED);
    assertThat(undone.reply()).isEqualTo("Kitchen ceiling light was changed since; I leave it.");
    assertThat(simulation.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(90);
  }

  @Test
  void undoingALockLeavesItLockedAndSaysSo() {
    Turn asked = ask("unlock the front door");
    assistant.ask(new Utterance("yes", null, asked.conversation(), null));
    Turn turn = ask("lock the front door");
    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);

    Turn undone = undo(turn);

    assertThat(undone.outcome()).as(undone.reply()).isEqualTo(OutcomeKind.FAILED);
    assertThat(undone.reply()).contains("I do not undo what was done with Front door lock");
    assertThat(undone.actions()).isEmpty();
    assertThat(simulation.device("front_door").actual().lock()).hasValue("locked");
  }

  @Test
  void undoingWhileADeviceIsOutOfReachIsNotDoneAndCanBeTriedAgain() {
    ask("turn off the kitchen ceiling light");
    Turn turn = ask("turn on the kitchen ceiling light");
    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);
    simulation.device("kitchen_ceiling").fault(Fault.DEAD);

    Turn tried = undo(turn);

    assertThat(tried.outcome()).as(tried.reply()).isNotEqualTo(OutcomeKind.DONE);
    assertThat(on("kitchen_ceiling")).isTrue();
    simulation.device("kitchen_ceiling").repair();

    Turn undone = undo(turn);

    assertThat(undone.outcome()).as(undone.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(on("kitchen_ceiling")).isFalse();
  }

  @Test
  void whatFailedOfAHalfUndoneSentenceIsTriedAgainAlone() {
    ask("turn off the kitchen ceiling light and turn off the desk lamp");
    Turn turn = ask("turn on the kitchen ceiling light and turn on the desk lamp");
    assertThat(turn.outcome()).as(turn.reply()).isEqualTo(OutcomeKind.DONE);
    simulation.device("kitchen_ceiling").fault(Fault.DEAD);

    Turn half = undo(turn);

    assertThat(half.outcome()).as(half.reply()).isEqualTo(OutcomeKind.PARTIAL);
    assertThat(on("office_desk_lamp")).isFalse();
    assertThat(on("kitchen_ceiling")).isTrue();
    assertThat(assistant.undoable(turn.conversation())).isTrue();
    simulation.device("kitchen_ceiling").repair();

    Turn rest = undo(turn);

    assertThat(rest.outcome()).as(rest.reply()).isEqualTo(OutcomeKind.DONE);
    assertThat(rest.actions()).hasSize(1);
    assertThat(on("kitchen_ceiling")).isFalse();
    assertThat(on("office_desk_lamp")).isFalse();
  }

  @Test
  void aConversationInWhichNothingWasDoneHasNothingToUndo() {
    ask("turn on the desk lamp");

    Turn turn = assistant.undo("another", "en");

    assertThat(turn.outcome()).isEqualTo(OutcomeKind.FAILED);
    assertThat(turn.reply()).isEqualTo("There is nothing that I could undo.");
  }
}
