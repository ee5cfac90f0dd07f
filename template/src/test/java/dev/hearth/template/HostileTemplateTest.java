package dev.hearth.template;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileTemplateTest {
  static List<String> hostile() {
    return List.of(
        "{{ range(1000000000) | list }}",
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' * 9223372036854775807 }}",
        "{{ [1] * 1000000000 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
        "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(5000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
        "{% macro f(n) %}{% set x %}{{ f(n + 1) }}{% endset %}{% endmacro %}{{ f(0) }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 10 ** 30 }}",
        "{{ 1 / 0 }}",
        "{{ 1 % 0 }}",
        "{{ 'x'.replace('', 'y' * 60000) * 2 }}",
        "{{ ('a' * 60000).replace('a', 'aaaaaaaaaaaaaaaa') }}",
        "{{ ['a' * 60000] * 100 | join('b') }}{{ (['a' * 60000] * 100) | join }}",
        "{{ 'x'.center(1000000000) }}",
        "{{ 'x'.zfill(100000000) }}",
        "{{ ('a' * 40) | regex_match('(a+)+\\\\1+(a+)+\\\\1+b') }}",
        "{{ ('a' * 40) | regex_replace('((a|aa)+)+\\\\2x', '') }}",
        "{{ '%99999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ [3,2,1] | batch(999999999, 'x') | list }}",
        "{{ 'x' | indent(100000000, true) }}",
        "{{ x.y.z }}",
        "{{ [] | map('map', 'map') | list }}{{ [[]] | map('nope') | list }}",
        "{% for a, b in [1] %}{% endfor %}",
        "(".repeat(3) + "{{ " + "(".repeat(100000) + " }}",
        "{{ " + "[".repeat(100000) + "]".repeat(100000) + " }}",
        "{{ " + "not ".repeat(100000) + "x }}",
        "{{ " + "-".repeat(100000) + "1 }}",
        "{{ 1" + " + 1".repeat(100000) + " }}",
        "{{ x" + ".a".repeat(100000) + " }}",
        "{{ x" + "|abs".repeat(100000) + " }}",
        "{{ 1" + " if 1 else 1".repeat(100000) + " }}",
        "{{ 1" + " ** 1".repeat(100000) + " }}",
        "{% if 1 %}".repeat(100000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void endsWithAnExceptionWithinTheLimits(String source) {
    assertThatThrownBy(() -> Template.compile(source).render(Map.of("x", Map.of())))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void totalMemoryIsBoundedEvenWhenEachStringIsAllowed() {
    String source =
        "{% set ns = namespace(all=[]) %}{% for i in range(60000) %}"
            + "{% set ns.all = ns.all + ['a' * 60000 ~ i] %}{% endfor %}";
    // The device's limits, but for time: it is the steps that must end this.
    TemplateOptions device = TemplateOptions.device();
    TemplateOptions patient =
        new TemplateOptions(
            device.trimBlocks(),
            device.lstripBlocks(),
            device.maxSteps(),
            device.maxOutput(),
            Duration.ofMinutes(1));
    assertThatThrownBy(() -> Template.compile(source, patient).render(Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("steps");
  }
}
