"""What the memo says, as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dashboard import outcomes, reproduce, simulation
from dashboard.answer import address_of, difference, differences_of, figures, parting_of, years_of_policy
from dashboard.contrast import contrast
from dashboard.figures import Figure
from dashboard.language import end_of, month_name, named, number, rounded, text, within_sentence
from dashboard.naming import scenario_name
from dashboard.state import NOW, Choice
from dashboard.words import Side, beside, doubt, headline, plain, range_words

LIMITS = ("forecast", "perceived", "selection", "direction", "facilitator", "effects", "costs", "gaps")
REPORT_CODE = 40  # characters of a hash that are printed


@dataclass(frozen=True)
class Rows:
    """A table: what it is about, a heading per column, and rows of text."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part with a title: paragraphs, points, tables, and text that is shown as it is (commands, files)."""

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Rows, ...] = ()
    code: tuple[tuple[str, str], ...] = ()  # (what it is, the text itself)


@dataclass(frozen=True)
class Memo:
    """A whole memo."""

    language: str
    title: str
    date: str
    description: str
    headline: str
    beside: str
    doubt: str
    warning: str
    calibrated: bool
    figures_title: str
    tables_title: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    foot: str
    stamp: datetime = field(default_factory=lambda: datetime.now(UTC))


def version() -> str:
    """The version of Samenspel."""
    from sim.result_files import version_of

    return version_of("samenspel")


def notes(choice: Choice, result: Any) -> tuple[str, ...]:
    """Where the numbers of a figure come from, to stand under it."""
    language = choice.language
    kind = "calibrated" if result.parameter_set.calibrated else "uncalibrated"
    world = simulation.world_of(choice)
    return (
        text(
            language,
            "memo.note",
            world=named(world.name, language),
            worlds=number(language, result.replicates),
            seed=result_seed(result),
            calibrated=text(language, f"memo.{kind}"),
            version=version(),
            model=result.model_hash[:12],
            parameters=result.parameter_set.hash[:12],
        ),
        text(language, "memo.note_limits"),
    )


def result_seed(result: Any) -> int:
    """The seed with which a result was made."""
    return int(getattr(result, "seed", simulation.SEED))


def written(choice: Choice, result: Any, reasons: Sequence[Figure] = ()) -> Memo:
    """The memo of a result. reasons: figures that say why. Raises `ValueError` when nothing is compared."""
    pair, language = choice.pair, choice.language
    if pair is None:
        raise ValueError("a memo needs at least one policy")
    first, second = (Side(slot, scenario_name(choice, slot)) for slot in pair)
    about, next_to = outcomes.main(choice), outcomes.beside(choice)
    main, other = (difference(result, choice, pair, outcome) for outcome in (about, next_to))
    calibrated = bool(result.parameter_set.calibrated)
    kind = "_calibrated" if calibrated else ""
    name = {"name": result.parameter_set.name} if calibrated else {}
    now = datetime.now(UTC)
    drawn = tuple(figures(choice, result))
    # Why comes after how much, and before for whom and at what cost.
    middle = next((i for i, figure in enumerate(drawn) if figure.id.startswith(("groups", "cost"))), len(drawn))
    drawn = (*drawn[:middle], *reasons, *drawn[middle:])
    return Memo(
        language=language,
        title=text(language, "memo.title", first=first.name, second=within_sentence(second.name)),
        date=month_day(language, now),
        description=text(language, "memo.description"),
        headline=plain(headline(language, about, main, first, second)),
        beside=f"{text(language, f'indicator.{next_to}.name')}: {beside(language, next_to, other, rough=False)}",
        doubt=doubt(language, parting_of(result, choice), calibrated=calibrated, rough=False),
        warning=f"{text(language, f'notice.title{kind}')}. {text(language, f'notice.text{kind}', **name)} "
        f"{text(language, 'notice.forecast')}",
        calibrated=calibrated,
        figures_title=text(language, "memo.figures"),
        tables_title=text(language, "memo.tables"),
        figures=drawn,
        sections=(
            compared(choice, result),
            assumptions(choice),
            costs(choice, result, about),
            uncertainty(choice, result),
            limits(language, calibrated=calibrated),
            again(choice, result),
        ),
        foot=notes(choice, result)[0],
        stamp=now,
    )


def month_day(language: str, when: datetime) -> str:
    """A date in words."""
    from babel.dates import format_date

    return format_date(when.date(), "long", locale=language)


def compared(choice: Choice, result: Any) -> Section:
    """What is compared: the world, and each policy with its measures."""
    language = choice.language
    world = simulation.world_of(choice)
    rows = []
    for slot in choice.slots:
        policy, scenario = simulation.policy_of(choice, slot), simulation.scenario_of(choice, slot)
        measures = "; ".join(measure(language, entry) for entry in scenario.levers)
        events = "; ".join(event(language, entry) for entry in scenario.shocks)
        other = "; ".join(f"{name} = {number(language, value, 4)}" for name, value in scenario.parameters.items())
        rows.append(
            (
                f"{slot} {scenario_name(choice, slot)}",
                "; ".join(part for part in (measures, events, other) if part) or text(language, "memo.no_measures"),
                ", ".join(text(language, f"actor.{actor}") for actor in policy.who) or "-",
                text(language, f"badge.{policy.badge}"),
            )
        )
    head = ("table.policy", "memo.measures", "memo.who", "badge.label")
    return Section(
        text(language, "memo.compared"),
        (
            text(
                language,
                "memo.world",
                world=named(world.name, language),
                description=named(world.description, language),
                from_=month_name(language, result.months[0], short=False),
                until=month_name(language, result.months[-1], short=False),
                start=month_name(language, world.policy_start, short=False),
            ),
            text(language, "memo.now"),
        ),
        tables=(Rows(text(language, "memo.policies"), tuple(text(language, key) for key in head), tuple(rows)),),
    )


def measure(language: str, entry: Any) -> str:
    """A lever as it is set in a policy, with unit and dates."""
    from sim.levers import LEVERS

    lever = LEVERS[entry.lever]
    words = f"{getattr(lever.name, language)}: {number(language, entry.intensity)} ({getattr(lever.unit, language)})"
    if entry.start or entry.end:
        start = month_name(language, entry.start) if entry.start else text(language, "memo.policy_start")
        end = month_name(language, entry.end) if entry.end else text(language, "memo.end")
        words += f", {start} – {end}"
    scope = entry.scope.model_dump(mode="json", exclude_none=True)
    limited = [str(value) for values in scope.values() for value in (values if isinstance(values, list) else [values])]
    return f"{words}, {text(language, 'memo.scope')} {', '.join(limited)}" if limited else words


def event(language: str, entry: Any) -> str:
    """A shock as it befalls people in a policy."""
    from sim.shocks import SHOCKS

    return f"{getattr(SHOCKS[entry.shock].name, language)}, {month_name(language, entry.month)}"


def assumptions(choice: Choice) -> Section:
    """On what each measure rests: its badge and its sections, and what it costs with how well that is known."""
    from sim.costs import load_costs
    from sim.levers import LEVERS

    language = choice.language
    seen, rows = set(), []
    for slot in choice.slots:
        scenario = simulation.scenario_of(choice, slot)
        costed = load_costs(scenario).levers
        for entry in scenario.levers:
            changed = entry.lever in scenario.costs
            if (entry.lever, changed) in seen:
                continue
            seen.add((entry.lever, changed))
            lever, price = LEVERS[entry.lever], costed[entry.lever]
            sections = ", ".join(f"§ {section}" for section in lever.sections) or "-"
            status = text(language, "memo.own_figures") if changed else text(language, f"memo.status.{price.status}")
            rows.append(
                (
                    getattr(lever.name, language),
                    text(language, f"badge.{lever.evidence}"),
                    sections,
                    f"{getattr(price.basis, language)} ({status})",
                )
            )
    head = ("memo.measure", "badge.label", "memo.sections", "memo.cost_basis")
    tables = (
        (Rows(text(language, "memo.rests_on"), tuple(text(language, key) for key in head), tuple(rows)),)
        if rows
        else ()
    )
    return Section(
        text(language, "memo.assumptions"),
        (text(language, "memo.assumptions_text"), text(language, "badge.legend")),
        tables=tables,
    )


def costs(choice: Choice, result: Any, about: str) -> Section:
    """What each policy costs a year more than going on as now, always as a range and with its assumption."""
    from sim.costs import load_costs

    language = choice.language
    years = years_of_policy(result.months, simulation.world_of(choice).policy_start)
    rows = []
    for slot in choice.slots:
        cells = [f"{slot} {scenario_name(choice, slot)}"]
        for total in ("public_euros", "municipal_hours"):
            found = contrast(differences_of(result, choice, (slot, NOW), total) / years)
            missing = text(language, "number.missing")
            cells += (
                [missing, missing]
                if found is None
                else [
                    range_words(language, rounded(found.low), rounded(found.high), signed=True),
                    range_words(language, rounded(found.lowest), rounded(found.highest), signed=True),
                ]
            )
        rows.append(tuple(cells))
    head = ("table.policy", "table.euros_half", "table.euros_ninety", "table.hours_half", "table.hours_ninety")
    prices = load_costs().prices
    priced = text(
        language,
        "memo.prices",
        official=number(language, prices.official_hour.euros),
        facilitator=number(language, prices.facilitator_hour.euros),
        years=number(language, years),
    )
    return Section(
        text(language, "memo.costs"),
        (priced, text(language, "cost.note")),
        tables=(Rows(text(language, "memo.costs_table"), tuple(text(language, key) for key in head), tuple(rows)),),
    )


def uncertainty(choice: Choice, result: Any) -> Section:
    """How the worlds are made, what their spread holds, and what words mean here."""
    language = choice.language
    kind = "calibrated" if result.parameter_set.calibrated else "uncalibrated"
    return Section(
        text(language, "memo.uncertainty"),
        (
            text(language, "memo.worlds_text", worlds=number(language, result.replicates)),
            text(language, f"memo.parameters_{kind}"),
            text(language, "memo.words_text"),
        ),
    )


def limits(language: str, *, calibrated: bool) -> Section:
    """What the model cannot say."""
    named_limits = (*(() if calibrated else ("calibration",)), *LIMITS)
    return Section(
        text(language, "memo.limits"),
        (text(language, "memo.limits_text"),),
        points=tuple(text(language, f"memo.limit.{name}") for name in named_limits),
    )


def again(choice: Choice, result: Any) -> Section:
    """How to make the numbers again: command, address, versions, and the files that are not shipped."""
    language = choice.language
    code = [
        (text(language, "memo.command"), result.command),
        (text(language, "memo.address"), f"?{address_of(choice)}"),
    ]
    code += [(text(language, "memo.file", file=name), content) for name, content in reproduce.files(choice)]
    return Section(
        text(language, "again.title"),
        (
            text(
                language,
                "memo.made_with",
                version=version(),
                model=result.model_hash[:REPORT_CODE],
                parameters=result.parameter_set.hash[:REPORT_CODE],
                name=result.parameter_set.name,
                seed=result_seed(result),
                date=end_of(language, result.months[-1]),
            ),
        ),
        code=tuple(code),
    )
