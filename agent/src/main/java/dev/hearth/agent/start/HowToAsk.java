package dev.hearth.agent.start;

import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The last lines of the start block. */
@Component
@Order(60)
class HowToAsk implements StartReport {
  private final Address address;

  HowToAsk(Address address) {
    this.address = address;
  }

  @Override
  public String title() {
    return "Ask";
  }

  @Override
  public List<String> lines() {
    return List.of(
        "./hearth ask \"turn off the kitchen lights\"",
        "or open " + address.url() + "/ and sign in with the token",
        "or point an OpenAI client at " + address.url() + "/v1 with the token as its API key");
  }
}
