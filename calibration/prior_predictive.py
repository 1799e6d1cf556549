"""What the parameters give before any fit: `python -m calibration.prior_predictive --draws 200 --out
docs/prior-predictive.md`.

The reference world is run at the medians of the priors (many replicates: luck alone) and over independent draws
from all priors (one fresh replicate each: not knowing and luck), and its virtual interview is set beside the counts
of the real one. Nothing is tuned here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.interview import Interview, interview
from calibration.officials import officials
from calibration.reference import VARIED, finished_worlds, prior_draws
from calibration.targets import INTERVIEWS_2021, Target, TargetFile, load_targets
from sim.comparison import Parameters, load_parameters
from sim.engine.compiling import this_model
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS, parameter_hash
from sim.world.state import SEEN, State

MEDIAN_REPLICATES = 100
SEED = 2021
NORMAL_90 = 1.6448536269514722
LEDGER = (
    "money",
    "promises_kept",
    "recognition",
    "follow_on",
    "promises_broken",
    "refused",
    "written_out",
    "long_talks",
)


@dataclass(frozen=True, eq=False)
class Surveys:
    """Surveys of many replicates: ``counts`` (replicates, targets); ``seen`` and ``ledger`` hold the mean a
    formalised initiative of each kind of event.
    """

    counts: np.ndarray
    seen: np.ndarray
    ledger: np.ndarray


def counted(survey: Interview, town_halls: np.ndarray, target: Target) -> int:
    """The count of one target in a survey."""
    if target.question == "officials":
        return int(np.sum(town_halls[target.answer]))
    return survey.count(target.question, target.answer)


def means(table: np.ndarray) -> np.ndarray:
    """Means over formalised initiatives; NaN where there is none."""
    return table.mean(axis=0) if len(table) else np.full(table.shape[1], np.nan)


def ingredients(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Mean number of events a formalised initiative: seen in the last twelve months, and in the ledger."""
    ever = state.initiatives["formalised_month"] >= 0
    ledger = np.stack([state.ledger[name][ever] for name in LEDGER], axis=1)
    return means(state.seen[:, ever].sum(axis=0, dtype=np.int64)), means(ledger)


def surveys(parameters: Parameters, replicates: int, seed: int, targets: Sequence[Target]) -> Surveys:
    """Run, interview and count."""
    counts = np.zeros((replicates, len(targets)), dtype=np.int64)
    seen, ledger = np.zeros((replicates, len(SEEN))), np.zeros((replicates, len(LEDGER)))
    for r, state in finished_worlds(parameters, replicates, seed):
        survey, town_halls = interview(state, seed, r), officials(state, seed, r)
        counts[r] = [counted(survey, town_halls, target) for target in targets]
        seen[r], ledger[r] = ingredients(state)
    return Surveys(counts, seen, ledger)


def tolerance(target: Target) -> float:
    """Half the width of the central 90% of a count when its share is the observed one: what sampling alone makes it
    vary.
    """
    p = target.count / target.n
    return NORMAL_90 * float(np.sqrt(target.n * p * (1.0 - p)))


def joint_hits(counts: np.ndarray, targets: Sequence[Target]) -> int:
    """Number of draws in which every count lies within the tolerance of its target at once."""
    off = np.abs(counts - np.array([t.count for t in targets]))
    return int(np.sum(np.all(off <= np.array([tolerance(t) for t in targets]), axis=1)))


def share_farther(counts: np.ndarray, targets: Sequence[Target]) -> float:
    """Share of the draws that lie farther from the centre of the cloud of draws than the targets do (Mahalanobis;
    pseudo-inverse, since classes add up).
    """
    centre = counts.mean(axis=0)
    spread = np.linalg.pinv(np.atleast_2d(np.cov(counts, rowvar=False)))
    away = counts - centre
    target = np.array([t.count for t in targets]) - centre
    return float(np.mean(np.einsum("ri,ij,rj->r", away, spread, away) > target @ spread @ target))


def place(count: int, draws: np.ndarray) -> str:
    """Where a target lies among the draws."""
    low, high = np.quantile(draws, [0.05, 0.95])
    if low <= count <= high:
        return "inside 5–95%"
    if draws.min() <= count <= draws.max():
        return "inside the range, in its tail"
    return "**outside the range**"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def spread(values: np.ndarray, digits: int = 0) -> list[str]:
    """Median, 5–95% and the ends of a sample, as cells."""
    known = values[~np.isnan(values)]
    if not len(known):
        return ["–", "–", "–"]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    return [
        f"{middle:.{digits}f}",
        f"{low:.{digits}f}–{high:.{digits}f}",
        f"{known.min():.{digits}f}–{known.max():.{digits}f}",
    ]


HEAD = (
    "answer",
    "§",
    "interviewed",
    "median",
    "5–95%",
    "range",
    "at prior medians: median",
    "5–95%",
    "range",
    "the target is",
)


def section(targets: Sequence[Target], columns: Sequence[int], prior: Surveys, median: Surveys) -> str:
    """The table of some targets."""
    rows = []
    for target, k in zip(targets, columns, strict=True):
        draws = prior.counts[:, k].astype(float)
        cells = [*spread(draws), *spread(median.counts[:, k].astype(float))]
        rows.append(
            [target.answer, target.section, f"{target.count} of {target.n}", *cells, place(target.count, draws)]
        )
    return table(HEAD, rows)


def joint_rows(targets: Sequence[Target], counts: np.ndarray) -> list[list[object]]:
    """Joint coverage of each fitted question with exclusive answers, and of all of them together."""
    questions = list(dict.fromkeys(t.question for t in targets if t.use == "fitted"))
    groups = [(name, [name]) for name in questions] + [("all together", questions)]
    rows: list[list[object]] = []
    for label, names in groups:
        chosen = [k for k, t in enumerate(targets) if t.use == "fitted" and t.question in names]
        mine, cells = [targets[k] for k in chosen], counts[:, chosen]
        rows.append(
            [label, len(mine), f"{joint_hits(cells, mine)} of {len(counts)}", f"{share_farther(cells, mine):.2f}"]
        )
    return rows


def order_rows(file: TargetFile, prior: Surveys, targets: Sequence[Target]) -> list[list[object]]:
    """In how many draws each order of the report holds."""
    column = {(t.question, t.answer): k for k, t in enumerate(targets)}
    rows: list[list[object]] = []
    for order in file.orders:
        more, less = (prior.counts[:, column[order.question, answer]] for answer in (order.more, order.less))
        rows.append(
            [f"{order.more} more often than {order.less}", order.section, f"{int(np.sum(more > less))} of {len(more)}"]
        )
    return rows


def with_orders(file: TargetFile) -> list[Target]:
    """The targets of a file, and uncounted ones for answers that only stand in an order."""
    found = file.targets()
    known = {(t.question, t.answer) for t in found}
    for order in file.orders:
        for answer in (order.more, order.less):
            if (order.question, answer) not in known:
                known.add((order.question, answer))
                found.append(
                    Target(f"{order.question}_{answer}", order.question, answer, 0, 1, 0, order.section, "order")
                )
    return found


def report(file: TargetFile, draws: int, replicates: int, seed: int) -> str:
    """Run everything and write the page (Markdown)."""
    targets = with_orders(file)
    rows = prior_draws(draws, seed)
    median_row = load_parameters("prior-median")
    prior = surveys(Parameters("prior draws", rows), draws, seed, targets)
    median = surveys(median_row, replicates, seed + 1, targets)
    parts = [
        INTRODUCTION.format(
            draws=draws, replicates=replicates, varied=len(VARIED), calibrated=len(CALIBRATED), total=len(PARAMETERS)
        )
    ]
    titles = {"fitted": "Fitted", "held_out": "Held out", "conditioned": "Known of a chosen sample: five town halls"}
    for use, title in titles.items():
        chosen = [k for k, t in enumerate(targets) if t.use == use]
        parts.append(f"## {title}\n\n{NOTES[use]}")
        for question in dict.fromkeys(targets[k].question for k in chosen):
            own = [k for k in chosen if targets[k].question == question]
            parts.append(f"### {question.capitalize()}\n\n" + section([targets[k] for k in own], own, prior, median))
    parts.append(
        "## Orders without counts (held out)\n\n"
        + table(("order", "§", "holds in draws"), order_rows(file, prior, targets))
    )
    joint_head = (
        "question",
        "answers",
        "draws with every answer near its target",
        "share of draws farther from the centre",
    )
    parts.append("## Jointly\n\n" + JOINT + "\n\n" + table(joint_head, joint_rows(targets, prior.counts)))
    parts.append("### In short\n\n" + verdict(targets, prior.counts))
    kinds = [(f"seen: {name}", prior.seen[:, k], median.seen[:, k]) for k, name in enumerate(SEEN)]
    kinds += [(f"ledger: {name}", prior.ledger[:, k], median.ledger[:, k]) for k, name in enumerate(LEDGER)]
    lines = [[name, *spread(drawn, 2), *spread(middle, 2)] for name, drawn, middle in kinds]
    head = ("event", "median", "5–95%", "range", "at prior medians: median", "5–95%", "range")
    parts.append("## What the answers are made of\n\n" + INGREDIENTS + "\n\n" + table(head, lines))
    hashes = f"draws `{parameter_hash(rows)}`, medians `{parameter_hash(median_row.rows)}`"
    made = f"Model `{this_model()}`, {hashes}, seed {seed}."
    options = f"--draws {draws} --replicates {replicates} --seed {seed}"
    command = f"python -m calibration.prior_predictive {options} --out docs/prior-predictive.md"
    parts.append(f"## Made by\n\n```\n{command}\n```\n\n{made}")
    return "\n\n".join(parts) + "\n"


def verdict(targets: Sequence[Target], counts: np.ndarray) -> str:
    """Which fitted targets the draws reach, in sentences."""
    fitted = [(k, t) for k, t in enumerate(targets) if t.use == "fitted"]
    outside = [t.name for k, t in fitted if not counts[:, k].min() <= t.count <= counts[:, k].max()]
    tails = [t.name for k, t in fitted if place(t.count, counts[:, k]).endswith("tail")]
    first = (
        "The range of every fitted count covers its target." if not outside else f"Out of range: {', '.join(outside)}."
    )
    second = (
        "Each lies within 5–95% of the draws."
        if not tails and not outside
        else f"In a tail: {', '.join(tails)}."
        if tails
        else ""
    )
    chosen = [k for k, _ in fitted]
    hits = joint_hits(counts[:, chosen], [t for _, t in fitted])
    third = f"All {len(fitted)} at once are near their targets in {hits} of {len(counts)} draws."
    return " ".join(each for each in (first, second, third) if each)


INTRODUCTION = """# Before any fit: the reference world at its priors

**Not calibrated.** The numbers below are what the model gives before a parameter is fitted to the interviews.
«Draws»: {draws} independent draws from the priors of {varied} parameters ({calibrated} that are to be calibrated,
the others for the sensitivity; the rest of the {total} stay fixed), one fresh replicate each, so that the range
holds not knowing and luck. «At prior medians»: {replicates} replicates, so luck alone. Counts are of the virtual
interview: 70 of those that formalised (all, if fewer), one of whom gives no answer about direction; *formalised* is
of 265.

Read this with three reservations. The questions of the virtual interview, the shape of its channels and several
ranges of priors come from a design whose makers knew the counts, and a first trial of it was compared with them; so
covering the counts is a condition, not evidence. Answers are perceived effects among initiatives that did
formalise, and that the interviewers had supported themselves; they are not effects of agreements. Everything under
*conditioned* is of five town halls that were chosen to differ."""

NOTES = {
    "fitted": "The counts that a calibration may use.",
    "held_out": "Counts that no calibration may use.",
    "conditioned": "n = 5: it can show that an answer is possible, and hardly more.",
}

JOINT = """«Near»: within the central 90% of the count's own sampling variation at the observed share, for every answer
at once. «Farther from the centre»: the share of draws that lie farther from the centre of all draws than the targets
do, together (Mahalanobis distance); small means that the targets are an outlier."""

INGREDIENTS = """Mean number of events for an initiative that formalised: *seen* in the last twelve months
(direction), *ledger* since its first talks (effect)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit status 0, or 2 and one line for bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m calibration.prior_predictive", description="What the priors give for the interview's questions."
    )
    parser.add_argument("--draws", type=int, default=200, help="draws from the priors (at least 20)")
    parser.add_argument(
        "--replicates", type=int, default=MEDIAN_REPLICATES, help="replicates at the prior medians (at least 20)"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--targets", type=Path, default=INTERVIEWS_2021)
    parser.add_argument("--out", type=Path, help="file to write; left out: standard output")
    chosen = parser.parse_args(arguments)
    try:
        for name in ("draws", "replicates"):
            number = getattr(chosen, name)
            if not 20 <= number <= 1_000_000:
                raise InputError("prior_predictive", f"--{name}", f"{number} is not allowed; allowed: 20 to 1000000")
        if not 0 <= chosen.seed < 2**62:
            raise InputError("prior_predictive", "--seed", f"{chosen.seed} is not allowed; allowed: 0 to {2**62 - 1}")
        text = report(load_targets(chosen.targets), chosen.draws, chosen.replicates, chosen.seed)
        if chosen.out is None:
            print(text, end="")
        else:
            chosen.out.parent.mkdir(parents=True, exist_ok=True)
            chosen.out.write_text(text, encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{chosen.out}: file: cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
