"""A result of the shape the simulation gives, with invented numbers, for tests of the page only."""

from types import SimpleNamespace

import numpy as np
import xarray

MONTHS = [f"{year}-{month:02d}" for year in range(2022, 2035) for month in range(1, 13)]
INDICATORS = [
    "active",
    "structural_partnership",
    "months_to_agreement",
    "trust_initiative",
    "homes_reached",
    "public_euros",
]
STATISTICS = ["mean", "p05", "p25", "p50", "p75", "p95"]
LEVEL = {
    "active": 180,
    "structural_partnership": 40,
    "months_to_agreement": 14,
    "trust_initiative": 0.5,
    "homes_reached": 23000,
    "public_euros": 8.4e6,
}


class FakeResult:
    """Runs of random walks; the seed and the number of replicates fix them."""

    def __init__(self, scenarios, replicates, *, effect=0.15, calibrated=False):
        rng = np.random.default_rng(7)
        count = len(scenarios)
        self.scenarios, self.groups, self.indicators, self.months = list(scenarios), ["all"], INDICATORS, MONTHS
        self.replicates = replicates
        time = np.linspace(0.3, 1, len(MONTHS))
        start = MONTHS.index("2027-01")
        after = np.clip((np.arange(len(MONTHS)) - start) / (len(MONTHS) - start), 0, 1)
        luck = rng.normal(1, 0.15, (replicates, 1, len(INDICATORS), 1))
        own = rng.normal(0, 0.12, (replicates, count, len(INDICATORS), 1)) * (np.arange(count) > 0)[None, :, None, None]
        gain = 1 + (effect * np.arange(count)[None, :, None, None] + own) * after
        levels = np.array([LEVEL[name] for name in INDICATORS])[None, None, :, None]
        self.runs = levels * luck * time * gain
        counts = levels > 10
        self.runs = np.where(counts, np.round(self.runs), self.runs)
        statistics = [self.runs.mean(0), *np.percentile(self.runs, [5, 25, 50, 75, 95], axis=0)]
        stacked = np.stack(statistics, axis=-1)[:, None]
        self.summary = xarray.DataArray(
            stacked,
            dims=("scenario", "group", "indicator", "month", "statistic"),
            coords={
                "scenario": self.scenarios,
                "group": ["all"],
                "indicator": INDICATORS,
                "month": MONTHS,
                "statistic": STATISTICS,
            },
        )
        self.parameter_set = SimpleNamespace(name="prior-median", hash="0123456789abcdef", calibrated=calibrated)
        self.model_hash = "fedcba9876543210"
        self.command = (
            "samenspel compare " + " ".join(self.scenarios) + f" --world projection --replicates {replicates} --seed 1"
        )

    def paired(self, scenario, indicator, group="all"):
        """As the real one: replicate × month, of the Decembers."""
        row, column = self.scenarios.index(scenario), INDICATORS.index(indicator)
        kept = [i for i, month in enumerate(MONTHS) if month.endswith("-12")]
        values = (self.runs[:, row, column] - self.runs[:, 0, column])[:, kept]
        return xarray.DataArray(values, dims=("replicate", "month"), coords={"month": [MONTHS[i] for i in kept]})


def fake_run(chosen, world, replicates, progress=None, cancelled=None):
    """Stands in for `dashboard.simulation.run`: takes a moment, reports progress and can be cancelled."""
    import time

    for done in range(20):
        if cancelled is not None and cancelled():
            return None
        time.sleep(0.02 * replicates / 20)
        if progress is not None:
            progress(done + 1, 20)
    return FakeResult(["as-now", *chosen], replicates)
