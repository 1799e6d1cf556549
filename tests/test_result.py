"""Results: labels, rows, files and words, against numbers worked out from the worlds themselves."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.problems import InputError
from sim.result import DIFFERENCE_COLUMNS, SUMMARY_STATISTICS, ParameterSet, Result, new_summaries, sample_months
from sim.result_files import bytes_needed, check_result_target, json_text
from sim.verdict import carried_range, number, order_of, sentence


@dataclass(frozen=True)
class Made:
    """An indicator made up for the test."""

    id: str
    unit: Any
    better: str


INDICATORS = (Made("homes_reached", {"nl": "woningen", "en": "homes"}, "higher"), Made("restarts", "count", "lower"))
GROUPS = ("all", "size=small")
MONTHS = tuple(f"{year}-{month:02d}" for year in (2027, 2028) for month in range(1, 13))[:20]
DOCUMENTS = (
    {"id": "as-now"},
    {"id": "first", "levers": [{"lever": "regular_meetings", "intensity": 1}]},
    {"id": "second"},
)
PRIOR = ParameterSet("prior-median", "0123456789ab", calibrated=False)


def worlds(count: int = 40, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(100, 10, (count, 1, len(GROUPS), len(INDICATORS), len(MONTHS)))
    policy = np.round(rng.normal(2, 2, (count, len(DOCUMENTS), *values.shape[2:])))
    policy[:, 0] = 0
    made = values + policy
    made[:, :, 1, 1, :5] = np.nan
    made[:3, 1, 0, 0, 11] = np.nan
    return made


def make(values: np.ndarray | None = None, *, every_month: bool = False, keep: int = 1000, **other: Any) -> Result:
    values = worlds() if values is None else values
    summaries = new_summaries(values.shape[1], GROUPS, INDICATORS, MONTHS, every_month=every_month, keep=keep)
    for one in values:
        summaries.add(one)
    labels: dict[str, Any] = {
        "documents": DOCUMENTS,
        "groups": GROUPS,
        "indicators": INDICATORS,
        "months": MONTHS,
        "world": {"id": "projection", "policy_start": "2027-01"},
        "seed": 1,
        "parameter_set": PRIOR,
        "model_hash": "ba9876543210",
    }
    return Result.from_summaries(summaries, **(labels | other))


@pytest.fixture(scope="module")
def result() -> Result:
    return make()


# Arrays -------------------------------------------------------------------------------------------------------------


def test_arrays_carry_the_labels_that_people_ask_by(result: Result) -> None:
    values = worlds()
    assert result.summary.dims == ("scenario", "group", "indicator", "month", "statistic")
    cell = result.summary.sel(scenario="second", group="size=small", indicator="homes_reached", month="2028-03")
    assert float(cell.sel(statistic="mean")) == pytest.approx(values[:, 2, 1, 0, 14].mean())
    difference = result.differences.sel(scenario="first", group="all", indicator="restarts", month="2028-08")
    pairs = values[:, 1, 0, 1, -1] - values[:, 0, 0, 1, -1]
    assert float(difference.sel(statistic="p25")) == pytest.approx(np.quantile(pairs, 0.25))
    assert float(difference.sel(statistic="share_better")) == (pairs < 0).mean()  # fewer restarts are better
    assert "as-now" not in result.differences["scenario"]
    assert result.summary["unit"].sel(indicator="homes_reached").item() == "homes"


def test_every_array_says_that_the_parameters_are_not_calibrated(result: Result) -> None:
    for array in (result.summary, result.differences, result.sample, result.paired("first", "restarts")):
        assert array.attrs["calibrated"] is False
        assert array.attrs["notice"].startswith("not calibrated")
    calibrated = replace(result, parameter_set=replace(PRIOR, calibrated=True))
    assert not calibrated.summary.attrs["notice"].startswith("not")


def test_single_worlds_are_kept_in_decembers_and_at_the_horizon(result: Result) -> None:
    assert result.sampled_months == ("2027-12", "2028-08")
    np.testing.assert_array_equal(result.sample.sel(month="2027-12"), np.moveaxis(worlds()[..., 11], 0, 1))
    assert make(every_month=True).sampled_months == MONTHS
    assert sample_months(["2027-12"]) == [0]


def test_pairs_are_world_by_world(result: Result) -> None:
    values = worlds()
    found = result.paired("second", "restarts", "size=small")
    assert found.dims == ("replicate", "month")
    np.testing.assert_array_equal(found.sel(month="2028-08"), values[:, 2, 1, 1, -1] - values[:, 0, 1, 1, -1])


def test_an_unknown_label_is_answered_with_the_nearest(result: Result) -> None:
    with pytest.raises(KeyError, match="did you mean 'second'"):
        result.paired("secnd", "restarts")
    with pytest.raises(KeyError, match="not set against"):
        result.verdict("as-now", "restarts")


@pytest.mark.parametrize(
    "wrong", [{"documents": DOCUMENTS[:2]}, {"documents": (DOCUMENTS[0],) * 3}, {"groups": ("all", "all")}]
)
def test_labels_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"labels|twice"):
        make(**wrong)


# Files --------------------------------------------------------------------------------------------------------------


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    return header, rows


def test_the_folder_holds_the_four_files_with_the_columns_as_promised(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "differences.csv",
        "manifest.json",
        "runs.parquet",
        "summary.csv",
    ]
    header, rows = read_csv(tmp_path / "out" / "summary.csv")
    assert header == ["scenario", "group", "indicator", "month", "mean", "p05", "p25", "p50", "p75", "p95"]
    assert len(rows) == 3 * 2 * 2 * 20
    header, rows = read_csv(tmp_path / "out" / "differences.csv")
    assert header == [
        "scenario",
        "versus",
        "group",
        "indicator",
        "month",
        "mean",
        "p05",
        "p50",
        "p95",
        "share_better",
        "share_same",
        "share_worse",
    ]
    assert len(rows) == 2 * 2 * 2 * 20
    assert {row[1] for row in rows} == {"as-now"}


def test_numbers_in_the_files_are_the_numbers_to_the_last_bit(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    _, rows = read_csv(tmp_path / "out" / "summary.csv")
    for scenario, group, indicator, month, *numbers in rows[::7]:
        cell = result.values_at(scenario, indicator, group, month)
        row = result.months.index(month)
        path = result.over_time(scenario, indicator, group)
        np.testing.assert_array_equal([path[name][row] for name in SUMMARY_STATISTICS], [cell[name] for name in cell])
        read = [float(text) if text else math.nan for text in numbers]
        np.testing.assert_array_equal(read, [cell[name] for name in SUMMARY_STATISTICS])
    _, rows = read_csv(tmp_path / "out" / "differences.csv")
    for scenario, _, group, indicator, month, *numbers in rows[::7]:
        cell = result.difference_at(scenario, indicator, group, month)
        read = [float(text) if text else math.nan for text in numbers]
        np.testing.assert_array_equal(read, [cell[name] for name in DIFFERENCE_COLUMNS])


def test_what_was_never_measured_is_empty_in_csv_and_null_elsewhere(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    _, rows = read_csv(tmp_path / "out" / "summary.csv")
    empty = [row for row in rows if row[4:] == [""] * 6]
    assert {(row[1], row[2]) for row in empty} == {("size=small", "restarts")}
    assert len(empty) == 3 * 5
    row = next(
        row for row in result.to_json()["summary"] if row["group"] == "size=small" and row["indicator"] == "restarts"
    )
    assert row["mean"] is None
    table = pyarrow.parquet.read_table(tmp_path / "out" / "runs.parquet")
    assert table["value"].null_count == 3
    assert not any(math.isnan(value) for value in table["value"].to_pylist() if value is not None)


def test_runs_are_tidy_typed_and_carry_units(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    table = pyarrow.parquet.read_table(tmp_path / "out" / "runs.parquet")
    assert table.column_names == ["scenario", "replicate", "group", "indicator", "month", "value"]
    assert str(table.schema.field("value").type) == "double"
    assert json.loads(table.schema.metadata[b"units"]) == {"homes_reached": "homes", "restarts": "count"}
    assert json.loads(table.schema.metadata[b"parameters"])["calibrated"] is False
    frame = table.to_pandas()
    pd.testing.assert_frame_equal(frame, result.to_dataframe())
    assert len(frame) == 3 * 40 * 2 * 2 * 2
    assert not frame.duplicated(["scenario", "replicate", "group", "indicator", "month"]).any()
    cell = frame[(frame.scenario == "first") & (frame.replicate == 7) & (frame.group == "size=small")]
    cell = cell[(cell.indicator == "restarts") & (cell.month == "2028-08")]
    assert cell["value"].item() == worlds()[7, 1, 1, 1, -1]


def test_quantiles_in_the_summary_are_those_of_the_runs(result: Result) -> None:
    frame = result.to_dataframe()
    found = frame.groupby(["scenario", "group", "indicator", "month"])["value"].quantile(0.95)
    for (scenario, group, indicator, month), value in dict(found).items():
        assert result.values_at(scenario, indicator, group, month)["p95"] == pytest.approx(value, rel=1e-13)


def test_many_replicates_come_out_in_order_over_several_pieces(tmp_path: Path) -> None:
    result = make(worlds(230))
    frame = result.to_dataframe()
    first = frame[(frame.scenario == "as-now") & (frame.group == "all") & (frame.indicator == "restarts")]
    first = first[first.month == "2028-08"]
    assert first.replicate.tolist() == list(range(230))
    np.testing.assert_array_equal(first.value, worlds(230)[:, 0, 0, 1, -1])


def test_the_manifest_says_how_to_make_it_again(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out", command="samenspel compare as-now first second")
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert told["command"] == "samenspel compare as-now first second"
    assert told["seed"] == 1
    assert told["scenarios"] == list(DOCUMENTS)
    assert told["parameters"] == {
        "name": "prior-median",
        "hash": "0123456789ab",
        "calibrated": False,
        "notice": PRIOR.notice,
    }
    assert told["model"]["hash"] == "ba9876543210"
    assert {"samenspel", "python", "numpy", "numba"} <= told["versions"].keys()
    assert told["time"].endswith("+00:00")


def test_left_out_the_command_is_put_together_from_the_labels(result: Result) -> None:
    assert result.command == (
        "samenspel compare as-now first second --world projection --replicates 40 --months 20 --seed 1 "
        "--parameters prior-median"
    )
    assert make(every_month=True).command.endswith(" --every-month")


def test_the_json_document_holds_the_same_rows_as_the_files(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    told = json.loads("".join(json_text(result)))
    assert told == result.to_json()
    assert told["scenarios"] == ["as-now", "first", "second"]
    for name in ("summary", "differences"):
        header, rows = read_csv(tmp_path / "out" / f"{name}.csv")
        assert [list(row) for row in told[name]] == [header] * len(rows)
        for row, texts in zip(told[name], rows, strict=True):
            for value, text in zip(row.values(), texts, strict=True):
                assert (
                    text == value if isinstance(value, str) else text == "" if value is None else float(text) == value
                )


def test_a_run_without_comparison_has_no_differences(tmp_path: Path) -> None:
    result = make(compared=False)
    result.write(tmp_path / "out")
    assert read_csv(tmp_path / "out" / "differences.csv")[1] == []
    assert json.loads("".join(json_text(result)))["differences"] == []
    assert result.command.startswith("samenspel run ")


def test_a_name_cannot_become_a_formula_or_break_a_row(tmp_path: Path) -> None:
    documents = ({"id": "as-now"}, {"id": "=HYPERLINK(1)"}, {"id": 'a,"b"\nc'})
    make(documents=documents).write(tmp_path / "out")
    _, rows = read_csv(tmp_path / "out" / "summary.csv")
    assert {row[0] for row in rows} == {"as-now", "'=HYPERLINK(1)", 'a,"b"\nc'}


def test_a_result_is_replaced_and_something_else_is_not(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    make(seed=2).write(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["seed"] == 2
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not an earlier result"):
        check_result_target(tmp_path / "other")


def test_the_room_foretold_is_enough(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "out")
    taken = sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert taken < bytes_needed(3, 2, 2, 20, 2, 40) < 100 * taken


# Words --------------------------------------------------------------------------------------------------------------


def shifted(differences: list[float]) -> Result:
    """A result in which `first` differs from as-now by these amounts, world by world."""
    values = np.full((len(differences), 3, 2, 2, 20), 50.0)
    values[:, 1] += np.array(differences)[:, None, None, None]
    return make(values)


@pytest.mark.parametrize(
    ("differences", "words", "numbers"),
    [
        ([4.0] * 30 + [-1.0] * 10, "Most of the time first comes out higher than as-now", "30 of 40"),
        ([4.0] * 24 + [-1.0] * 16, "More often than not first comes out higher", "24 of 40"),
        ([4.0] * 23 + [-1.0] * 17, "no clear order", "higher in 23 of 40"),
        ([4.0] * 20 + [0.0] * 20, "no clear order", "the same in 20"),
        ([4.0] * 4 + [0.0] * 36, "mostly come out the same", "the same in 36"),
        ([0.0] * 40, "come out the same", "all 40 worlds"),
        ([-4.0] * 40, "In all 40 worlds", "comes out lower"),
        ([4.0] * 19, "too few", "19 worlds"),
    ],
)
def test_words_are_carried_by_the_worlds(differences: list[float], words: str, numbers: str) -> None:
    told = sentence(shifted(differences).verdict("first", "homes_reached"))
    assert words in told
    assert numbers in told


def test_the_range_is_the_middle_half_with_its_unit() -> None:
    told = sentence(shifted([float(n) for n in range(1, 42)]).verdict("first", "homes_reached"))
    assert told.endswith("In the middle half of the worlds the difference is +11 to +31 (homes).")


@given(st.lists(st.integers(-3, 3), min_size=20, max_size=60))
def test_the_range_never_contradicts_the_shares(differences: list[int]) -> None:
    worlds_, higher = len(differences), sum(d > 0 for d in differences)
    same, lower = differences.count(0), sum(d < 0 for d in differences)
    order, side = order_of(worlds_, higher, same, lower), "higher" if higher >= lower else "lower"
    low, high = carried_range(order, side, *np.quantile(differences, (0.25, 0.75)))
    assert (order == "mostly") == (max(higher, lower) >= 0.75 * worlds_)
    if low is None or high is None:
        return
    assert low <= high
    if order == "mostly":
        assert (low > 0) if side == "higher" else (high < 0)
    if order == "no_clear_order":
        assert low <= 0 <= high


def test_a_month_in_which_nothing_could_be_paired_is_said() -> None:
    values = worlds()
    values[:, 0, 0, 0, -1] = np.nan
    told = sentence(make(values).verdict("first", "homes_reached"))
    assert "in no world could both be measured" in told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00123, "0.00123"),
        (12.345, "12.3"),
        (1234567.8, "1,234,568"),
        (-2.5, "-2.5"),
        (1e-9, "1.00e-09"),
        (100, "100"),
    ],
)
def test_numbers_for_people(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_something_is_never_shown_as_nothing(value: float) -> None:
    shown = number(value).replace(",", "")
    assert (float(shown) == 0) == (value == 0)
    assert float(shown) * value >= 0
