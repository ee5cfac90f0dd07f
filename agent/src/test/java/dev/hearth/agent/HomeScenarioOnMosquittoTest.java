package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.agent.conversation.OutcomeKind;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.simulation.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** On a broker of its own process, which may also die. */
class HomeScenarioOnMosquittoTest extends HomeScenario {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static Mosquitto broker;

  @BeforeAll
  static void startBroker() {
    broker = Mosquitto.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @DynamicPropertySource
  static void broker(DynamicPropertyRegistry registry) {
    registry.add("hearth.mqtt.uri", broker::uri);
  }

  @Test
  void aBrokerThatDiesBetweenCommandAndReportIsNotDoneAndTheNextCommandIs() throws Exception {
    ask("turn off the desk lamp");
    simulation.device("office_desk_lamp").fault(Fault.SLOW);

    CompletableFuture<Turn> asked;
    CountDownLatch passed = new CountDownLatch(1);
    try (MqttConnection spy = MqttConnection.start(MqttOptions.of(broker.uri()))) {
      CountDownLatch greeted = new CountDownLatch(1);
      spy.subscribe("home/office_desk_lamp/set", message -> passed.countDown());
      MqttSubscription last =
          spy.subscribe(
              "home/bridge/availability",
              message -> {
                if (!message.retained()) {
                  greeted.countDown();
                }
              });
      assertThat(spy.awaitConnected(LONG)).isTrue();
      assertThat(last.active().get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      asked = CompletableFuture.supplyAsync(() -> ask("turn on the desk lamp"));
      assertThat(passed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      // The simulation hears in order: once it answers this, it has heard the command too.
      assertThat(spy.publish("homeassistant/status", "online").join().sent()).isTrue();
      assertThat(greeted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      broker.kill();
    }

    Turn turn = asked.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(turn.outcome()).as(turn.reply()).isIn(OutcomeKind.FAILED, OutcomeKind.UNCONFIRMED);
    assertThat(turn.reply()).doesNotContain("lamp is on.");
    // It did act: nobody could know.
    await().atMost(LONG).until(() -> on("office_desk_lamp"));

    simulation.device("office_desk_lamp").repair();
    broker.restart();

    await("the agent is back")
        .atMost(LONG)
        .until(() -> ask("turn off the desk lamp").outcome() == OutcomeKind.DONE);
    assertThat(on("office_desk_lamp")).isFalse();
  }
}
