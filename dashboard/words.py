"""Results as sentences, in the words that the evidence carries and no stronger ones.

`mostly` needs three quarters of all worlds, `rather` 60 of 100; below that there is no clear order. A sentence is a
list of segments, so that names can be coloured without any text being treated as markup.
"""

import re
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.language import number, rounded, text, within_sentence
from dashboard.luck import Parting

FRACTIONS = (
    ("tenth", 1 / 10),
    ("fifth", 1 / 5),
    ("quarter", 1 / 4),
    ("third", 1 / 3),
    ("half", 1 / 2),
    ("two_thirds", 2 / 3),
    ("three_quarters", 3 / 4),
)
HARDLY = 0.1  # a share below this is called small, and not given a size

FIRST, SECOND = "\x01", "\x02"


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence; `slot` is the letter of the policy it names, `now`, or empty."""

    words: str
    slot: str = ""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: its letter (or `now`) and its name."""

    slot: str
    name: str


def segments(sentence: str, first: Side, second: Side) -> list[Segment]:
    """Cut a sentence at the places of the two names."""
    pieces = []
    for piece in re.split(f"([{FIRST}{SECOND}])", sentence):
        if piece in (FIRST, SECOND):
            side = first if piece == FIRST else second
            pieces.append(Segment(within_sentence(side.name), side.slot))
        elif piece:
            pieces.append(Segment(piece))
    return pieces


def plain(pieces: list[Segment]) -> str:
    """The sentence as text."""
    return "".join(piece.words for piece in pieces)


def amount(language: str, indicator: str, value: float) -> str:
    """A size without its sign: `4`, `2.900`."""
    return number(language, rounded(abs(value)))


def unit(language: str, indicator: str, value: float) -> str:
    """The unit after a number: one initiative, four initiatives."""
    form = "one" if abs(rounded(value)) == 1 else "many"
    return text(language, f"indicator.{indicator}.unit.{form}")


def how_much(language: str, indicator: str, found: Contrast) -> str:
    """The middle half of the worlds: «In de helft van de werelden zijn het 4 tot 11 initiatieven meer»."""
    low, high = rounded(found.low), rounded(found.high)
    if low == high == 0:
        return text(language, "half.none")
    if low >= 0 or high <= 0:
        direction = "more" if high > 0 else "fewer"
        small, large = sorted((abs(low), abs(high)))
        key = "one" if small == large else "range"
        return text(
            language,
            f"half.{direction}.{key}",
            low=amount(language, indicator, small),
            high=amount(language, indicator, large),
            unit=unit(language, indicator, large),
        )
    return text(
        language,
        "half.both",
        low=amount(language, indicator, low),
        high=amount(language, indicator, high),
        unit_low=unit(language, indicator, low),
        unit=unit(language, indicator, high),
    )


def ties(language: str, same: int) -> str:
    """The worlds in which nothing differs, as the end of a sentence; nothing to say when there are none."""
    return text(language, "ties", same=same) if same else ""


def grammar(language: str, indicator: str) -> dict[str, str]:
    """What an outcome asks of the sentence around it: `is er … minder`, `there are … fewer`."""
    forms = {"what": "what", "is_": "is", "less": "less", "even": "even"}
    return {name: text(language, f"indicator.{indicator}.{key}") for name, key in forms.items()}


def headline(language: str, indicator: str, found: Contrast | None, first: Side, second: Side) -> list[Segment]:
    """The answer in full: how often, which way, ties, and how much in the middle half."""
    if found is None:
        return segments(text(language, "headline.missing", first=FIRST, second=SECOND), first, second)
    more, same, fewer = found.of_hundred()
    leading, other = (more, fewer) if found.leading == "more" else (fewer, more)
    key = "same" if found.verdict == "same" else f"{found.verdict}.{found.leading}"
    sentence = text(
        language,
        f"headline.{key}",
        share=leading,
        other=other,
        same=same,
        **grammar(language, indicator),
        first=FIRST,
        second=SECOND,
    )
    if found.verdict not in ("same", "mostly_same"):
        sentence += f"{ties(language, same)}. {how_much(language, indicator, found)}"
    return segments(sentence, first, second)


def rough_headline(language: str, indicator: str, found: Contrast | None, first: Side, second: Side) -> list[Segment]:
    """The first answer, from few worlds: in tenths, and no amounts."""
    if found is None:
        return segments(text(language, "headline.missing", first=FIRST, second=SECOND), first, second)
    plainly = {"same": "same", "mostly_same": "same", "unclear": "unclear"}
    key = plainly.get(found.verdict, found.leading)
    sentence = text(
        language,
        f"rough.{key}",
        share=round(found.share * 10),
        **grammar(language, indicator),
        first=FIRST,
        second=SECOND,
    )
    return segments(sentence, first, second)


def verdict(language: str, found: Contrast | None) -> str:
    """A few words: `meestal meer`, `vaker wel dan niet minder`, `geen duidelijke volgorde`, `gelijk`."""
    if found is None:
        return text(language, "number.missing")
    if found.verdict in ("same", "mostly_same", "unclear"):
        return text(language, f"verdict.{found.verdict}")
    return text(language, f"verdict.{found.verdict}.{found.leading}")


def beside(language: str, indicator: str, found: Contrast | None, *, rough: bool) -> str:
    """The second outcome in one line, after its name: verdict, share, ties, and the middle half."""
    if found is None:
        return text(language, "beside.missing")
    words = verdict(language, found)
    if found.verdict == "same":
        return text(language, "beside.same")
    if rough:
        key = "beside.rough" if found.verdict in ("mostly", "rather") else "beside.rough_unclear"
        return text(language, key, verdict=words, share=round(found.share * 10))
    more, same, fewer = found.of_hundred()
    leading, other = (more, fewer) if found.leading == "more" else (fewer, more)
    direction = text(language, f"direction.{found.leading}")
    key = {"unclear": "beside.unclear", "mostly_same": "beside.mostly_same"}.get(found.verdict, "beside.clear")
    opposite = text(language, f"direction.{'fewer' if found.leading == 'more' else 'more'}")
    sentence = text(
        language, key, verdict=words, share=leading, other=other, same=same, direction=direction, opposite=opposite
    )
    if found.verdict == "mostly_same":
        return sentence
    return f"{sentence}{ties(language, same)}. {how_much(language, indicator, found)}"


def fraction(language: str, share: float, *, at_least: bool = False) -> str:
    """A share in a word or two: `een derde`, `driekwart`; the nearest of seven, or, for «at least», the largest that
    the share reaches.
    """
    reached = [each for each in FRACTIONS if each[1] <= share] if at_least else []
    name = reached[-1][0] if reached else min(FRACTIONS, key=lambda each: abs(each[1] - share))[0]
    return text(language, f"fraction.{name}")


def doubt(language: str, found: Parting | None, *, calibrated: bool, rough: bool) -> str:
    """The second sentence: what of the spread is luck, and what is not knowing.

    found: `None` while it cannot be told. With fixed parameters not knowing is not in the spread, and that is said.
    """
    if not calibrated:
        return text(language, "why.text")
    if rough:
        return text(language, "why.rough")
    if found is None or not found.telling:
        return text(language, "why.untold")
    kind = "" if found.method == "repeated" else "_bound"
    if found.unknown < HARDLY:
        return text(language, f"why.luck{kind}")
    if found.luck < HARDLY:
        return text(language, "why.unknown")
    return text(
        language,
        f"why.both{kind}",
        luck=sentence_start(fraction(language, found.luck)),
        unknown=sentence_start(fraction(language, found.unknown)),
        unknown_inside=fraction(language, found.unknown, at_least=True),
    )


def sentence_start(words: str) -> str:
    """With a capital."""
    return words[:1].upper() + words[1:]


def range_words(language: str, low: float, high: float, *, signed: bool = False) -> str:
    """`36 tot 46` or, for differences, `+4 tot +11`; both already as exact as they should be shown, so that two ends
    that read the same are one number.
    """
    if low != low or high != high:
        return text(language, "number.missing")
    first, last = number(language, low, signed=signed), number(language, high, signed=signed)
    return first if first == last else f"{first} {text(language, 'number.to')} {last}"


def between(language: str, low: float, high: float) -> str:
    """`36–46`, where there is no room for words."""
    return f"{number(language, low)}–{number(language, high)}"
