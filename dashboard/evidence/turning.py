"""*Wat kan omdraaien?*: which comparisons of policies depend on numbers that the interviews leave open, and what one
would have to find out first.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.language import catalogue, named, number, text, within_sentence
from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS

Data = dict[str, Any]
AS_NOW = "as-now"
NORMAL_90 = 1.6448536269514722  # so many standard errors on either side hold 90%
OF_OUTCOME = ("failed",)  # doubts about an outcome, whatever the policies


def meaning(language: str, name: str) -> str:
    """What a parameter means: in the page's own plainer words where it has them."""
    own = catalogue(language).get(f"evidence.meaning.{name}")
    return own or named(PARAMETERS[name].meaning, language)


def percent(language: str, share: float) -> str:
    """A share as a whole percentage; one that is not quite nothing or everything is not called so."""
    if 0.0 < share < 0.005:
        return text(language, "evidence.percent_below", value=1)
    if 0.995 < share < 1.0:
        return text(language, "evidence.percent_above", value=99)
    return text(language, "evidence.percent", value=number(language, 100 * share, 0))


def marks(language: str, weak: Sequence[str]) -> list[str]:
    """What makes a comparison weak, in words."""
    return [text(language, f"evidence.weak.{each}") for each in weak]


def duel(language: str, row: Data, names: Data) -> str:
    """Two policies against each other in words."""
    first = named(names[row["first"]], language)
    if row["second"] == AS_NOW:
        return text(language, "evidence.turning.alone", first=first)
    return text(
        language, "evidence.turning.duel", first=first, second=within_sentence(named(names[row["second"]], language))
    )


def contest(language: str, row: Data, names: Data) -> Data:
    """A comparison as the page lists it, the one that is better more often first: in which share of the versions it is
    better, and what that rests on. Going on as now is never first.
    """
    first, second, share = row["first"], row["second"], row["draws"]
    if share < 0.5 and second != AS_NOW:
        first, second, share = second, first, 1.0 - share
    return {
        "id": f"{row['first']} {row['second']} {row['outcome']}",
        "name": duel(language, {"first": first, "second": second}, names),
        "share": round(100 * share),
        "share_words": percent(language, share),
        "marks": marks(language, [each for each in row["weak"] if each not in OF_OUTCOME]),
    }


def grouped(language: str, rows: list[Data], names: Data) -> list[Data]:
    """Comparisons by outcome, the most undecided first; what holds for a whole outcome is said once."""
    weak = {row["outcome"]: [each for each in row["weak"] if each in OF_OUTCOME] for row in rows}
    return [
        {
            "outcome": text(language, f"indicator.{outcome}.name"),
            "marks": marks(language, weak[outcome]),
            "rows": [
                contest(language, row, names)
                for row in sorted(rows, key=lambda each: abs(each["draws"] - 0.5))
                if row["outcome"] == outcome
            ],
        }
        for outcome in dict.fromkeys(row["outcome"] for row in rows)
    ]


def margin(language: str, value: float, error: float) -> str:
    """The range of 90% of a worth with this standard error; a worth is never below nothing."""
    ends = (max(0.0, value - NORMAL_90 * error), value + NORMAL_90 * error)
    low, high = (rounded(language, end) for end in ends)
    return text(language, "evidence.range", low=low, high=high)


def rounded(language: str, value: float) -> str:
    """A worth: two digits that count."""
    return number(language, float(f"{value:.2g}"), 3)


def worth(language: str, found: Data) -> list[Data]:
    """What to find out first, in sentences with what each rests on: one for each choice that may gain by it."""
    said = []
    for choice in sorted(found["worth"], key=lambda each: each["finding"] != "first"):
        outcome = text(language, f"indicator.{choice['outcome']}.name")
        name = text(
            language,
            "evidence.turning.choice",
            duel=duel(language, choice, found["names"]),
            outcome=within_sentence(outcome),
        )
        if choice["finding"] == "first":
            unit = named(INDICATORS[choice["outcome"]].unit, language)
            sentence = text(
                language,
                "evidence.turning.first",
                choice=name,
                parameter=meaning(language, choice["parameter"]),
                unit=unit,
                value=rounded(language, choice["value"]),
                margin=margin(language, choice["value"], choice["error"]),
                everything=rounded(language, choice["everything"]),
            )
        elif choice["finding"] == "unclear":
            sentence = text(language, "evidence.turning.unclear", choice=name)
        else:
            continue
        said.append({"sentence": sentence, "marks": marks(language, choice["weak"])})
    nothing = sum(choice["finding"] == "nothing" for choice in found["worth"])
    if nothing:
        sentence = text(language, "evidence.turning.nothing", count=nothing, of=len(found["worth"]))
        said.append({"sentence": sentence, "marks": []})
    return said


def turning(language: str, found: Data | None, fitted: int) -> Data | None:
    """The card, or `None` where this was not tried for the fit. fitted: how many numbers vary in it."""
    if not found:
        return None
    rows = found["contests"]
    open_ones = [row for row in rows if row["changes_sign"]]
    return {
        "title": text(language, "evidence.turning.title", changing=len(open_ones), count=len(rows)),
        "sub": text(language, "evidence.turning.sub", pairs=number(language, found["pairs"]), fitted=fitted),
        "open": grouped(language, open_ones, found["names"]),
        "rest": text(language, "evidence.turning.rest", count=len(rows) - len(open_ones)),
        "standing": grouped(language, [row for row in rows if not row["changes_sign"]], found["names"]),
        "worth": worth(language, found),
        "changing": len(open_ones),
        "count": len(rows),
    }
