"""Writes the parts of the documents that are made from the data and the code: `python tools/make_docs.py`.

With --check it writes nothing and only says which document is not current. Name documents to leave the others alone.

A made part stands between two markers, which name what is to stand there:

    <!-- made: parameters trust -->
    <!-- made: end -->

Everything outside the markers is written by hand and stays as it is.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this tree's own model, also where another one is installed

from sim.costs import shipped_costs  # noqa: E402
from sim.evidence.parameters import PARAMETERS, Parameter  # noqa: E402
from sim.indicators import GROUPS, INDICATORS  # noqa: E402
from sim.levers import LEVERS  # noqa: E402
from sim.month import STEPS  # noqa: E402
from sim.scenario import shipped_scenarios  # noqa: E402
from sim.shocks import SHOCKS  # noqa: E402
from sim.world import state  # noqa: E402
from sim.world.files import NationalWorld, load_world, shipped_worlds  # noqa: E402
from tools.equations import equations_of  # noqa: E402

DOCUMENTS = ("README.md", "docs/model.md")
RULES = ROOT / "sim" / "rules"
SECTIONS = ROOT / "docs" / "model" / "sections.yaml"
FIELDS = ROOT / "docs" / "model" / "state.yaml"
BLOCK = re.compile(r"(<!-- made: (?!end -->)([^\n]*?) -->\n).*?(<!-- made: end -->)", re.DOTALL)

# The tables of the state, by the name under which docs/model/state.yaml describes them.
TABLES: dict[str, np.dtype] = {
    "clock": state.CLOCK,
    "municipality": state.MUNICIPALITY,
    "post": state.POST,
    "alderman": state.ALDERMAN_ROW,
    "facilitator": state.FACILITATOR,
    "initiative": state.INITIATIVE,
    "tie": state.TIE,
    "former": state.FORMER,
    "agreement": state.AGREEMENT,
    "ledger": state.LEDGER,
}


# Small helpers ------------------------------------------------------------------------------------------------------


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as plain data."""
    found: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


@cache
def sections() -> dict[str, str]:
    """The sections of the interview report that the model rests on: number -> what it is about."""
    return {str(number): words for number, words in read_yaml(SECTIONS).items()}


@cache
def described_fields() -> dict[str, dict[str, dict[str, str]]]:
    """What the state's fields mean: table -> field -> unit and meaning."""
    return read_yaml(FIELDS)


def cell(value: object) -> str:
    """A value as the text of one cell of a Markdown table."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("|", r"\|").replace("\n", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def section_list(numbers: Iterable[str]) -> str:
    """Sections as they are written in a text: §2.1, §3.2."""
    return ", ".join(f"§{number}" for number in numbers)


# What can be made ---------------------------------------------------------------------------------------------------


def month() -> str:
    """The steps of a month, in order."""
    rows = []
    for number, step in enumerate(STEPS, start=1):
        file = f"{step.row.__module__.replace('.', '/')}.py"
        rows.append((number, step.name, step.owner, step.words, f"[`{file}`](../{file})"))
    return table(("", "step", "who", "what happens", "code"), rows)


def parameters(process: str) -> str:
    """The parameters of one process."""
    chosen = [p for p in PARAMETERS.values() if p.process == process]
    if not chosen:
        raise ValueError(
            f"no parameters of {process!r}; allowed: {', '.join(sorted({p.process for p in PARAMETERS.values()}))}"
        )
    return table(
        ("name", "value", "unit", "prior", "role", "status", "§", "source", "meaning"),
        [
            (
                f"`{p.name}`",
                p.value,
                p.unit,
                p.prior,
                p.role,
                p.status,
                p.section and f"§{p.section}",
                p.source,
                p.meaning["en"],
            )
            for p in chosen
        ],
    )


def calibrated() -> str:
    """The parameters that are to be fitted to the interviews."""
    chosen = [p for p in PARAMETERS.values() if p.role == "calibrated"]
    return table(
        ("name", "process", "prior", "unit", "meaning"),
        [(f"`{p.name}`", p.process, p.prior, p.unit, p.meaning["en"]) for p in chosen],
    )


def counts() -> str:
    """How many parameters there are, by role and by status."""

    def by(key: Callable[[Parameter], str]) -> str:
        values = [key(p) for p in PARAMETERS.values()]
        return ", ".join(
            f"{values.count(value)} {value}" for value in sorted(set(values), key=lambda value: -values.count(value))
        )

    return f"{len(PARAMETERS)} parameters; by role: {by(lambda p: p.role)}; by status: {by(lambda p: p.status)}."


def levers() -> str:
    """The levers and, under each, its options."""
    rows: list[Sequence[object]] = []
    for lever in LEVERS.values():
        span = f"{lever.minimum:g}–{lever.maximum:g}, default {lever.default:g}"
        who = ", ".join(lever.who_can_act)
        rows.append(
            (
                f"`{lever.id}`",
                span,
                lever.unit.en,
                lever.level,
                lever.mechanism,
                who,
                lever.evidence,
                section_list(lever.sections),
                lever.meaning.en,
            )
        )
        for name, option in lever.options.items():
            span = f"{option.minimum:g}–{option.maximum:g}, default {option.default:g}"
            rows.append((f"… `{name}`", span, option.unit.en, "", "", "", "", "", option.meaning.en))
    return table(
        ("lever, … option", "range", "unit", "level", "process", "who can act", "evidence", "§", "meaning"), rows
    )


def shocks() -> str:
    """The shocks."""
    rows = []
    for shock in SHOCKS.values():
        span = f"{shock.minimum:g}–{shock.maximum:g}, default {shock.default:g}"
        lasts = f"{shock.default_months} months unless stated" if shock.lasts else "one month"
        rows.append(
            (
                f"`{shock.id}`",
                span,
                shock.unit.en,
                lasts,
                shock.level,
                shock.mechanism,
                shock.evidence,
                section_list(shock.sections),
                shock.meaning.en,
            )
        )
    return table(("shock", "range", "unit", "lasts", "level", "process", "evidence", "§", "meaning"), rows)


def indicators() -> str:
    """The indicators."""
    rows = [
        (f"`{each.id}`", each.unit["en"], each.kind, each.better, each.meaning["en"], each.denominator["en"])
        for each in INDICATORS.values()
    ]
    return table(("indicator", "unit", "kind", "wanted", "meaning", "over whom"), rows)


def groups() -> str:
    """The groups in which every indicator is measured."""
    return ", ".join(f"`{name}`" for name in GROUPS) + "."


def costs() -> str:
    """What one unit of a lever costs a year."""
    rows = []
    for name, cost in shipped_costs().levers.items():
        amounts = (
            cost.hours_per_year,
            cost.facilitator_hours_per_year,
            cost.volunteer_hours_per_year,
            cost.euros_per_year,
        )
        rows.append(
            (
                f"`{name}`",
                cost.per,
                *(f"{amount:g}" for amount in amounts),
                ", ".join(cost.counted_by_rules),
                cost.status,
                cost.source,
            )
        )
    return table(
        (
            "lever or shock",
            "per",
            "municipal hours",
            "facilitator hours",
            "volunteer hours",
            "euros",
            "counted by the rules already",
            "status",
            "source",
        ),
        rows,
    )


def scenarios() -> str:
    """The shipped scenarios."""
    return table(
        ("scenario", "what it is"), [(f"`{name}`", each.description.en) for name, each in shipped_scenarios().items()]
    )


def worlds() -> str:
    """The shipped worlds."""
    rows = [
        (f"`{name}`", w.past_from, f"{w.first_month} to {w.last_month}", w.policy_start, w.description.en)
        for name, w in shipped_worlds().items()
    ]
    return table(("world", "runs from", "results", "policies start", "what it is"), rows)


def facts(name: str) -> str:
    """What holds in every scenario of a national world, with its source."""
    world = load_world(name)
    if not isinstance(world, NationalWorld):
        raise ValueError(f"{name} is not a national world")
    rows: list[Sequence[object]] = [("elections", ", ".join(world.elections), "", "everyone", "", "the calendar")]
    for point in world.vision:
        rows.append(("vision adopted", point.month, f"{point.share:g}", "everyone", point.status, point.source))
    for fact in world.facts:
        until = f"{fact.start} to {fact.end}" if fact.end else f"{fact.start} on"
        whom = (
            "; ".join(
                f"{key}: {', '.join(map(str, value))}"
                for key, value in fact.scope.model_dump(exclude_none=True).items()
            )
            or "everyone"
        )
        rows.append((f"`{fact.what}`", until, f"{fact.intensity:g}", whom, fact.status, fact.source))
    return table(("what", "months", "intensity or share", "for", "status", "source"), rows)


def world_numbers(name: str) -> str:
    """The numbers of a national world, with their sources."""
    world = load_world(name)
    if not isinstance(world, NationalWorld):
        raise ValueError(f"{name} is not a national world")
    flow, helpers, rows = world.initiatives, world.facilitators, []
    rows.append(
        (
            "supported initiatives",
            f"{flow.supported}, over {flow.entry_months} months, {flow.share_at_start:g} of them at once",
            flow.status,
            flow.source,
        )
    )
    rows.append(("older ties", f"{flow.older_ties_share:g} of those there at the start", flow.status, flow.source))
    rows.append(("inflow afterwards", f"{flow.inflow_per_year:g} a year", flow.status, flow.source))
    for size in state.SIZES:
        each = getattr(world.size_classes, size)
        low, high = each.inhabitants
        words = (
            f"{each.share:g} of the initiatives, {each.municipalities} municipalities, {low:,}–{high:,} inhabitants, "
        )
        words += f"{each.fte[0]:g}–{each.fte[1]:g} FTE for heat, {each.posts} post(s)"
        rows.append((f"{size} municipalities", words, each.status, each.source))
    shares = ", ".join(f"{ambition} {getattr(world.ambition, ambition):g}" for ambition in state.AMBITIONS)
    rows.append(("ambition", shares, world.ambition.status, world.ambition.source))
    rows.append(
        ("facilitators", f"{helpers.number}, at most {helpers.caseload} cases each", helpers.status, helpers.source)
    )
    return table(("what", "value", "status", "source"), rows)


def fields(name: str) -> str:
    """The fields of one table of the state. ValueError when the description and the code name different fields."""
    described, real = described_fields()[name], TABLES[name].names or ()
    if set(described) != set(real):
        missing, extra = sorted(set(real) - set(described)), sorted(set(described) - set(real))
        raise ValueError(f"docs/model/state.yaml: {name}: missing {missing}, unknown {extra}")
    return table(
        ("field", "unit", "meaning"),
        [(f"`{field}`", described[field]["unit"], described[field]["meaning"]) for field in real],
    )


def report_sections() -> str:
    """The list of the report's sections."""
    return table(("§", "about"), [(f"§{number}", words) for number, words in sections().items()])


def process_sections(process: str) -> str:
    """The sections that a process, its parameters, its levers and its shocks rest on."""
    rule = RULES / f"{process}.py"
    numbers = set(re.findall(r"§(\d(?:\.\d)*)", rule.read_text(encoding="utf-8"))) if rule.is_file() else set()
    numbers |= {p.section for p in PARAMETERS.values() if p.process == process and p.section}
    for entry in (*LEVERS.values(), *SHOCKS.values()):
        if entry.mechanism == process:
            numbers |= set(entry.sections)
    known = sections()
    return " · ".join(f"§{number} {known[number]}" for number in sorted(numbers))


def equations(module: str, *named: str) -> str:
    """The scalar functions of a rule file, and what else is named of it, as they stand in the code.

    ``module`` is the name of a rule file, or a path without its ending.
    """
    return equations_of((ROOT if "/" in module else RULES) / f"{module}.py", named)


def command(*words: str) -> str:
    """What a command of `samenspel` prints."""
    line = [sys.executable, "-m", "sim.cli", *words]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ValueError(f"samenspel {' '.join(words)}: {done.stderr.strip()}")
    return f"```text\n$ samenspel {' '.join(words)}\n{done.stdout.rstrip()}\n```"


# Everything by name ---------------------------------------------------------------------------------------------------


BLOCKS: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        *(month, parameters, calibrated, counts, levers, shocks, indicators, groups, costs, scenarios, worlds),
        *(facts, world_numbers, fields, report_sections, process_sections, equations, command),
    )
}


def made(order: str) -> str:
    """What an order asks for, such as ``parameters trust``. Raises ValueError for one that is not known."""
    name, *arguments = order.split()
    if name not in BLOCKS:
        raise ValueError(f"{order!r} cannot be made; allowed: {', '.join(BLOCKS)}")
    return BLOCKS[name](*arguments)


def render(text: str) -> str:
    """A document's text with every made part made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{made(found[2])}\n\n{found[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with --check only name those that are not current.

    Exit status 1 when there is one, or when one cannot be made.
    """
    stale = 0
    named = [word for word in arguments if word != "--check"]
    if unknown := sorted(set(named) - set(DOCUMENTS)):
        print(f"{unknown[0]}: nothing in it is made; allowed: {', '.join(DOCUMENTS)}", file=sys.stderr)
        return 2
    for name in named or DOCUMENTS:
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        try:
            after = render(before)
        except ValueError as problem:
            print(f"{name}: {problem}", file=sys.stderr)
            return 1
        if before == after:
            continue
        if "--check" in arguments:
            print(f"{name}: not current; run python tools/make_docs.py", file=sys.stderr)
            stale = 1
        else:
            path.write_text(after, encoding="utf-8")
            print(f"{name}: written")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
