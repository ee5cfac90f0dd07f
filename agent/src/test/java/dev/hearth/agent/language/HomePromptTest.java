package dev.hearth.agent.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.tool.HomeTools;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.TokenizerInfo;
import dev.hearth.inference.chat.ToolDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomePromptTest {
  private static final ChatTemplate CHATML =
      ChatTemplate.of(
          "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}"
              + "{%- if loop.first and tools %}{%- for t in tools %}{{- t | tojson }}{%- endfor %}{%- endif %}"
              + "{%- endfor %}{{- '<|im_start|>assistant\\n' }}",
          new TokenizerInfo("", "<|im_end|>", List.of("<|im_start|>", "<|im_end|>")));

  private static Home home(boolean on) {
    return new Home(
        List.of(new Floor(new FloorId("ground"), "Ground floor", 0, List.of("downstairs"))),
        List.of(new Area(new AreaId("kitchen"), "Kitchen", new FloorId("ground"), List.of("厨房"))),
        List.of(new Device(new DeviceId("d"), "Lamp", null, null, new AreaId("kitchen"))),
        List.of(
            new Entity(
                new EntityId("light.kitchen"),
                "Kitchen ceiling light",
                List.of(),
                Kind.LIGHT,
                null,
                new DeviceId("d"),
                new AreaId("kitchen"),
                List.of(new Capability.OnOff()),
                true,
                Availability.ONLINE,
                new State(Map.of(Attribute.ON, on), Instant.EPOCH))));
  }

  private static String prompt(Home home, String utterance) {
    List<ToolDefinition> tools =
        HomeTools.definitions(List.of("Kitchen ceiling light"), List.of("Kitchen")).stream()
            .map(CopiedWords::shown)
            .toList();
    return CHATML.render(
        List.of(
            ChatMessage.system(HomePrompt.system(home)),
            ChatMessage.user(HomePrompt.user(utterance, Optional.empty()))),
        tools,
        true);
  }

  private static int common(String a, String b) {
    int i = 0;
    while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  @Test
  void twoPromptsShareEverythingUpToTheUtteranceWhateverTheStates() {
    String first = prompt(home(true), "turn it off");
    String second = prompt(home(false), "and now on again");

    assertThat(common(first, second)).isEqualTo(first.lastIndexOf("turn it off"));
  }

  @Test
  void theStructureOfTheHomeIsThereAndNoState() {
    assertThat(HomePrompt.system(home(true)))
        .contains("floor: Ground floor (downstairs)")
        .contains("- area: Kitchen (厨房)")
        .contains("  - light: Kitchen ceiling light");
  }

  @Test
  void theSecondRequestRunsOnlyTheTail(@TempDir Path folder) {
    try (LanguageModel model =
        LanguageModel.load(ModelStore.embedded(folder), ModelOptions.defaults())) {
      String first = prompt(home(true), "turn it off");
      String second = prompt(home(false), "and now on again");
      Timings cold = generate(model, first);
      Timings warm = generate(model, second);

      int shared =
          model
              .tokenizer()
              .encode(first.substring(0, first.lastIndexOf("turn it off")), true)
              .length;
      assertThat(cold.cachedTokens()).isZero();
      assertThat(cold.prefilledTokens()).isEqualTo(cold.promptTokens());
      assertThat(warm.cachedTokens()).isBetween(shared - 2, shared + 2);
      assertThat(warm.prefilledTokens()).isEqualTo(warm.promptTokens() - warm.cachedTokens());
    }
  }

  private static Timings generate(LanguageModel model, String prompt) {
    return model
        .generate(
            GenerationRequest.of(model.tokenizer().encode(prompt, true)).maxTokens(1).build(),
            piece -> {})
        .timings();
  }
}
