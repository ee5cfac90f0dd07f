package dev.hearth.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.web.WebTest;
import dev.hearth.devices.EntityId;
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
        "DELETE| /api/v1/areas/attic          | {}                       | 404 | no area",
        "DELETE| /api/v1/floors/attic         | {}                       | 404 | no floor",
        "DELETE| /api/v1/entities/a.b/decisions | {}                     | 404 | a.b",
        "PUT   | /api/v1/floors/up            | {\"level\":1}            | 400 | name is empty",
        "PUT   | /api/v1/floors/up            | {\"name\":\"downstairs\"} | 400 | claimed by floor ground_floor and by floor up",
        "PUT   | /api/v1/areas/den            | {\"name\":\"A\",\"adjoining\":[\"x\"]} | 400 | known are: hall",
        "PUT   | /api/v1/areas/hall           | {\"name\":\"Hall\",\"adjoining\":[\"hall\"]} | 400 | itself",
        "PATCH | /api/v1/entities/sensor.evil | {\"risk\":\"none\"}      | 400 | known are: normal, guarded",
        "PATCH | /api/v1/entities/sensor.evil | {\"name\":\" \"}         | 400 | name is empty",
        "PATCH | /api/v1/entities/sensor.evil | {\"aliases\":[\"kitchen\"]} | 400 | claimed by area kitchen",
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
  void keepsFloorsAndForgetsThemWithoutTheirAreas() throws Exception {
    HttpResponse<String> added =
        json(
            "PUT", "/api/v1/floors/up", "{\"name\":\"Upstairs\",\"level\":1,\"aliases\":[\"楼上\"]}");
    json("PUT", "/api/v1/areas/loft", "{\"name\":\"Loft\",\"floor\":\"up\"}");

    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    assertThat(body(get("/api/v1/floors")).get(1).get("aliases").get(0).stringValue())
        .isEqualTo("楼上");
    assertThat(json("DELETE", "/api/v1/floors/up", "").statusCode()).isEqualTo(204);
    assertThat(body(get("/api/v1/floors"))).hasSize(1);
    JsonNode loft =
        body(get("/api/v1/areas"))
            .valueStream()
            .filter(a -> a.get("id").stringValue().equals("loft"))
            .findFirst()
            .orElseThrow();
    assertThat(loft.get("floor").isNull()).isTrue();
    assertThat(json("DELETE", "/api/v1/areas/loft", "").statusCode()).isEqualTo(204);
    assertThat(body(get("/api/v1/areas")).findValuesAsString("id")).doesNotContain("loft");
  }

  @Test
  void areasAdjoinEachOtherWhoeverSaysSo() throws Exception {
    json("PUT", "/api/v1/areas/pantry", "{\"name\":\"Pantry\",\"adjoining\":[\"Kitchen\"]}");
    JsonNode kitchen =
        body(get("/api/v1/areas"))
            .valueStream()
            .filter(a -> a.get("id").stringValue().equals("kitchen"))
            .findFirst()
            .orElseThrow();
    assertThat(kitchen.get("adjoining").get(0).stringValue()).isEqualTo("pantry");

    json("DELETE", "/api/v1/areas/pantry", "");

    kitchen =
        body(get("/api/v1/areas"))
            .valueStream()
            .filter(a -> a.get("id").stringValue().equals("kitchen"))
            .findFirst()
            .orElseThrow();
    assertThat(kitchen.get("adjoining")).isEmpty();
  }

  @Test
  void namesAndRiskAreDecidedAndForgotten() throws Exception {
    JsonNode decided =
        body(
            json(
                "PATCH",
                "/api/v1/entities/sensor.evil",
                "{\"name\":\"Probe\",\"risk\":\"guarded\"}"));
    assertThat(decided.get("name").stringValue()).isEqualTo("Probe");
    assertThat(decided.get("risk").stringValue()).isEqualTo("guarded");
    assertThat(decided.get("exposure").stringValue()).isEqualTo("open");

    HttpResponse<String> forgotten = json("DELETE", "/api/v1/entities/sensor.evil/decisions", "");

    assertThat(forgotten.statusCode()).isEqualTo(204);
    JsonNode now = body(get("/api/v1/entities/sensor.evil"));
    assertThat(now.get("name").stringValue()).contains("evil");
    assertThat(now.get("risk").stringValue()).isEqualTo("normal");
  }

  @Test
  void nullTakesOneDecisionBackAndWhatIsLeftOutStays() throws Exception {
    String path = "/api/v1/entities/sensor.evil";
    String all =
        "{\"name\":\"Probe\",\"area\":\"kitchen\",\"aliases\":[\"p\"],\"exposed\":false,\"risk\":\"guarded\"}";
    assertThat(json("PATCH", path, all).statusCode()).isEqualTo(200);

    JsonNode some = body(json("PATCH", path, "{\"area\":null,\"exposed\":null}"));
    assertThat(some.get("area").stringValue()).isEqualTo("hall");
    assertThat(some.get("exposure").stringValue()).isEqualTo("open");
    assertThat(some.get("name").stringValue()).isEqualTo("Probe");
    assertThat(some.get("aliases").get(0).stringValue()).isEqualTo("p");
    assertThat(some.get("risk").stringValue()).isEqualTo("guarded");

    JsonNode none = body(json("PATCH", path, "{\"name\":null,\"aliases\":null,\"risk\":null}"));
    assertThat(none.get("name").stringValue()).contains("evil");
    assertThat(none.get("aliases")).isEmpty();
    assertThat(none.get("risk").stringValue()).isEqualTo("normal");
    assertThat(registry.decisions().entities()).doesNotContainKey(new EntityId("sensor.evil"));
  }

  @Test
  void theHomeIsOneFile() throws Exception {
    HttpResponse<String> exported = get("/api/v1/home.yaml");
    assertThat(exported.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/yaml");
    assertThat(exported.body()).contains("# Kitchen ceiling light", "lock.front_door:");

    HttpResponse<String> same = yaml(exported.body());
    HttpResponse<String> more =
        yaml("version: 1\nentities: {light.far: {exposed: false}, sensor.evil: {name: null}}\n");
    HttpResponse<String> wrong = yaml("version: 1\nareas: {kitchen: {floor: moon}}\n");

    assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
    assertThat(body(more).get("waiting").get(0).stringValue()).isEqualTo("light.far");
    assertThat(get("/api/v1/home.yaml").body()).contains("light.far:", "# not here at present");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(body(wrong).get("detail").stringValue())
        .contains("line 2: areas.kitchen.floor: there is no floor 'moon'; known are ground_floor");
    assertThat(yaml("#" + "x".repeat(2_000_000)).statusCode()).isEqualTo(413);
    assertThat(json("PUT", "/api/v1/home.yaml", "{}").statusCode()).isEqualTo(415);
    assertThat(body(yaml("")).get("detail").stringValue()).contains("the file is empty");
    json("DELETE", "/api/v1/entities/light.far/decisions", "");
  }

  private HttpResponse<String> yaml(String file) throws Exception {
    return send(
        request("/api/v1/home.yaml")
            .header("Content-Type", "application/yaml")
            .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(file)));
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
            "/api/v1/floors",
            "/api/v1/floors/{id}",
            "/api/v1/entities/{id}/decisions",
            "/api/v1/home.yaml",
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
