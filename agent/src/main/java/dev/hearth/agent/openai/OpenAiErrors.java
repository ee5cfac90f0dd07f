package dev.hearth.agent.openai;

import dev.hearth.agent.conversation.OverloadedException;
import dev.hearth.agent.web.BodyTooLargeException;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.agent.web.JsonFaults;
import dev.hearth.agent.web.Problems;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns errors into the error object that OpenAI clients know. */
@RestControllerAdvice(basePackageClasses = OpenAiErrors.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class OpenAiErrors extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(OpenAiErrors.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> invalid(InvalidRequestException e) {
    String param = e.field().equals("text") ? "messages" : e.field();
    return answer(HttpStatus.BAD_REQUEST, message(e), param);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> invalid(IllegalArgumentException e) {
    return answer(HttpStatus.BAD_REQUEST, message(e), null);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unknown(UnknownModelException e) {
    return answer(HttpStatus.NOT_FOUND, message(e), "model");
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> overloaded(OverloadedException e) {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Problems.openAi(HttpStatus.SERVICE_UNAVAILABLE, message(e), null));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unexpected(RuntimeException e) {
    log.error("A chat completion failed", e);
    return answer(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "the agent met an error of its own; its log says more",
        null);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return BodyTooLargeException.causes(e)
        ? body(HttpStatus.CONTENT_TOO_LARGE, "the body is longer than allowed", headers)
        : body(HttpStatus.BAD_REQUEST, JsonFaults.describe(e), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object problem,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    String detail =
        problem instanceof ProblemDetail p && p.getDetail() != null ? p.getDetail() : "bad request";
    return body(HttpStatus.valueOf(status.value()), detail, headers);
  }

  private static ResponseEntity<Object> body(
      HttpStatus status, String detail, HttpHeaders headers) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Problems.openAi(status, detail, null));
  }

  private static ResponseEntity<Map<String, Object>> answer(
      HttpStatus status, String detail, @Nullable String param) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Problems.openAi(status, detail, param));
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? "not valid" : e.getMessage();
  }
}
