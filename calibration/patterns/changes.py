"""What experiments set or hold in a state: small changes, made in place."""

from __future__ import annotations

from calibration.patterns.experiment import Change
from sim.world.state import ACTIVE, CONTACT, FORM_COVENANT, MUNICIPAL, SLOTS, TOPIC_PARTICIPATION, State


def together(s: State) -> None:
    """Every initiative enters in the first month, so that all are seen for equally long."""
    s.initiatives["entry"] = 0


def acquainted(s: State) -> None:
    """Everyone who has entered has met the town hall."""
    me = s.initiatives
    fresh = (me["status"] == ACTIVE) & (me["met_month"] < 0)
    me["met_month"][fresh] = s.clock["month"][0]
    me["phase"][fresh] = 1
    s.ledger["first_talks"][fresh] = s.clock["month"][0]


def initiatives(**values: float) -> Change:
    """Set fields of all initiatives."""
    return _setting("initiatives", values)


def municipalities(**values: float) -> Change:
    """Set fields of all municipalities."""
    return _setting("municipalities", values)


def posts(**values: float) -> Change:
    """Set fields of all posts."""
    return _setting("posts", values)


def _setting(table: str, values: dict[str, float]) -> Change:
    def change(s: State) -> None:
        for name, value in values.items():
            getattr(s, table)[name] = value

    return change


def ties(slot: int = CONTACT, **values: float) -> Change:
    """Set fields of every initiative's tie in a slot."""

    def change(s: State) -> None:
        rows = s.ties.reshape(-1, SLOTS)[:, slot]
        for name, value in values.items():
            rows[name] = value

    return change


def happens_to_all(**events: float) -> Change:
    """Add to the month's events (`delivered`, `broken`, `refused`, `clash` …) of all active initiatives."""

    def change(s: State) -> None:
        active = s.initiatives["status"] == ACTIVE
        for name, count in events.items():
            s.initiatives[name][active] += count

    return change


def signed(concreteness: float, topics: int = TOPIC_PARTICIPATION, months: int = 120) -> Change:
    """Everyone who has met the town hall signs the same agreement."""

    def change(s: State) -> None:
        me, deal = s.initiatives, s.agreements
        now = int(s.clock["month"][0])
        those = (me["status"] == ACTIVE) & (me["met_month"] >= 0)
        for name, value in {
            "in_force": 1, "pending": 0, "start": now, "reviewed": now, "expiry": now + months, "horizon": months,
            "forms": FORM_COVENANT, "topics": topics, "known": 0.4, "concreteness": concreteness,
        }.items():  # fmt: skip
            deal[name][those] = value
        me["talks_opened"][those] = -1
        me["formalised_month"][those] = now
        s.ledger["agreements"][those] = 1

    return change


def agreements(**values: float) -> Change:
    """Set fields of all agreements in force."""

    def change(s: State) -> None:
        running = s.agreements["in_force"] == 1
        for name, value in values.items():
            s.agreements[name][running] = value

    return change


def running_on(months: int) -> Change:
    """Agreements in force never end, and always have so many months to go."""

    def change(s: State) -> None:
        s.agreements["expiry"][s.agreements["in_force"] == 1] = s.clock["month"][0] + months

    return change


def granted(euros_a_year: float, months: int) -> Change:
    """Everyone who is active receives a grant."""

    def change(s: State) -> None:
        me = s.initiatives
        those = me["status"] == ACTIVE
        for name, value in {
            "grant_a_month": euros_a_year / 12.0, "money_until": s.clock["month"][0] + months, "money_horizon": months,
            "money_source": MUNICIPAL,
        }.items():  # fmt: skip
            me[name][those] = value

    return change


NO_AGREEMENTS = {"opening_rate": 0.0, "round_rate": 0.0, "named_base": 0.0}  # nobody formalises by themselves
ENDLESS_TALKS = {"agreement_rate": 0.0, "refusal_rate": 0.0, "round_rate": 0.0, "named_base": 0.0}
