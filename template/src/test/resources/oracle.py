# Renders cases with Debian's python3-jinja2: one JSON list on stdin, one on stdout.
# Case: {"source", "context", "chat"}; answer: {"text"} or {"error"}.
import json
import math
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment

MISSING = object()


def chat_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def whole(value, default=MISSING, base=10):
    from jinja2.filters import do_int

    result = do_int(value, default=MISSING if default is MISSING else default, base=base)
    if result is MISSING:
        raise ValueError("int got invalid input")
    return result


def real(value, default=MISSING):
    try:
        return float(value)
    except (ValueError, TypeError):
        if default is MISSING:
            raise
        return default


def rounded(value, precision=0, method="common", default=MISSING):
    # As Home Assistant's forgiving_round.
    multiplier = float(10**precision)
    if method == "ceil":
        value = math.ceil(float(value) * multiplier) / multiplier
    elif method == "floor":
        value = math.floor(float(value) * multiplier) / multiplier
    elif method == "half":
        value = round(float(value) * 2) / 2
    else:
        value = round(float(value), precision)
    return int(value) if precision == 0 and method != "half" else value


def iif(value, if_true=True, if_false=False, if_none=MISSING):
    if value is None and if_none is not MISSING:
        return if_none
    return if_true if value else if_false


def environment(trim):
    env = ImmutableSandboxedEnvironment(
        trim_blocks=trim, lstrip_blocks=trim, extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"]
    )
    env.filters["tojson"] = chat_json
    env.filters["to_json"] = lambda v: json.dumps(v, ensure_ascii=False, separators=(",", ":"))
    env.filters["from_json"] = json.loads
    env.filters["int"] = whole
    env.filters["float"] = real
    env.filters["round"] = rounded
    env.filters["iif"] = iif
    env.globals["int"] = whole
    env.globals["float"] = real
    env.globals["iif"] = iif
    env.globals["max"] = max
    env.globals["min"] = min
    return env


CHAT, DEVICE = environment(True), environment(False)


def answer(case):
    try:
        env = CHAT if case["chat"] else DEVICE
        return {"text": env.from_string(case["source"]).render(**case["context"])}
    except Exception as e:
        return {"error": type(e).__name__ + ": " + str(e)}


json.dump([answer(c) for c in json.load(sys.stdin)], sys.stdout)
