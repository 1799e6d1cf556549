"""Sections about what was counted: fitted, held out, five town halls, and claims about direction."""

from __future__ import annotations

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
    return f"{sentence} {cause}"


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
        tuple(failure(language, row) for row in rows if not row["inside"]),
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


def standing(row: Data) -> str:
    """Of a claim: holds, sometimes, not, or unknown."""
    share = row["share_of_draws"]
    if share is None:
        return "unknown"
    return "holds" if share >= HOLDS else "sometimes" if share >= 0.5 else "not"


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
    finding = text(language, "patterns.title_figure", held=len(rows) - len(bad), count=len(rows))
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
                    text(language, f"patterns.{standing(row)}"),
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
    paragraphs = (
        text(language, "patterns.lead"),
        text(language, "patterns.precision", replicates=proof.get("replicates", "?"), draws=proof["draws"]),
    )
    return Section("patterns", title, paragraphs, (drawn,), points=points, notice=not_done(language, data, "patterns"))


__all__ = ["NAN", "failure", "fitted", "five", "held_out", "order", "patterns", "standing"]
