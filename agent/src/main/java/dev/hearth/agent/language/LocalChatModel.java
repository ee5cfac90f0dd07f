package dev.hearth.agent.language;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.Priority;
import dev.hearth.inference.Sampling;
import dev.hearth.inference.Timings;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.Role;
import dev.hearth.inference.chat.ToolCall;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.ToolChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Spring AI's view of a model that runs in this process. Tool definitions of the options become the
 * grammar that decoding obeys; the response's metadata carries the engine's {@link Timings} under
 * {@link #TIMINGS}.
 */
final class LocalChatModel implements ChatModel {
  /** Metadata key of the engine's timings. */
  static final String TIMINGS = "hearth.timings";

  private static final Logger LOG = LoggerFactory.getLogger(LocalChatModel.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_TOKENS = 512;
  private static final int MOST_CALLS = 6;

  private static final int WORTH_PREPARING = 128;

  private final LanguageModel model;
  private final Path prefixes;
  private final Duration timeout;
  private final Thinking thinking;
  private final boolean callsOnly;
  private final boolean thinks;
  private final Lock preparing = new ReentrantLock();
  private @Nullable Start prepared;

  /** What prompts begin with. */
  private record Start(ChatMessage system, List<ToolDefinition> tools) {}

  /**
   * A model as Spring AI sees it.
   *
   * @param prefixes folder for what prompts begin with, in the model's own terms
   * @param timeout how long one answer may take
   * @param thinking how much it may think, if it can
   */
  LocalChatModel(LanguageModel model, Path prefixes, Duration timeout, Thinking thinking) {
    this.model = model;
    this.prefixes = prefixes;
    this.timeout = timeout;
    this.thinking = thinking;
    this.callsOnly =
        model.info().metadata("hearth.calls_only").map(Boolean::parseBoolean).orElse(false);
    this.thinks = !callsOnly && thinks(model.info());
  }

  /** MiMo's template does not say that the model thinks. */
  private static boolean thinks(ModelInfo info) {
    return info.metadata("tokenizer.chat_template").orElse("").contains("<think>")
        || info.name().toLowerCase(Locale.ROOT).contains("mimo");
  }

  @Override
  public ChatOptions getOptions() {
    return ToolCallingChatOptions.builder().model(model.info().name()).temperature(0.0).build();
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    StringBuilder text = new StringBuilder();
    Answer answer = answer(prompt, text::append, new AtomicBoolean());
    return response(text.toString(), answer.calls(), answer.generation());
  }

  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.<ChatResponse>create(
            sink -> {
              AtomicBoolean cancelled = new AtomicBoolean();
              sink.onDispose(() -> cancelled.set(true));
              try {
                Answer answer =
                    answer(prompt, piece -> sink.next(response(piece, List.of(), null)), cancelled);
                sink.next(response("", answer.calls(), answer.generation()));
                sink.complete();
              } catch (RuntimeException e) {
                sink.error(e);
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  /** What is known of an answer when it is whole. */
  private record Answer(List<AssistantMessage.ToolCall> calls, Generation generation) {}

  private Answer answer(Prompt prompt, Consumer<String> listener, AtomicBoolean cancelled) {
    List<ChatMessage> messages = new ArrayList<>();
    String utterance = "";
    for (Message message : prompt.getInstructions()) {
      ChatMessage converted = message(message);
      messages.add(converted);
      if (converted.role() == Role.USER) {
        utterance = converted.content();
      }
    }
    List<ToolDefinition> tools = tools(prompt.getOptions());
    List<ToolDefinition> shown = tools.stream().map(CopiedWords::shown).toList();
    int limit = thinks ? thinking.limit(utterance, !tools.isEmpty()) : 0;
    String text = render(messages, shown, limit > 0);
    boolean opened = thinks && ChatTemplate.opensThinking(text);
    AnswerReader reader = new AnswerReader(model.toolCallSyntax(), opened, listener);
    ChatOptions options = prompt.getOptions();
    Integer most = options == null ? null : options.getMaxTokens();
    int[] tokens = model.tokenizer().encode(text, true);
    prepare(messages, shown, tokens);
    GenerationRequest request =
        GenerationRequest.of(tokens)
            .grammar(grammar(tools, utterance, limit, opened))
            .sampling(sampling(options))
            .maxTokens((most == null ? MOST_TOKENS : most) + limit)
            .priority(tools.isEmpty() ? Priority.CHAT : Priority.COMMAND)
            .timeLimit(timeout)
            .cancelled(cancelled::get)
            .build();
    Generation generation = model.generate(request, reader::accept);
    requireWhole(generation, !tools.isEmpty(), cancelled.get());
    return new Answer(reader.finish(), generation);
  }

  private String render(List<ChatMessage> messages, List<ToolDefinition> tools, boolean thinking) {
    return thinks && !thinking
        ? model.chatTemplate().renderWithoutThinking(messages, tools)
        : model.chatTemplate().render(messages, tools, true);
  }

  /**
   * What the turn may be. A model that need not call may begin to think whatever its prompt says;
   * then the limit ends it.
   */
  private @Nullable Grammar grammar(
      List<ToolDefinition> tools, String utterance, int limit, boolean opened) {
    if (tools.isEmpty() && callsOnly) {
      return null;
    }
    ToolChoice choice =
        tools.isEmpty() ? ToolChoice.TEXT : callsOnly ? ToolChoice.CALLS : ToolChoice.TEXT_OR_CALLS;
    Grammar grammar =
        Grammar.forTools(
            tools.stream().map(t -> CopiedWords.from(t, utterance)).toList(),
            model.toolCallSyntax(),
            choice,
            MOST_CALLS,
            model.vocabulary());
    return callsOnly ? grammar : grammar.withThinking(limit, opened);
  }

  /** Half of an answer with calls would be half of what was asked for. */
  private void requireWhole(Generation generation, boolean mayCall, boolean cancelled) {
    switch (generation.reason()) {
      case STOP -> {
        // The whole answer.
      }
      case DEADLINE ->
          throw new UnfinishedAnswerException(
              "the language model gave no whole answer within "
                  + timeout.toSeconds()
                  + " s; a smaller model is faster, hearth.language.timeout-seconds allows more");
      case LENGTH, CONTEXT_FULL -> {
        if (mayCall) {
          throw new UnfinishedAnswerException(
              "the language model's answer was cut after %d tokens, prompt of %d; the context has %d"
                  .formatted(
                      generation.timings().decodedTokens() + generation.timings().forcedTokens(),
                      generation.timings().promptTokens(),
                      model.info().contextLength()));
        }
      }
      case CANCELLED -> {
        if (!cancelled) {
          throw new UnfinishedAnswerException("the language model was interrupted");
        }
      }
    }
  }

  /**
   * Gets ready what all prompts begin with when it has changed: the system message and the tools,
   * which for a model that reads the home's description is nearly all of a prompt. It is the part
   * that prompts with different words have in common. A request that comes meanwhile waits for it
   * rather than do the same.
   */
  private void prepare(List<ChatMessage> messages, List<ToolDefinition> tools, int[] tokens) {
    if (messages.size() < 2
        || messages.getFirst().role() != Role.SYSTEM
        || tokens.length <= WORTH_PREPARING) {
      return;
    }
    Start start = new Start(messages.getFirst(), tools);
    preparing.lock();
    try {
      if (!start.equals(prepared)) {
        prepareNow(start, tokens);
        prepared = start;
      }
    } finally {
      preparing.unlock();
    }
  }

  private void prepareNow(Start start, int[] tokens) {
    List<ChatMessage> others = List.of(start.system(), ChatMessage.user("0"));
    int[] other =
        model.tokenizer().encode(model.chatTemplate().render(others, start.tools(), true), true);
    int common = Arrays.mismatch(tokens, other);
    if (common > WORTH_PREPARING) {
      boolean known = model.prepare(Arrays.copyOf(tokens, common), prefixes);
      LOG.info("The start of prompts, {} tokens, is {}", common, known ? "read" : "computed");
    }
  }

  private static Sampling sampling(@Nullable ChatOptions options) {
    Double temperature = options == null ? null : options.getTemperature();
    if (options == null || temperature == null || temperature <= 0) {
      return Sampling.greedy();
    }
    Double topP = options.getTopP();
    Integer topK = options.getTopK();
    return new Sampling(
        temperature.floatValue(),
        topP == null ? 1f : topP.floatValue(),
        0f,
        topK == null ? 0 : topK,
        System.nanoTime());
  }

  private static List<ToolDefinition> tools(@Nullable ChatOptions options) {
    if (!(options instanceof ToolCallingChatOptions calling)) {
      return List.of();
    }
    // Spring AI leaves the list null when no tools were given, whatever its signature says.
    return java.util.Optional.ofNullable(calling.getToolCallbacks()).orElse(List.of()).stream()
        .map(org.springframework.ai.tool.ToolCallback::getToolDefinition)
        .map(d -> new ToolDefinition(d.name(), d.description(), JSON.readTree(d.inputSchema())))
        .toList();
  }

  private static ChatMessage message(Message message) {
    String text = message.getText() == null ? "" : message.getText();
    return switch (message) {
      case AssistantMessage assistant ->
          new ChatMessage(
              Role.ASSISTANT,
              text,
              assistant.getToolCalls().stream()
                  .map(c -> new ToolCall(c.id(), c.name(), c.arguments()))
                  .toList());
      case ToolResponseMessage responses ->
          ChatMessage.tool(
              String.join(
                  "\n",
                  responses.getResponses().stream()
                      .map(ToolResponseMessage.ToolResponse::responseData)
                      .toList()));
      default ->
          switch (message.getMessageType()) {
            case SYSTEM -> ChatMessage.system(text);
            default -> ChatMessage.user(text);
          };
    };
  }

  private ChatResponse response(
      String text, List<AssistantMessage.ToolCall> calls, @Nullable Generation generation) {
    ChatResponseMetadata.Builder metadata =
        ChatResponseMetadata.builder().model(model.info().name());
    String reason = "";
    if (generation != null) {
      Timings timings = generation.timings();
      int written = timings.decodedTokens() + timings.forcedTokens();
      metadata
          .usage(
              new DefaultUsage(
                  timings.promptTokens(), written, timings.promptTokens() + written, timings))
          .keyValue(TIMINGS, timings);
      reason = generation.reason().name();
    }
    AssistantMessage message =
        AssistantMessage.builder().content(text).toolCalls(List.copyOf(calls)).build();
    return new ChatResponse(
        List.of(
            new org.springframework.ai.chat.model.Generation(
                message, ChatGenerationMetadata.builder().finishReason(reason).build())),
        metadata.build());
  }
}
