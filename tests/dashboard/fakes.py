"""A result of the shape the simulation gives, with invented numbers, for tests of the page only."""

import copy
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
    "municipal_hours",
]
GROUPS = ["all", "size=small", "size=large", "ambition=save"]
PARTS = {"all": 1.0, "size=small": 0.2, "size=large": 0.5, "ambition=save": 0.4}
STATISTICS = ["mean", "p05", "p25", "p50", "p75", "p95"]
LEVEL = {
    "active": 180,
    "structural_partnership": 40,
    "months_to_agreement": 14,
    "trust_initiative": 0.5,
    "homes_reached": 23000,
    "public_euros": 8.4e6,
    "municipal_hours": 60000,
}


class FakeResult:
    """Runs of random walks; the seed and the number of replicates fix them."""

    def __init__(self, scenarios, replicates, *, effect=0.15, calibrated=False):
        rng = np.random.default_rng(7)
        count = len(scenarios)
        self.scenarios, self.groups, self.indicators, self.months = list(scenarios), GROUPS, INDICATORS, MONTHS
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
        parts = np.array(list(PARTS.values()))[None, :, None, None, None]
        stacked = np.stack(statistics, axis=-1)[:, None] * parts
        self.summary = xarray.DataArray(
            stacked,
            dims=("scenario", "group", "indicator", "month", "statistic"),
            coords={
                "scenario": self.scenarios,
                "group": GROUPS,
                "indicator": INDICATORS,
                "month": MONTHS,
                "statistic": STATISTICS,
            },
        )
        self.better = {name: "lower" if name == "months_to_agreement" else "higher" for name in INDICATORS}
        self.sampled_months = tuple(month for month in MONTHS if month.endswith("-12"))
        kept = [MONTHS.index(month) for month in self.sampled_months]
        shares = np.array(list(PARTS.values()))[None, None, :, None, None]
        self.sample_values = np.moveaxis(self.runs, 0, 1)[:, :, None][..., kept] * shares
        self.parameter_set = SimpleNamespace(name="prior-median", hash="0123456789abcdef", calibrated=calibrated)
        self.model_hash = "fedcba9876543210"
        self.command = (
            "samenspel compare " + " ".join(self.scenarios) + f" --world projection --replicates {replicates} --seed 1"
        )

    def over_time(self, scenario, indicator, group="all"):
        cell = self.summary.sel(scenario=scenario, indicator=indicator, group=group)
        return {name: cell.sel(statistic=name).to_numpy() for name in STATISTICS}

    def values_at(self, scenario, indicator, group="all"):
        return {name: float(values[-1]) for name, values in self.over_time(scenario, indicator, group).items()}

    def paired(self, scenario, indicator, group="all"):
        """As the real one: replicate × month, of the Decembers."""
        row, column = self.scenarios.index(scenario), INDICATORS.index(indicator)
        kept = [i for i, month in enumerate(MONTHS) if month.endswith("-12")]
        values = (self.runs[:, row, column] - self.runs[:, 0, column])[:, kept] * PARTS[group]
        return xarray.DataArray(values, dims=("replicate", "month"), coords={"month": [MONTHS[i] for i in kept]})


def labelled(result, choice):
    """As the real one: the same numbers with the names of a choice."""
    named = copy.copy(result)
    named.scenarios = ["as-now", *choice.slots.values()]
    return named
