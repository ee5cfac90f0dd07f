package dev.hearth.agent.conversation;

import dev.hearth.agent.language.HomeLanguage;
import dev.hearth.agent.language.MarkedUtterance;
import dev.hearth.agent.language.NameVariants;
import dev.hearth.agent.language.Named;
import dev.hearth.agent.language.Understanding;
import dev.hearth.agent.language.UnfinishedAnswerException;
import dev.hearth.agent.plan.Change;
import dev.hearth.agent.plan.Execution;
import dev.hearth.agent.plan.History;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.PlanExecutor;
import dev.hearth.agent.plan.Question;
import dev.hearth.agent.plan.Step;
import dev.hearth.agent.plan.Undo;
import dev.hearth.agent.policy.PendingPlans;
import dev.hearth.agent.policy.Policy;
import dev.hearth.agent.tool.Intent;
import dev.hearth.agent.tool.IntentParser;
import dev.hearth.agent.tool.InvalidToolCallException;
import dev.hearth.agent.tool.PlanBuilder;
import dev.hearth.agent.tool.SelectorResolver;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.inference.Timings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.stereotype.Component;

/**
 * The turn: the model proposes calls, code makes a plan of them, the policy lets it pass or waits
 * for a confirmation, the devices testify, and the reply says just that.
 */
@Component
class TurnAssistant implements Assistant {
  private static final Logger LOG = LoggerFactory.getLogger(TurnAssistant.class);

  /** How many turns may be under way or waiting at once. */
  static final int MOST_TURNS = 64;

  /** How often a model that decodes without a grammar may mend an invalid call. */
  private static final int MOST_ATTEMPTS = 3;

  private final HomeRegistry registry;
  private final HomeLanguage language;
  private final Policy policy;
  private final PendingPlans pending;
  private final PlanExecutor executor;
  private final History history;
  private final Confirmations confirmations = new Confirmations();
  private final Semaphore turns = new Semaphore(MOST_TURNS);

  TurnAssistant(
      HomeRegistry registry,
      HomeLanguage language,
      Policy policy,
      PendingPlans pending,
      PlanExecutor executor,
      History history) {
    this.registry = registry;
    this.language = language;
    this.policy = policy;
    this.pending = pending;
    this.executor = executor;
    this.history = history;
  }

  @Override
  public Turn ask(Utterance utterance) {
    if (!turns.tryAcquire()) {
      throw new OverloadedException(MOST_TURNS);
    }
    try {
      return turn(utterance);
    } catch (dev.hearth.inference.OverloadedException e) {
      throw new OverloadedException(MOST_TURNS);
    } finally {
      turns.release();
    }
  }

  @Override
  public Turn confirm(String token) {
    if (!turns.tryAcquire()) {
      throw new OverloadedException(MOST_TURNS);
    }
    try {
      PendingPlans.Pending plan =
          pending.take(token).orElseThrow(UnknownConfirmationException::new);
      return execute(
          plan.plan(), List.of(), plan.conversation(), plan.language(), null, System.nanoTime());
    } finally {
      turns.release();
    }
  }

  @Override
  public Turn undo(@Nullable String conversation, @Nullable String language) {
    if (!turns.tryAcquire()) {
      throw new OverloadedException(MOST_TURNS);
    }
    try {
      return undo(conversation, language, System.nanoTime());
    } finally {
      turns.release();
    }
  }

  private Turn undo(@Nullable String conversation, @Nullable String language, long start) {
    Home home = registry.home();
    History.Done done;
    String tongue;
    Plan plan;
    do { // Again when somebody else undid it in between, or it settled.
      done = history.last(conversation).orElse(null);
      tongue = language != null ? language : done != null ? done.language() : "en";
      plan = undoing(done, home, tongue);
    } while (done != null && !plan.steps().isEmpty() && !history.take(done));
    if (done == null || (plan.steps().isEmpty() && plan.problems().isEmpty())) {
      return new Turn(
          conversation == null ? UUID.randomUUID().toString() : conversation,
          Replies.in(tongue).nothingToUndo(),
          OutcomeKind.FAILED,
          List.of(),
          null,
          timing(start, null, 0, start));
    }
    return carryOut(plan, done.changes(), done.conversation(), tongue, null, start);
  }

  private static Plan undoing(History.@Nullable Done done, Home home, String tongue) {
    return Undo.plan(
        done == null ? List.of() : done.changes(), home, entity -> Names.in(tongue, entity));
  }

  @Override
  public boolean undoable(String conversation) {
    History.Done done = history.last(conversation).orElse(null);
    return !undoing(done, registry.home(), "en").steps().isEmpty();
  }

  private Turn turn(Utterance utterance) {
    long start = System.nanoTime();
    String asked = utterance.conversation();
    String conversation = asked == null ? UUID.randomUUID().toString() : asked;
    String tongue = tongue(utterance);
    Replies replies = Replies.in(tongue);
    Phrase phrase = Phrase.of(utterance.text());
    Optional<Turn> answered = confirmation(phrase, conversation, tongue, start);
    if (answered.isPresent()) {
      return answered.get();
    }
    if (phrase == Phrase.UNDO) {
      return undo(asked, tongue, start);
    }
    Home home = registry.home();
    Optional<Area> speaker =
        Optional.ofNullable(utterance.area()).flatMap(area -> home.area(new AreaId(area)));
    List<Message> earlier = new ArrayList<>();
    for (int attempt = 1; ; attempt++) {
      Understanding understood;
      try {
        understood = language.understand(utterance.text(), home, speaker, earlier);
      } catch (UnfinishedAnswerException e) {
        LOG.warn("A turn came to nothing: {}", e.getMessage());
        return new Turn(
            conversation,
            replies.tookTooLong(),
            OutcomeKind.FAILED,
            List.of(),
            null,
            timing(start, null, 0, start));
      }
      if (understood.calls().isEmpty()) {
        String text = understood.text().isBlank() ? replies.declined("unclear") : understood.text();
        return new Turn(
            conversation,
            text.strip(),
            OutcomeKind.ANSWERED,
            List.of(),
            null,
            timing(start, understood, 0, start));
      }
      try {
        Plan plan = plan(understood, home, speaker, tongue);
        return carryOut(plan, List.of(), conversation, tongue, understood, start);
      } catch (InvalidToolCallException e) {
        if (attempt == MOST_ATTEMPTS) {
          return new Turn(
              conversation,
              replies.declined("unclear"),
              OutcomeKind.NEEDS_CLARIFICATION,
              List.of(),
              null,
              timing(start, understood, 0, start));
        }
        earlier.add(AssistantMessage.builder().content("").toolCalls(understood.calls()).build());
        earlier.add(
            ToolResponseMessage.builder()
                .responses(
                    understood.calls().stream()
                        .map(c ->
                            new ToolResponseMessage.ToolResponse(
                                c.id(), c.name(), "error: " + e.getMessage()))
                        .toList())
                .build());
      }
    }
  }

  /** Yes or no to a plan of this conversation that waits; whoever wants to undo it says no. */
  private Optional<Turn> confirmation(
      Phrase phrase, String conversation, String tongue, long start) {
    if (phrase == Phrase.OTHER) {
      return Optional.empty();
    }
    Replies replies = Replies.in(tongue);
    return confirmations
        .take(conversation)
        .flatMap(pending::take)
        .map(waiting ->
            phrase == Phrase.YES
                ? execute(waiting.plan(), List.of(), conversation, tongue, null, start)
                : new Turn(
                    conversation,
                    replies.cancelled(),
                    OutcomeKind.ANSWERED,
                    List.of(),
                    null,
                    timing(start, null, 0, start)));
  }

  private Plan plan(Understanding understood, Home home, Optional<Area> speaker, String tongue) {
    List<Intent> intents = new ArrayList<>();
    for (AssistantMessage.ToolCall call : understood.calls()) {
      LOG.debug("The model proposes {} {}", call.name(), call.arguments());
      intents.add(IntentParser.parse(call.name(), call.arguments()));
    }
    MarkedUtterance marked = understood.marked();
    SelectorResolver.Lookup lookup =
        new SelectorResolver.Lookup() {
          @Override
          public List<Named> find(String word) {
            return language.find(word, home, marked);
          }

          @Override
          public boolean several(String word) {
            return NameVariants.several(
                marked == null
                    ? word
                    : marked.mark(word).map(MarkedUtterance.Mark::words).orElse(word));
          }
        };
    Function<Entity, String> names = entity -> Names.in(tongue, entity);
    AreaId here = speaker.map(Area::id).orElse(null);
    return new PlanBuilder(new SelectorResolver(home, lookup, here, names), names).build(intents);
  }

  /** Carries a plan out; one that undoes something says what. */
  private Turn carryOut(
      Plan plan,
      List<Change> undone,
      String conversation,
      String tongue,
      @Nullable Understanding understood,
      long start) {
    Replies replies = Replies.in(tongue);
    if (!plan.declined().isEmpty()) {
      OutcomeKind kind =
          switch (plan.declined()) {
            case "unsupported" -> OutcomeKind.FAILED;
            case "unclear" -> OutcomeKind.NEEDS_CLARIFICATION;
            default -> OutcomeKind.ANSWERED;
          };
      return new Turn(
          conversation,
          replies.declined(plan.declined()),
          kind,
          List.of(),
          null,
          timing(start, understood, 0, start));
    }
    List<Step> risky = policy.toConfirm(plan, registry.home());
    if (!risky.isEmpty()) {
      String token = pending.keep(new PendingPlans.Pending(plan, conversation, tongue));
      confirmations.put(conversation, token);
      return new Turn(
          conversation,
          replies.confirm(plan.steps()),
          OutcomeKind.NEEDS_CONFIRMATION,
          List.of(),
          token,
          timing(start, understood, 0, start));
    }
    return execute(plan, undone, conversation, tongue, understood, start);
  }

  private Turn execute(
      Plan made,
      List<Change> undone,
      String conversation,
      String tongue,
      @Nullable Understanding understood,
      long start) {
    Plan plan = policy.released(made, registry.home());
    Replies replies = Replies.in(tongue);
    Execution execution = executor.execute(plan.steps());
    if (!plan.steps().isEmpty()) {
      List<Change> left = execution.left(undone); // For another try.
      history.keep(
          new History.Done(conversation, tongue, left.isEmpty() ? execution.changes() : left));
    }
    Home home = registry.home();
    List<String> sentences = new ArrayList<>();
    if (!plan.steps().isEmpty()) {
      plan.moved().stream().distinct().map(replies::nextDoor).forEach(sentences::add);
    }
    sentences.addAll(Outcomes.told(execution.outcomes(), replies));
    for (Question question : plan.questions()) {
      sentences.addAll(Answers.to(question, home, replies));
    }
    plan.problems().stream().distinct().map(replies::problem).forEach(sentences::add);
    return new Turn(
        conversation,
        replies.join(sentences),
        Outcomes.kind(plan, execution.outcomes()),
        execution.outcomes().stream().map(Outcomes::report).toList(),
        null,
        timing(start, understood, execution.firstSubmit(), System.nanoTime()));
  }

  private static TurnTiming timing(
      long start, @Nullable Understanding understood, long firstSubmit, long end) {
    long now = System.nanoTime();
    Timings t = understood == null ? null : understood.timings();
    return new TurnTiming(
        millis(now - start),
        understood == null ? 0 : millis(understood.nanos()),
        firstSubmit == 0 ? 0 : millis(firstSubmit - start),
        firstSubmit == 0 ? 0 : millis(end - firstSubmit),
        t == null ? 0 : t.promptTokens(),
        t == null ? 0 : t.cachedTokens(),
        t == null ? 0 : t.prefilledTokens(),
        t == null ? 0 : t.decodedTokens(),
        t == null ? 0 : t.forcedTokens(),
        t == null ? 0 : t.modelSteps());
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 10_000.0) / 100.0;
  }

  /** The language to answer in: as asked for, else that of the text. */
  private static String tongue(Utterance utterance) {
    String wished = utterance.language();
    if (wished != null && !wished.isBlank()) {
      return Locale.forLanguageTag(wished).getLanguage();
    }
    boolean han =
        utterance
            .text()
            .codePoints()
            .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
    return han ? "zh" : "en";
  }
}
