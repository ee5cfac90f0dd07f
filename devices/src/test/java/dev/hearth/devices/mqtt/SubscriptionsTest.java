package dev.hearth.devices.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets what is retained, without a broker in between. */
class SubscriptionsTest {
  private final Subscriptions subscriptions = new Subscriptions();
  private final List<String> first = new ArrayList<>();
  private final List<String> second = new ArrayList<>();

  private static MqttMessage message(String text, boolean retained) {
    return new MqttMessage(
        "bridge", text.getBytes(StandardCharsets.UTF_8), 1, retained, System.nanoTime());
  }

  private void listen(List<String> to) {
    subscriptions.add("bridge", message -> to.add(message.text()));
    subscriptions.nextToSubscribe();
    subscriptions.confirmed("bridge", true);
  }

  @Test
  void asksForFiltersWithWildcardsOneByOneAndForTopicsTogether() {
    for (String each : List.of("a/+", "b", "c", "d/#", "e")) {
      subscriptions.add(each, message -> {});
    }
    List<List<String>> asked = new ArrayList<>();
    while (!subscriptions.settled()) {
      asked.add(subscriptions.nextToSubscribe());
    }
    assertThat(asked)
        .containsExactly(List.of("a/+"), List.of("b", "c"), List.of("d/#"), List.of("e"));
  }

  @Test
  void givesWhatIsRetainedToTheNewHandlerAlone() {
    listen(first);
    subscriptions.dispatch(message("online", true));
    listen(second);
    subscriptions.dispatch(message("online", true));
    assertThat(first).containsExactly("online");
    assertThat(second).containsExactly("online");

    subscriptions.dispatch(message("offline", false));
    assertThat(first).containsExactly("online", "offline");
    assertThat(second).containsExactly("online", "offline");
  }

  @Test
  void repeatsItToAHandlerWhoseSubscriptionWasNotConfirmedYet() {
    subscriptions.add("bridge", message -> first.add(message.text()));
    subscriptions.dispatch(message("old", true));
    subscriptions.confirmed("bridge", true);
    subscriptions.dispatch(message("new", true));
    subscriptions.dispatch(message("again", true));
    assertThat(first).containsExactly("old", "new");
  }

  @Test
  void givesItAnewAfterAReconnectEvenIfSomethingOfTheOldConnectionComesLate() {
    listen(first);
    subscriptions.dispatch(message("online", true));
    MqttMessage late = message("late", true);
    subscriptions.forgetBroker();
    subscriptions.confirmed("bridge", true);
    subscriptions.dispatch(late);
    subscriptions.dispatch(message("offline", true));
    subscriptions.dispatch(message("again", true));
    assertThat(first).containsExactly("online", "late", "offline");
  }
}
