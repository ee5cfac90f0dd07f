package dev.hearth.agent.account;

import dev.hearth.agent.web.Problems;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;

/**
 * Two ways in: the programs' (bearer token, no session, no CSRF) and the console's (sign-in page,
 * session cookie, CSRF). Health is open to all.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  private static final String[] PROGRAMS = {"/api/**", "/v1/**", "/v3/**", "/actuator/**"};
  private static final String CONSOLE_CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Only our provider; without this bean Boot would invent a user with a password. */
  @Bean
  AuthenticationManager authenticationManager(TokenAuthentication tokens) {
    return new ProviderManager(tokens);
  }

  @Bean
  @Order(1)
  SecurityFilterChain programs(HttpSecurity http, TokenAuthentication tokens, Problems problems) {
    BearerFilter bearer = new BearerFilter(tokens, problems);
    return http.securityMatcher(PROGRAMS)
        .csrf(csrf -> csrf.disable())
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .addFilterBefore(bearer, UsernamePasswordAuthenticationFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                .requestMatchers(HttpMethod.GET, "/actuator/health/**")
                .permitAll()
                .anyRequest()
                .hasRole("ADMIN"))
        .exceptionHandling(errors ->
            errors
                .authenticationEntryPoint((request, response, e) ->
                    bearer.unauthorized(request, response, "a token is needed", null))
                .accessDeniedHandler((request, response, e) ->
                    problems.write(
                        request, response, HttpStatus.FORBIDDEN, "this token may not do that")))
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain console(HttpSecurity http, Problems problems) {
    var signIn = new LoginUrlAuthenticationEntryPoint("/sign-in");
    return http.authorizeHttpRequests(requests ->
            requests
                .requestMatchers("/sign-in", "/error", "/static/**", "/favicon.ico")
                .permitAll()
                .anyRequest()
                .hasRole("ADMIN"))
        .formLogin(form ->
            form.loginPage("/sign-in")
                .usernameParameter("name")
                .passwordParameter("token")
                .defaultSuccessUrl("/", true))
        .logout(out -> out.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in?out"))
        .exceptionHandling(errors ->
            errors
                .authenticationEntryPoint((request, response, e) -> {
                  if (request.getRequestURI().startsWith("/console/")) {
                    problems.write(
                        request,
                        response,
                        HttpStatus.UNAUTHORIZED,
                        "the sign-in has expired: sign in again");
                  } else {
                    signIn.commence(request, response, e);
                  }
                })
                .accessDeniedHandler((request, response, e) ->
                    problems.write(
                        request,
                        response,
                        HttpStatus.FORBIDDEN,
                        "the page is outdated: reload it")))
        .headers(headers ->
            headers
                .contentSecurityPolicy(policy -> policy.policyDirectives(CONSOLE_CONTENT_POLICY))
                .referrerPolicy(
                    policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.SAME_ORIGIN)))
        .build();
  }
}
