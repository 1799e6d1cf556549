"""Compile a mechanism's own functions on their own: `python -m sim.mechanism.trial rules/NAME indicators/NAME …`.

It runs in a woven copy, and prints one line of JSON: nothing (an empty mapping), or the file, field and problem of the
first function that numba will not compile.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

from sim.engine.problems import one_line

# What numba says around the reason.
AROUND = re.compile(
    r"Failed in |During: |- (argument|Resolution|Enable)|Overload |There are \d+ candidate|>>> |Type error|Rejected"
    r"|Of which|In definition|With argument|Compilation is falling"
)


def said(error: BaseException, file: str, written: str) -> tuple[str, str]:
    """Where in a file (its name and its text) numba stumbled, and what it said, on one line."""
    if isinstance(error, KeyError):  # a field that a table lacks: numba says its name, and not where
        name = str(error.args[0])
        numbered = enumerate(written.splitlines(), start=1)
        line = next((number for number, words in numbered if re.search(rf"\.{re.escape(name)}\b", words)), None)
        reason = f"numba cannot compile it: there is no field '{name}'"
        return (f"line {line}" if line else "file"), one_line(reason, limit=400)
    text = str(error)
    places = re.findall(r'File "([^"]+)", line (\d+)', text)
    own = [line for path, line in places if Path(path).as_posix().endswith(file)]
    lines = [line.strip() for line in text.splitlines()]
    told = [
        line
        for line in lines
        if line and not AROUND.match(line) and not line.startswith(("File ", "raised from", "^", "~"))
    ]
    reason = told[0] if told else type(error).__name__
    return (f"line {own[-1]}" if own else "file"), f"numba cannot compile it: {one_line(reason, limit=400)}"


def problem_of(name: str, state: Any) -> dict[str, str]:
    """What is wrong with a module; empty when it compiles."""
    import numba

    file = f"{name}.py"
    try:
        module = importlib.import_module(f"sim.{name.replace('/', '.')}")
    except Exception as error:
        return {"file": file, "field": "import", "problem": one_line(f"{type(error).__name__}: {error}")}
    row = (numba.int64, state)
    wanted = {"initiative": row, "initiatives": (state,)} if name.startswith("rules/") else {"measure": row}
    for function, signature in wanted.items():
        dispatcher = getattr(module, function)
        decorator = "@plural" if function == "initiatives" else "@rule"
        if not hasattr(dispatcher, "compile"):
            return {"file": file, "field": function, "problem": f"is not compiled; write {decorator} above it"}
        try:
            dispatcher.compile(signature)
        except Exception as error:
            where, reason = said(error, file, inspect.getsource(module))
            return {"file": file, "field": where, "problem": reason}
        returned = dispatcher.nopython_signatures[0].return_type
        if function == "measure" and returned != numba.float64:
            return {"file": file, "field": "measure", "problem": f"returns {returned}; it must return a float, always"}
    return {} if name.startswith("rules/") else problem_of_indicator(module.INDICATOR, name, file)


def problem_of_indicator(indicator: Any, name: str, file: str) -> dict[str, str]:
    """What is wrong with the words of an indicator; empty when nothing is."""
    from sim.indicators.indicator import Indicator

    def wrong(field: str, problem: str) -> dict[str, str]:
        return {"file": file, "field": f"INDICATOR.{field}", "problem": problem}

    if not isinstance(indicator, Indicator):
        return wrong("", "must be an Indicator of sim.indicators.indicator")
    if indicator.id != Path(name).name:
        return wrong("id", f"{indicator.id!r} must be the name of the file, '{Path(name).name}'")
    for field, allowed in (("kind", ("total", "average")), ("better", ("higher", "lower", "neither"))):
        if getattr(indicator, field) not in allowed:
            return wrong(field, f"{getattr(indicator, field)!r} is not allowed; allowed: {', '.join(allowed)}")
    for field in ("unit", "meaning", "denominator"):
        words = getattr(indicator, field)
        for language in ("nl", "en"):
            if not (isinstance(words, dict) and isinstance(words.get(language), str) and words[language].strip()):
                return wrong(f"{field}.{language}", "is missing; both languages are needed")
    return {}


def main(names: list[str]) -> None:
    """Try every module; print the first problem."""
    from sim.world.kind import STATE

    problem = next((each for name in names if (each := problem_of(name, STATE))), {})
    print(json.dumps(problem))


if __name__ == "__main__":
    main(sys.argv[1:])
