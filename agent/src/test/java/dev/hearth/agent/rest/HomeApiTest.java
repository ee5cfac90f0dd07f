package dev.hearth.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.web.WebTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class HomeApiTest extends WebTest {

  @Test
  void listsEntitiesWithCapabilitiesStateAndAvailability() throws Exception {
    JsonNode light = body(get("/api/v1/entities")).get(0);

    assertThat(light.get("id").stringValue()).isEqualTo("light.kitchen_ceiling");
    assertThat(light.get("kind").stringValue()).isEqualTo("light");
    assertThat(light.get("area").stringValue()).isEqualTo("kitchen");
    assertThat(light.get("availability").stringValue()).isEqualTo("online");
    assertThat(light.get("state").get("on").booleanValue()).isTrue();
    assertThat(light.get("state").get("brightness").intValue()).isEqualTo(40);
    assertThat(light.get("updated").stringValue()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(light.get("capabilities").get(1).get("type").stringValue()).isEqualTo("brightness");
    assertThat(light.has("device_class")).isTrue();
  }

  @Test
  void givesOneEntity() throws Exception {
    assertThat(body(get("/api/v1/entities/lock.front_door")).get("state").get("lock").stringValue())
        .isEqualTo("locked");
    HttpResponse<String> unknown = get("/api/v1/entities/light.nowhere");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(body(unknown).get("detail").stringValue()).contains("light.nowhere");
  }

  @Test
  void changesOnlyWhatIsGiven() throws Exception {
    HttpResponse<String> response =
        json("PATCH", "/api/v1/entities/sensor.evil", "{\"aliases\":[\"probe\",\"探头\"]}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);

    JsonNode moved =
        body(
            json(
                "PATCH",
                "/api/v1/entities/sensor.evil",
                "{\"area\":\"Kitchen\",\"exposed\":false}"));

    assertThat(moved.get("area").stringValue()).isEqualTo("kitchen");
    assertThat(moved.get("exposed").booleanValue()).isFalse();
    assertThat(moved.get("aliases").get(1).stringValue()).isEqualTo("探头");
    json("PATCH", "/api/v1/entities/sensor.evil", "{\"area\":\"hall\",\"exposed\":true}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PATCH | /api/v1/entities/sensor.evil | {\"area\":\"moon\"}      | 400 | known are: hall",
        "PATCH | /api/v1/entities/sensor.evil | {\"aliases\":[\" \"]}    | 400 | empty name",
        "PATCH | /api/v1/entities/sensor.evil | {\"aliases\":[null]}     | 400 | empty name",
        "PATCH | /api/v1/entities/sensor.evil | {\"aliases\":\"a\"}      | 400 | aliases",
        "PATCH | /api/v1/entities/sensor.evil | {\"exposed\":\"maybe\"}  | 400 | exposed",
        "PATCH | /api/v1/entities/light.none  | {}                       | 404 | light.none",
        "PATCH | /api/v1/entities/%7Bx%7D     | {}                       | 404 | no entity",
        "PUT   | /api/v1/areas/Big%20Room     | {\"name\":\"Big room\"}  | 400 | not a slug",
        "PUT   | /api/v1/areas/attic          | {}                       | 400 | name is empty",
        "PUT   | /api/v1/areas/attic          | {\"name\":\"\\u0007\"}   | 400 | name is empty",
        "PUT   | /api/v1/areas/attic          | {\"name\":\"A\",\"floor\":\"9\"} | 400 | ground_floor",
        "DELETE| /api/v1/areas/attic          | {}                       | 405 | ",
      })
  void refusesWhatMakesNoSense(String method, String path, String body, int status, String detail)
      throws Exception {
    HttpResponse<String> response = json(method, path, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(body(response).get("detail").stringValue()).contains(detail == null ? "" : detail);
  }

  @Test
  void addsAndReplacesAreas() throws Exception {
    String area = "{\"name\":\"Study <b>\",\"floor\":\"downstairs\",\"aliases\":[\"书房\"]}";
    assertThat(json("PUT", "/api/v1/areas/study", area).statusCode()).isEqualTo(400);

    HttpResponse<String> added =
        json("PUT", "/api/v1/areas/study", area.replace("downstairs", "Ground floor"));
    HttpResponse<String> replaced = json("PUT", "/api/v1/areas/study", "{\"name\":\"Study\"}");

    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    assertThat(body(added).get("name").stringValue()).isEqualTo("Study b");
    assertThat(body(added).get("floor").stringValue()).isEqualTo("ground_floor");
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(body(get("/api/v1/areas")).findValuesAsString("id")).contains("study", "kitchen");
  }

  @Test
  void describesItselfInOpenApi() throws Exception {
    JsonNode document = body(get("/v3/api-docs"));

    assertThat(document.get("openapi").stringValue()).startsWith("3.1");
    assertThat(document.get("paths").propertyNames())
        .contains(
            "/api/v1/commands",
            "/api/v1/confirmations/{token}",
            "/api/v1/entities",
            "/api/v1/entities/{id}",
            "/api/v1/areas",
            "/api/v1/areas/{id}",
            "/api/v1/models",
            "/api/v1/models/active",
            "/api/v1/models/pull",
            "/api/v1/models/{name}",
            "/api/v1/models/{name}/download",
            "/v1/chat/completions",
            "/v1/models");
    assertThat(document.get("security").get(0).has("token")).isTrue();
  }
}
