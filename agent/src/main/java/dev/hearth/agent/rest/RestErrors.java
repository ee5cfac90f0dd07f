package dev.hearth.agent.rest;

import dev.hearth.agent.library.ConflictException;
import dev.hearth.agent.web.ProblemAdvice;
import dev.hearth.devices.registry.UnknownEntityException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Errors of the REST API. */
@RestControllerAdvice(basePackageClasses = RestErrors.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class RestErrors extends ProblemAdvice {

  @ExceptionHandler({NotFoundException.class, UnknownEntityException.class})
  ResponseEntity<ProblemDetail> notFound(RuntimeException e) {
    return answer(problem(HttpStatus.NOT_FOUND, e), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> conflict(ConflictException e) {
    return answer(problem(HttpStatus.CONFLICT, e), HttpHeaders.EMPTY);
  }
}
