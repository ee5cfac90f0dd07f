package dev.hearth.agent.console;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.UnknownConfirmationException;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.agent.web.UtteranceRules;
import dev.hearth.devices.Area;
import dev.hearth.devices.registry.HomeRegistry;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The console's page and what its script asks for. */
@Controller
class ConsoleController {
  private final HomeRegistry registry;
  private final Assistant assistant;
  private final UtteranceRules rules;
  private final LiveFeeds feeds;

  ConsoleController(
      HomeRegistry registry, Assistant assistant, UtteranceRules rules, LiveFeeds feeds) {
    this.registry = registry;
    this.assistant = assistant;
    this.rules = rules;
    this.feeds = feeds;
  }

  /** What the talk box sends. */
  record Said(@Nullable String text, @Nullable String area, @Nullable String conversation) {}

  /** What the confirmation button sends. */
  record Confirmed(@Nullable String token) {}

  /** What the undo button sends. */
  record Undone(@Nullable String conversation) {}

  @GetMapping("/sign-in")
  String signIn() {
    return "sign-in";
  }

  @GetMapping("/")
  String page(Model model) {
    var home = registry.home();
    model.addAttribute("home", HomeTree.of(home));
    model.addAttribute(
        "areas", home.areas().stream().sorted(Comparator.comparing(Area::name)).toList());
    return "console";
  }

  /** The entities alone, for when their list has changed. */
  @GetMapping("/console/home")
  String home(Model model) {
    model.addAttribute("home", HomeTree.of(registry.home()));
    return "home";
  }

  @GetMapping(path = "/console/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @ResponseBody
  SseEmitter events() {
    return feeds.open();
  }

  @PostMapping(
      path = "/console/ask",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseBody
  ConsoleReply ask(@RequestBody Said said) {
    var turn = assistant.ask(rules.utterance(said.text(), said.area(), said.conversation(), null));
    return reply(turn);
  }

  @PostMapping(
      path = "/console/confirm",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseBody
  ConsoleReply confirm(@RequestBody Confirmed confirmed) {
    if (confirmed.token() == null) {
      throw new UnknownConfirmationException();
    }
    return reply(assistant.confirm(confirmed.token()));
  }

  @PostMapping(
      path = "/console/undo",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseBody
  ConsoleReply undo(@RequestBody Undone undone) {
    String conversation = UtteranceRules.conversation(undone.conversation());
    if (conversation == null) {
      throw new InvalidRequestException("conversation", "is missing: it says what to undo");
    }
    return reply(assistant.undo(conversation, null));
  }

  private ConsoleReply reply(Turn turn) {
    return ConsoleReply.of(turn, registry.home(), assistant.undoable(turn.conversation()));
  }

  /** Browsers ask for it whatever the page says. */
  @RequestMapping("/favicon.ico")
  String icon() {
    return "redirect:/static/flame.svg";
  }
}
