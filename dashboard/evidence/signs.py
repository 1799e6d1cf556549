"""What would be a bad sign: how many misses luck alone explains, by the binomial distribution.

Checks that depend on one another miss together more often than this says, so a bound is a rough one. It is reckoned
with the findings, because the page itself runs without scipy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scipy.stats import binom

from dashboard.evidence.findings import shown_rows

Data = dict[str, Any]

RANGE = 0.9  # share of the worlds that a range holds
SURE = 0.95  # in so many of 100 cases luck explains no more


def most_by_luck(count: int, chance: float) -> int:
    """Of `count` checks that each go wrong with this chance, at most so many do so in 95 of 100 cases."""
    return int(binom.ppf(SURE, count, chance))


def surely_below(draws: int, share: float) -> int:
    """Of so many draws, the largest number that a true share this high gives in fewer than 5 of 100 cases; -1: none."""
    return int(binom.ppf(1.0 - SURE, draws, share)) - 1


def covered(shares: Sequence[float], fits: int) -> Data:
    """How often a range of 90% held the truth, by quantity, beside what luck gives in `fits` tries.

    least, most: the shares between which one quantity lies in 95 of 100 cases. outside: how many quantities do not.
    allowed: how many may, before it is a bad sign.
    """
    least, most = (int(value) for value in binom.interval(SURE, fits, RANGE))
    inside = float(binom.cdf(most, fits, RANGE) - binom.cdf(least - 1, fits, RANGE))
    return {
        "least": least / fits,
        "most": most / fits,
        "outside": sum(not least <= round(share * fits) <= most for share in shares),
        "allowed": most_by_luck(len(shares), 1.0 - inside),
    }


def signs(found: Mapping[str, Any]) -> Data:
    """The bounds for these findings.

    targets, held_out: how many counts may lie outside their range. claims: the largest number of draws in which a
    claim that comes true half of the time does so by bad luck. coverage: as `covered`. `None` where nothing was tried.
    """
    tried, sbc = found.get("tried"), found.get("sbc") or {}
    shares = list((sbc.get("coverage90") or {}).values())
    return {
        **{part: most_by_luck(len(shown_rows(found[part])), 1.0 - RANGE) for part in ("targets", "held_out")},
        "claims": surely_below(tried["draws"], 0.5) if tried else None,
        "coverage": covered(shares, sbc["fits"]) if shares else None,
    }
