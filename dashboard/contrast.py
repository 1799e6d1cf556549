"""Two policies in the same worlds with the same luck: how often one has more, and how much more."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["mostly", "rather", "mostly_same", "unclear", "same"]
MOSTLY, RATHER = 0.75, 0.60


@dataclass(frozen=True)
class Contrast:
    """The paired differences of one indicator at the horizon, in its own unit.

    worlds: how many were measured. more, same, fewer: how many of them have a higher, equal or lower value.
    low, middle, high: bounds of the middle half of all worlds and the median; lowest, highest: of 90 of 100.
    """

    worlds: int
    more: int
    same: int
    fewer: int
    low: float
    middle: float
    high: float
    lowest: float
    highest: float

    @property
    def leading(self) -> Literal["more", "fewer"]:
        """The direction in which most of the differing worlds go."""
        return "fewer" if self.fewer > self.more else "more"

    @property
    def all(self) -> bool:
        """Whether every world goes in the leading direction."""
        return max(self.more, self.fewer) == self.worlds

    @property
    def share(self) -> float:
        """Share of all worlds (0 to 1) that go in the leading direction."""
        return max(self.more, self.fewer) / self.worlds

    @property
    def verdict(self) -> Verdict:
        """`mostly` from 75 of 100 worlds, `rather` from 60, else `unclear`.

        `same` when no world differs, `mostly_same` when at least 75 of 100 do not.
        """
        if self.same == self.worlds:
            return "same"
        if self.same >= MOSTLY * self.worlds:
            return "mostly_same"
        return "mostly" if self.share >= MOSTLY else "rather" if self.share >= RATHER else "unclear"

    def of_hundred(self) -> tuple[int, int, int]:
        """more, same and fewer out of 100: whole numbers that add up and never cross a threshold (or become all) by
        rounding."""
        counts = {"more": self.more, "same": self.same, "fewer": self.fewer}
        parts = {name: count * 100 // self.worlds for name, count in counts.items()}
        # The largest remainder goes up; on a tie the leading direction comes last, so that no claim grows.
        order = sorted(counts, key=lambda name: (-(counts[name] * 100 % self.worlds), name == self.leading))
        if any(parts[self.leading] + 1 == bound * 100 > self.share * 100 for bound in (MOSTLY, RATHER, 1)):
            order = [name for name in order if name != self.leading] + [self.leading]
        for name in order[: 100 - sum(parts.values())]:
            parts[name] += 1
        return parts["more"], parts["same"], parts["fewer"]


def contrast(differences: NDArray[np.floating]) -> Contrast | None:
    """Summarise paired differences, one per world; `None` when no world was measured (NaN = not measured).

    The middle half is made of order statistics: it leaves out a quarter of the worlds on either side, so that it never
    contradicts the share (with 75 of 100 better, its lower end is better too).
    """
    values = np.sort(differences[~np.isnan(differences)])
    count = len(values)
    if count == 0:
        return None

    def middle(left_out: float) -> tuple[float, float]:
        skipped = int(count * left_out)
        return float(values[skipped]), float(values[count - 1 - skipped])

    low, high = middle(0.25)
    lowest, highest = middle(0.05)
    return Contrast(
        worlds=count,
        more=int((values > 0).sum()),
        same=int((values == 0).sum()),
        fewer=int((values < 0).sum()),
        low=low,
        middle=float(np.median(values)),
        high=high,
        lowest=lowest,
        highest=highest,
    )
