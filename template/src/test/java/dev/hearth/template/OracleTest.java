package dev.hearth.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares renderings with those of Python's jinja2; skipped where that is not installed. */
class OracleTest {
  @Test
  void rendersAsJinja2Does(@TempDir Path folder) throws Exception {
    List<Cases.Case> cases = new ArrayList<>(Cases.all());
    cases.addAll(ChatTemplates.cases());
    List<?> answers = ask(folder, cases);
    assertThat(answers).hasSameSizeAs(cases);
    SoftAssertions soft = new SoftAssertions();
    int texts = 0;
    for (int i = 0; i < cases.size(); i++) {
      Cases.Case each = cases.get(i);
      Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(answers.get(i));
      String ours;
      try {
        ours =
            Template.compile(
                    each.source(), each.chat() ? TemplateOptions.chat() : TemplateOptions.device())
                .render(Json.object(each.context()));
      } catch (TemplateException e) {
        soft.assertThat(answer.containsKey("error"))
            .as("%s fails with %s, jinja2 gives %s", each.source(), e.getMessage(), answer)
            .isTrue();
        continue;
      }
      texts++;
      soft.assertThat(ours)
          .as("%s (jinja2: %s)", each.source(), answer)
          .isEqualTo(answer.get("text"));
    }
    soft.assertAll();
    assertThat(texts).isGreaterThan(cases.size() * 9 / 10);
  }

  private static List<?> ask(Path folder, List<Cases.Case> cases) throws Exception {
    List<Object> list = new ArrayList<>();
    for (Cases.Case each : cases) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("source", each.source());
      one.put("context", Json.object(each.context()));
      one.put("chat", each.chat());
      list.add(one);
    }
    Path script = folder.resolve("oracle.py");
    try (InputStream source = OracleTest.class.getResourceAsStream("/oracle.py")) {
      Files.write(script, Objects.requireNonNull(source).readAllBytes());
    }
    Path input = folder.resolve("cases.json");
    Files.writeString(input, Json.write(list));
    Process python;
    try {
      Process probe = new ProcessBuilder("python3", "-c", "import jinja2").start();
      Assumptions.assumeTrue(probe.waitFor() == 0, "python3 has no jinja2; install python3-jinja2");
      python =
          new ProcessBuilder("python3", script.toString())
              .redirectInput(input.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      Assumptions.abort("no python3: " + e.getMessage());
      throw e;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    python.getInputStream().transferTo(out);
    assertThat(python.waitFor()).isZero();
    return (List<?>) Objects.requireNonNull(Json.read(out.toString(StandardCharsets.UTF_8)));
  }
}
