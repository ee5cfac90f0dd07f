package dev.hearth.agent.web;

import dev.hearth.agent.conversation.OverloadedException;
import dev.hearth.agent.conversation.UnknownConfirmationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns errors of controllers into RFC 9457 problem details; a way in extends it for its package.
 */
public abstract class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  /** For subclasses. */
  protected ProblemAdvice() {}

  @ExceptionHandler
  ResponseEntity<ProblemDetail> invalid(InvalidRequestException e) {
    ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, e);
    problem.setProperty("field", e.field());
    return answer(problem, HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> invalid(IllegalArgumentException e) {
    log.debug("Refused a request", e);
    return answer(problem(HttpStatus.BAD_REQUEST, e), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(UnknownConfirmationException e) {
    return answer(problem(HttpStatus.NOT_FOUND, e), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> overloaded(OverloadedException e) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    return answer(problem(HttpStatus.SERVICE_UNAVAILABLE, e), headers);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unexpected(RuntimeException e) {
    log.error("A request failed", e);
    return answer(
        ProblemDetail.forStatusAndDetail(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "the agent met an error of its own; its log says more"),
        HttpHeaders.EMPTY);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ProblemDetail problem =
        BodyTooLargeException.causes(e)
            ? ProblemDetail.forStatusAndDetail(
                HttpStatus.CONTENT_TOO_LARGE, "the body is longer than allowed")
            : ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, JsonFaults.describe(e));
    return handleExceptionInternal(
        e, problem, headers, HttpStatus.valueOf(problem.getStatus()), request);
  }

  /** A problem whose detail is the exception's message. */
  protected static ProblemDetail problem(HttpStatus status, Exception e) {
    String message = e.getMessage();
    return ProblemDetail.forStatusAndDetail(status, message == null ? "not valid" : message);
  }

  /** An answer in the problem's media type. */
  protected static ResponseEntity<ProblemDetail> answer(
      ProblemDetail problem, HttpHeaders headers) {
    return ResponseEntity.status(problem.getStatus())
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }
}
