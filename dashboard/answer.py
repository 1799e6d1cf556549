"""From how far the answer is to what the page draws: plain data, all text in the reader's language.

Nothing here computes a world or draws a pixel; it asks `words` for sentences and `figures` for pictures.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from dashboard import simulation
from dashboard.contrast import Contrast, contrast
from dashboard.figures import Figure
from dashboard.figures.others import others
from dashboard.figures.paths import Frame, Path, paths
from dashboard.figures.worlds import worlds
from dashboard.language import end_of, named, text, within_sentence
from dashboard.naming import scenario_name, words
from dashboard.session import ROUGH_WORLDS, SHARP_WORLDS, Standing
from dashboard.simulation import AS_NOW, SEED, SUGGESTED
from dashboard.state import NOW, Choice
from dashboard.words import Side, beside, headline, plain, rough_headline

MAIN, BESIDE = "structural_partnership", "homes_reached"  # always shown together
STATISTICS = ("p05", "p25", "p50", "p75", "p95")
ANSWER_WORDS = ("status.", "empty.", "waiting.", "notice.", "why.", "table.", "again.", "error.", "view.", "choose.")
Data = dict[str, Any]


def header(choice: Choice) -> Data:
    """What the top of the page shows: the pages there are and the other language."""
    language = choice.language
    return {
        "home": choice.address(),
        "languages": [
            {
                "id": other,
                "name": text(language, "site.dutch" if other == "nl" else "site.english"),
                "address": choice.address(language=other),
                "current": other == language,
            }
            for other in ("nl", "en")
        ],
        "words": words(language, "site.", "page."),
    }


def answer(standing: Standing) -> Data:
    """What the right-hand side shows."""
    choice, language = standing.choice, standing.choice.language
    shown: Data = {
        "phase": standing.phase,
        "status": status(standing),
        "pairs": pairs(choice),
        "headline": [],
        "beside": None,
        "figures": [],
        "notice": notice(standing),
        "again": None,
        "fault": standing.fault,
        "words": words(language, *ANSWER_WORDS),
    }
    if standing.phase == "empty":
        suggested = simulation.policies()[SUGGESTED]
        shown["suggestion"] = {
            "id": SUGGESTED,
            "label": text(language, "empty.start", name=within_sentence(named(suggested.name, language))),
        }
    elif standing.result is None:
        shown["waiting"] = text(language, "waiting.text", count=ROUGH_WORLDS)
    else:
        shown.update(found(standing))
    return shown


def pairs(choice: Choice) -> list[Data]:
    """The buttons with which two of the policies are chosen for the headline."""
    listed = []
    for first, second in choice.pairs:
        kind = "now" if second == NOW else "two"
        listed.append(
            {
                "id": f"{first}-{second}",
                "label": text(choice.language, f"view.{kind}", first=first, second=second),
                "full": f"{scenario_name(choice, first)} – {scenario_name(choice, second)}",
                "pressed": (first, second) == choice.pair,
            }
        )
    return listed


def status(standing: Standing) -> Data:
    """How far the computing is, in words and as a bar from 0 to 100."""
    language, phase = standing.choice.language, standing.phase
    worlds_done = standing.result.replicates if standing.result is not None else 0
    title, note, percent = "", "", 0.0
    if phase == "starting":
        title = text(language, "status.starting" if simulation.WARM.is_set() else "status.starting_long")
    elif phase == "rough":
        counted = max(worlds_done, round(standing.done * SHARP_WORLDS))
        title = text(language, "status.rough")
        note = text(language, "status.rough_of", done=counted, total=SHARP_WORLDS)
        if standing.seconds_left is not None:
            note += ", " + text(language, "status.left", seconds=max(1, round(standing.seconds_left)))
        percent = 100 * counted / SHARP_WORLDS
    elif phase == "done":
        title, percent = text(language, "status.done"), 100.0
        note = text(language, "status.worlds", done=worlds_done)
    elif phase == "stopped":
        title = text(language, "status.stopped")
        note = (
            text(language, "status.worlds", done=worlds_done) if worlds_done else text(language, "status.stopped_none")
        )
        percent = 100 * worlds_done / SHARP_WORLDS
    elif phase == "failed":
        title = text(language, "status.failed")
    return {"title": title, "note": note, "percent": round(percent, 1), "busy": phase in ("starting", "rough")}


def notice(standing: Standing) -> Data:
    """What must always be said beside an answer: not calibrated, no forecast, and who spoke with whom."""
    language = standing.choice.language
    parameters = standing.result.parameter_set if standing.result is not None else None
    calibrated = parameters is not None and parameters.calibrated
    kind = "_calibrated" if calibrated else ""
    name = {"name": parameters.name} if parameters is not None and calibrated else {}
    return {
        "calibrated": calibrated,
        "title": text(language, f"notice.title{kind}"),
        "text": text(language, f"notice.text{kind}", **name),
    }


def difference(result: Any, choice: Choice, pair: tuple[str, str], indicator: str) -> Contrast | None:
    """The contrast of two policies: each paired with going on as now in the same worlds, one minus the other."""
    values = np.zeros(result.replicates)
    for slot, sign in zip(pair, (1.0, -1.0), strict=True):
        if slot != NOW:
            values = values + sign * simulation.differences_at_horizon(result, choice.slots[slot], indicator)
    return contrast(values)


def found(standing: Standing) -> Data:
    """Headline, second outcome, figures and the command, for a result."""
    choice, result, language = standing.choice, standing.result, standing.choice.language
    pair = choice.pair
    assert pair is not None  # a result belongs to at least one policy
    rough = result.replicates < SHARP_WORLDS
    first, second = (Side(slot, scenario_name(choice, slot)) for slot in pair)
    main, other = (difference(result, choice, pair, indicator) for indicator in (MAIN, BESIDE))
    sentence = (rough_headline if rough else headline)(language, MAIN, main, first, second)
    calibrated = result.parameter_set.calibrated
    return {
        "headline": [asdict(piece) for piece in sentence],
        "spoken": plain(sentence),
        "beside": {
            "name": text(language, f"indicator.{BESIDE}.name"),
            "text": beside(language, BESIDE, other, rough=rough),
        },
        "why": text(language, "why.text_calibrated" if calibrated else "why.text"),
        "figures": [asdict(figure) for figure in figures(standing, pair, main, other, rough)],
        "again": {
            "command": result.command,
            "made_of": text(
                language,
                "again.model",
                model=result.model_hash[:12],
                parameters=result.parameter_set.hash[:12],
                name=result.parameter_set.name,
            ),
            "worlds": text(language, "foot.worlds", count=result.replicates, seed=SEED),
        },
    }


def figures(
    standing: Standing, pair: tuple[str, str], main: Contrast | None, other: Contrast | None, rough: bool
) -> list[Figure]:
    """All figures of a result, in the order of the page."""
    choice, result, language = standing.choice, standing.result, standing.choice.language
    world = simulation.worlds()[choice.world]
    date = end_of(language, result.months[-1])
    first, second = ((slot, label(choice, slot)) for slot in pair)
    frame = Frame(result.months, world.policy_start, world.elections, pair, rough, result.replicates)
    order = [pair[0], *(slot for slot in choice.slots if slot != pair[0]), NOW]
    drawn = []
    for indicator, measured in ((MAIN, main), (BESIDE, other)):
        if measured is not None:
            drawn.append(worlds(language, indicator, measured, first, second, date, rough=rough))
        lines = [path(result, choice, slot, indicator) for slot in order]
        drawn.append(paths(language, indicator, lines, frame))
    rest = [indicator for indicator in result.indicators if indicator not in (MAIN, BESIDE)]
    rows = [(indicator, difference(result, choice, pair, indicator)) for indicator in rest]
    drawn.append(others(language, rows, first, second, date, rough=rough))
    return drawn


def label(choice: Choice, slot: str) -> str:
    """How a policy is called inside a figure: its letter, or its name when it is going on as now."""
    return within_sentence(scenario_name(choice, NOW)) if slot == NOW else slot


def path(result: Any, choice: Choice, slot: str, indicator: str) -> Path:
    """The path of one policy, all groups together."""
    scenario = AS_NOW if slot == NOW else choice.slots[slot]
    values = result.summary.sel(scenario=scenario, group="all", indicator=indicator)
    return Path(
        slot,
        scenario_name(choice, slot),
        *(np.asarray(values.sel(statistic=name), dtype=float) for name in STATISTICS),
    )
