"""The state of a world: labelled tables, one row an entity.

A `State` is a named tuple of NumPy record arrays, so that one compiled function can take all of it, a fork is a copy
of these arrays, and a Mesa agent is a view on one row. Counts and months are int32 (int64 in the clock and for ranges
of rows), everything else float64; trust, understanding, energy and other shares run from 0 to 1; months count from the
world's first; -1 means never or nobody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.evidence.parameters import record_dtype
from sim.levers.tables import table_dtype

SMALL, MEDIUM, LARGE = 0, 1, 2
SIZES = ("small", "medium", "large")
ACTIVATE, SAVE, HEAT_NETWORK = 0, 1, 2
AMBITIONS = ("activate", "save", "heat_network")
PHASES = ("start", "acquaintance", "plan", "feasibility", "execution_plan", "realisation")
LAST_PHASE = len(PHASES) - 1
NOT_YET, ACTIVE, DORMANT, STOPPED = 0, 1, 2, 3
STATUSES = ("not_yet", "active", "dormant", "stopped")

# An initiative can have a tie with the contact person, two colleagues and the alderman.
CONTACT, COLLEAGUE_1, COLLEAGUE_2, ALDERMAN = 0, 1, 2, 3
SLOTS = 4

# Forms and topics of an agreement are sets of bits.
FORM_MONEY, FORM_COVENANT, FORM_POLICY, FORM_INTERMEDIARY, FORM_JOINT = 1, 2, 4, 8, 16
FORMS = {
    "money": FORM_MONEY,
    "covenant": FORM_COVENANT,
    "policy": FORM_POLICY,
    "intermediary": FORM_INTERMEDIARY,
    "joint_project": FORM_JOINT,
}
TOPIC_PARTICIPATION, TOPIC_ROLES, TOPIC_GOALS, TOPIC_PROCESS, TOPIC_PERFORMANCE, TOPIC_TECHNIQUE = 1, 2, 4, 8, 16, 32
TOPICS = {
    "participation": TOPIC_PARTICIPATION,
    "roles": TOPIC_ROLES,
    "goals": TOPIC_GOALS,
    "process": TOPIC_PROCESS,
    "performance": TOPIC_PERFORMANCE,
    "technique": TOPIC_TECHNIQUE,
}

# What an initiative notices of its municipality's direction, counted a month in a ring of twelve (the interview asks
# about the last year).
SEEN = ("granted", "staff_help", "money", "overruled", "crossed", "waited", "no_capacity", "aware", "unanswered")
GRANTED, STAFF_HELP, MONEY, OVERRULED, CROSSED, WAITED, NO_CAPACITY, AWARE, UNANSWERED = range(len(SEEN))
RING = 12

# Out of which pocket a grant comes: the town hall's yearly budget, money reserved apart from it, a national round.
MUNICIPAL, RESERVED, NATIONAL = 0, 1, 2
MONEY_SOURCES = ("municipal", "reserved", "national")


def _table(**kinds: str) -> np.dtype:
    """A record type; each keyword a kind (``f`` float64, ``i`` int32, ``l`` int64, ``u`` uint64) and its fields."""
    letters = {"f": np.float64, "i": np.int32, "l": np.int64, "u": np.uint64}
    return np.dtype([(name, letters[kind]) for kind, names in kinds.items() for name in names.split()])


def _joined(*types: np.dtype) -> np.dtype:
    """A record type of the fields of some, one after another."""
    return np.dtype([(name, each[name]) for each in types for name in each.names or ()])


CLOCK = _table(  # month and counts as wide as whole numbers in compiled code: so no function is compiled for two widths
    i="election january",
    l="month initiatives municipalities posts facilitators block alive stopped",
    u="key",
    f="subsidy_round",
)
CALENDAR = _table(i="election january", f="subsidy_round")
TIMETABLE = _table(i="month", f="share")
MONTHLY = _table(f="trust_keep history_keep recognition_keep understanding_loss partner_keep rush_keep")

MUNICIPALITY = _joined(
    _table(i="number inhabitants", f="fte_low fte_high"),  # read once
    _table(
        l="post_from post_to member_from member_to",
        i="size vision_month vision_adopted vision_just_adopted people_changed entered",
        f="style will equal_care base_procurement_room council_support budget_a_year budget_left grants_committed fte"
        " hours hours_for_vision hours_for_initiatives hours_wanted hours_offered hours_spent surplus take_back",
    ),
)

POST = _table(
    i="number municipality present holder_since vacant_until departures just_left just_arrived",
    f="openness standing",
)

ALDERMAN_ROW = _table(
    i="number municipality present holder_since vacant_until departures just_left just_arrived",
    f="openness priority coalition",
)

FACILITATOR = _table(
    i="number cases load caseload", f="style_low style_high adaptive_share style experience adaptivity quality"
)

# What only one half of the month reads of an initiative lies at one end, so that the other half of a large world need
# not pass it by (`sim/month.py`).
READ_FIRST = _table(
    i="number older_tie turn_month left_out money_asked refused_next_stage",
    f="start_maturity history_damage history_delivery contact informed",
)
READ_IN_BOTH = _table(
    i="status entry size municipality ambition phase met_month post facilitator talks_opened formalised_month"
    " money_until money_source money_horizon phase_at_grant asks_next commercial_tie legal_form",
    f="maturity energy paid_hours grant_a_month recognition backing progress meetings quality hours waiting gap"
    " own_line kept broken refused crossed clash delivered failed overruled money_stop supported facilitated"
    " decisions_24 restarts",
)
READ_LAST = _table(  # in the second half, or when a month is observed
    i="months_exhausted months_dormant commissions",
    f="homes_in_reach money_left money_in money_out homes step rushed hand_hold kept_24 broken_24"
    " months_without_money municipal_hours public_euros facilitator_hours facilitator_hours_now promises_due"
    " volunteer_hours",
)
INITIATIVE = _joined(READ_FIRST, READ_IN_BOTH, READ_LAST)

TIE = _table(
    i="person holder_since silent",
    f="trust intentions alpha beta knows known click met",
)

FORMER = _table(f="trust knows known intentions")  # a tie as it was before the seat was empty

AGREEMENT = _table(
    i="in_force pending start expiry forms topics adopted reviewed extended",
    f="concreteness horizon known",
)

LEDGER = _table(
    i="first_talks agreements forms topics",
    f="money promises_kept promises_broken recognition follow_on refused written_out long_talks",
)


class State(NamedTuple):
    """All tables of one world. ``calendar`` has a row a month, ``timetable`` the points of the vision's adoption;
    ``monthly`` holds what half-lives mean a month (1 row). ``ties`` and ``former`` have SLOTS rows an initiative;
    ``seen`` has shape (RING, initiatives, len(SEEN)). ``roll`` has the rows of the initiatives that have entered: from
    the front the ``clock.alive`` that are active or dormant, from the back the ``clock.stopped`` that stopped before
    this month; it is made each month by `sim.month.advance`, and all zeros outside it.
    """

    clock: np.ndarray
    calendar: np.ndarray
    timetable: np.ndarray
    parameters: np.ndarray
    monthly: np.ndarray
    municipalities: np.ndarray
    members: np.ndarray
    roll: np.ndarray
    posts: np.ndarray
    aldermen: np.ndarray
    facilitators: np.ndarray
    initiatives: np.ndarray
    ties: np.ndarray
    former: np.ndarray
    agreements: np.ndarray
    ledger: np.ndarray
    seen: np.ndarray
    on_initiative: np.ndarray
    on_municipality: np.ndarray
    on_post: np.ndarray


def empty_state(
    *, months: int, timetable: int, municipalities: int, posts: int, facilitators: int, initiatives: int
) -> State:
    """A state of zeros of the given numbers of rows."""
    return State(
        clock=np.zeros(1, CLOCK),
        calendar=np.zeros(months, CALENDAR),
        timetable=np.zeros(timetable, TIMETABLE),
        parameters=np.zeros(1, record_dtype()),
        monthly=np.zeros(1, MONTHLY),
        municipalities=np.zeros(municipalities, MUNICIPALITY),
        members=np.zeros(initiatives, np.int64),
        roll=np.zeros(initiatives, np.int64),
        posts=np.zeros(posts, POST),
        aldermen=np.zeros(municipalities, ALDERMAN_ROW),
        facilitators=np.zeros(facilitators, FACILITATOR),
        initiatives=np.zeros(initiatives, INITIATIVE),
        ties=np.zeros(initiatives * SLOTS, TIE),
        former=np.zeros(initiatives * SLOTS, FORMER),
        agreements=np.zeros(initiatives, AGREEMENT),
        ledger=np.zeros(initiatives, LEDGER),
        seen=np.zeros((RING, initiatives, len(SEEN)), np.int8),
        on_initiative=np.zeros(initiatives, table_dtype("initiative")),
        on_municipality=np.zeros(municipalities, table_dtype("municipality")),
        on_post=np.zeros(posts, table_dtype("post")),
    )


def copy_state(source: State, target: State | None = None) -> State:
    """Fork a world: a copy of every table, into ``target`` when one of the same shape is given (nothing is allocated
    then).
    """
    if target is None:
        return State(*(table.copy() for table in source))
    for old, new in zip(source, target, strict=True):
        np.copyto(new, old)
    return target
