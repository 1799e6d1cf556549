"""A story behind a part: one initiative in one world, as now and with the policy, as dated events.

The initiative is one whose outcome changes when the link is freed. Told is what happened to it in the world as now and
in the world with the policy, which have the same luck; what happened in both in the same month stands there once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sim.comparison import Track
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.why.explanation import Chain, Explanation, _known
from sim.why.links import LINKS
from sim.why.measures import MEASURED, measure_all
from sim.world.state import (
    ACTIVE,
    AMBITIONS,
    CONTACT,
    DORMANT,
    FORM_POLICY,
    NOT_YET,
    PHASES,
    SIZES,
    SLOTS,
    STOPPED,
    State,
    copy_state,
)

Where = Literal["both", "now", "policy"]
TOLD = 8  # events in a story
TRIED = 6  # initiatives whose story is looked at to find one that shows the link
FELT = 0.15  # trust or understanding (0 to 1) that has to lie between the worlds to be told
MEETINGS = 6.0  # meetings likewise

# What can happen -> the link to which it belongs (`outcome`: what comes of it).
KINDS: Final[dict[str, str]] = {
    "official_leaves": "contact",
    "official_arrives": "contact",
    "first_meeting": "contact",
    "more_meetings": "contact",
    "fewer_meetings": "contact",
    "better_understanding": "understanding",
    "worse_understanding": "understanding",
    "more_trust": "trust",
    "less_trust": "trust",
    "talks_open": "agreement",
    "talks_end": "agreement",
    "agreement": "agreement",
    "agreement_ends": "agreement",
    "named_in_vision": "agreement",
    "left_out_of_vision": "agreement",
    "stage_refused": "agreement",
    "money_starts": "money",
    "money_renewed": "money",
    "money_stops": "money",
    "commission": "money",
    "promise_kept": "work",
    "promise_broken": "work",
    "phase": "outcome",
    "dormant": "outcome",
    "awake": "outcome",
    "stopped": "outcome",
}


@dataclass(frozen=True)
class Event:
    """Something that happened in ``month`` (YYYY-MM), in both worlds or only as now or with the policy.

    ``values``: what there is to say about it: phase (its name), euros_a_year, months, meetings, difference.
    """

    month: str
    kind: str
    where: Where
    values: Mapping[str, float | str]

    @property
    def link(self) -> str:
        """The link to which it belongs, or `outcome`."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Story:
    """One initiative in one world. The four numbers are its part of the indicator at the end: as now, before and after
    the link was freed, and with the policy; NaN: not measured. ``others``: how many more initiatives differ there.
    """

    link: str
    indicator: str
    replicate: int
    initiative: int
    size: str
    ambition: str
    as_now: float
    before: float
    after: float
    with_policy: float
    events: tuple[Event, ...]
    others: int


def told_world(explanation: Explanation, link: str, indicator: str, group: str = "all") -> int:
    """The replicate to tell about: of those where the part goes the way of its mean, the one in the middle."""
    parts = explanation.worlds(link, indicator, group)
    values = np.nan_to_num(parts)
    sign = 1.0 if values.mean() >= 0 else -1.0
    along = [int(r) for r in np.argsort(values, kind="stable") if values[r] * sign > 0]
    return along[len(along) // 2] if along else int(np.argmax(np.abs(values)))


def story(
    explanation: Explanation, link: str, indicator: str, *, group: str = "all", replicate: int | None = None
) -> Story | None:
    """The story of one initiative whose outcome at the end changes when ``link`` is freed; None: there is none.

    ``replicate``: one of the explanation's worlds (default: a middling one in which the part goes the way of its
    mean). Takes about as long as a replicate of `explain`. Raises `ValueError` for a name or number that is not known.
    """
    _known("link", link, LINKS)
    _known("indicator", indicator, INDICATOR_IDS)
    _known("group", group, GROUPS)
    number = told_world(explanation, link, indicator, group) if replicate is None else replicate
    if not 0 <= number < explanation.replicates:
        raise ValueError(f"replicate: {number} is out of range; allowed: 0 to {explanation.replicates - 1}")
    chain = explanation.chain
    free = LINKS.index(link) + 1
    if free <= chain.first:
        return None  # nothing is felt yet: this world and the one before it are the twin
    frees = [free] if free - 1 <= chain.first else [free - 1, free]
    _, twin, freed, policy = chain.live(number, frees)
    after = _measured(freed[-1].now)
    now = _measured(twin)
    before = now if len(freed) == 1 else _measured(freed[0].now)
    column = INDICATOR_IDS.index(indicator)
    change = np.nan_to_num(after[:, column] - before[:, column])
    change[~_in_group(chain.stage.start, group)] = 0.0
    sign = 1.0 if change.sum() >= 0 else -1.0
    order = [int(i) for i in np.argsort(-sign * change, kind="stable") if sign * change[i] > 1e-9]
    if not order:
        return None
    end = _measured(policy)
    along = sign * np.nan_to_num(end[:, column] - now[:, column]) > 1e-9
    order.sort(key=lambda i: not along[i])  # first those whose whole difference goes the same way
    lives = _lives(chain, number, order[:TRIED])
    best = max(order[:TRIED], key=lambda i: (_shows(lives[i], link), -order.index(i)))
    me = chain.stage.start.initiatives[best]
    return Story(
        link=link,
        indicator=indicator,
        replicate=number,
        initiative=best,
        size=SIZES[me["size"]],
        ambition=AMBITIONS[me["ambition"]],
        as_now=float(now[best, column]),
        before=float(before[best, column]),
        after=float(after[best, column]),
        with_policy=float(end[best, column]),
        events=_chosen(lives[best], link),
        others=len(order) - 1,
    )


def _measured(state: State) -> np.ndarray:
    out = np.empty((len(state.initiatives), len(MEASURED)))
    measure_all(state, out)
    return out


def _in_group(start: State, group: str) -> np.ndarray:
    kind, _, name = group.partition("=")
    if kind == "size":
        return np.asarray(start.initiatives["size"] == SIZES.index(name))
    if kind == "ambition":
        return np.asarray(start.initiatives["ambition"] == AMBITIONS.index(name))
    return np.ones(len(start.initiatives), dtype=bool)


@dataclass(frozen=True)
class _Seen:
    """What is looked at of an initiative after a month."""

    initiative: np.void
    tie: np.void
    deal: np.void
    ledger: np.void
    post: np.void


def _see(s: State, i: int) -> _Seen:
    me = s.initiatives[i]
    return _Seen(
        me.copy(),
        s.ties[i * SLOTS + CONTACT].copy(),
        s.agreements[i].copy(),
        s.ledger[i].copy(),
        s.posts[me["post"]].copy(),
    )


def _lives(chain: Chain, replicate: int, initiatives: list[int]) -> dict[int, list[Event]]:
    """The events of some initiatives, as now and with the policy."""
    stage = chain.stage
    out = np.empty((stage.total, len(GROUPS), len(INDICATOR_IDS)))
    start = copy_state(stage.start)
    stage.begin(start, replicate)
    stage.run(start, stage.trunk, replicate, 0, chain.departs, out)

    def lived(track: Track) -> dict[int, list[_Seen]]:
        state = copy_state(start)
        seen = {i: [_see(state, i)] for i in initiatives}
        for month in range(chain.departs, stage.total):
            stage.run(state, track, replicate, month, month + 1, out)
            for i in initiatives:
                seen[i].append(_see(state, i))
        return seen

    now, policy = lived(stage.trunk), lived(chain.track)
    names = [stage.world.month_name(month) for month in range(chain.departs, stage.total)]
    return {i: _events(names, now[i], policy[i]) for i in initiatives}


def _events(names: list[str], now: list[_Seen], policy: list[_Seen]) -> list[Event]:
    found: list[Event] = []
    told: set[str] = set()
    more = 0.0
    for k, month in enumerate(names, start=1):
        as_now, with_policy = happened(now[k - 1], now[k]), happened(policy[k - 1], policy[k])
        for kind, values in with_policy.items():
            found.append(Event(month, kind, "both" if kind in as_now else "policy", values))
        found.extend(Event(month, kind, "now", values) for kind, values in as_now.items() if kind not in with_policy)
        more += float(policy[k].initiative["meetings"]) - float(now[k].initiative["meetings"])
        trust = float(policy[k].tie["trust"]) - float(now[k].tie["trust"])
        known = 0.5 * sum(float(policy[k].tie[name]) - float(now[k].tie[name]) for name in ("knows", "known"))
        for name, gap, least, up, down in (
            ("meetings", more, MEETINGS, "more_meetings", "fewer_meetings"),
            ("difference", known, FELT, "better_understanding", "worse_understanding"),
            ("difference", trust, FELT, "more_trust", "less_trust"),
        ):
            kind = up if gap > 0 else down
            if abs(gap) >= least and kind not in told:
                told.add(kind)
                found.append(Event(month, kind, "policy", {name: abs(gap)}))
    return found


def happened(was: _Seen, now: _Seen) -> dict[str, Mapping[str, float | str]]:
    """What happened to an initiative in a month, by kind."""
    before, me, deal, old = was.initiative, now.initiative, now.deal, was.deal
    found: dict[str, Mapping[str, float | str]] = {}
    if before["status"] == NOT_YET or before["status"] == STOPPED:
        return found

    def say(kind: str, condition: bool, **values: float | str) -> None:
        if condition:
            found[kind] = values

    say("official_leaves", now.post["just_left"] == 1)
    say("official_arrives", now.post["just_arrived"] == 1)
    say("first_meeting", before["met_month"] < 0 <= me["met_month"])
    say("talks_open", before["talks_opened"] < 0 <= me["talks_opened"])
    agreed = deal["in_force"] == 1 and (old["in_force"] == 0 or now.ledger["agreements"] > was.ledger["agreements"])
    say("agreement", agreed, months=float(deal["horizon"]))
    say("agreement_ends", old["in_force"] == 1 and deal["in_force"] == 0 and me["status"] != STOPPED)
    say("talks_end", before["talks_opened"] >= 0 > me["talks_opened"] and not agreed and me["status"] == ACTIVE)
    say("named_in_vision", bool(deal["forms"] & FORM_POLICY) and not old["forms"] & FORM_POLICY and not agreed)
    say("left_out_of_vision", before["left_out"] == 0 and me["left_out"] == 1)
    say("stage_refused", me["refused_next_stage"] > before["refused_next_stage"])
    a_year = 12.0 * float(me["grant_a_month"])
    another = before["grant_a_month"] <= 0.0 or now.ledger["money"] > was.ledger["money"]  # a renewal is no new grant
    say("money_starts", me["grant_a_month"] > 0.0 and another, euros_a_year=a_year)
    longer = me["grant_a_month"] > 0.0 and not another and me["money_until"] > before["money_until"]
    say("money_renewed", longer, euros_a_year=a_year, months=float(me["money_horizon"]))
    say("money_stops", before["grant_a_month"] > 0.0 >= me["grant_a_month"] and me["status"] != STOPPED)
    say("commission", me["commissions"] > before["commissions"])
    say("promise_kept", now.ledger["promises_kept"] > was.ledger["promises_kept"])
    say("promise_broken", now.ledger["promises_broken"] > was.ledger["promises_broken"])
    say("phase", me["phase"] > before["phase"], phase=PHASES[me["phase"]])
    say("dormant", before["status"] == ACTIVE and me["status"] == DORMANT)
    say("awake", before["status"] == DORMANT and me["status"] == ACTIVE)
    say("stopped", me["status"] == STOPPED)
    return found


def _shows(events: list[Event], link: str) -> int:
    """How many kinds of event of this link set the two worlds apart (a story with more of them shows it better)."""
    return len({event.kind for event in events if event.where != "both" and event.link == link})


def _chosen(events: list[Event], link: str) -> tuple[Event, ...]:
    """The events to tell, in the order of time: first what sets the worlds apart in this link, then in the others, then
    what happened in both; of each the earliest, and a kind once in each world before it comes again.
    """
    seen: dict[tuple[str, str], int] = {}
    ranked = []
    for number, event in enumerate(events):
        again = seen[event.kind, event.where] = seen.get((event.kind, event.where), -1) + 1
        group = 2 if event.where == "both" else 0 if event.link == link else 1
        ranked.append(((again + group, group, number), number))
    kept = sorted(number for _, number in sorted(ranked)[:TOLD])
    return tuple(events[number] for number in kept)
