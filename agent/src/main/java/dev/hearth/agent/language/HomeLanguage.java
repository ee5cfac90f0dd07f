package dev.hearth.agent.language;

import dev.hearth.devices.Area;
import dev.hearth.devices.Home;
import dev.hearth.inference.Timings;
import dev.hearth.inference.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.tool.ToolCallback;

/**
 * Puts an utterance before the language model with the home's tools, and gives back what it
 * proposes. Nothing is executed here.
 *
 * <p>A model that was trained on handles reads the marked utterance and nothing of the home; any
 * other model reads the home's structure in a prompt whose static part stays the same.
 */
public final class HomeLanguage {
  /** Makes the tools' definitions from what {@code name} and {@code in} may be. */
  @FunctionalInterface
  public interface Tools {
    /** The definitions for these names and places. */
    List<ToolDefinition> definitions(List<String> names, List<String> places);
  }

  private final ChatClient client;
  private final boolean marks;
  private final Tools tools;
  private volatile @Nullable Known known;

  /** What is derived from one snapshot of the home's names, kept until these change. */
  private record Known(List<Named> names, NameIndex index, Marker marker) {}

  /**
   * A language front.
   *
   * @param model the model
   * @param marks whether it was trained on handles
   * @param tools the home's tools
   */
  public HomeLanguage(ChatModel model, boolean marks, Tools tools) {
    this.client = ChatClient.create(model);
    this.marks = marks;
    this.tools = tools;
  }

  /**
   * Understands an utterance.
   *
   * @param utterance the words
   * @param home the home as it is now
   * @param speaker where the speaker is
   * @param earlier answers of this turn that the model should mend, with the errors they led to
   */
  public Understanding understand(
      String utterance, Home home, Optional<Area> speaker, List<Message> earlier) {
    long start = System.nanoTime();
    Known names = known(home);
    MarkedUtterance marked = marks ? names.marker.mark(utterance) : null;
    List<Message> messages = new ArrayList<>();
    List<ToolDefinition> definitions;
    if (marked != null) {
      messages.add(new UserMessage(marked.text()));
      definitions =
          tools.definitions(marked.handles(Family.NAME), marked.handles(Family.AREA, Family.FLOOR));
    } else {
      messages.add(new SystemMessage(HomePrompt.system(home)));
      messages.add(new UserMessage(HomePrompt.user(utterance, speaker)));
      definitions =
          tools.definitions(
              first(names.names, Family.NAME), first(names.names, Family.AREA, Family.FLOOR));
    }
    messages.addAll(earlier);
    ChatResponse response =
        client
            .prompt()
            .messages(messages)
            .tools(definitions.stream().map(Proposed::new).toArray())
            .advisors(AdvisorParams.toolCallingAdvisorAutoRegister(false))
            .call()
            .chatResponse();
    if (response == null || response.getResult() == null) {
      throw new IllegalStateException("the language model gave no answer");
    }
    AssistantMessage message = response.getResult().getOutput();
    String text = message.getText();
    Object timings = response.getMetadata().get(LocalChatModel.TIMINGS);
    return new Understanding(
        message.getToolCalls(),
        text == null ? "" : text,
        marked,
        timings instanceof Timings t ? t : null,
        System.nanoTime() - start);
  }

  /**
   * What a word of a tool call stands for: the things behind a handle, or of that name.
   *
   * @param word a handle or a name
   * @param home the home as it is now
   * @param marked the utterance's handles, or null when there are none
   */
  public List<Named> find(String word, Home home, @Nullable MarkedUtterance marked) {
    if (marked != null) {
      Optional<MarkedUtterance.Mark> mark = marked.mark(word);
      if (mark.isPresent()) {
        return mark.get().things();
      }
    }
    List<Words.Word> words = Words.of(word);
    NameIndex.Match match = words.isEmpty() ? null : known(home).index.find(words);
    return match == null ? List.of() : match.things();
  }

  private Known known(Home home) {
    List<Named> names = HomeNames.of(home);
    Known present = known;
    if (present == null || !present.names.equals(names)) {
      NameIndex index = NameIndex.of(names);
      present = new Known(names, index, new Marker(index));
      known = present;
    }
    return present;
  }

  private static List<String> first(List<Named> names, Family... families) {
    List<Family> wanted = List.of(families);
    return names.stream()
        .filter(n -> wanted.contains(n.family()) && !n.hidden())
        .map(n -> n.names().getFirst())
        .distinct()
        .toList();
  }

  /** A tool that is only ever proposed: the plan executes, never Spring AI. */
  private record Proposed(ToolDefinition definition) implements ToolCallback {
    @Override
    public org.springframework.ai.tool.definition.ToolDefinition getToolDefinition() {
      return org.springframework.ai.tool.definition.ToolDefinition.builder()
          .name(definition.name())
          .description(definition.description())
          .inputSchema(definition.parameters().toString())
          .build();
    }

    @Override
    public String call(String toolInput) {
      throw new IllegalStateException(
          "tool " + definition.name() + " was called outside of a plan; this is a fault in Hearth");
    }
  }
}
