"""How an indicator develops: a line per policy (the middle), bands for half of the worlds, bars at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import (
    DASHES,
    band,
    box,
    colour,
    line,
    mark,
    picture,
    polyline,
    spread,
    ticks,
    words,
    wrapped,
)
from dashboard.language import end_of, month_name, number, rounded, text
from dashboard.words import between, counted, range_words

Scale = Callable[[float], float]  # from a value to a place in the picture


@dataclass(frozen=True)
class Path:
    """One policy's path: its letter (or `now`), its name, what it is called in a title, and the statistics by month
    (arrays of one length)."""

    slot: str
    name: str
    short: str
    mean: NDArray[np.floating]
    p05: NDArray[np.floating]
    p25: NDArray[np.floating]
    p50: NDArray[np.floating]
    p75: NDArray[np.floating]
    p95: NDArray[np.floating]

    @property
    def measured(self) -> bool:
        """Whether its last month was measured."""
        return not np.isnan(self.p50[-1])

    def line(self, *, few: bool) -> NDArray[np.floating]:
        """What is drawn as a line: the middle world, or, where there are few things to count, the mean.

        The middle of few things jumps from one whole number to the next while hardly anything changes.
        """
        return self.mean if few else self.p50


@dataclass(frozen=True)
class Frame:
    """What the paths stand in: the months (YYYY-MM), when policies start, elections, and who is looked at."""

    months: Sequence[str]
    policy_start: str
    elections: Sequence[str]
    shown: tuple[str, ...]  # the slots that are looked at
    rough: bool
    worlds: int


def paths(language: str, indicator: str, lines: Sequence[Path], frame: Frame) -> Figure:
    """The figure for one indicator; `lines` starts with the one that is looked at and ends with as-now."""
    measure = text(language, f"indicator.{indicator}.measure")
    measured = [path for path in lines if path.measured]
    few = few_things(indicator, measured)
    kind = ("_mean" if few else "") + ("_rough" if frame.rough else "")
    by_slot = {path.slot: path for path in measured}
    looked_at = [by_slot[slot] for slot in frame.shown if slot in by_slot]
    if len(looked_at) < 2:
        title = text(language, "paths.title_missing", name=text(language, f"indicator.{indicator}.name"))
    elif frame.rough:
        title = text(
            language, "paths.title_rough", name=text(language, f"indicator.{indicator}.name"), count=frame.worlds
        )
    else:
        first, second = looked_at[:2]
        when = end_of(language, frame.months[-1])
        title = text(
            language,
            "paths.title_mean" if few else "paths.title",
            date=when[0].upper() + when[1:],
            first=first.short,
            second=second.short,
            first_value=ending(language, first, frame, few=few),
            second_value=ending(language, second, frame, few=few),
        )
    ends = "; ".join(
        text(language, "paths.alt_end", name=full(path), value=ending(language, path, frame, few=few)) for path in lines
    )
    sentence = text(
        language,
        "paths.alt",
        measure=measure,
        from_=month_name(language, frame.months[0], short=False),
        until=month_name(language, frame.months[-1], short=False),
        ends=ends,
    )
    return Figure(
        id=f"paths-{indicator}",
        title=title,
        subtitle=text(language, f"paths.sub{kind}", measure=measure),
        wide=drawn(language, measured, frame, sentence, width=460, height=352, narrow=False, few=few),
        narrow=drawn(language, measured, frame, sentence, width=296, height=284, narrow=True, few=few),
        table=table(language, lines, frame, few=few),
        numbers=Numbers(
            ("policy", "month", "mean", "p05", "p25", "p50", "p75", "p95"),
            tuple(
                (path.slot, month, *(None if np.isnan(each[i]) else float(each[i]) for each in statistics_of(path)))
                for path in lines
                for i, month in enumerate(frame.months)
            ),
        ),
    )


FEW = 10  # of fewer things than this the middle is no fine enough measure


def few_things(indicator: str, lines: Sequence[Path]) -> bool:
    """Whether an outcome is a number of initiatives or other whole things, and everywhere a small one."""
    whole = counted(indicator) and indicator != "months_to_agreement"  # that one is itself a mean
    return whole and bool(lines) and max(float(np.nanmax(path.p95)) for path in lines) < FEW


def statistics_of(path: Path) -> tuple[NDArray[np.floating], ...]:
    """The statistics of a path: the mean, and five from low to high."""
    return path.mean, path.p05, path.p25, path.p50, path.p75, path.p95


def short(language: str, path: Path) -> str:
    """How a policy is called beside a line: by its letter, or by its name when it is alone."""
    return text(language, "paths.now") if path.slot == "now" else path.short


def shortest(language: str, path: Path) -> str:
    """How a policy is called where there is hardly any room."""
    alone = path.slot != "now" and path.short != path.slot
    return text(language, "paths.policy") if alone else short(language, path)


def full(path: Path) -> str:
    """How a policy is called where there is room."""
    return path.name


def ending(language: str, path: Path, frame: Frame, *, narrow: bool = False, few: bool = False) -> str:
    """The line at the horizon, as exact as the number of worlds allows."""
    if not path.measured:
        return text(language, "number.missing")
    value = float(path.line(few=few)[-1])
    if frame.rough:
        # Few worlds carry two digits at most, and below a hundred only steps of five.
        about = 5 * round(value / 5) if 10 <= abs(value) < 100 else rounded(value)
        return text(language, "paths.about_short" if narrow else "paths.about", value=number(language, about))
    return number(language, level(value), 1 if few else None)


def level(value: float) -> float:
    """A level to three significant digits: two would hide a difference between levels that lie close together."""
    return rounded(float(value), 3)


def position(month: str) -> float:
    """A month as a number of years, for the horizontal axis; the state is that of the month's end."""
    year, of_year = month.split("-")
    return int(year) + int(of_year) / 12


def drawn(
    language: str,
    lines: Sequence[Path],
    frame: Frame,
    sentence: str,
    *,
    width: int,
    height: int,
    narrow: bool,
    few: bool = False,
) -> str:
    """One version of the picture."""
    if not lines:
        return picture(width, 60, sentence, [words(0, 34, text(language, "number.missing"), "fill:var(--ink2)")])
    start, until = position(frame.months[0]) - 1 / 12, position(frame.months[-1])
    highest = max(float(np.nanmax(path.p75 if frame.rough else path.p95)) for path in lines)
    steps = ticks(0, highest, 4 if narrow else 6)
    if few:  # a part of an initiative is nothing to mark
        steps = [step for step in steps if step == round(step)] if highest > 1 else [0.0, 1.0]
        steps = [*steps, steps[-1] + 1] if steps[-1] < highest else steps
    labels = [number(language, step, 2 if highest < 10 else 0) for step in steps]
    left = 14 + 7.2 * max(len(label) for label in labels)
    right, top, bottom = width - (78 if narrow else 160), 24, height - 44
    bars = 0 if frame.rough else 11 * len(lines) + 6

    def x(when: float) -> float:
        return left + (when - start) / (until - start) * (right - bars - left)

    def y(value: float) -> float:
        return bottom - value / steps[-1] * (bottom - top)

    parts = []
    for step, label in zip(steps, labels, strict=True):
        parts.append(line(left, y(step), x(until), y(step), f"stroke:var(--{'edge' if step == 0 else 'line'})"))
        parts.append(words(left - 7, y(step) + 4.5, label, "fill:var(--ink2)", text_anchor="end"))
    parts += period(language, frame, x, top, bottom, narrow=narrow)
    times = [position(month) for month in frame.months]
    policy_from = position(frame.policy_start) - 1 / 12
    for path in reversed(lines):
        keep = [
            i
            for i, when in enumerate(times)
            if (path.slot == "now" or when >= policy_from - 0.01) and not np.isnan(path.p50[i])
        ]
        upper = [(x(times[i]), y(float(path.p75[i]))) for i in keep]
        lower = [(x(times[i]), y(float(path.p25[i]))) for i in keep]
        paint, about = colour(path.slot), path.slot in frame.shown
        parts.append(band(upper, lower, f"fill:{paint};opacity:{'.15' if about else '.07'}"))
        # The edges tell bands apart where they overlap.
        edge = f"stroke:{paint};stroke-width:1;opacity:{'.6' if about else '.35'}"
        parts += [polyline(points, edge) for points in (upper, lower)]
    for path in reversed(lines):
        keep = [
            i
            for i, when in enumerate(times)
            if (path.slot == "now" or when >= policy_from - 0.01) and not np.isnan(path.p50[i])
        ]
        middle = path.line(few=few)
        points = [(x(times[i]), y(float(middle[i]))) for i in keep]
        stroke = f"stroke:{colour(path.slot)};stroke-width:{3 if path.slot == frame.shown[0] else 2.4}"
        parts.append(polyline(points, f"{stroke};stroke-dasharray:{DASHES[path.slot] or 'none'};stroke-linejoin:round"))
    if not frame.rough:
        parts += end_bars(lines, x(until) + 10, y, few=few)
    parts += end_labels(language, lines, frame, right + 8, y, top, bottom, narrow=narrow, few=few)
    parts.append(election_sign(left, height - 11))
    parts.append(words(left + 15, height - 4, text(language, "paths.elections"), "fill:var(--ink2)"))
    return picture(width, height, sentence, parts)


def election_sign(x: float, y: float) -> str:
    """A ballot box on a stem."""
    return box(x, y, 8, 6, "fill:var(--surface);stroke:var(--ink2);stroke-width:1.3")


def period(language: str, frame: Frame, x: Scale, top: float, bottom: float, *, narrow: bool) -> list[str]:
    """The start of the policies, the years and the elections."""
    first, last = position(frame.months[0]) - 1 / 12, position(frame.months[-1])
    begin = position(frame.policy_start) - 1 / 12
    parts = []
    if begin > first + 0.05:
        parts.append(box(x(begin), top, x(last) - x(begin), bottom - top, "fill:var(--sunk);opacity:.5"))
        parts.append(line(x(begin), top, x(begin), bottom, "stroke:var(--edge)"))
        sign = text(language, "paths.start", when=month_name(language, frame.policy_start))
        half = 3.4 * len(sign)
        place = max(x(first) + half, min(x(begin), x(last) - half + (0 if narrow else 30)))
        parts.append(words(place, top - 9, sign, "fill:var(--ink2)", text_anchor="middle"))
    years = [year for year in range(int(first), int(last) + 2) if first - 0.01 <= year <= last + 0.01]
    every = next(
        step
        for step in (1, 2, 4, 5, 10, 20)
        if (x(last) - x(first)) / max(1, len(years)) * step >= (44 if narrow else 46)
    )
    for year in years:
        if (year - years[0]) % every == 0:
            parts.append(words(x(year), bottom + 18, str(year), "fill:var(--ink2)", text_anchor="middle"))
            parts.append(line(x(year), bottom, x(year), bottom + 4, "stroke:var(--edge)"))
    for election in frame.elections:
        when = position(election)
        if first < when <= last:
            parts.append(line(x(when), bottom, x(when), bottom - 6, "stroke:var(--ink2);stroke-width:1.5"))
            parts.append(election_sign(x(when) - 4, bottom - 12))
    return parts


def end_bars(lines: Sequence[Path], x: float, y: Scale, *, few: bool) -> list[str]:
    """Beside the last month: thin bar 90 of 100, thick bar half, hollow mark where the line ends."""
    parts = []
    for i, path in enumerate(lines):
        at, paint = x + 11 * i, f"stroke:{colour(path.slot)}"
        parts.append(line(at, y(float(path.p05[-1])), at, y(float(path.p95[-1])), f"{paint};stroke-width:1.6"))
        parts.append(line(at, y(float(path.p25[-1])), at, y(float(path.p75[-1])), f"{paint};stroke-width:6"))
        parts.append(mark(path.slot, at, y(float(path.line(few=few)[-1])), 4, hollow=True))
    return parts


def end_labels(
    language: str,
    lines: Sequence[Path],
    frame: Frame,
    x: float,
    y: Scale,
    top: float,
    bottom: float,
    *,
    narrow: bool,
    few: bool,
) -> list[str]:
    """Name and value of each policy at the end of its line, moved apart where they would touch."""
    long = not frame.rough and any(abs(float(path.p95[-1])) >= 1000 for path in lines)
    gap = 38 if narrow else 74 if long else 58
    places = spread(
        [y(float(path.line(few=few)[-1])) - (4 if narrow else 14) for path in lines], gap, top + 12, bottom - gap + 20
    )
    parts = []
    for path, at in zip(lines, places, strict=True):
        value = ending(language, path, frame, narrow=narrow, few=few)
        paint = f"fill:{colour(path.slot)}"
        if narrow:
            parts.append(words(x, at, shortest(language, path), paint, font_weight=700, font_size=15))
            parts.append(words(x, at + 16, value, "fill:var(--ink)", font_weight=600, font_size=13))
            continue
        name = wrapped(full(path), 18)
        for i, piece in enumerate(name):
            parts.append(words(x, at + 16 * i, piece, paint, font_weight=650, font_size=13.5))
        low = at + 16 * len(name) + 1
        bold = f'<tspan font-weight="700" style="fill:var(--ink)">{value}</tspan>'
        ninety = "" if frame.rough else f"({between(language, level(path.p05[-1]), level(path.p95[-1]))})"
        fits = len(value) + len(ninety) < 20
        beside = f" {ninety}" if fits else ""
        parts.append(f'<text x="{x:.1f}" y="{low:.1f}" style="fill:var(--ink2)">{bold}{beside}</text>')
        if not fits:
            parts.append(words(x, low + 16, ninety, "fill:var(--ink2)"))
    return parts


def table(language: str, lines: Sequence[Path], frame: Frame, *, few: bool) -> Table:
    """The end of every second year and the horizon, per policy."""
    last = len(frame.months) - 1
    rows = []
    chosen = [
        i for i, month in enumerate(frame.months) if (month.endswith("-12") and (last - i) % 24 == 0) or i == last
    ]
    for path in lines:
        for i in chosen:
            rows.append(
                (
                    full(path),
                    month_name(language, frame.months[i]),
                    number(language, level(path.line(few=few)[i]), 1 if few else None),
                    range_words(language, level(path.p25[i]), level(path.p75[i])),
                    range_words(language, level(path.p05[i]), level(path.p95[i])),
                )
            )
    head = ("table.policy", "table.year", "table.mean" if few else "table.middle", "table.half", "table.ninety")
    return Table(tuple(text(language, key) for key in head), tuple(rows))
