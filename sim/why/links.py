"""The links of the chain: which fields of the state each one owns, and which a step of the month may write.

A link that is not yet freed keeps the values of the as-now twin. What is nobody's link is `outcome` (where work and
results are made: it always responds to what is freed), `ledger` (no rule reads it), `fixed` (the same in both worlds)
or `outside` (set by the scenario). Every field stands here once; a test checks that none is missing.
"""

from __future__ import annotations

from typing import Final

LINKS: Final = ("contact", "understanding", "trust", "agreement", "money", "work")
CONTACT, UNDERSTANDING, TRUST, AGREEMENT, MONEY, WORK = range(len(LINKS))
COSTS: Final = "costs"  # what a policy itself costs, booked: the part of the difference that goes through no link
PARTS: Final = (*LINKS, COSTS)

# table of the state -> who owns the field -> the fields
FIELDS: Final[dict[str, dict[str, str]]] = {
    "municipalities": {
        "fixed": (
            "number size inhabitants post_from post_to member_from member_to vision_month vision_adopted"
            " vision_just_adopted fte will style equal_care base_procurement_room budget_a_year fte_low fte_high"
        ),
        "contact": (
            "people_changed entered hours hours_for_vision hours_for_initiatives hours_wanted hours_offered hours_spent"
            " surplus take_back"
        ),
        "trust": "council_support",
        "money": "budget_left grants_committed",
    },
    "posts": {
        "fixed": "number municipality",
        "contact": "present holder_since vacant_until departures just_left just_arrived openness standing",
    },
    "aldermen": {
        "fixed": "number municipality",
        "contact": "present holder_since vacant_until departures just_left just_arrived openness",
        "trust": "priority coalition",
    },
    "facilitators": {
        "fixed": "number caseload style_low style_high adaptive_share style experience adaptivity",
        "outcome": "cases load quality",
    },
    "initiatives": {
        "fixed": "number municipality post facilitator size ambition entry older_tie homes_in_reach start_maturity",
        "contact": "met_month meetings contact quality hours own_line supported informed crossed",
        "trust": "history_damage history_delivery",
        "agreement": "talks_opened formalised_month left_out facilitated",
        "money": (
            "money_until money_source money_asked money_horizon phase_at_grant commissions paid_hours"
            " grant_a_month money_left money_in money_out money_stop"
        ),
        "work": "kept broken delivered failed hand_hold",
        "outcome": (
            "status phase legal_form months_exhausted months_dormant turn_month refused_next_stage asks_next"
            " commercial_tie maturity energy recognition backing progress homes waiting gap refused clash overruled"
            " step rushed decisions_24 kept_24 broken_24 restarts months_without_money municipal_hours public_euros"
            " facilitator_hours facilitator_hours_now promises_due volunteer_hours"
        ),
    },
    "ties": {
        "fixed": "person",
        "contact": "holder_since silent click met",
        "understanding": "knows known",
        "trust": "trust intentions alpha beta",
    },
    "former": {
        "understanding": "knows known",
        "trust": "trust intentions",
    },
    "agreements": {
        "agreement": (
            "in_force pending start expiry forms topics adopted reviewed extended concreteness horizon known"
        ),
    },
    "ledger": {
        "ledger": (
            "first_talks agreements forms topics money promises_kept promises_broken recognition follow_on refused"
            " written_out long_talks"
        ),
    },
}
# Tables that stand here as a whole.
TABLES: Final[dict[str, str]] = {
    "clock": "fixed",
    "calendar": "fixed",
    "timetable": "fixed",
    "members": "fixed",
    "roll": "fixed",
    "parameters": "outside",
    "monthly": "outside",
    "on_initiative": "outside",
    "on_municipality": "outside",
    "on_post": "outside",
    "seen": "ledger",
}

_DEAL = "in_force pending start expiry forms topics adopted reviewed extended concreteness horizon known"
# (step, owner) -> which fields of links the step may write, by table; None: all of them.
WRITES: Final[dict[tuple[str, str], dict[str, str] | None]] = {
    ("entry", "initiative"): None,
    ("turnover", "official"): {
        "posts": "present holder_since vacant_until departures just_left just_arrived openness standing"
    },
    ("turnover", "alderman"): {
        "aldermen": ("present holder_since vacant_until departures just_left just_arrived openness priority coalition"),
        "municipalities": "people_changed council_support",
    },
    ("turnover", "initiative"): {
        "ties": "holder_since silent click met knows known trust intentions alpha beta",
        "former": "trust knows known intentions",
        "initiatives": "talks_opened broken",
        "agreements": "in_force",
    },
    ("capacity", "municipality"): {
        "municipalities": (
            "entered hours hours_for_vision hours_for_initiatives hours_wanted hours_offered hours_spent surplus"
            " take_back"
        ),
        "initiatives": "hours",
    },
    ("pace", "municipality"): {"municipalities": "council_support", "aldermen": "priority"},
    ("contact", "initiative"): {
        "ties": "silent met knows known",
        "initiatives": "met_month meetings contact quality",
    },
    ("trust", "initiative"): {
        "ties": "trust intentions alpha beta",
        "initiatives": "history_damage history_delivery crossed kept broken delivered failed",
    },
    ("surprises", "initiative"): {
        "initiatives": "informed crossed left_out formalised_month broken talks_opened",
        "agreements": _DEAL,
    },
    ("pace", "initiative"): {},
    ("negotiation", "initiative"): {
        "initiatives": "talks_opened formalised_month money_asked",
        "agreements": _DEAL,
    },
    ("money", "municipality"): {
        "municipalities": "budget_left grants_committed",
        "initiatives": (
            "money_until money_source money_asked money_horizon phase_at_grant grant_a_month money_stop"
            " formalised_month"
        ),
        "agreements": _DEAL,
    },
    ("facilitation", "facilitator"): {},
    ("money", "initiative"): {
        "initiatives": (
            "money_until money_source money_horizon phase_at_grant commissions paid_hours grant_a_month"
            " money_left money_in money_out money_stop formalised_month"
        ),
        "agreements": _DEAL,
    },
    ("work", "initiative"): {"initiatives": "kept broken delivered failed"},
    ("facilitation", "initiative"): {"initiatives": "own_line supported crossed facilitated hand_hold"},
    ("energy", "initiative"): {
        "ties": "met",
        "initiatives": "meetings talks_opened money_stop",
        "agreements": "in_force pending",
    },
    ("accounts", "initiative"): {},
}

# The link with which a step begins to feel the policy itself; before that it reads what is set from outside as now.
FEELS: Final[dict[tuple[str, str], str]] = {
    ("entry", "initiative"): "contact",
    ("turnover", "official"): "contact",
    ("turnover", "alderman"): "contact",
    ("turnover", "initiative"): "contact",
    ("capacity", "municipality"): "contact",
    ("pace", "municipality"): "trust",
    ("contact", "initiative"): "contact",
    ("trust", "initiative"): "trust",
    ("surprises", "initiative"): "contact",
    ("pace", "initiative"): "work",
    ("negotiation", "initiative"): "agreement",
    ("money", "municipality"): "money",
    ("facilitation", "facilitator"): "contact",
    ("money", "initiative"): "money",
    ("work", "initiative"): "work",
    ("facilitation", "initiative"): "contact",  # and agreement, and work: see `facilitate`
    ("energy", "initiative"): "work",
    ("accounts", "initiative"): COSTS,
}
