package dev.hearth.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Sentence templates that mean the same call.
 *
 * @param category what accuracy is reported by
 * @param tool the tool that is called
 * @param arguments its arguments; {@code @} stands for the slot's value
 * @param kinds the kinds of things a target may be, weighted by repetition; empty without target
 * @param area whether the target may be a bare area or floor
 * @param templates the sentences
 */
record Section(
    String category,
    String tool,
    Map<String, String> arguments,
    List<String> kinds,
    boolean area,
    List<Phrase> templates) {

  /** Reads {@code en} or {@code zh} from the class path. */
  static List<Section> load(String language) {
    String file = language + ".txt";
    List<Section> sections = new ArrayList<>();
    Map<String, String> words = new LinkedHashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Section.class.getResourceAsStream(file), file),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("%") && line.contains(" = ")) {
          String[] definition = line.split(" = ", 2);
          words.put(definition[0], "(" + used(definition[1].strip(), words) + ")");
        } else if (line.startsWith("[")) {
          sections.add(header(line));
        } else {
          sections.getLast().templates.add(Phrase.of(line.strip(), used(line.strip(), words)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
    return sections;
  }

  /** The line with the words of each %name in its place; longer names first. */
  private static String used(String line, Map<String, String> words) {
    String used = line;
    for (String name :
        words.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList()) {
      used = used.replace(name, words.getOrDefault(name, ""));
    }
    if (used.contains("%")) {
      throw new IllegalArgumentException("a %name without words: " + used);
    }
    return used;
  }

  private static Section header(String line) {
    String[] parts = line.substring(1, line.length() - 1).split("\\|", -1);
    String[] call = parts[1].strip().split(" ");
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String argument : Arrays.asList(call).subList(1, call.length)) {
      int equals = argument.indexOf('=');
      arguments.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    String kinds = parts[2].strip();
    return new Section(
        parts[0].strip(),
        call[0],
        arguments,
        kinds.equals("-") ? List.of() : List.of(kinds.split(" ")),
        parts[3].contains("area"),
        new ArrayList<>());
  }
}
