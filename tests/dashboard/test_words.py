"""Sentences: the words the evidence carries, in both languages."""

import numpy as np
import pytest

from dashboard.contrast import contrast
from dashboard.luck import Parting
from dashboard.outcomes import OUTCOMES
from dashboard.words import (
    Side,
    beside,
    doubt,
    ends,
    headline,
    plain,
    range_words,
    rough_headline,
    unknown_share,
    verdict,
)

A, B, NOW = Side("A", "Structurele financiering"), Side("B", "Vast overleg"), Side("now", "Doorgaan zoals nu")
INDICATOR = "structural_partnership"


def worlds(more=0, same=0, fewer=0, size=4):
    """Differences of a few initiatives in so many worlds."""
    return contrast(np.array([size] * more + [0] * same + [-size] * fewer, dtype=float))


def test_mostly_in_dutch():
    found = contrast(np.array([-2.0] * 24 + [0.0] * 10 + [4.0] * 83 + [11.0] * 83))
    assert plain(headline("nl", INDICATOR, found, A, NOW)) == (
        "Meestal: in 83 van de 100 werelden met hetzelfde toeval is er bij structurele financiering meer structurele "
        "samenwerking dan bij doorgaan zoals nu, in 5 evenveel. In de helft van de werelden zijn het 4 tot 11 "
        "initiatieven meer."
    )


def test_mostly_in_english():
    found = contrast(np.array([-2.0] * 34 + [4.0] * 83 + [11.0] * 83))
    sentence = plain(headline("en", INDICATOR, found, Side("A", "Structural funding"), Side("now", "Going on as now")))
    assert sentence == (
        "Mostly: in 83 of 100 worlds with the same luck there is more structural partnership with structural funding "
        "than with going on as now. In half of the worlds it is 4 to 11 initiatives more."
    )


@pytest.mark.parametrize(
    ("found", "start"),
    [
        (worlds(75, 0, 25), "Meestal: in 75 van de 100 werelden"),
        (worlds(74, 0, 26), "Vaker wel dan niet: in 74 van de 100 werelden"),
        (worlds(60, 0, 40), "Vaker wel dan niet: in 60 van de 100 werelden"),
        (worlds(59, 0, 41), "Geen duidelijke volgorde: in 59 van de 100 werelden"),
        (worlds(10, 80, 10), "Meestal gelijk: in 80 van de 100 werelden"),
        (worlds(0, 100, 0), "Gelijk: in alle werelden"),
        (None, "Bij structurele financiering en doorgaan zoals nu is dit niet gemeten."),
    ],
)
def test_the_first_words_are_those_the_share_allows(found, start):
    assert plain(headline("nl", INDICATOR, found, A, NOW)).startswith(start)


def test_less_is_said_as_less():
    sentence = plain(headline("nl", INDICATOR, worlds(5, 5, 90), A, B))
    assert (
        "in 90 van de 100 werelden" in sentence and "minder structurele samenwerking dan bij vast overleg" in sentence
    )
    assert sentence.endswith("gaat het om 4 initiatieven minder.")
    for indicator, less in ((INDICATOR, "4 initiatives fewer"), ("public_euros", "4 euros less")):
        assert less in plain(headline("en", indicator, worlds(5, 5, 90), A, B))
    assert verdict("en", "homes_reached", worlds(5, 5, 90)) == "mostly fewer"
    assert verdict("en", "energy", worlds(5, 5, 90)) == "mostly less"


def test_a_range_over_zero_names_both_sides():
    found = contrast(np.array([-3.0] * 45 + [5.0] * 55))
    assert "tussen 3 initiatieven minder en 5 initiatieven meer" in plain(headline("nl", INDICATOR, found, A, NOW))


def test_one_initiative_is_singular():
    assert "1 initiatief meer" in plain(headline("nl", INDICATOR, worlds(90, 0, 10, size=1), A, NOW))


def test_the_names_can_be_coloured():
    pieces = headline("nl", INDICATOR, worlds(90, 0, 10), A, B)
    assert [(piece.words, piece.slot) for piece in pieces if piece.slot] == [
        ("structurele financiering", "A"),
        ("vast overleg", "B"),
    ]


def test_a_hostile_name_stays_text():
    name = "<script>{first}\x00%s"
    pieces = headline("nl", INDICATOR, worlds(90, 0, 10), Side("A", name), NOW)
    assert next(piece.words for piece in pieces if piece.slot == "A") == name


def test_a_rough_answer_speaks_in_tenths_and_gives_no_amount():
    sentence = plain(rough_headline("nl", INDICATOR, worlds(16, 1, 3), A, NOW))
    assert "ongeveer 8 van de 10 werelden" in sentence
    assert "initiatieven" not in sentence and "100" not in sentence


def test_a_rough_answer_without_order_says_so():
    assert "geen duidelijke volgorde" in plain(rough_headline("nl", INDICATOR, worlds(10, 0, 10), A, NOW))


def second(found, language="nl", indicator="homes_reached", rough=False):
    """The line about the second outcome."""
    return beside(language, indicator, found, A, B, rough=rough)


def test_the_second_outcome_says_of_whom_it_speaks():
    found = contrast(np.array([-100.0] * 36 + [100.0] * 32 + [2874.0] * 32))
    assert second(found) == (
        "bij structurele financiering zijn er vaker wel dan niet meer dan bij vast overleg, in 64 van de 100 werelden. "
        "In de helft van de werelden ligt het verschil tussen 100 woningen minder en 2.900 woningen meer."
    )
    assert second(None) == "niet gemeten."
    assert (
        second(worlds(0, 20, 0))
        == "bij structurele financiering zijn er evenveel als bij vast overleg, in alle werelden."
    )
    assert second(worlds(10, 80, 10)).startswith("bij structurele financiering zijn er meestal evenveel als bij vast")
    assert ", in 5 evenveel." in second(worlds(85, 5, 10))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("rough", [True, False])
@pytest.mark.parametrize(
    "found", [worlds(20), worlds(16, 0, 4), worlds(13, 0, 7), worlds(10, 0, 10), worlds(2, 16, 2), worlds(0, 20)]
)
def test_the_second_outcome_names_both_whatever_came_out(language, rough, found):
    sentence = second(found, language, rough=rough)
    assert "structurele financiering" in sentence and "vast overleg" in sentence and "{" not in sentence


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [(3.2, 65, (3, 65)), (46, 2900, (50, 2900)), (0.82, 3000, (0, 3000)), (5428, 9310, (5400, 9300)),
     (-7.3, 16, (-7, 16)), (0.031, 0.12, (0.03, 0.12)), (1, 3, (1, 3)), (0, 0, (0, 0))],
)  # fmt: skip
def test_both_ends_of_a_range_are_equally_exact(low, high, written):
    assert ends(low, high) == pytest.approx(written)
    assert ends(-high, -low) == pytest.approx((-written[1], -written[0]))


def test_where_all_worlds_agree_the_sentence_says_all():
    sentence = plain(headline("nl", INDICATOR, worlds(200), A, B))
    assert sentence.startswith("In alle werelden met hetzelfde toeval is er bij structurele financiering meer")
    assert "evenveel" not in sentence


def test_what_adds_up_says_over_how_long():
    sentence = plain(headline("nl", "restarts", worlds(0, 10, 190), A, B, "in 8 jaar samen"))
    assert sentence.endswith("gaat het om 4 keer minder in 8 jaar samen.")


@pytest.mark.parametrize(
    ("share", "dutch"),
    [
        (0.12, "een tiende"),
        (0.2, "een vijfde"),
        (0.35, "een derde"),
        (0.5, "de helft"),
        (0.66, "twee derde"),
        (0.8, "driekwart"),
    ],
)
def test_a_share_in_words_is_the_nearest_fraction(share, dutch):
    assert unknown_share("nl", Parting(1 - share, share, 0.05, "repeated")) == dutch


@pytest.mark.parametrize(
    ("share", "dutch"), [(0.14, "een tiende"), (0.24, "een vijfde"), (0.25, "een kwart"), (0.74, "twee derde")]
)
def test_at_least_so_much_is_never_more_than_the_share(share, dutch):
    assert unknown_share("nl", Parting(1 - share, share, 0.05, "one each")) == f"minstens {dutch}"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Parting(0.66, 0.34, 0.05, "repeated"), "Een derde van de spreiding komt door niet weten"),
        (Parting(0.97, 0.03, 0.05, "repeated"), "Bijna alle spreiding is toeval"),
        (Parting(0.97, 0.03, 0.05, "one each"), "Bijna alle spreiding lijkt toeval"),
        (Parting(0.04, 0.96, 0.05, "repeated"), "Bijna alle spreiding komt door niet weten"),
        (Parting(0.66, 0.34, 0.05, "one each"), "Minstens een derde van de spreiding komt door niet weten"),
        (Parting(0.66, 0.34, 0.30, "repeated"), "niet te zeggen"),
        (None, "niet te zeggen"),
    ],
)
def test_the_second_sentence_parts_luck_from_not_knowing(found, says):
    assert says in doubt("nl", found, calibrated=True, rough=False)
    assert says not in doubt("nl", found, calibrated=False, rough=False)
    assert says not in doubt("nl", found, calibrated=True, rough=True)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_makes_a_whole_sentence(language, outcome):
    for found in (worlds(more=80, fewer=20), worlds(more=10, fewer=65, same=25), worlds(more=50, fewer=50)):
        for sentence in (headline(language, outcome, found, A, NOW), rough_headline(language, outcome, found, A, NOW)):
            assert "{" not in plain(sentence) and plain(sentence).endswith(".")
            assert {piece.slot for piece in sentence} == {"", "A", "now"}


def test_count_nouns_and_mass_nouns_have_their_own_grammar():
    found = worlds(more=10, fewer=90)
    assert "there are fewer homes reached" in plain(headline("en", "homes_reached", found, A, NOW))
    assert "there is less trust among initiatives" in plain(headline("en", "trust_initiative", found, A, NOW))
    assert "zijn er bij structurele financiering minder bereikte woningen" in plain(
        headline("nl", "homes_reached", found, A, NOW)
    )


def test_two_ends_that_read_the_same_are_one_number():
    assert range_words("nl", 0.03, 0.03, signed=True) == "+0,03"
    assert range_words("nl", 4, 11, signed=True) == "+4 tot +11"
