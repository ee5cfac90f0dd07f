package dev.hearth.agent.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an error outside Spring MVC, in filters: RFC 9457 problem details, or OpenAI's error
 * object below {@code /v1/}, whose clients know nothing else.
 */
@Component
public class Problems {
  /** The path below which clients speak OpenAI's protocol. */
  public static final String OPENAI_PATH = "/v1/";

  private final JsonMapper json;

  Problems(JsonMapper json) {
    this.json = json;
  }

  /**
   * Answers with an error.
   *
   * @param request what was asked
   * @param response not committed yet
   * @param status the status
   * @param detail what is wrong and what to do, a sentence for the caller
   */
  public void write(
      HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail)
      throws IOException {
    String path =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String original
            ? original
            : request.getRequestURI();
    Map<String, Object> body;
    if (path.startsWith(OPENAI_PATH)) {
      response.setContentType("application/json");
      body = openAi(status, detail, null);
    } else {
      response.setContentType("application/problem+json");
      body = new LinkedHashMap<>();
      body.put("type", "about:blank");
      body.put("title", status.getReasonPhrase());
      body.put("status", status.value());
      body.put("detail", detail);
      body.put("instance", path);
    }
    response.setStatus(status.value());
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.getOutputStream().write(json.writeValueAsBytes(body));
  }

  /**
   * OpenAI's error object.
   *
   * @param status the status it goes with
   * @param detail what is wrong
   * @param param the field of the request, or null
   */
  public static Map<String, Object> openAi(
      HttpStatus status, String detail, @Nullable String param) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", detail);
    error.put(
        "type",
        switch (status) {
          case UNAUTHORIZED -> "authentication_error";
          case FORBIDDEN -> "permission_error";
          case TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE -> "overloaded_error";
          default -> status.is4xxClientError() ? "invalid_request_error" : "server_error";
        });
    error.put("param", param);
    error.put("code", null);
    return Map.of("error", error);
  }
}
