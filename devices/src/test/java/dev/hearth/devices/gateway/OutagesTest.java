package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.CommandExecutor.Execution;
import dev.hearth.devices.command.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands from many threads while the broker dies again and again. */
@Timeout(300)
class OutagesTest {
  /** How often the broker is killed: {@code -Dhearth.outages=50} for the full length. */
  private static final int OUTAGES = Integer.getInteger("hearth.outages", 5);

  private static final int DEVICES = 20;

  private static String id(int number) {
    return "switch.plug" + number;
  }

  @Test
  void everyCommandEndsAndEveryDeviceIsHeardAgainHoweverOftenTheBrokerDies() throws Exception {
    try (GatewayFixture home = new GatewayFixture()) {
      for (int i = 0; i < DEVICES; i++) {
        String base = "plug" + i;
        home.device.on(base + "/set", (device, payload) -> device.reply(base + "/state", payload));
        home.device.retained(
            "homeassistant/switch/" + base + "/config",
            "{\"unique_id\":\"%s\",\"command_topic\":\"%s/set\",\"state_topic\":\"%s/state\"}"
                .formatted(base, base, base));
        home.await(id(i));
      }
      for (int round = 0; round < OUTAGES; round++) {
        List<Execution> given = new CopyOnWriteArrayList<>();
        Command command = round % 2 == 0 ? new Command.TurnOn() : new Command.TurnOff();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
          String id = id(i);
          threads.add(
              Thread.ofVirtual()
                  .start(() ->
                      IntStream.range(0, 20).forEach(j -> given.add(home.submit(id, command)))));
        }
        home.broker.kill();
        for (Thread thread : threads) {
          thread.join();
        }
        for (Execution each : given) {
          assertThat(GatewayFixture.get(each.last()).detail()).isNotEmpty();
        }
        await()
            .atMost(GatewayFixture.SOON)
            .until(() -> !home.gateway.connection().status().connected());
        home.broker.restart();
        home.device.awaitConnected();
        assertThat(home.gateway.connection().awaitConnected(GatewayFixture.SOON)).isTrue();
        for (int i = 0; i < DEVICES; i++) {
          Evidence evidence =
              home.gateway
                  .executor()
                  .execute(new EntityId(id(i)), command)
                  .thenApply(outcome -> outcome.evidence())
                  .get(30, TimeUnit.SECONDS);
          assertThat(evidence).isEqualTo(Evidence.STATE_CONFIRMED);
        }
      }
    }
  }
}
