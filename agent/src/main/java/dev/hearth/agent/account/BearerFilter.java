package dev.hearth.agent.account;

import dev.hearth.agent.web.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads a bearer token (RFC 6750, header only); a wrong one ends the request. */
final class BearerFilter extends OncePerRequestFilter {
  private static final Pattern BEARER =
      Pattern.compile("Bearer +([A-Za-z0-9._~+/!-]+=*) *", Pattern.CASE_INSENSITIVE);

  private final TokenAuthentication authentication;
  private final Problems problems;

  BearerFilter(TokenAuthentication authentication, Problems problems) {
    this.authentication = authentication;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null) {
      Matcher bearer = BEARER.matcher(header);
      try {
        String token = bearer.matches() ? bearer.group(1) : "";
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
            authentication.authenticate(
                UsernamePasswordAuthenticationToken.unauthenticated("admin", token)));
        SecurityContextHolder.setContext(context);
      } catch (AuthenticationException e) {
        unauthorized(request, response, "the token is not valid", "invalid_token");
        return;
      }
    }
    chain.doFilter(request, response);
  }

  /** Answers 401 and says how to do it. */
  void unauthorized(
      HttpServletRequest request, HttpServletResponse response, String what, @Nullable String error)
      throws IOException {
    response.setHeader(
        HttpHeaders.WWW_AUTHENTICATE,
        error == null
            ? "Bearer realm=\"hearth\""
            : "Bearer realm=\"hearth\", error=\"" + error + "\"");
    problems.write(
        request,
        response,
        HttpStatus.UNAUTHORIZED,
        what + ": send the header \"Authorization: Bearer <admin token>\"");
  }
}
