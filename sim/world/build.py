"""From a world's file to the state before its first month: who is where, who knows whom, and the calendar.

The layout is drawn once, from the world's own numbers and not from the seed of a run: initiative 12 has the same
place, ambition and month of entry in every replicate and every scenario. Characters are drawn later, in each replicate
(`sim.world.begin`).
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import filling
from sim.engine.randomness import layout_uniform, replicate_key
from sim.world import purposes as why
from sim.world.files import MunicipalityWorld, NationalWorld, World
from sim.world.state import ALDERMAN as ALDERMAN_SLOT
from sim.world.state import AMBITIONS, COLLEAGUE_1, CONTACT, SIZES, SLOTS, State, empty_state

LAYOUT_SEED = 2021
FEW = 4_000  # initiatives; in a larger world, which fits no cache, those of a municipality are numbered together
BLOCK = 512  # of them are then taken through half a month before the next
HOMES = (60.0, 4000.0)  # from a few streets to a small municipality (§1.2); the range is assumed
PERSONS_A_HOME = 2.1  # CBS 2021
# caseload, range of styles and share that adapts, where a municipality is described without them; assumed
ORDINARY_FACILITATORS = (8, (0.0, 1.0), 0.5)
MATURITY = {"starting": 0.15, "building": 0.4, "experienced": 0.7}


@filling
def _layout_uniforms(seed: int, count: int, purpose: int) -> np.ndarray:
    """One uniform a number, for laying out a world."""
    key = replicate_key(seed, 0)
    found = np.empty(count)
    for i in range(count):
        found[i] = layout_uniform(key, i, purpose)
    return found


def uniforms(count: int, purpose: int) -> np.ndarray:
    """``count`` uniforms, addressed by number and purpose, the same in every run of every world."""
    return np.asarray(_layout_uniforms(LAYOUT_SEED, count, purpose))


def build(world: World, *, months: int | None = None) -> State:
    """The state before the first month of ``world`` (``months`` from its first month on, when not its own horizon).

    The key, the parameters and the tables of what is set from outside are still zero.
    """
    total = world.past_months + (world.horizon if months is None else months)
    if isinstance(world, NationalWorld):
        s = _national(world, total)
    elif isinstance(world, MunicipalityWorld):
        s = _municipality(world, total)
    else:
        raise TypeError(f"no layout for a world of kind {world.kind!r}")
    _calendar(world, s, total)
    _people(s)
    return s


def _calendar(world: World, s: State, total: int) -> None:
    for month in world.election_months:
        if 0 <= month < total:
            s.calendar["election"][month] = 1
    s.calendar["january"] = [world.month_name(month).endswith("-01") for month in range(total)]
    s.calendar["subsidy_round"] = [world.subsidy_round(month) for month in range(total)]
    if isinstance(world, NationalWorld):
        s.timetable["month"] = [world.engine_month(point.month) for point in world.vision]
        s.timetable["share"] = [point.share for point in world.vision]


def _national(world: NationalWorld, total: int) -> State:
    """Initiatives placed over the municipalities of the country in proportion to population; only municipalities with
    one are simulated.
    """
    flow = world.initiatives
    later = max(0, total - flow.entry_months)
    count = flow.supported + round(flow.inflow_per_year * later / 12.0)
    classes = [getattr(world.size_classes, name) for name in SIZES]
    size = np.searchsorted(np.cumsum([c.share for c in classes])[:2], uniforms(count, why.PLACE_SIZE), side="right")
    numbers = np.array([c.municipalities for c in classes])
    within = np.floor(uniforms(count, why.PLACE_TOWN) * numbers[size]).astype(np.int64)
    used, municipality = np.unique(np.stack([size, within]), axis=1, return_inverse=True)
    town_size = used[0]
    posts = np.array([c.posts for c in classes])[town_size]
    s = empty_state(
        months=total,
        timetable=len(world.vision),
        municipalities=len(town_size),
        posts=int(posts.sum()),
        facilitators=world.facilitators.number,
        initiatives=count,
    )
    towns, initiatives = s.municipalities, s.initiatives
    towns["size"] = town_size
    low, high = (np.array([c.inhabitants[k] for c in classes], dtype=float)[town_size] for k in (0, 1))
    # addressed by class and number in the class, so that a municipality keeps its size whichever others are simulated
    u = uniforms(3 * 1024, why.PLACE_INHABITANTS)[town_size * 1024 + np.minimum(used[1], 1023)]
    towns["inhabitants"] = low * (high / low) ** u
    towns["fte"] = -1.0
    towns["fte_low"] = np.array([c.fte[0] for c in classes])[town_size]
    towns["fte_high"] = np.array([c.fte[1] for c in classes])[town_size]
    towns["style"] = -1.0
    towns["vision_month"] = -1
    _posts(s, posts)
    initiatives["municipality"] = municipality.reshape(-1)
    initiatives["size"] = size
    shares = [getattr(world.ambition, name) for name in AMBITIONS]
    initiatives["ambition"] = np.searchsorted(np.cumsum(shares)[:2], uniforms(count, why.PLACE_AMBITION), side="right")
    initiatives["homes_in_reach"] = np.round(HOMES[0] * (HOMES[1] / HOMES[0]) ** uniforms(count, why.PLACE_HOMES))
    first = np.arange(count) < flow.supported
    u = uniforms(count, why.PLACE_ENTRY)
    at_start = u < flow.share_at_start
    spread = (
        np.floor((u - flow.share_at_start) / (1.0 - flow.share_at_start) * flow.entry_months)
        if flow.share_at_start < 1
        else u * 0
    )
    after = flow.entry_months + np.floor((np.arange(count) - flow.supported) / max(flow.inflow_per_year, 1e-9) * 12.0)
    initiatives["entry"] = np.where(first, np.where(at_start, 0, spread), after).astype(np.int64)
    initiatives["older_tie"] = first & at_start & (uniforms(count, why.OLDER_TIE) < flow.older_ties_share)
    initiatives["start_maturity"] = -1.0
    if count > FEW:
        # before anybody is numbered: an initiative's number is its row in every world
        initiatives[:] = initiatives[np.argsort(initiatives["municipality"], kind="stable")]
    helpers = world.facilitators
    _facilitators(s, helpers.caseload, helpers.style, helpers.adaptive_share)
    _members(s)
    return s


def _municipality(world: MunicipalityWorld, total: int) -> State:
    """One municipality as a person described it."""
    count = len(world.initiatives)
    s = empty_state(
        months=total,
        timetable=0,
        municipalities=1,
        posts=world.posts,
        facilitators=world.facilitators,
        initiatives=count,
    )
    town = s.municipalities
    town["size"] = SIZES.index(world.size)
    town["inhabitants"] = world.inhabitants
    town["fte"] = world.fte
    town["style"] = world.direction_style
    town["vision_month"] = 0 if world.vision_adopted else 24
    _posts(s, np.array([world.posts]))
    initiatives = s.initiatives
    initiatives["size"] = SIZES.index(world.size)
    initiatives["ambition"] = [AMBITIONS.index(each.ambition) for each in world.initiatives]
    initiatives["start_maturity"] = [MATURITY[each.maturity] for each in world.initiatives]
    initiatives["older_tie"] = [int(each.maturity != "starting") for each in world.initiatives]
    homes = np.round(HOMES[0] * (HOMES[1] / HOMES[0]) ** uniforms(count, why.PLACE_HOMES))
    initiatives["homes_in_reach"] = np.minimum(homes, world.inhabitants / PERSONS_A_HOME)
    _facilitators(s, *ORDINARY_FACILITATORS)
    _members(s)
    return s


def _facilitators(s: State, caseload: int, style: tuple[float, float], adaptive_share: float) -> None:
    """What is known of the facilitators before their characters are drawn."""
    s.facilitators["caseload"] = caseload
    s.facilitators["style_low"], s.facilitators["style_high"] = style
    s.facilitators["adaptive_share"] = adaptive_share


def _posts(s: State, posts: np.ndarray) -> None:
    last = np.cumsum(posts)
    s.municipalities["post_to"] = last
    s.municipalities["post_from"] = last - posts
    s.posts["municipality"] = np.repeat(np.arange(len(posts)), posts)


def _members(s: State) -> None:
    """For each municipality the range of ``members`` that holds the numbers of its initiatives, in order."""
    where = s.initiatives["municipality"]
    s.members[:] = np.argsort(where, kind="stable")
    s.municipalities["member_from"] = np.searchsorted(where[s.members], np.arange(len(s.municipalities)), side="left")
    s.municipalities["member_to"] = np.searchsorted(where[s.members], np.arange(len(s.municipalities)), side="right")
    s.clock["block"] = BLOCK if len(where) > FEW else len(where)


def _people(s: State) -> None:
    """Number everybody, and give each initiative its contact person, up to two colleagues, the alderman and a
    facilitator.
    """
    for table in (s.municipalities, s.posts, s.aldermen, s.facilitators, s.initiatives):
        table["number"] = np.arange(len(table))
    s.aldermen["municipality"] = np.arange(len(s.aldermen))
    count = len(s.initiatives)
    clock = s.clock
    clock["initiatives"], clock["municipalities"], clock["posts"], clock["facilitators"] = (
        count,
        len(s.municipalities),
        len(s.posts),
        len(s.facilitators),
    )
    initiatives = s.initiatives
    town = s.municipalities[initiatives["municipality"]]
    posts = town["post_to"] - town["post_from"]
    rank = np.zeros(count, dtype=np.int64)
    rank[s.members] = np.arange(count) - np.repeat(
        s.municipalities["member_from"], s.municipalities["member_to"] - s.municipalities["member_from"]
    )
    initiatives["post"] = town["post_from"] + rank % posts
    initiatives["facilitator"] = np.arange(count) % len(s.facilitators) if len(s.facilitators) else -1
    for name in ("met_month", "talks_opened", "formalised_month", "turn_month", "refused_next_stage"):
        initiatives[name] = -1
    s.ledger["first_talks"] = -1
    ties = s.ties.reshape(count, SLOTS)
    ties["person"] = -1
    ties["person"][:, CONTACT] = initiatives["post"]
    for k, slot in enumerate((COLLEAGUE_1, COLLEAGUE_1 + 1), start=1):
        ties["person"][:, slot] = np.where(posts > k, town["post_from"] + (rank + k) % posts, -1)
    ties["person"][:, ALDERMAN_SLOT] = initiatives["municipality"]
