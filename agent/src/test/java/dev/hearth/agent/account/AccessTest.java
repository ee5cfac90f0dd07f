package dev.hearth.agent.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.web.WebTest;
import dev.hearth.devices.AreaId;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest extends WebTest {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/commands",
        "/api/v1/entities",
        "/api/v1/home.yaml",
        "/api/v1/nothing",
        "/v3/api-docs",
        "/actuator",
        "/actuator/env"
      })
  void wantsTokenForEverythingButHealth(String path) throws Exception {
    HttpResponse<String> anonymous = send(HttpRequest.newBuilder(address(path)));

    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"hearth\"");
    assertThat(anonymous.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(body(anonymous).get("detail").stringValue()).contains("Authorization: Bearer");
    assertThat(anonymous.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "bearer " + TOKEN + "x",
        "Basic YWRtaW46eA==",
        TOKEN,
        "Bearer " + TOKEN + " " + TOKEN
      })
  void refusesWrongToken(String header) throws Exception {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(address("/api/v1/entities")).header("Authorization", header));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("invalid_token");
  }

  @Test
  void tellsHealthToAnyoneWithoutDetails() throws Exception {
    HttpResponse<String> health = send(HttpRequest.newBuilder(address("/actuator/health")));

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(body(health).get("status").stringValue()).isEqualTo("UP");
    assertThat(body(health).has("components")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/set-up"})
  void sendsBrowsersToSignIn(String path) throws Exception {
    HttpResponse<String> page = send(HttpRequest.newBuilder(address(path)));

    assertThat(page.statusCode()).isEqualTo(302);
    assertThat(page.headers().firstValue("Location").orElse("")).endsWith("/sign-in");
  }

  @Test
  void signsInWithTokenAndKeepsStrictCookie() throws Exception {
    Browser browser = new Browser();
    assertThat(browser.signIn("wrong token").headers().firstValue("Location").orElse(""))
        .endsWith("/sign-in?error");

    HttpResponse<String> signedIn = browser.signIn(TOKEN);

    assertThat(signedIn.statusCode()).isEqualTo(302);
    assertThat(signedIn.headers().firstValue("Location").orElse("")).endsWith("/");
    assertThat(signedIn.headers().firstValue("Set-Cookie").orElse(""))
        .contains("HttpOnly", "SameSite=Strict");
    HttpResponse<String> page = browser.send(HttpRequest.newBuilder(address("/")));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void refusesConsolePostWithoutCsrfToken() throws Exception {
    Browser browser = new Browser();
    browser.signIn(TOKEN);
    int heard = assistant.heard().size();

    HttpResponse<String> response =
        browser.send(
            HttpRequest.newBuilder(address("/console/ask"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"light on\"}")));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(assistant.heard()).hasSize(heard);
  }

  @Test
  void showsAndChangesTheHomeInTheConsoleOnlyForThoseSignedInWithTheirCsrfToken() throws Exception {
    assertThat(send(HttpRequest.newBuilder(address("/console/set-up"))).statusCode())
        .isEqualTo(401);
    assertThat(send(HttpRequest.newBuilder(address("/console/home.yaml"))).statusCode())
        .isEqualTo(401);
    Browser browser = new Browser();
    browser.signIn(TOKEN);

    HttpResponse<String> deleted =
        browser.send(HttpRequest.newBuilder(address("/console/set-up/areas/hall")).DELETE());
    HttpResponse<String> imported =
        browser.send(
            HttpRequest.newBuilder(address("/console/home.yaml"))
                .header("Content-Type", "application/yaml")
                .PUT(
                    HttpRequest.BodyPublishers.ofString(
                        "version: 1\nareas: {hall: {name: Mine}}\n")));

    assertThat(deleted.statusCode()).isEqualTo(403);
    assertThat(imported.statusCode()).isEqualTo(403);
    assertThat(registry.home().area(new AreaId("hall")).orElseThrow().name()).isEqualTo("Hall");
  }

  @Test
  void doesNotTakeSessionCookieForTheApi() throws Exception {
    Browser browser = new Browser();
    browser.signIn(TOKEN);

    assertThat(browser.send(HttpRequest.newBuilder(address("/api/v1/entities"))).statusCode())
        .isEqualTo(401);
  }

  /** Keeps cookies and follows no redirects. */
  private final class Browser {
    private final HttpClient client =
        HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> signIn(String token) throws Exception {
      URI page = address("/sign-in");
      Matcher csrf = CSRF.matcher(send(HttpRequest.newBuilder(page)).body());
      assertThat(csrf.find()).isTrue();
      String form =
          "name=admin&_csrf="
              + csrf.group(1)
              + "&token="
              + java.net.URLEncoder.encode(token, java.nio.charset.StandardCharsets.UTF_8);
      return send(
          HttpRequest.newBuilder(page)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form)));
    }
  }
}
