"""From how far the answer is to what the page draws: plain data, all text in the reader's language.

Nothing here computes a world or draws a pixel; it asks `words` for sentences and `figures` for pictures.
"""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from dashboard import least, outcomes, simulation
from dashboard.contrast import Contrast, contrast
from dashboard.direction import judged, remark
from dashboard.figures import Figure
from dashboard.figures.cost import Priced, cost
from dashboard.figures.differences import differences
from dashboard.figures.groups import Bar, Group, groups
from dashboard.figures.others import Row, others
from dashboard.figures.parting import parting
from dashboard.figures.paths import Frame, Path, paths
from dashboard.figures.worlds import worlds
from dashboard.language import catalogue, end_of, month_name, named, number, plural, text, within_sentence
from dashboard.luck import Parting, parted
from dashboard.naming import scenario_name, words
from dashboard.prices import of_scenario, two_amounts
from dashboard.session import FINE_WORLDS, ROUGH_WORLDS, SHARP_WORLDS, Standing
from dashboard.simulation import AS_NOW, SEED, SUGGESTED
from dashboard.state import MINE, NOW, Choice
from dashboard.words import Side, beside, doubt, headline, plain, rough_headline

STATISTICS = ("mean", "p05", "p25", "p50", "p75", "p95")
ANSWER_WORDS = (
    *("status.", "empty.", "waiting.", "notice.", "why.", "table.", "again.", "error.", "view.", "choose.", "badge."),
    *("outcome.", "export.", "upload.", "cost.note"),
)
EUROS, HOURS = "public_euros", "municipal_hours"
LARGEST_UPLOAD = 64 * 1024  # bytes; a scenario is a few kilobytes
WHY = "why"  # the figure of reasons is called so, with the letter of its policy behind it
FIGURE_KINDS = ("png", "svg", "csv")
Data = dict[str, Any]


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
        "upload": {
            "to": "upload",
            "limit": LARGEST_UPLOAD,
            "too_large": text(language, "upload.too_large", kilobytes=LARGEST_UPLOAD // 1024),
        },
        "words": {
            **words(language, *ANSWER_WORDS),
            "cost.note": f"{two_amounts(language)} {text(language, 'cost.note')}",
        },
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
        note = text(language, "status.rough_of", drawn=worlds_done, done=counted, total=SHARP_WORLDS)
        if standing.seconds_left is not None:
            note += ", " + text(language, "status.left", seconds=max(1, round(standing.seconds_left)))
        percent = 100 * counted / SHARP_WORLDS
    elif phase == "done":
        title, percent = text(language, "status.done"), 100.0
        note = text(language, "status.worlds" if worlds_done >= FINE_WORLDS else "status.worlds_more", done=worlds_done)
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
    used = standing.result.parameter_set if standing.result is not None else simulation.parameters().described()
    kind = "_calibrated" if used.calibrated else ""
    return {
        "calibrated": used.calibrated,
        "title": text(language, f"notice.title{kind}"),
        "text": text(language, f"notice.text{kind}"),
    }


def differences_of(
    result: Any, choice: Choice, pair: tuple[str, str], indicator: str, group: str = "all"
) -> NDArray[np.float64]:
    """One value a world: each policy paired with going on as now in the same world, the first minus the second."""
    values = np.zeros(result.replicates)
    for slot, sign in zip(pair, (1.0, -1.0), strict=True):
        if slot != NOW:
            scenario = choice.slots[slot]
            values = values + sign * simulation.differences_at_horizon(result, scenario, indicator, group)
    return values


def difference(
    result: Any, choice: Choice, pair: tuple[str, str], indicator: str, group: str = "all"
) -> Contrast | None:
    """The contrast of two policies in one outcome; `None` when it was not measured."""
    return contrast(differences_of(result, choice, pair, indicator, group))


def looked_at(result: Any, choice: Choice) -> tuple[str, str]:
    """The two that the answer is about, in the order in which it names them: of two policies the better one first.

    Against going on as now the policy is always first. Better is what people want of the outcome.
    """
    pair = choice.pair
    assert pair is not None  # a result belongs to at least one policy
    about = outcomes.main(choice)
    found = None if NOW in pair else difference(result, choice, pair, about)
    if found is None or found.verdict == "same":
        return pair
    wanted = "fewer" if result.better[about] == "lower" else "more"
    return pair if found.leading == wanted else (pair[1], pair[0])


def period(result: Any, choice: Choice, indicator: str) -> str:
    """How long an outcome that adds up was added up, in words; nothing for the others."""
    if indicator not in outcomes.ADDED_UP:
        return ""
    language = choice.language
    years = years_of_policy(result.months, simulation.world_of(choice).policy_start)
    return plural(language, "total.period", years, years=number(language, years))


def over_years(choice: Choice, indicator: str) -> str:
    """What a reader must know of differences in an outcome: that lower is better, over how long it was added up."""
    from sim.engine.months import add_months

    counting = ""
    if indicator in outcomes.ADDED_UP:
        world = simulation.setting(choice)
        months = [add_months(world.first_month, month) for month in range(choice.months or world.horizon)]
        years = years_of_policy(months, world.policy_start)
        counting = plural(choice.language, "total.over", years, years=number(choice.language, years))
    return remark(choice.language, indicator, counting)


def since(choice: Choice, indicator: str) -> str:
    """The same of how things stand: what adds up has done so since the world began."""
    counting = ""
    if indicator in outcomes.ADDED_UP:
        began = month_name(choice.language, simulation.setting(choice).past_from, short=False)
        counting = text(choice.language, "total.since", month=began)
    return remark(choice.language, indicator, counting)


def doubt_title(language: str, found: Contrast | None, *, rough: bool) -> str:
    """What stands over the second sentence: where every world goes one way, only the size is not certain."""
    return text(language, "why.title_all" if found is not None and found.all and not rough else "why.title")


def parting_of(result: Any, choice: Choice) -> Parting | None:
    """What of the spread of the main difference is luck and what is not knowing; `None` when that cannot be told."""
    if choice.pair is None or not result.parameter_set.calibrated:
        return None
    parameters = simulation.parameters()
    if parameters.name != result.parameter_set.name:
        return None
    return parted(differences_of(result, choice, choice.pair, outcomes.main(choice)), parameters.rows)


def found(standing: Standing) -> Data:
    """Headline, second outcome, figures and the command, for a result."""
    choice, result, language = standing.choice, standing.result, standing.choice.language
    pair = looked_at(result, choice)
    rough = result.replicates < SHARP_WORLDS
    first, second = (Side(slot, scenario_name(choice, slot)) for slot in pair)
    about, next_to = outcomes.main(choice), outcomes.beside(choice)
    main, other = (difference(result, choice, pair, indicator) for indicator in (about, next_to))
    sentence = (
        rough_headline(language, about, main, first, second)
        if rough
        else headline(language, about, main, first, second, period(result, choice, about))
    )
    known = None if rough else parting_of(result, choice)
    return {
        "headline": [asdict(piece) for piece in sentence],
        "spoken": plain(sentence),
        "beside": {
            "outcome": next_to,
            "name": text(language, f"indicator.{next_to}.name"),
            "text": beside(language, next_to, other, first, second, rough=rough),
        },
        "why_title": doubt_title(language, main, rough=rough),
        "why": doubt(language, known, calibrated=result.parameter_set.calibrated, rough=rough),
        "outcomes": offered(choice),
        "figures": [
            shown_figure(choice, figure, rough=rough)
            for figure in figures(choice, result, patient=simulation.WARM.is_set())
        ],
        "exports": [] if rough else exports(choice),
        "again": {
            "command": result.command,
            "made_of": text(
                language,
                "again.model",
                model=result.model_hash[:12],
                parameters=result.parameter_set.hash[:12],
                name=parameters_words(language, result.parameter_set.name),
            ),
            "worlds": text(language, "foot.worlds", count=result.replicates, seed=SEED),
        },
    }


def parameters_words(language: str, name: str) -> str:
    """How a set of parameters is called: in words where it is a shipped one."""
    return catalogue(language).get(f"again.parameters.{name}", name)


def offered(choice: Choice) -> list[Data]:
    """The outcomes that the answer can be about; those that a chosen measure fixes by itself are left out."""
    without, about = outcomes.fixed(choice), outcomes.main(choice)
    return [
        {
            "id": outcome,
            "name": text(choice.language, f"indicator.{outcome}.name"),
            "chosen": outcome == about,
            "disabled": outcome in without,
        }
        for outcome in outcomes.OUTCOMES
    ]


def address_of(choice: Choice) -> str:
    """The query that holds a choice, with the language always said."""
    query = choice.address().removeprefix("?")
    return query if "lang=" in query else f"{query}&{urlencode({'lang': choice.language})}"


def shown_figure(choice: Choice, figure: Figure, *, rough: bool) -> Data:
    """A figure as plain data for the page, with its links."""
    language = choice.language
    return {
        "id": figure.id,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "wide": figure.wide,
        "narrow": figure.narrow,
        "table": asdict(figure.table),
        "badge": {"kind": figure.badge, "words": text(language, f"badge.{figure.badge}")} if figure.badge else None,
        "links": [] if rough else figure_links(choice, figure.id),
    }


def figure_links(choice: Choice, figure: str) -> list[Data]:
    """Where a figure can be had as a file, by its id."""
    query = f"{address_of(choice)}&{urlencode({'figure': figure})}"
    return [{"name": kind.upper(), "to": f"export/figure.{kind}?{query}"} for kind in FIGURE_KINDS]


def saves(choice: Choice, slot: str) -> Data:
    """Where the figure that says why can be had, for the policy under a letter."""
    return {"label": text(choice.language, "export.figure"), "links": figure_links(choice, f"{WHY}-{slot}")}


def taken(shown: Data) -> Data:
    """The part of an answer that is about files."""
    return {name: shown.get(name) for name in ("words", "exports", "upload", "again")}


def exports(choice: Choice) -> list[Data]:
    """What can be taken home, as links."""
    query, language = address_of(choice), choice.language
    links = [
        {"id": kind, "name": text(language, f"export.{kind}"), "to": f"export/{kind.replace('_', '.')}?{query}"}
        for kind in ("memo_pdf", "memo_html", "results_csv")
    ]
    for slot in choice.slots:
        name = text(language, "export.scenario_yaml", slot=slot)
        to = f"export/scenario.yaml?{query}&{urlencode({'policy': slot})}"
        links.append({"id": f"scenario_{slot}", "name": name, "to": to})
    return links


def figures(choice: Choice, result: Any, *, patient: bool = True) -> list[Figure]:
    """All figures of a result, in the order of the page. patient: also what has to wait for compiled rules."""
    language, pair = choice.language, looked_at(result, choice)
    rough = result.replicates < SHARP_WORLDS
    about = outcomes.main(choice)
    world = simulation.world_of(choice)
    date = end_of(language, result.months[-1])
    first, second = ((slot, label(choice, slot)) for slot in pair)
    frame = Frame(result.months, world.policy_start, world.elections, pair, rough, result.replicates)
    order = [pair[0], *(slot for slot in choice.slots if slot != pair[0]), NOW]
    values = differences_of(result, choice, pair, about)
    main, apart_note = contrast(values), over_years(choice, about)
    drawn = []
    if main is not None:
        drawn.append(noted(worlds(language, about, main, first, second, date, rough=rough), apart_note))
    lines = paths(language, about, [path(result, choice, slot, about) for slot in order], frame)
    drawn.append(noted(lines, since(choice, about)))
    known = None if rough else parting_of(result, choice)
    if known is not None and known.telling:
        drawn.append(parting(language, known))
    if main is not None and not rough and main.verdict != "same":
        drawn.append(noted(differences(language, about, values, main, first, second, date), apart_note))
    rest = [indicator for indicator in result.indicators if indicator != about]
    rows = [
        Row(indicator, difference(result, choice, pair, indicator), period(result, choice, indicator))
        for indicator in rest
    ]
    drawn.append(others(language, rows, first, second, date, rough=rough))
    parts = by_group(result, choice, pair, about)
    if parts:
        better = result.better[about]
        gains_least = least_words(result, choice, pair, about) if patient and not rough else ""
        shown = groups(language, about, parts, first, second, date, better=better, rough=rough, least=gains_least)
        drawn.append(noted(shown, apart_note))
    years = years_of_policy(result.months, world.policy_start)
    priced = prices(result, choice, pair, about, years, patient=patient)
    if priced:
        apart = contrast(differences_of(result, choice, pair, EUROS) / years)
        shown = cost(language, about, priced, apart, first, second, date, years, rough=rough)
        drawn.append(noted(shown, apart_note))
    return drawn


def noted(figure: Figure, note: str) -> Figure:
    """A figure with a note behind its subtitle."""
    return replace(figure, subtitle=f"{figure.subtitle} {note}") if note else figure


def least_words(result: Any, choice: Choice, pair: tuple[str, str], about: str) -> str:
    """Which groups gain least with the first of two policies, by initiative; nothing when no group gains."""
    from sim.indicators import INDICATORS

    language, better = choice.language, result.better[about]
    rows = by_group(result, choice, pair, about)
    if not any(judged(row.bars[0].found, better) == "better" for row in rows):
        return ""
    total, sign = INDICATORS[about].kind == "total", -1.0 if better == "lower" else 1.0
    sizes = initiatives_by_group(choice)
    kinds: dict[str, dict[str, NDArray[np.float64]]] = {}
    for row in rows:
        if sizes.get(row.id):
            share = sizes[row.id] if total else 1
            gains = sign * differences_of(result, choice, pair, about, row.id) / share
            kinds.setdefault(row.kind, {})[row.id] = gains
    return least.words(language, about, list(kinds.values()), total=total, lower=sign < 0)


def initiatives_by_group(choice: Choice) -> dict[str, int]:
    """How many initiatives come in before the horizon, by group; the rules must be there."""
    from sim.world.state import AMBITIONS, SIZES

    stage = simulation.stage(choice)
    here = stage.start.initiatives[stage.start.initiatives["entry"] <= stage.total]
    return {
        f"{kind}={name}": int((here[kind] == code).sum())
        for kind, names in (("size", SIZES), ("ambition", AMBITIONS))
        for code, name in enumerate(names)
    }


def by_group(result: Any, choice: Choice, pair: tuple[str, str], about: str) -> list[Group]:
    """The differences in each group that has initiatives: of all policies from as-now, or of the two looked at."""
    compared = [pair]
    if pair[1] == NOW:
        compared += [(slot, NOW) for slot in choice.slots if slot != pair[0]]
    rows = []
    for group in result.groups:
        if group == "all":
            continue
        if not result.over_time(AS_NOW, "active", group)["mean"].max() > 0:
            continue
        bars = tuple(Bar(each[0], difference(result, choice, each, about, group)) for each in compared)
        rows.append(Group(group, bars))
    return rows


def years_of_policy(months: Any, policy_start: str) -> float:
    """How many years of the result lie from the start of the policies on; all of it when they start before it."""
    after = sum(month >= policy_start for month in months)
    return float((after or len(months)) / 12)


def prices(
    result: Any, choice: Choice, pair: tuple[str, str], about: str, years: float, *, patient: bool = True
) -> list[Priced]:
    """Cost a year and effect of each policy against going on as now, the one looked at first; and what it asks for.

    patient: also what it asks for, which needs the rules.
    """
    order = [slot for slot in (*pair, *choice.slots) if slot != NOW]
    found = []
    for slot in dict.fromkeys(order):
        effect = difference(result, choice, (slot, NOW), about)
        euros, hours = (
            contrast(differences_of(result, choice, (slot, NOW), total) / years) for total in (EUROS, HOURS)
        )
        if effect is None or euros is None or hours is None:
            continue
        asked = of_scenario(choice, simulation.scenario_of(choice, slot)) if patient else None
        who = ", ".join(text(choice.language, f"actor.{actor}") for actor in simulation.policy_of(choice, slot).who)
        here = choice.world != MINE
        found.append(Priced(slot, called(choice, slot), effect, euros, hours, asked, who, everywhere=here))
    return found


def alone(choice: Choice) -> bool:
    """Whether there is one policy only, which then needs no letter."""
    return len(choice.slots) == 1


def called(choice: Choice, slot: str) -> str:
    """How a policy is called in a list: by its letter and its name."""
    name = scenario_name(choice, slot)
    return name if slot == NOW or alone(choice) else f"{slot} {name}"


def label(choice: Choice, slot: str) -> str:
    """How a policy is called inside a figure: its letter, or its name when it is going on as now or the only one."""
    return within_sentence(scenario_name(choice, slot)) if slot == NOW or alone(choice) else slot


def path(result: Any, choice: Choice, slot: str, indicator: str) -> Path:
    """The path of one policy, all groups together."""
    scenario = AS_NOW if slot == NOW else choice.slots[slot]
    values = result.over_time(scenario, indicator)
    return Path(slot, called(choice, slot), label(choice, slot), *(values[name] for name in STATISTICS))
