"""What the memo says, as plain text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dashboard import outcomes, reproduce, simulation
from dashboard.answer import (
    alone,
    called,
    difference,
    doubt_title,
    figures,
    least_words,
    looked_at,
    parameters_words,
    parting_of,
    period,
    prices,
    years_of_policy,
)
from dashboard.evidence.findings import findings
from dashboard.evidence.limits import names, phrase
from dashboard.figures import Figure
from dashboard.figures.cost import Priced, spent
from dashboard.figures.paths import FEW
from dashboard.language import end_of, month_name, named, number, plural, rounded, text, within_sentence
from dashboard.naming import scenario_name
from dashboard.prices import Yearly, money, two_amounts
from dashboard.state import MINE, NOW, Choice
from dashboard.words import Side, beside, doubt, headline, plain
from sim.evidence.parameters import CALIBRATED

FIRST_LIMITS = ("one_place", "cause", "euros")  # those that stand on the first page
COUNTED = ("active", "formalised", "agreement_in_force", "structural_partnership")  # numbers of initiatives
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
    """A whole memo: question, answer, cost and limits first; the rest is behind them.

    setting: which world the question is about. headline: of the two that are looked at. also: the same sentence of
    every other policy against going on as now. levels: how high the outcome is, of how many. least: which groups gain
    least. costs, limits: those that stand on the first page.
    """

    language: str
    title: str
    date: str
    description: str
    setting: str
    headline: str
    also: tuple[str, ...]
    levels: str
    beside: str
    least: str
    doubt: str
    warning: str
    calibrated: bool
    costs: Section
    limits: Section
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
    language = choice.language
    if choice.pair is None:
        raise ValueError("a memo needs at least one policy")
    pair = looked_at(result, choice)
    first, second = (Side(slot, scenario_name(choice, slot)) for slot in pair)
    about, next_to = outcomes.main(choice), outcomes.beside(choice)
    main, other = (difference(result, choice, pair, outcome) for outcome in (about, next_to))
    calibrated = bool(result.parameter_set.calibrated)
    now = datetime.now(UTC)
    drawn = figures(choice, result)
    said = beside(language, next_to, other, first, second, rough=False, period=period(result, choice, next_to))
    known = parting_of(result, choice)
    doubted = doubt(language, known, calibrated=calibrated, rough=False)
    if known is not None and not alone(choice):
        sides = {"first": within_sentence(first.name), "second": within_sentence(second.name)}
        doubted = f"{doubted} {text(language, 'memo.doubt_of', **sides)}"
    return Memo(
        language=language,
        title=title(choice, pair),
        date=month_day(language, now),
        description=text(language, "memo.description"),
        setting=setting(choice, result),
        headline=plain(headline(language, about, main, first, second, period(result, choice, about))),
        also=also(choice, result, pair, about),
        levels=levels(choice, result, pair, about),
        least=least_words(result, choice, pair, about),
        beside=f"{text(language, f'indicator.{next_to}.name')}: {said}",
        doubt=f"{doubt_title(language, main, rough=False)} {doubted}",
        warning=f"{text(language, 'memo.warning_calibrated' if calibrated else 'memo.warning')} "
        f"{text(language, 'memo.forecast')}",
        calibrated=calibrated,
        costs=costs(choice, result, pair, about),
        limits=limits(language, "memo.limits", FIRST_LIMITS),
        figures_title=text(language, "memo.figures"),
        tables_title=text(language, "memo.tables"),
        figures=in_order([*drawn, *reasons]),
        sections=(
            compared(choice),
            assumptions(choice),
            uncertainty(choice, result),
            limits(language, "memo.more_limits", [name for name in names(findings()) if name not in FIRST_LIMITS]),
            again(choice, result),
        ),
        foot=text(
            language,
            "memo.foot",
            version=version(),
            world=named(simulation.world_of(choice).name, language),
            worlds=number(language, result.replicates),
        ),
        stamp=now,
    )


ORDER = ("worlds", "paths", "groups", "luck", "cost", "why", "differences", "others")


def in_order(drawn: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures in the order of the memo: the small ones two by two, then costs, why, and all else."""
    return tuple(sorted(drawn, key=lambda figure: ORDER.index(figure.id.split("-")[0])))


def setting(choice: Choice, result: Any) -> str:
    """Which world this is about, in words: a municipality with its figures, and the months that are looked at."""
    language, world = choice.language, simulation.world_of(choice)
    months = {
        "from_": month_name(language, result.months[0], short=False),
        "until": month_name(language, result.months[-1], short=False),
        "start": month_name(language, world.policy_start, short=False),
    }
    if choice.world != MINE:
        described = named(world.description, language)
        return text(language, "memo.world", world=named(world.name, language), description=described, **months)
    town = simulation.setting(choice)
    kinds = Counter(each.ambition for each in town.initiatives)
    return text(
        language,
        "memo.town",
        inhabitants=number(language, town.inhabitants),
        count=len(town.initiatives),
        kinds=", ".join(
            f"{count} × {text(language, f'groups.ambition={kind}').lower()}" for kind, count in kinds.items()
        ),
        hours=number(language, town.staff_hours_per_month),
        election=month_name(language, town.next_election, short=False),
        **months,
    )


def title(choice: Choice, pair: tuple[str, str]) -> str:
    """What is compared with what: the two that are looked at, and every other policy with going on as now."""
    language, (first, second) = choice.language, pair
    names = {slot: within_sentence(scenario_name(choice, slot)) for slot in (*choice.slots, NOW)}
    names[first] = scenario_name(choice, first)
    others = [names[slot] for slot in choice.slots if slot not in pair]
    with_now = [names[first], *others] if second == NOW else [names[first]]
    said = text(language, "memo.title", first=listed(language, with_now), second=names[second])
    if second == NOW or not others:
        return said
    return text(language, "memo.title_also", title=said, others=listed(language, others), now=names[NOW])


def listed(language: str, words: Sequence[str]) -> str:
    """Things one after another: `a`, `a en b`, `a, b en c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {text(language, 'groups.and')} {words[-1]}"


def also(choice: Choice, result: Any, pair: tuple[str, str], about: str) -> tuple[str, ...]:
    """The answer in full for every policy against going on as now, unless it is the headline already."""
    language, now = choice.language, Side(NOW, scenario_name(choice, NOW))
    sentences = []
    for slot in choice.slots:
        if (slot, NOW) != pair:
            found = difference(result, choice, (slot, NOW), about)
            side = Side(slot, scenario_name(choice, slot))
            sentences.append(plain(headline(language, about, found, side, now, period(result, choice, about))))
    return tuple(sentences)


def levels(choice: Choice, result: Any, pair: tuple[str, str], about: str) -> str:
    """How many initiatives of how many, on average at the end, with each policy and without; nothing for outcomes that
    do not count."""
    if about not in COUNTED:
        return ""
    language = choice.language
    stage = simulation.stage(choice)
    count = int((stage.start.initiatives["entry"] <= stage.total).sum())
    values: list[str] = []
    for slot in (*dict.fromkeys(each for each in (*pair, *choice.slots) if each != NOW), NOW):
        scenario = simulation.AS_NOW if slot == NOW else choice.slots[slot]
        mean = result.values_at(scenario, about)["mean"]
        shown = number(language, rounded(mean, 3), None if mean >= FEW else 1)
        policy = within_sentence(scenario_name(choice, slot))
        values.append(
            text(language, "memo.level_of", value=shown, count=number(language, count), policy=policy)
            if not values
            else text(language, "memo.level_next", value=shown, policy=policy)
        )
    return text(
        language,
        "memo.levels",
        measure=text(language, f"indicator.{about}.measure"),
        date=end_of(language, result.months[-1]),
        values=listed(language, values),
    )


def month_day(language: str, when: datetime) -> str:
    """A date in words."""
    from babel.dates import format_date

    return format_date(when.date(), "long", locale=language)


def compared(choice: Choice) -> Section:
    """What is compared: each policy with its measures."""
    language = choice.language
    rows = []
    for slot in choice.slots:
        policy, scenario = simulation.policy_of(choice, slot), simulation.scenario_of(choice, slot)
        measures = "; ".join(measure(language, entry) for entry in scenario.levers)
        events = "; ".join(event(language, entry) for entry in scenario.shocks)
        other = "; ".join(f"{name} = {number(language, value, 4)}" for name, value in scenario.parameters.items())
        rows.append(
            (
                called(choice, slot),
                "; ".join(part for part in (measures, events, other) if part) or text(language, "memo.no_measures"),
                ", ".join(text(language, f"actor.{actor}") for actor in policy.who) or "-",
                text(language, f"badge.{policy.badge}"),
            )
        )
    head = ("table.policy", "memo.measures", "memo.who", "badge.label")
    return Section(
        text(language, "memo.compared"),
        (text(language, "memo.now"),),
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
    """A shock as it befalls people in a policy: how strong, when, and how long where it lasts."""
    from sim.shocks import SHOCKS

    shock = SHOCKS[entry.shock]
    strength = f"{number(language, entry.intensity)} ({getattr(shock.unit, language)})"
    words = f"{getattr(shock.name, language)}: {strength}, {month_name(language, entry.month)}"
    return f"{words}, {entry.months}\u00a0{plural(language, 'builder.months', entry.months)}" if shock.lasts else words


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


def costs(choice: Choice, result: Any, pair: tuple[str, str], about: str) -> Section:
    """What each policy asks for, what is used more in the worlds, who can do it; and why the two amounts differ."""
    from sim.costs import load_costs

    language = choice.language
    years = years_of_policy(result.months, simulation.world_of(choice).policy_start)
    rows = []
    priced_rows = prices(result, choice, pair, about, years)
    for row in priced_rows:
        asked = row.asked or Yearly()
        wanted = (asked.euros, asked.work, asked.volunteer_hours)
        rows.append(
            (
                row.name,
                *(number(language, rounded(value), 0) for value in wanted),
                spent(language, row.euros),
                spent(language, row.hours),
                row.who or "–",
            )
        )
    head = (
        *("table.policy", "memo.asked_euros", "memo.asked_hours", "memo.asked_volunteers"),
        *("memo.used_euros", "memo.used_hours", "table.who"),
    )
    charged = load_costs().prices
    priced = plural(
        language,
        "memo.prices",
        years,
        official=number(language, charged.official_hour.euros),
        facilitator=number(language, charged.facilitator_hour.euros),
        years=number(language, years),
    )
    caption = text(language, "memo.costs_table")
    return Section(
        text(language, "memo.costs"),
        (*budget(choice, priced_rows), two_amounts(language), f"{text(language, 'cost.note')} {priced}"),
        tables=(Rows(caption, tuple(text(language, key) for key in head), tuple(rows)),),
    )


def budget(choice: Choice, rows: Sequence[Priced]) -> tuple[str, ...]:
    """Which amount of each policy is for a budget, as a paragraph; none where nothing asks for money."""
    language = choice.language
    amounts = [
        text(
            language,
            "memo.budget_of",
            policy=within_sentence(row.name) if alone(choice) else row.name,
            money=money(language, row.budget),
        )
        for row in rows
        if row.budget
    ]
    if not amounts:
        return ()
    said = text(language, "memo.budget", amounts="; ".join(amounts))
    return (said,) if choice.world == MINE else (f"{said} {text(language, 'memo.budget_all')}",)


def uncertainty(choice: Choice, result: Any) -> Section:
    """How the worlds are made, what their spread holds, and what words mean here."""
    language = choice.language
    kind = "calibrated" if result.parameter_set.calibrated else "uncalibrated"
    return Section(
        text(language, "memo.uncertainty"),
        (
            text(language, "memo.worlds_text", worlds=number(language, result.replicates)),
            text(language, f"memo.parameters_{kind}", fitted=len(CALIBRATED)),
            text(language, "memo.words_text"),
            f"{text(language, 'memo.effects')} {text(language, 'memo.staff')}",
            f"{text(language, 'memo.perceived')} {text(language, 'notice.who')}",
        ),
    )


def limits(language: str, title: str, chosen: Sequence[str]) -> Section:
    """What the model cannot say, in the words of the page *Onderbouwing*."""
    return Section(text(language, title), points=tuple(phrase(language, name) for name in chosen))


def again(choice: Choice, result: Any) -> Section:
    """How to make the numbers again: command, address, versions, and the files that are not shipped."""
    language = choice.language
    code = [
        (text(language, "memo.command"), result.command),
        (text(language, "memo.address"), choice.address(language=language, stamp=simulation.stamp())),
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
                name=parameters_words(language, result.parameter_set.name),
                seed=result_seed(result),
                date=end_of(language, result.months[-1]),
            ),
        ),
        code=tuple(code),
    )
