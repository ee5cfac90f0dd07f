package dev.hearth.agent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.language.HomeLanguage;
import dev.hearth.agent.language.UnfinishedAnswerException;
import dev.hearth.agent.plan.History;
import dev.hearth.agent.plan.PlanExecutor;
import dev.hearth.agent.plan.UndoSettings;
import dev.hearth.agent.policy.PendingPlans;
import dev.hearth.agent.policy.Policy;
import dev.hearth.agent.tool.HomeTools;
import dev.hearth.agent.web.FakeRegistry;
import dev.hearth.devices.registry.HomeRegistry;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class TurnAssistantTest {
  private static final ChatModel SLOW =
      prompt -> {
        throw new UnfinishedAnswerException("no whole answer within 1 s");
      };

  /** Without anything that could execute a command. */
  private static Turn ask(String text) {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.registerBean(HomeRegistry.class, FakeRegistry::new);
      context.registerBean(
          HomeLanguage.class, () -> new HomeLanguage(SLOW, true, HomeTools::definitions));
      context.register(
          TurnAssistant.class, Policy.class, PendingPlans.class, PlanExecutor.class, History.class);
      context.registerBean(UndoSettings.class, () -> new UndoSettings(Duration.ofMinutes(10)));
      context.refresh();
      return context.getBean(Assistant.class).ask(new Utterance(text, null, null, null));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "turn on the kitchen light | That took me too long, so I did nothing.",
        "打开厨房的灯                | 理解这句话用的时间太长，所以什么都没有做。",
      })
  void sayingThatTheModelTookTooLongIsNotSayingThatSomethingIsDone(String text, String reply) {
    Turn turn = ask(text);

    assertThat(turn.reply()).startsWith(reply);
    assertThat(turn.outcome()).isEqualTo(OutcomeKind.FAILED);
    assertThat(turn.actions()).isEmpty();
    assertThat(turn.confirmation()).isNull();
  }
}
