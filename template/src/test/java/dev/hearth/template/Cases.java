package dev.hearth.template;

import java.util.ArrayList;
import java.util.List;

/** Templates with contexts: used against the oracle, and each must render. */
final class Cases {
  /**
   * A case.
   *
   * @param source the template
   * @param context JSON object
   * @param chat whether with the options of chat templates
   */
  record Case(String source, String context, boolean chat) {}

  private static final String HOME =
      """
      {"value": "42.46", "value_json": {"temperature": 21.456, "humidity": 55, "state": "ON", "brightness": 127,
       "color": {"h": 120.5, "s": 100}, "color_temp": 370, "battery": null, "contact": false, "linkquality": 87,
       "update": {"state": "idle"}, "names": ["a", "b", "c"], "text": "Hall \\u4e00\\u697c", "position": "35",
       "POWER1": "OFF", "ENERGY": {"Power": 12, "Total": 1.5e-7}, "items": [3, 1, 2], "big": 1e20, "mode": "heat",
       "list": [{"n": "x", "v": 1}, {"n": "y", "v": 2}, {"n": "z", "v": 1}]}}
      """;

  private Cases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (String source : DEVICE) {
      cases.add(new Case(source, HOME, false));
      cases.add(new Case(source, HOME, true));
    }
    for (String source : LANGUAGE) {
      cases.add(new Case(source, HOME, false));
      cases.add(new Case(source, HOME, true));
    }
    return cases;
  }

  private static final List<String> DEVICE =
      List.of(
          "{{ value_json.temperature }}",
          "{{ value_json.temperature | round(1) }}",
          "{{ value_json.temperature | round }}",
          "{{ value_json['humidity'] | int }}",
          "{{ value | float | round(1) }}",
          "{{ value | int }}",
          "{{ value_json.brightness / 255 * 100 }}",
          "{{ (value_json.brightness / 2.55) | round(0) | int }}",
          "{{ value_json.brightness // 2 }} {{ value_json.brightness % 10 }} {{ 2 ** 10 }} {{ -7 // 2 }} {{ -7 % 3 }}",
          "{{ 'ON' if value_json.state == 'ON' else 'OFF' }}",
          "{% if value_json.contact %}open{% else %}closed{% endif %}",
          "{{ value_json.missing | default('none') }}",
          "{{ value_json.missing | default }}|{{ value_json.battery | default('x') }}|{{ value_json.battery | default('x', true) }}",
          "{{ value_json.battery }}",
          "{{ value_json.contact }}",
          "{{ value_json.state | lower }}",
          "{% set map = {'heat': 'heating', 'cool': 'cooling'} %}{{ map[value_json.mode] if value_json.mode in map else 'idle' }}",
          "{{ {'heat': 1, 'off': 0}[value_json.mode] }}",
          "{{ {1: 'one', 2: 'two'}[value_json.items[2]] }}",
          "{{ value_json.color.h }},{{ value_json.color.s }}",
          "{{ value_json.color.h ~ ',' ~ value_json.color.s }}",
          "{{ (1000000 / value_json.color_temp) | int }}",
          "{{ value_json['update']['state'] }}",
          "{{ value_json.ENERGY.Power | float }} {{ value_json.ENERGY.Total }} {{ value_json.big }}",
          "{{ '%.1f' % value_json.temperature }} {{ '%0.2f' | format(value_json.temperature) }} {{ '%d%%' % 3 }}",
          "{{ '%02x%02x%02x' % (255, 0, 17) }} {{ '%5.1f|%-6s|%+d' % (2.25, 'ab', 3) }}",
          "{{ '{:.1f} {} {name}'.format(2.25, 'x', name='n') }} {{ '{:>5}|{:<5}|{:^5}|{:05d}'.format('a','b','c',42) }}",
          "{\"state\": \"{{ value_json.state }}\", \"brightness\": {{ value_json.brightness | default(255) }}}",
          "{{ value_json.position | int + 5 }}",
          "{{ 100 - value_json.position | int }}",
          "{{ value_json.humidity > 50 and value_json.temperature < 30 }}",
          "{{ not value_json.contact }}",
          "{{ value_json.POWER1 == 'ON' }}",
          "{{ value_json.names | join(', ') }} {{ value_json.names | length }} {{ value_json.names[-1] }}",
          "{{ value_json is mapping }} {{ value_json.names is iterable }} {{ value_json.state is string }}",
          "{{ value_json.x is defined }} {{ value_json.state is defined }} {{ value_json.battery is none }}",
          "{{ value_json | tojson }}",
          "{{ value_json.color | to_json }}",
          "{{ value_json }}",
          "{{ iif(value_json.contact, 'open', 'closed') }} {{ value_json.contact | iif('a', 'b') }}",
          "{{ max(value_json.brightness, 200) }} {{ min(3, 1, 2) }} {{ [3,1] | max }} {{ [3,1] | min }}",
          "{{ value_json.list | selectattr('v', 'eq', 1) | map(attribute='n') | list }}",
          "{{ value_json.list | rejectattr('v', 'equalto', 1) | map(attribute='n') | join }}",
          "{{ value_json.list | map(attribute='v') | sum }} {{ value_json.list | sum(attribute='v') }}",
          "{{ value_json['items'] | sort }} {{ value_json['items'] | sort(reverse=true) }} {{ value_json['items'] | reverse | list }}",
          "{{ value_json.text | upper }} {{ value_json.text | length }} {{ value_json.text[-2:] }} {{ value_json.text[::-1] }}",
          "{{ value.split('.')[0] }} {{ value.split('.') }} {{ 'a  b c'.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }}",
          "{{ value_json.get('state') }} {{ value_json.get('nope', 'd') }} {{ value_json.get('nope') }}",
          "{{ 'abc'.replace('b', 'x') }} {{ 'abcb' | replace('b', 'x', 1) }} {{ 'ab'.replace('', '-') }}",
          "{{ value_json.nope.deeper }}",
          "{{ nope }}|{{ nope | default(3) }}",
          "{{ value_json.linkquality | int(0) }} {{ 'x' | int(7) }} {{ 'x' | float(1.5) }} {{ none | int(3) }}",
          "{{ value_json.temperature | abs }} {{ -3 | abs }} {{ (-3.5) | abs }}",
          "{{ 10 | string ~ 'x' }} {{ 3.0 }} {{ 1e16 }} {{ 1e15 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1/3 }}",
          "{{ 7.5 | round(0, 'floor') }} {{ 7.25 | round(1) }} {{ 2.5 | round }} {{ 7.2 | round(0, 'ceil') }} {{ 7.3 | round(1, 'half') }}",
          "{{ true }} {{ True }} {{ none }} {{ None }} {{ [1, 2.0, 'a', none, true, {'k': 'v'}] }} {{ (1, 'b') }} {{ (1,) }} {{ {} }} {{ [] }}",
          "{{ \"it's\" }} {{ [\"it's\", 'a\"b', 'nl\\n'] }}");

  private static final List<String> LANGUAGE =
      List.of(
          "{% for x in [1,2,3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }};{% endfor %}",
          "{% for x in [] %}a{% else %}none{% endfor %}",
          "{% for x in [1,2,3,4] if x % 2 == 0 %}{{ x }}{{ loop.length }}{% else %}b{% endfor %}",
          "{% for a, b in {'x': 1, 'y': 2}.items() %}{{ a }}={{ b }};{% endfor %}",
          "{% for k, v in value_json.color | items %}{{ k }}:{{ v }} {% endfor %}",
          "{% for k, v in value_json.color | dictsort %}{{ k }}:{{ v }} {% endfor %}",
          "{% for x in 'abc' %}{{ loop.previtem }}{{ x }}{{ loop.nextitem }}|{% endfor %}",
          "{% for x in [1,2] %}{% for y in [1,2] %}{{ loop.depth }}{{ x }}{{ y }} {% endfor %}{% endfor %}",
          "{% set ns = namespace(n=0, found=false) %}{% for x in range(5) %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}",
          "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}",
          "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
          "{% set x %}block {{ 1 + 1 }}{% endset %}{{ x }}|{% set y | upper %}abc{% endset %}{{ y }}",
          "{% macro m(a, b='d') %}[{{ a }}-{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}",
          "{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}",
          "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}",
          "{% filter upper %}abc{{ 'd' }}{% endfilter %}",
          "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
          "{% raw %}{{ not }} {% this %}{% endraw %}",
          "{%- raw -%}   x   {%- endraw -%}   y",
          "a {# comment #} b {#- c -#} d",
          "  {% if true %}  \n  yes\n  {% endif %}\n  end\n",
          "  {%+ if true %}\n  yes\n  {%+ endif +%}\n  end\n\n",
          "a\n  {%- if true -%}\n  yes\n  {%- endif %}\n  end",
          "x {{- ' y ' -}} z\n{{ 1 }}\n{{- 2 }}\n",
          "line\r\n{% if true %}\r\nyes\r\n{% endif %}\r\nend\r\n",
          "{% if 0 %}a{% elif '' %}b{% elif [] %}c{% elif {} %}d{% elif none %}e{% elif 0.0 %}f{% else %}g{% endif %}",
          "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ [1,2] < [1,3] }} {{ 1 == 1.0 }} {{ true == 1 }} {{ '1' == 1 }}",
          "{{ 'a' in 'abc' }} {{ 2 in [1,2] }} {{ 'k' in {'k': 1} }} {{ 'z' not in 'abc' }} {{ not 'z' in 'abc' }}",
          "{{ 1 if false }}|{{ 1 if false else 2 if false else 3 }}",
          "{{ 'a' ~ 1 ~ none ~ true ~ 1.5 }} {{ 'a' + 'b' }} {{ 'ab' * 3 }} {{ [1] * 2 + [3] }}",
          "{{ [1,2,3,4,5][1:3] }} {{ [1,2,3,4,5][::-1] }} {{ [1,2,3,4,5][::2] }} {{ [1,2,3][-2:] }} {{ 'hello'[1:-1] }} {{ [1,2,3][5:1:-1] }}",
          "{{ '  x '.strip() }}|{{ '  x '.lstrip() }}|{{ '  x '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ '\\n\\nq\\n'.lstrip('\\n') }}",
          "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'abc'.find('c') }} {{ 'abc'.find('z') }} {{ 'aXbX'.rfind('X') }} {{ 'banana'.count('an') }}",
          "{{ 'hello world'.title() }} {{ \"they're ok\" | title }} {{ \"they're ok\".title() }} {{ 'hELLO' | capitalize }} {{ 'abC'.swapcase() }}",
          "{{ '5'.zfill(3) }} {{ '-5'.zfill(4) }} {{ 'ab'.center(7, '*') }} {{ 'abc'.center(6,'*') }} {{ 'a'.ljust(3) }}| {{ 'a'.rjust(3) }}",
          "{{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'pre_x'.removeprefix('pre_') }} {{ 'l1\\nl2'.splitlines() }}",
          "{{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ 'a'.isalpha() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }}",
          "{{ {'a': 1, 'b': [1, {'c': none}], 'd': 'é\"\\n', 'e': 1.0, 'f': true} | tojson }}",
          "{{ {'a': 1, 'b': [1, {'c': none}], 'z': [], 'y': {}} | tojson(indent=2) }}",
          "{{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }} {{ {'b': 1} | tojson(separators=(',', ':')) }}",
          "{{ [1,2,3] | first }} {{ [1,2,3] | last }} {{ [] | first }} {{ 'abc' | last }} {{ [1,2] | length }} {{ 'x' | list }}",
          "{{ ['b','A','c'] | sort }} {{ ['b','A','c'] | sort(case_sensitive=true) }} {{ ['a','B','a'] | unique | list }}",
          "{{ [3,4] | map('string') | join('-') }} {{ ['a','b'] | map('upper') | list }} {{ [1,none,2] | select | list }} {{ [1,2,3] | select('odd') | list }} {{ [1,2,3] | reject('gt', 1) | list }}",
          "{{ [1,2,3,4,5] | batch(2) | list }} {{ [1,2,3] | batch(2, 'x') | list }}",
          "{{ 'abc def ghi jkl' | truncate(9, true) }} {{ 'abc def ghi jkl' | truncate(9) }} {{ 'a\\nb' | indent(2) }} {{ 'a\\nb' | indent(2, true) }} {{ 'a b c' | wordcount }}",
          "{{ '<a href=\"x\">' | e }} {{ 'x' | safe }} {{ ' x ' | trim }} {{ 'xax' | trim('x') }} {{ 'x' | center(5) }}|",
          "{{ 3 is odd }} {{ 3 is even }} {{ 6 is divisibleby 3 }} {{ 6 is divisibleby(4) }} {{ 3 is number }} {{ 'x' is number }} {{ 3 is integer }} {{ 3.0 is float }} {{ true is boolean }} {{ 1 is boolean }} {{ true is true }} {{ 1 is sameas 1 }}",
          "{{ 'x' is in ['x'] }} {{ 3 is not none }} {{ x is not defined }} {{ 'ab' is lower }} {{ 'AB' is upper }} {{ 3 is eq 3 }} {{ 3 is gt(2) }} {{ value_json is sequence }} {{ range is callable }}",
          "{{ range(3) | list }} {{ range(1, 10, 3) | list }} {{ range(5, 0, -2) | list }} {{ range(0) | list }}",
          "{{ dict(a=1, b=2) }} {{ dict({'x': 1}, y=2) }} {{ {'a': 1}.keys() | list }} {{ {'a': 1}.values() | list }}",
          "{% set a, b = 1, 2 %}{{ a }}{{ b }} {% set t = (1, 2) %}{{ t[0] }} {{ t.1 }}",
          "{{ -2 ** 2 }} {{ 2 * 3 + 4 }} {{ 2 + 3 * 4 }} {{ (2 + 3) * 4 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 7 // 2.0 }} {{ 5 % 3.5 }} {{ 2 ** -1 }}",
          "{{ 'a\\tb\\\\c\\u4e2d\\x41' }} {{ \"q\\\"q\" }} {{ 'one' 'two' }}",
          "{{ 1_000 }} {{ 1.5e3 }} {{ 2E-3 }} {{ +5 }} {{ - 5 }}",
          "{% for x in [1,1,2] %}{{ loop.changed(x) }}{{ loop.cycle('a','b') }} {% endfor %}",
          "{{ value_json.list | map(attribute='n') | map('upper') | list }} {{ value_json | length }} {{ value_json.list | map(attribute='q', default='-') | join }}",
          "{{ [[1,2],[3]] | sum(start=[]) }} {{ [1,2] == [1,2] }} {{ {'a':1} == {'a':1.0} }} {{ (1,2) == [1,2] }}",
          "{% set messages = [{'role':'a'},{'role':'b'}] %}{% for m in messages[::-1] %}{{ m.role }}{{ (messages | length - 1) - loop.index0 }}{% endfor %}{{ messages[0].role }}{{ messages[-1]['role'] }}{{ messages[9] is defined }}",
          "{{ ('a' 'b') | upper }} {{ 'x' if 'a' is string and 1 is number else 'y' }} {{ 1 if x is defined else 2 }}",
          "{{ 1 is number and 'a' is string or false }} {{ [] or 'x' }} {{ 0 and 1 }} {{ '' or none }} {{ not (1 and 0) }}",
          "{{ value_json.text }} {{ '\\ud83d\\ude00'[0] | length }} {{ '一二三'[1] }} {{ '一二三' | reverse }}",
          "{% do [1] %}{{ {'a': {'b': {'c': 5}}}.a.b.c }} {{ {'a': 1}['a'] }} {{ {'keys': 1}['keys'] }}");
}
