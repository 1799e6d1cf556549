"""What tables and files say of one contrast, the same in every figure."""

from dashboard.contrast import Contrast
from dashboard.direction import better
from dashboard.figures import Cell
from dashboard.language import number, rounded, text
from dashboard.words import gap_words, share_words, verdict, with_worth

HEAD = ("table.words", "table.of_hundred", "table.difference", "table.half", "table.ninety")
COLUMNS = ("worlds", "more", "same", "fewer", "p05", "p25", "p50", "p75", "p95")


def in_words(language: str, indicator: str, found: Contrast | None, *, rough: bool) -> tuple[str, ...]:
    """The cells under `HEAD`. rough: from few worlds, of which nothing is said as true of all."""
    if found is None:
        return (text(language, "number.missing"),) * len(HEAD)
    say = share_words if found.all and not rough else verdict
    return (
        with_worth(language, indicator, say(language, indicator, found), found, better(indicator)),
        " / ".join(str(count) for count in found.of_hundred()),
        number(language, rounded(found.middle), signed=True),
        gap_words(language, indicator, found.low, found.high),
        gap_words(language, indicator, found.lowest, found.highest),
    )


def for_programs(found: Contrast | None) -> tuple[Cell, ...]:
    """The cells under `COLUMNS`."""
    if found is None:
        return (0, *[None] * (len(COLUMNS) - 1))
    counts = (found.worlds, found.more, found.same, found.fewer)
    return (*counts, found.lowest, found.low, found.middle, found.high, found.highest)
