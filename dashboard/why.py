"""Why a policy differs from going on as now: two sentences, a waterfall, and stories; plain data for the component.

How the page calls it:

1. When the sharp answer is there, on the pool, behind whatever somebody waits for:

       explanation = explanation_of(choice, slot, progress=…, cancelled=ticket.cancelled)

   ``slot`` is the policy that is looked at (`choice.pair[0]`; with two policies in view ask it for each of them, since
   an explanation is always against going on as now). It takes seconds, and is `None` when it was cancelled. Keep it by
   what was asked (the world, the months, the policy): some megabytes. Meanwhile show
   `Why(shown=waiting(language, done, total))`.

2. `Why(shown=shown_why(explanation, language, indicator, slot))`, for the outcome that the answer is about; another
   outcome, group or language needs no computing.

3. On the event `tell` with a link's id, on the pool (about a second): `story = story_of(explanation, link, indicator)`,
   and then `shown_why(…, story=shown_story(explanation, language, story, link))`. The event `close` takes it away.

The style sheet is static/why.css.
"""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dashboard import simulation
from dashboard.direction import Better, better
from dashboard.figures import Figure
from dashboard.figures.chain import WHOLE, Step, chain
from dashboard.language import end_of, fixed, month_name, number, plural, rounded, text, within_sentence
from dashboard.naming import words
from dashboard.state import Choice

WORLDS = 50
HASTY = 20  # worlds for a file that somebody waits for
CLEAR = 2.0  # standard errors that a mean must lie from zero to be told
COUNTER = 0.1  # share of the whole from which a part that works the other way is told
YES_OR_NO = ("active", "formalised", "agreement_in_force", "structural_partnership")
# Upper bounds of a share, and how it is called.
SHARES = (
    (0.15, "little"),
    (0.29, "quarter"),
    (0.38, "third"),
    (0.46, "almost_half"),
    (0.54, "half"),
    (0.62, "over_half"),
    (0.71, "two_thirds"),
    (0.82, "three_quarters"),
    (0.93, "most"),
    (1.05, "almost_all"),
)
Data = dict[str, Any]


def explanation_of(
    choice: Choice,
    slot: str,
    *,
    replicates: int = WORLDS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """The `sim.why.Explanation` of the policy under a letter, or `None` when it was cancelled."""
    from sim.comparison import Cancelled
    from sim.why import explain

    try:
        return explain(
            simulation.scenario_of(choice, slot),
            stage=simulation.stage(choice),
            replicates=replicates,
            workers=workers,
            progress=progress,
            cancelled=cancelled,
        )
    except Cancelled:
        return None


def story_of(explanation: Any, link: str, indicator: str, group: str = "all") -> Any:
    """A `sim.why.stories.Story` behind a link's part, or `None` when there is none to tell."""
    return explanation.story(link, indicator, group=group)


def waiting(language: str, done: int = 0, total: int = WORLDS, called: str = "") -> Data:
    """What the component shows while the parts are computed; called: how the policy is called in a title."""
    return {
        "phase": "busy",
        "title": text(language, "chain.title_does", policy=called) if called else text(language, "chain.title"),
        "status": text(language, "chain.busy", done=done, total=total),
        "percent": round(100 * done / total, 1) if total else 0.0,
        "words": words(language, "chain."),
    }


def shown_why(
    explanation: Any,
    language: str,
    indicator: str,
    slot: str = "A",
    *,
    group: str = "all",
    story: Data | None = None,
    called: str = "",
    note: str = "",
) -> Data:
    """What the component `Why` shows of an explanation, for one outcome and group; story: of `shown_story`; called: how
    the policy is called in a title, when that is not by its letter; note: sentences to stand under the title.
    """
    steps, decimals = steps_of(explanation, indicator, group)
    found = sentences(language, steps)
    date = end_of(language, explanation.months[-1])
    figure = chain(language, indicator, steps, slot, found[0], date, decimals, explanation.replicates, note)
    return {
        "phase": "done",
        "title": titled(language, steps, called or slot, better(indicator), found[0]),
        "sentences": found,
        "figure": asdict(figure),
        "links": [
            {
                "id": step.id,
                "label": text(language, f"chain.link.{step.id}"),
                "value": fixed(language, step.shown, decimals, signed=True),
                "disabled": not _moves(step),
                "pressed": story is not None and story["link"] == step.id,
            }
            for step in steps
            if step.id not in (WHOLE, "costs")
        ],
        "order": text(language, "chain.order"),
        "story": story,
        "words": words(language, "chain.", "table."),
    }


def figure_of(
    explanation: Any,
    language: str,
    indicator: str,
    slot: str = "A",
    *,
    group: str = "all",
    called: str = "",
    note: str = "",
) -> Figure:
    """The waterfall alone, for exports, with a title as on the page."""
    steps, decimals = steps_of(explanation, indicator, group)
    date = end_of(language, explanation.months[-1])
    title = titled(language, steps, called or slot, better(indicator), sentences(language, steps)[0])
    return chain(language, indicator, steps, slot, title, date, decimals, explanation.replicates, note)


def title_of(language: str, steps: list[Step], called: str, wanted: Better) -> str:
    """Of which policy this says why: «Waarom B werkt», or what it does where it is no clear gain."""
    whole = steps[-1]
    gain = whole.mean < 0 if wanted == "lower" else whole.mean > 0
    return text(language, "chain.title_of" if whole.clear and gain else "chain.title_does", policy=called)


def titled(language: str, steps: list[Step], called: str, wanted: Better, found: str) -> str:
    """The title with the first sentence behind it, as one line without a full stop."""
    title = title_of(language, steps, called, wanted)
    return text(language, "chain.title_found", title=title, found=within_sentence(found).removesuffix("."))


def steps_of(explanation: Any, indicator: str, group: str = "all") -> tuple[list[Step], int]:
    """The parts and the whole, and to how many decimals they are written: no more than the error of the whole allows.

    Costs are left out where the outcome has none.
    """
    table = explanation.parts(indicator, group)
    means, errors, lows, highs = (
        [float(value) for value in table.sel(statistic=name)] for name in ("mean", "error", "p05", "p95")
    )
    names = [str(name) for name in table["part"].values]
    decimals = decimals_for(means[-1], errors[-1], max((abs(mean) for mean in means), default=0.0))
    lows, highs = ([rounded_to(value, decimals) for value in ends] for ends in (lows, highs))
    written = [*add_up(means[:-1], means[-1], decimals), rounded_to(means[-1], decimals)]
    steps = [
        Step(name, mean, error, low, high, shown, abs(mean) > CLEAR * error if error > 0 else mean != 0)
        for name, mean, error, low, high, shown in zip(names, means, errors, lows, highs, written, strict=True)
    ]
    return [step for step in steps if step.id != "costs" or _moves(step)], max(0, decimals)


def _moves(step: Step) -> bool:
    return any(abs(value) > 0 for value in (step.mean, step.low, step.high))


def decimals_for(whole: float, error: float, largest: float) -> int:
    """Decimals (below zero: tens, hundreds) to which numbers with this error are worth writing."""
    if error > 0 and math.isfinite(error):
        return -math.floor(math.log10(error))
    return 1 - math.floor(math.log10(largest)) if largest > 0 and math.isfinite(largest) else 0


def rounded_to(value: float, decimals: int) -> float:
    """A value to so many decimals; NaN stays."""
    return round(value, decimals) if math.isfinite(value) else value


def add_up(parts: list[float], whole: float, decimals: int) -> list[float]:
    """Parts rounded so that, as written, they add up to the whole as written: the largest remainders go up."""
    if not all(math.isfinite(part) for part in parts):
        return parts
    unit = 10.0**-decimals
    floors = [math.floor(part / unit) for part in parts]
    missing = round(rounded_to(whole, decimals) / unit) - sum(floors)
    order = sorted(range(len(parts)), key=lambda k: floors[k] - parts[k] / unit)
    chosen = [k for k in order if parts[k] != 0] or order
    for k in chosen[: max(0, missing)]:
        floors[k] += 1
    return [round(count * unit, max(0, decimals)) for count in floors]


def share_name(share: float) -> str:
    """How a share of the whole is called; above all of it: `more_than_all`."""
    return next((name for bound, name in SHARES if share < bound), "more_than_all")


def sentences(language: str, steps: list[Step]) -> list[str]:
    """Two sentences: which link does most, and what comes next or works against it."""
    *parts, whole = steps
    if not math.isfinite(whole.mean):
        return [text(language, "chain.say.unmeasured")]
    if not any(_moves(step) for step in steps):
        return [text(language, "chain.say.same")]
    told = [step for step in parts if step.clear]
    if not whole.clear:
        first = text(language, "chain.say.unclear")
        if any(step.mean > 0 for step in told) and any(step.mean < 0 for step in told):
            up, down = max(told, key=lambda step: step.mean), min(told, key=lambda step: step.mean)
            names = {name: text(language, f"chain.because.{step.id}") for name, step in (("up", up), ("down", down))}
            return [first, text(language, "chain.say.opposed", **names)]
        return [first]
    sign = 1.0 if whole.mean > 0 else -1.0
    along = sorted((step for step in told if sign * step.mean > 0), key=lambda step: -sign * step.mean)
    against = sorted((step for step in told if sign * step.mean < 0), key=lambda step: sign * step.mean)
    if not along:
        return [text(language, "chain.say.spread")]
    share = along[0].mean / whole.mean
    because = text(language, f"chain.because.{along[0].id}")
    first = text(language, f"chain.say.{share_name(share)}", because=because)
    if against and against[0].mean / whole.mean < -COUNTER:
        name = text(language, f"chain.because.{against[0].id}")
        return [first, text(language, "chain.say.against", because=name)]
    if len(along) > 1 and along[1].mean / whole.mean >= COUNTER:
        name = text(language, f"chain.because.{along[1].id}")
        return [first, text(language, "chain.say.next", because=name)]
    return [first, text(language, "chain.say.little_else")]


def shown_story(explanation: Any, language: str, story: Any, link: str) -> Data:
    """A story as the component shows it; without one, a sentence that says so."""
    name = text(language, f"chain.link.{link}")
    if story is None:
        return {"link": link, "title": text(language, "chain.story.none", link=name), "lines": []}
    size, ambition = (
        text(language, f"chain.{kind}.{value}") for kind, value in (("size", story.size), ("ambition", story.ambition))
    )
    date = end_of(language, explanation.months[-1])
    return {
        "link": link,
        "title": text(language, "chain.story.title", number=story.initiative, size=size, ambition=ambition),
        "intro": intro_of(language, explanation, story, date),
        "lines": [
            {
                "month": month_name(language, event.month, short=False),
                "where": event.where,
                "where_words": text(language, f"chain.where.{event.where}"),
                "text": event_words(language, event),
                "own": event.link == story.link,
            }
            for event in story.events
        ],
        "more": plural(language, "chain.story.more", story.others, count=story.others)
        if story.others
        else text(language, "chain.story.alone"),
        "caution": text(language, "chain.story.caution"),
    }


def intro_of(language: str, explanation: Any, story: Any, date: str) -> str:
    """What comes of the initiative as now and with the policy, and what the link itself does to it."""
    now, before, after, policy = (
        value_of(language, story.indicator, value)
        for value in (story.as_now, story.before, story.after, story.with_policy)
    )
    said = [
        text(
            language,
            "chain.story.outcome",
            world=story.replicate + 1,
            count=explanation.replicates,
            outcome=text(language, f"indicator.{story.indicator}.name"),
            date=date,
            now=now,
            policy=policy,
        ),
        text(language, "chain.story.link", before=before, after=after),
    ]
    if after != policy:
        said.append(text(language, "chain.story.later", policy=policy))
    return " ".join(said)


def value_of(language: str, indicator: str, value: float) -> str:
    """One initiative's part of an outcome in words."""
    if indicator in YES_OR_NO and math.isfinite(value):
        return text(language, "chain.yes" if value > 0.5 else "chain.no")
    if not math.isfinite(value):
        return text(language, "number.missing")
    shown = number(language, rounded(value))
    unit = text(language, f"indicator.{indicator}.unit.{'one' if shown == '1' else 'many'}")
    return f"{shown} {unit}"


def event_words(language: str, event: Any) -> str:
    """What happened, in words."""
    values = {
        name: text(language, f"chain.phase.{value}") if isinstance(value, str) else number(language, round(value, 2))
        for name, value in event.values.items()
    }
    if "euros_a_year" in event.values:
        values["euros_a_year"] = number(language, round(event.values["euros_a_year"], -2), 0)
    for name in ("months", "meetings"):
        if name in event.values:
            values[name] = number(language, event.values[name], 0)
    key = f"chain.event.{event.kind}"
    alone = any(event.values.get(name) == 1 for name in ("months", "meetings"))
    return text(language, f"{key}.one" if alone else key, **values)
