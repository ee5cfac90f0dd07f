package dev.hearth.agent.web;

import dev.hearth.agent.conversation.Utterance;
import dev.hearth.devices.Area;
import dev.hearth.devices.registry.HomeRegistry;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What an utterance may look like; the same for every way in. */
@Component
public class UtteranceRules {
  /** The longest text, in characters (code points). */
  public static final int MAX_LENGTH = 2000;

  private static final Set<String> LANGUAGES = Set.of("en", "zh");
  private static final Pattern CONVERSATION = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final int AREAS_NAMED = 20;

  private final HomeRegistry registry;

  UtteranceRules(HomeRegistry registry) {
    this.registry = registry;
  }

  /**
   * The utterance of a request.
   *
   * @param text the words; 1 to {@value #MAX_LENGTH} characters, no control characters but tab and
   *     line breaks
   * @param area id, name or alias of an area of this home, or null
   * @param conversation id of an earlier turn, or null
   * @param language BCP 47 tag of English or Chinese, or null
   * @return the utterance, with the area's id and the language's primary subtag
   * @throws InvalidRequestException naming the field and the rule
   */
  public Utterance utterance(
      @Nullable String text,
      @Nullable String area,
      @Nullable String conversation,
      @Nullable String language) {
    return new Utterance(text(text), area(area), conversation(conversation), language(language));
  }

  private static String text(@Nullable String text) {
    if (text == null || text.isBlank()) {
      throw new InvalidRequestException(
          "text", "text is empty: say what to do, such as \"turn off the kitchen lights\"");
    }
    int length = text.codePointCount(0, text.length());
    if (length > MAX_LENGTH) {
      throw new InvalidRequestException(
          "text", "text has " + length + " characters; at most " + MAX_LENGTH + " are allowed");
    }
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!allowed(c)) {
        throw new InvalidRequestException(
            "text",
            "text holds U+%04X at position %d: send plain text without control characters"
                .formatted(c, i));
      }
      i += Character.charCount(c);
    }
    return text.strip();
  }

  private static boolean allowed(int c) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return true;
    }
    boolean noncharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    int type = Character.getType(c);
    return !noncharacter && type != Character.CONTROL && type != Character.SURROGATE;
  }

  private @Nullable String area(@Nullable String area) {
    if (area == null || area.isBlank()) {
      return null;
    }
    String wanted = fold(area);
    var areas = registry.home().areas();
    for (Area known : areas) {
      if (Stream.concat(Stream.of(known.id().value(), known.name()), known.aliases().stream())
          .anyMatch(name -> fold(name).equals(wanted))) {
        return known.id().value();
      }
    }
    throw new InvalidRequestException(
        "area",
        "area \"%s\" is unknown here; known are: %s"
            .formatted(
                shown(area),
                areas.stream()
                    .map(Area::name)
                    .limit(AREAS_NAMED)
                    .collect(Collectors.joining(", "))));
  }

  private static String fold(String name) {
    return name.strip().replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  /**
   * The conversation of a request.
   *
   * @param conversation id of an earlier turn, or null
   * @return the same, null for a blank one
   * @throws InvalidRequestException when it cannot be one
   */
  public static @Nullable String conversation(@Nullable String conversation) {
    if (conversation == null || conversation.isBlank()) {
      return null;
    }
    if (!CONVERSATION.matcher(conversation).matches()) {
      throw new InvalidRequestException(
          "conversation",
          "conversation \"%s\" is not an id that an earlier reply gave; leave it out to start anew"
              .formatted(shown(conversation)));
    }
    return conversation;
  }

  /**
   * The language of a request.
   *
   * @param language BCP 47 tag of English or Chinese, or null
   * @return its primary subtag, null for a blank one
   * @throws InvalidRequestException when it is another language
   */
  public static @Nullable String language(@Nullable String language) {
    if (language == null || language.isBlank()) {
      return null;
    }
    String primary = Locale.forLanguageTag(language.strip().replace('_', '-')).getLanguage();
    if (!LANGUAGES.contains(primary)) {
      throw new InvalidRequestException(
          "language",
          "language \"%s\" is not spoken here: use en or zh, or leave it out"
              .formatted(shown(language)));
    }
    return primary;
  }

  /** A value of the request fit for an error message: short, on one line. */
  private static String shown(String value) {
    String line = value.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }
}
