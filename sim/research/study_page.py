"""The page of a study, and the index of all pages: Markdown in Dutch and English, made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.problems import InputError
from sim.research.reading import SweepResult
from sim.research.robustness import initiatives_in
from sim.research.study_answers import answer, aside
from sim.research.study_case import Study, relative_gains
from sim.research.study_draws import fitted_names
from sim.research.study_figure import shown
from sim.research.study_numbers import Difference, Share, contrast, difference_of, level
from sim.research.study_packages import choices
from sim.research.study_words import (
    LANGUAGES,
    assumption,
    capital,
    exactly,
    number,
    outcome,
    percent,
    text,
    whole,
    within,
)
from sim.scenario import AS_NOW

COLUMNS = ("homes_reached", "structural_partnership", "public_euros")
IN_MILLIONS, MILLION = ("public_euros",), 1e6
ENGLISH = "english"
MADE_BY = "python -m sim.research.study --all --out runs/studies"


def page(study: Study, command: str, figures: Mapping[str, str]) -> str:
    """The page. `figures`: the address of the figure in each language."""
    parts = []
    for language in LANGUAGES:
        name = study.result.manifest["sweep"]["name"][language]
        if language == LANGUAGES[0]:
            parts += [f"# {name}", f"[English](#{ENGLISH})"]
        else:
            parts += [f'<a id="{ENGLISH}"></a>', f"# {name}"]
        parts += ["\n".join(answer(study, language)), aside(study, language)]
        parts.append(f"![{_alt(study, language)}]({figures[language]})")
        parts.append(_basis(study.result, language))
        if study.entry["kind"] == "packages":
            parts += _budgets(study, language)
        if study.entry["kind"] == "silent":
            parts += _why_not(study, language)
        parts += [f"## {text(language, 'table.title')}", _table(study, language)]
        parts.append(text(language, "table.note", what=outcome(language, study.about, "what")))
        if AS_NOW in study.result.scenarios:
            parts.append(_levels(study, language))
        parts += [f"## {text(language, 'decides.title')}", *_decides(study, language)]
        parts += [f"## {text(language, 'costs.title')}", str(study.entry["costs"][language])]
    model = study.result.manifest["depends_on"]["model"]
    made = " / ".join(text(language, "made.title") for language in LANGUAGES)
    parts += [f"## {made}", f"```sh\n{command}\n```", f"Model `{model}`."]
    return "\n\n".join(part for part in parts if part) + "\n"


def first_sentence(page_text: str, language: str) -> tuple[str, str]:
    """The question and the first sentence of the answer that stand on a page. Raises `ValueError` where there is no
    such page.
    """
    start = page_text.index("# ") if language == LANGUAGES[0] else page_text.index(f'<a id="{ENGLISH}"></a>')
    blocks = page_text[start:].split("\n\n")
    here = next(number for number, block in enumerate(blocks) if block.startswith("# "))
    skipped = 2 if blocks[here + 1].startswith("[") else 1
    return blocks[here].removeprefix("# "), blocks[here + skipped].splitlines()[0]


def index(folder: Path, names: list[str]) -> str:
    """The index of the pages in a folder: question, first sentence, link. Raises `InputError` for a missing page."""
    parts = []
    for language in LANGUAGES:
        parts += [f"# {text(language, 'index.title')}", text(language, "index.intro")]
        for name in names:
            path = folder / f"{name}.md"
            if not path.is_file():
                raise InputError(path, "file", f"is not there; make it with `python -m sim.research.study {name}`")
            question, told = first_sentence(path.read_text(encoding="utf-8"), language)
            anchor = "" if language == LANGUAGES[0] else f"#{ENGLISH}"
            parts.append(f"**[{question}]({name}.md{anchor})**\\\n{told}")
        parts += [text(language, "index.basis"), text(language, "index.made"), f"```sh\n{MADE_BY}\n```"]
    return "\n\n".join(parts) + "\n"


def _alt(study: Study, language: str) -> str:
    what = " · ".join(outcome(language, each, "name") for each in shown(study))
    named = [study.label(each.spec, language).replace("[", "").replace("]", "") for each in study.found]
    return text(language, "figure.alt", what=what, comparisons="; ".join(named))


def _basis(result: SweepResult, language: str) -> str:
    """On what the draws rest, and how many there are."""
    sweep = result.manifest["sweep"]
    states, unknowns = int(result.manifest["points"]), len(result.axes)
    values = {
        "states": states, "worlds": result.replicates, "total": states * result.replicates,
        "year": result.last_month[:4],
    }  # fmt: skip
    if sweep["design"]["kind"] == "prior":
        return text(language, "basis.prior", rest=unknowns, **values)
    from sim.comparison import load_parameters

    fitted = len(fitted_names(load_parameters("posterior").rows))
    return text(language, "basis.posterior", fitted=fitted, rest=unknowns - fitted, **values)


def _span(language: str, found: Difference, *, divided: float = 1.0) -> str:
    ends = (found.middle, found.lowest, found.highest)
    middle, low, high = (number(language, each / divided, signed=True) for each in ends)
    return text(language, "range", middle=middle, low=low, high=high)


def chance_words(language: str, share: Share) -> str:
    """The share of luck with its interval; only its bound where the estimate reaches beyond 0 or 1."""
    if share.low != share.low:
        return "–"
    if share.high >= 1.0:
        return text(language, "at_least", value=percent(language, share.low))
    if share.low <= 0.0:
        return text(language, "at_most", value=percent(language, share.high))
    ends = percent(language, share.low), percent(language, share.high)
    return f"{percent(language, share.estimate)} ({text(language, 'range_short', low=ends[0], high=ends[1])})"


def _columns(study: Study) -> list[str]:
    extra = [each for each in study.entry.get("columns", COLUMNS) if each != study.about]
    return [study.about, *extra]


def _column_name(language: str, indicator: str) -> str:
    name = outcome(language, indicator, "name")
    return text(language, "millions", name=name) if indicator in IN_MILLIONS else name


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _table(study: Study, language: str) -> str:
    """The contrasts, one a row."""
    columns = _columns(study)
    versus = study.common
    of = text(language, "table.of") if versus is None else (
        text(language, "table.common", versus=study.name(versus, language))
    )  # fmt: skip
    head = [of, outcome(language, study.about, "name")]
    head += [text(language, "table.more"), text(language, "table.chance")]
    relative = study.entry["kind"] == "groups"
    head += [text(language, "groups.relative")] if relative else []
    head += [_column_name(language, each) for each in columns[1:]]
    lines = [_row(head), "| --- |" + " ---: |" * (len(head) - 1)]
    for each in study.found:
        cells = [study.label(each.spec, language), _span(language, each.difference)]
        cells += [str(each.difference.of_hundred[0]), chance_words(language, each.difference.chance)]
        if relative:
            gains = relative_gains(study, each.spec["more"][0])[each.spec["group"]]
            cells.append(text(language, "added", value=percent(language, float(np.median(gains)))))
        for column in columns[1:]:
            difference = contrast(study.result, each.spec, column)
            cells.append(_span(language, difference, divided=MILLION if column in IN_MILLIONS else 1.0))
        lines.append(_row(cells))
    return "\n".join(lines)


def _levels(study: Study, language: str) -> str:
    """How much there is when everybody goes on as now."""
    told = []
    for indicator in _columns(study):
        found = difference_of(level(study.result, indicator, AS_NOW))
        divided = MILLION if indicator in IN_MILLIONS else 1.0
        low, middle, high = (number(language, e / divided) for e in (found.lowest, found.middle, found.highest))
        name = within(_column_name(language, indicator))
        told.append(text(language, "table.level_of", name=name, middle=middle, low=low, high=high))
    scenario = study.name(AS_NOW, language)
    return text(language, "table.level", scenario=scenario, levels=text(language, "semicolon").join(told))


def _decides(study: Study, language: str) -> list[str]:
    """The assumptions, by how strongly they go with any of the differences."""
    what = outcome(language, study.about, "what")
    by_name: dict[str, list[tuple[float, str]]] = {}
    for each in study.found:
        for one in each.deciders:
            by_name.setdefault(one.name, []).append((one.rho, study.label(each.spec, language)))
    if not by_name:
        return [text(language, "decides.none", what=what)]
    keys = ("decides.unknown", "decides.count", "decides.rho", "decides.where")
    rows = []
    for name, told in sorted(by_name.items(), key=lambda item: -max(abs(rho) for rho, _ in item[1])):
        rho, where = max(told, key=lambda each: abs(each[0]))
        count = text(language, "count_of", count=len(told), total=len(study.found))
        rows.append(
            _row([f"{capital(assumption(language, name)[0])} (`{name}`)", count, exactly(language, rho), where])
        )
    states, unknowns = int(study.result.manifest["points"]), len(study.result.axes)
    note = text(language, "decides.note", what=what, states=states, unknowns=unknowns)
    return ["\n".join([_row([text(language, key) for key in keys]), "| --- | ---: | ---: | --- |", *rows]), note]


def _why_not(study: Study, language: str) -> list[str]:
    """Why the model cannot carry the answer: what stops in it, beside what was counted."""
    from calibration.predictive import HEAT_GONE, HEAT_INITIATIVES

    result = study.result
    count = initiatives_in(result)
    left = 1.0 - float(np.median(level(result, "active", AS_NOW))) / count
    world = result.manifest["sweep"]["worlds"][0]
    values = {
        "year": result.last_month[:4],
        "years": int(result.last_month[:4]) - int(world["past_from"][:4]) + 1,
        "share": percent(language, left),
        "count": count,
        "heat": HEAT_INITIATIVES,
        "gone": HEAT_GONE,
        "real": percent(language, HEAT_GONE / HEAT_INITIATIVES),
    }
    return [f"## {text(language, 'why.title')}", text(language, "why.gone", **values)]


def _budgets(study: Study, language: str) -> list[str]:
    """For each budget the packages, the least regretted first."""
    parts = []
    what = outcome(language, study.about, "what")
    for budget, scenarios in study.entry["budgets"].items():
        money = text(language, "euros", amount=whole(language, float(budget)))
        parts.append(f"## {text(language, 'budget.title', money=money)}")
        head = [text(language, "budget.package"), outcome(language, study.about, "name")]
        head += [text(language, key) for key in ("budget.regret", "budget.euros")]
        lines = [_row(head), "| --- | ---: | ---: | ---: |"]
        for each in choices(study.result, study.about, scenarios):
            name = capital(study.name(each.scenario, language))
            gain = _span(language, each.gain) if np.any(each.gain.values) else "0"
            lines.append(_row([name, gain, number(language, each.regret), number(language, each.euros)]))
        parts.append("\n".join(lines))
    parts.append(text(language, "budget.note", what=what))
    return parts


def entry_problems(entry: dict[str, Any]) -> list[str]:
    """What an entry of studies.json lacks, for its kind."""
    needs = {"ladder": ["lever"], "groups": ["give"], "packages": ["budgets"], "blow": ["event", "measure"]}
    return [
        each
        for each in ("kind", "contrasts", "caveat", "costs", *needs.get(entry.get("kind", ""), []))
        if each not in entry
    ]
