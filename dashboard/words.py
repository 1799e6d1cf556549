"""Results as sentences, in the words that the evidence carries and no stronger ones.

`mostly` needs three quarters of all worlds, `rather` 60 of 100; below that there is no clear order. A sentence is a
list of segments, so that names can be coloured without any text being treated as markup.
"""

import math
import re
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.direction import judged
from dashboard.language import catalogue, number, rounded, text, within_sentence
from dashboard.luck import Parting
from sim.evidence.parameters import CALIBRATED

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


# Outcomes of which there are no pieces: points and phases. All others are counted in whole things.
IN_PIECES = ("trust_initiative", "trust_official", "understanding", "energy", "phase")
MONEY = "public_euros"
WHOLE_FROM = 2  # so many things, and more of them, are told in whole ones


def amount(language: str, indicator: str, value: float) -> str:
    """A size without its sign: `4`, `2.900`."""
    return number(language, rounded(abs(value)))


def less(language: str, indicator: str) -> str:
    """The word for less behind a number with its unit: `fewer` homes, `less` euros."""
    own = catalogue(language).get(f"indicator.{indicator}.unit.less")
    return own or text(language, f"indicator.{indicator}.less")


def unit(language: str, indicator: str, value: float) -> str:
    """The unit after a number: one initiative, four initiatives."""
    form = "one" if abs(rounded(value)) == 1 else "many"
    return text(language, f"indicator.{indicator}.unit.{form}")


def ends(low: float, high: float, *, whole: bool = True) -> tuple[float, float]:
    """Both ends of a range, as exact as the larger one may be written: 3.2 to 65 becomes 3 to 65.

    An end that would become nothing keeps one digit, as long as it is worth that: 46 to 2,900 becomes 50 to 2,900, and
    0.82 to 3,000 becomes 0 to 3,000. whole: the things are counted, so above two there are no fractions.
    """
    largest = max(abs(low), abs(high))
    if not 0 < largest < math.inf:
        return low, high
    step = 10.0 ** (math.floor(math.log10(largest)) - 1)
    step = max(step, 1.0 if whole and largest >= WHOLE_FROM else 0.01)

    def written(value: float) -> float:
        near = round(value / step) * step
        finer = step / 10 if step >= 10 else step
        near = near if near else round(value / finer) * finer
        return round(near, 2)

    return written(low), written(high)


def counted(indicator: str) -> bool:
    """Whether an outcome is counted in whole things."""
    return indicator not in IN_PIECES


def how_much(language: str, indicator: str, found: Contrast, period: str = "") -> str:
    """The middle half of the worlds: «In de helft van de werelden zijn het 4 tot 11 initiatieven meer».

    period: how long was added up, in words, for outcomes that add up («in 8 jaar samen»).
    """
    low, high = ends(found.low, found.high, whole=counted(indicator))
    if low == high == 0:
        return text(language, "half.none")
    after = f" {period}" if period else ""
    if low >= 0 or high <= 0:
        direction = "more" if high > 0 else "fewer"
        small, large = sorted((abs(low), abs(high)))
        key = "one" if small == large else "range"
        return text(
            language,
            f"half.{direction}.{key}",
            low=number(language, small),
            high=number(language, large),
            unit=unit(language, indicator, large),
            less=less(language, indicator),
            period=after,
        )
    return text(
        language,
        "half.both",
        low=number(language, abs(low)),
        high=number(language, high),
        unit_low=unit(language, indicator, low),
        unit=unit(language, indicator, high),
        less=less(language, indicator),
        period=after,
    )


def ties(language: str, same: int) -> str:
    """The worlds in which nothing differs, as the end of a sentence; nothing to say when there are none."""
    return text(language, "ties", same=same) if same else ""


def grammar(language: str, indicator: str) -> dict[str, str]:
    """What an outcome asks of the sentence around it: `is er … minder`, `there are … fewer`."""
    forms = {"what": "what", "is_": "is", "less": "less", "even": "even"}
    return {name: text(language, f"indicator.{indicator}.{key}") for name, key in forms.items()}


def headline(
    language: str, indicator: str, found: Contrast | None, first: Side, second: Side, period: str = ""
) -> list[Segment]:
    """The answer in full: how often, which way, ties, and how much in the middle half."""
    if found is None:
        return segments(text(language, "headline.missing", first=FIRST, second=SECOND), first, second)
    more, same, fewer = found.of_hundred()
    leading, other = (more, fewer) if found.leading == "more" else (fewer, more)
    key = "same" if found.verdict == "same" else f"{found.verdict}.{found.leading}"
    key = f"all.{found.leading}" if found.all else key
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
        sentence += f"{ties(language, same)}. {how_much(language, indicator, found, period)}"
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


def verdict(language: str, indicator: str, found: Contrast | None) -> str:
    """A few words: `meestal meer`, `vaker wel dan niet minder`, `geen duidelijke volgorde`, `gelijk`."""
    if found is None:
        return text(language, "number.missing")
    if found.verdict in ("same", "mostly_same", "unclear"):
        return text(language, f"verdict.{found.verdict}")
    return text(language, f"verdict.{found.verdict}.{found.leading}", less=grammar(language, indicator)["less"])


def worth(language: str, indicator: str, found: Contrast | None, wanted: str, *, rough: bool = False) -> str:
    """The same in what people want: `meestal beter`, `in alle werelden slechter`. wanted: of `direction.better`.
    rough: from few worlds, of which nothing is said as true of all."""
    judgement = judged(found, wanted)
    if found is None or not judgement:
        return verdict(language, indicator, found)
    return text(language, f"verdict.{'all' if found.all and not rough else found.verdict}.{judgement}")


def with_worth(language: str, indicator: str, said: str, found: Contrast | None, wanted: str) -> str:
    """Words on more or less, and behind them whether that is better or worse; of money, cheaper or costlier."""
    judgement: str = judged(found, wanted)
    if judgement and indicator == MONEY:
        judgement = "cheaper" if judgement == "better" else "costlier"
    return text(language, f"judged.{judgement}", words=said) if judgement else said


def share_words(language: str, indicator: str, found: Contrast | None) -> str:
    """In how many worlds, as words: `in alle werelden meer`, `in 83 van de 100 werelden minder`; without a clear order
    as `verdict`."""
    if found is None or found.verdict not in ("mostly", "rather"):
        return verdict(language, indicator, found)
    more, _, fewer = found.of_hundred()
    direction = text(language, "direction.more") if found.leading == "more" else grammar(language, indicator)["less"]
    key = "all" if found.all else "share"
    return text(language, f"counted.{key}", share=more if found.leading == "more" else fewer, direction=direction)


def beside(
    language: str, indicator: str, found: Contrast | None, first: Side, second: Side, *, rough: bool, period: str = ""
) -> str:
    """The second outcome in one line, after its name: of whom it is more or less, share, ties, and the middle half."""
    if found is None:
        return text(language, "beside.missing")
    more, same, fewer = found.of_hundred()
    leading, other = (more, fewer) if found.leading == "more" else (fewer, more)
    words = grammar(language, indicator)
    values = {
        "first": within_sentence(first.name),
        "second": within_sentence(second.name),
        "is_": words["is_"],
        "even": words["even"],
        "share": round(found.share * 10) if rough else leading,
        "same": same,
        "other": other,
        "direction": text(language, "direction.more") if found.leading == "more" else words["less"],
        "opposite": words["less"] if found.leading == "more" else text(language, "direction.more"),
    }
    if rough and found.verdict in ("same", "mostly_same", "unclear"):
        kind = "unclear" if found.verdict == "unclear" else "same"
        return text(language, f"beside.rough_{kind}", **values)
    kind = f"rough_{found.verdict}" if rough else "all" if found.all else found.verdict
    sentence = text(language, f"beside.{kind}", **values)
    if rough or found.verdict in ("same", "mostly_same"):
        return sentence
    return f"{sentence}{ties(language, same)}. {how_much(language, indicator, found, period)}"


def unknown_share(language: str, found: Parting) -> str:
    """The share of not knowing in words: `een derde`, `minstens driekwart`, `bijna niets`."""
    if found.reading in ("luck", "unknown"):
        return text(language, f"fraction.{found.reading}")
    share = text(language, f"fraction.{found.reading}")
    return text(language, "fraction.least", share=share) if found.least else share


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
    bound = "_bound" if found.least else ""
    if found.reading in ("luck", "unknown"):
        said = text(language, f"why.{found.reading}{bound if found.reading == 'luck' else ''}")
    else:
        said = text(language, f"why.both{bound}", unknown=sentence_start(unknown_share(language, found)))
    return f"{said} {text(language, 'why.fitted_only', fitted=len(CALIBRATED))}"


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


def gap_words(language: str, indicator: str, low: float, high: float) -> str:
    """The range of a difference, both ends equally exact: `+3 tot +65`."""
    return range_words(language, *ends(low, high, whole=counted(indicator)), signed=True)


def between(language: str, low: float, high: float) -> str:
    """`36–46`, where there is no room for words."""
    return f"{number(language, low)}–{number(language, high)}"
