package dev.hearth.agent.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The last resort for errors that no handler answered: a problem, never a stack trace. */
@Controller
class ErrorPage implements ErrorController {
  private static final Logger log = LoggerFactory.getLogger(ErrorPage.class);

  private final Problems problems;

  ErrorPage(Problems problems) {
    this.problems = problems;
  }

  @RequestMapping("/error")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    int code =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer i ? i : 404;
    HttpStatus status = HttpStatus.resolve(code);
    if (status == null || !status.isError()) {
      status = HttpStatus.INTERNAL_SERVER_ERROR;
    }
    if (status.is5xxServerError()) {
      log.error(
          "{} {} failed",
          request.getMethod(),
          request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI),
          (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
    }
    problems.write(
        request,
        response,
        status,
        status.is5xxServerError()
            ? "the agent met an error of its own; its log says more"
            : status.getReasonPhrase());
  }
}
