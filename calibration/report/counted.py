"""Sections about what was counted: fitted, held out, five town halls, and claims about direction."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import partial

from calibration.report import figures
from calibration.report.content import (
    Data,
    Picture,
    Section,
    Table,
    between,
    content,
    count_name,
    counted,
    not_done,
    shown,
    where,
    yes_no,
)
from calibration.report.data import HOLDS
from calibration.report.figures import NAN, Dot, Panel
from calibration.report.language import listed, number, percent, text
from sim.evidence.parameters import PARAMETERS

NORMAL_95 = 1.96
WORSE = 0.1  # share of draws by which a claim must hold less often to be named
ASSUMED = (20,)  # patterns about facilitators: everybody had one, so their size is assumed
SHARES = ((0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1.0, 1.0))


def share_ticks(language: str) -> list[tuple[float, str]]:
    """0 to 100%."""
    return [(x, percent(language, x)) for x, _ in SHARES]


def note(language: str, row: Data) -> str:
    """A count and the model's range, in words."""
    return text(
        language,
        "counts.note",
        observed=counted(language, row["observed"], row["n"]),
        range=between(language, row["p05"], row["p95"]),
        verdict=yes_no(language, row["inside"]),
    )


def picture(language: str, id: str, rows: Sequence[Data], title: str, subtitle: str) -> Picture:
    """Counts beside the model."""
    keys = ("p05", "p50", "p95", "observed", "p25", "p75")
    dots = []
    for row in rows:
        low, middle, high, diamond, q1, q3 = (row[key] / row["n"] for key in keys)
        dots.append(Dot(low, middle, high, diamond, q1, q3, bad=not row["inside"], note=note(language, row)))
    labels = [count_name(language, row) for row in rows]
    panel = Panel("", dots, (0.0, 1.0), share_ticks(language))
    head = tuple(
        text(language, f"counts.head.{k}") for k in ("name", "section", "n", "observed", "p50", "p90", "inside")
    )
    table = Table(
        title,
        head,
        tuple(
            (
                count_name(language, row),
                where(row["section"]),
                number(language, row["n"])
                + (text(language, "counts.missing", count=row["missing"]) if row["missing"] else ""),
                number(language, row["observed"]),
                number(language, row["p50"]),
                between(language, row["p05"], row["p95"]),
                yes_no(language, row["inside"]),
            )
            for row in rows
        ),
        frozenset(k for k, row in enumerate(rows) if not row["inside"]),
    )
    return Picture(id, title, subtitle, partial(figures.counts, labels, panel), table)


def fitted(language: str, data: Data) -> Section:
    """The counts that the fit used."""
    rows = shown(data["targets"])
    inside = sum(row["inside"] for row in rows)
    edge = [count_name(language, row) for row in rows if at_the_edge(row)]
    title = text(language, "fitted.title_figure", inside=inside, count=len(rows))
    subtitle = text(language, "counts.subtitle", worlds=number(language, data["worlds"]))
    return Section(
        "targets",
        text(language, "fitted.title"),
        (
            text(language, "fitted.lead"),
            text(language, "fitted.warning"),
            text(language, "fitted.together", share=percent(language, data["together"])),
            text(language, "fitted.edge", names=listed(language, edge)) if edge else "",
        ),
        (picture(language, "targets", rows, title, subtitle),) if rows else (),
    )


def at_the_edge(row: Data) -> bool:
    """Whether a count lies inside its range, by no more than one."""
    return bool(row["inside"] and min(row["observed"] - row["p05"], row["p95"] - row["observed"]) <= 1.0)


def side(row: Data) -> str:
    """On which side of the count the model lies."""
    return "above" if row["p05"] > row["observed"] else "below"


def failure(language: str, row: Data) -> str:
    """A count outside the range, in a sentence, with what is known of the cause."""
    sentence = text(
        language,
        "heldout.failed",
        name=count_name(language, row),
        observed=counted(language, row["observed"], row["n"]),
        section=where(row["section"]),
        range=between(language, row["p05"], row["p95"]),
    )
    from calibration.report.language import text_or

    cause = text_or(language, f"cause.{row['name']}.{side(row)}", text(language, "cause.unknown"))
    return " ".join(part for part in (sentence, cause, not_independent(language, row)) if part)


def not_independent(language: str, row: Data) -> str:
    """That a count which was held out did help to choose a prior, where its source says so; else nothing."""
    chosen = [PARAMETERS[name].meaning[language] for name in row.get("chosen_with", []) if name in PARAMETERS]
    if not chosen:
        return ""
    key = "heldout.chosen" if row["inside"] else "heldout.chosen_missed"
    return text(language, key, count=counted(language, row["observed"], row["n"]), names=listed(language, chosen))


def held_out(language: str, data: Data) -> Section:
    """The counts that no fit may use, and the orders."""
    rows = shown(data["held_out"])
    inside = sum(row["inside"] for row in rows)
    pictures: tuple[Picture, ...] = ()
    if rows:
        title = text(language, "heldout.title_figure", inside=inside, count=len(rows))
        subtitle = text(language, "counts.subtitle", worlds=number(language, data["worlds"]))
        pictures = (picture(language, "held-out", rows, title, subtitle),)
    table = Table(
        text(language, "orders.title"),
        tuple(text(language, f"orders.head.{k}") for k in ("order", "section", "share")),
        tuple(
            (order(language, row), where(row["section"]), percent(language, row["share_of_draws"]))
            for row in data["orders"]
        ),
        frozenset(k for k, row in enumerate(data["orders"]) if row["share_of_draws"] < HOLDS),
    )
    return Section(
        "held-out",
        text(language, "heldout.title"),
        (text(language, "heldout.lead"),),
        pictures,
        (table,) if data["orders"] else (),
        tuple(
            failure(language, row) if not row["inside"] else f"{count_name(language, row)}: {note}"
            for row in rows
            if (note := not_independent(language, row)) or not row["inside"]
        ),
    )


def order(language: str, row: Data) -> str:
    """An order in words."""
    from calibration.report.language import text_or

    more, less = (
        text_or(language, f"order.{row['question']}.{row[key]}", f"{row['question']}: {row[key]}")
        for key in ("more", "less")
    )
    return text(language, "orders.sentence", more=more, less=less)


def five(language: str, data: Data) -> Section:
    """The five town halls: what n = 5 can test, and what it cannot."""
    rows = shown(data["conditioned"])
    title = text(language, "five.title_figure", inside=sum(row["inside"] for row in rows), count=len(rows))
    subtitle = text(language, "counts.subtitle", worlds=number(language, data["worlds"]))
    return Section(
        "five",
        text(language, "five.title"),
        (text(language, "five.lead"), text(language, "five.width", ranges=narrowest(language, rows)) if rows else ""),
        (picture(language, "five", rows, title, subtitle),) if rows else (),
    )


def narrowest(language: str, rows: Sequence[Data]) -> str:
    """How many of the six possible counts (0 to 5) a range holds on average."""
    return number(language, sum(row["p95"] - row["p05"] + 1 for row in rows) / len(rows), 1)


def claim_number(id: str) -> int:
    """The number of the pattern that a claim belongs to: 12 for 12b. Raises `ValueError` for what is no id."""
    return int(re.match(r"\d*", id).group())  # type: ignore[union-attr]


def standing(row: Data) -> str:
    """Of a claim: holds, sometimes, not, or unknown."""
    share = row["share_of_draws"]
    if share is None:
        return "unknown"
    return "holds" if share >= HOLDS else "sometimes" if share >= 0.5 else "not"


def held_by_label(rows: Sequence[Data]) -> dict[str, tuple[int, int]]:
    """Of claims that are emergent and of those that are built in: how many hold, and how many there are."""
    found = {}
    for label in ("emergent", "built in"):
        mine = [row for row in rows if row["label"] == label]
        found[label] = (sum(standing(row) == "holds" for row in mine), len(mine))
    return found


def precision(draws: int) -> float:
    """Half of the widest 95% interval of a share of so many draws, in percentage points."""
    return 100.0 * NORMAL_95 * 0.5 / math.sqrt(draws)


def worsened(rows: Sequence[Data]) -> list[Data]:
    """Claims that the fit made hold less often, by WORSE or more."""
    told = [row for row in rows if row["share_of_draws"] is not None and row["prior_share"] is not None]
    return [row for row in told if row["prior_share"] - row["share_of_draws"] >= WORSE - 1e-9]


def patterns(language: str, data: Data) -> Section:
    """The claims about direction, over draws of the prior and of the fit."""
    proof, title = content(data, "patterns"), text(language, "patterns.title")
    if proof is None:
        return Section(
            "patterns", title, (text(language, "patterns.lead"),), notice=not_done(language, data, "patterns")
        )
    rows = data["patterns"]
    bad = [row for row in rows if standing(row) != "holds"]
    dots = [Dot(middle=row["share_of_draws"], square=row["prior_share"], bad=standing(row) != "holds") for row in rows]
    panel = Panel("", dots, (-0.02, 1.02), share_ticks(language), shade=(HOLDS, 1.02))
    (emergent, of_emergent), (built, of_built) = held_by_label(rows).values()
    finding = text(
        language,
        "patterns.title_figure",
        emergent=counted(language, emergent, of_emergent),
        built=counted(language, built, of_built),
    )
    drawn = Picture(
        "patterns",
        finding,
        text(language, "patterns.subtitle", draws=proof["draws"]),
        partial(figures.two_columns, [row["id"] for row in rows], panel),
        Table(
            finding,
            tuple(
                text(language, f"patterns.head.{k}")
                for k in ("id", "sentence", "section", "label", "prior", "fit", "verdict")
            ),
            tuple(
                (
                    row["id"],
                    row["sentence"][language],
                    where(row["section"]),
                    text(language, f"patterns.label.{row['label'].replace(' ', '_')}"),
                    percent(language, row["prior_share"]),
                    percent(language, row["share_of_draws"]),
                    text(language, f"patterns.{standing(row)}")
                    + (f" · {text(language, 'patterns.assumed')}" if claim_number(row["id"]) in ASSUMED else ""),
                )
                for row in rows
            ),
            frozenset(k for k, row in enumerate(rows) if standing(row) != "holds"),
        ),
    )
    points = tuple(
        text(
            language,
            "patterns.failed",
            id=row["id"],
            sentence=row["sentence"][language],
            share=percent(language, row["share_of_draws"]),
            section=where(row["section"]),
        )
        + (f" {row['reason'][language]}" if row["reason"] else "")
        for row in bad
    )
    down = [
        text(
            language,
            "patterns.from_to",
            id=row["id"],
            before=percent(language, row["prior_share"]),
            after=percent(language, row["share_of_draws"]),
        )
        for row in worsened(rows)
    ]
    failing = [row["id"] for row in bad if row["label"] == "built in"]
    points_of = number(language, precision(proof["draws"]))
    replicates = proof.get("replicates", "?")
    paragraphs = (
        text(language, "patterns.lead"),
        text(language, "patterns.precision", replicates=replicates, draws=proof["draws"], points=points_of),
        text(language, "patterns.built_in_fails", ids=listed(language, failing), replicates=replicates)
        if failing
        else "",
        text(language, "patterns.worse", points=number(language, 100 * WORSE), names=listed(language, down))
        if down
        else "",
    )
    return Section("patterns", title, paragraphs, (drawn,), points=points, notice=not_done(language, data, "patterns"))


__all__ = [
    "NAN",
    "failure",
    "fitted",
    "five",
    "held_by_label",
    "held_out",
    "not_independent",
    "order",
    "patterns",
    "precision",
    "standing",
    "worsened",
]
