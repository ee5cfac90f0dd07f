package dev.hearth.agent.start;

import java.util.List;

/**
 * What a module has to say in the start block. A bean of this type is asked once, when the agent is
 * ready; {@link org.springframework.core.annotation.Order} sets its place (model 10, broker 20,
 * devices 30, address 40, credentials 50, how to ask 60).
 */
public interface StartReport {
  /** A word or two, such as {@code Model}. */
  String title();

  /** One or more short lines without line breaks. */
  List<String> lines();
}
