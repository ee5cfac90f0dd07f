package dev.hearth.agent.tool;

import java.util.List;

/**
 * Which things a tool call is about, as the model named them. Words are handles of the utterance or
 * names of the home, {@code here}, or kinds.
 *
 * @param names things by name
 * @param kind a kind of things of {@link HomeTools#KINDS}; empty when there is none
 * @param places areas and floors
 * @param all whether every one is meant, wherever it is
 * @param except names, places and kinds that are left out
 * @param unknown words of the utterance that name nothing in this home; empty when there are none
 */
public record Selector(
    List<String> names,
    String kind,
    List<String> places,
    boolean all,
    List<String> except,
    String unknown) {
  /** Copies the lists. */
  public Selector {
    names = List.copyOf(names);
    places = List.copyOf(places);
    except = List.copyOf(except);
  }
}
