package dev.hearth.agent.web;

import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/** Says what is wrong with a JSON body without showing the inside of the program. */
public final class JsonFaults {
  private JsonFaults() {}

  /**
   * A sentence for the caller.
   *
   * @param fault what reading the body threw
   */
  public static String describe(HttpMessageNotReadableException fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof DatabindException e && !e.getPath().isEmpty()) {
        return "the field \"" + path(e) + "\" has a value of the wrong type";
      }
      if (t instanceof StreamReadException e) {
        return "the body is not JSON in UTF-8: "
            + e.getOriginalMessage().lines().findFirst().orElse("")
            + " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      }
      if (t instanceof JacksonException) {
        return "the body is not a JSON object of the expected form";
      }
    }
    return "the body is missing or cannot be read: send a JSON object";
  }

  private static String path(DatabindException e) {
    return e.getPath().stream()
        .map(ref -> ref.getPropertyName() == null ? "[]" : ref.getPropertyName())
        .collect(Collectors.joining("."));
  }
}
