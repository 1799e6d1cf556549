"""The agents: Mesa agents that are thin views on one row of the state.

An agent holds no numbers of its own: `initiative.energy` reads the record that the compiled rules read, and setting it
writes there. Each class has a method for every step of the month that belongs to it. As long as nobody overrides the
method, the model runs the step for all rows in one compiled call. Where a subclass overrides it, the method is called
agent by agent, and ``super()`` in it is the compiled rule for this one row:

    class Patient(Initiative):
        def energy_balance(self) -> None:
            self.waiting = 0.0          # waiting costs these volunteers nothing
            super().energy_balance()

    CollaborationModel(initiative_class=Patient)

Months are the engine's: 0 is the first that is run; `model.name_of(month)` gives its name. Shares run from 0 to 1.
"""

from __future__ import annotations

from typing import Any, ClassVar

import mesa

from sim.steps import ONE_ROW
from sim.views import (
    Agreement,
    Amount,
    Count,
    Field,
    Flag,
    Ledger,
    Link,
    Month,
    Share,
    Tie,
    Word,
    fields_of,
    ties_of,
)
from sim.world.state import AMBITIONS, MONEY_SOURCES, PHASES, SEEN, SIZES, STATUSES

LEGAL_FORMS = ("none", "association_or_foundation", "cooperative")


class Entity(mesa.Agent):
    """An agent that is one row of a table of the state. ``row`` is its number, counted from 0, the same in every
    replicate and scenario of a world."""

    table: ClassVar[str]
    owner: ClassVar[str]

    def __init__(self, model: Any, row: int) -> None:
        super().__init__(model)
        self.row = row

    @classmethod
    def fields(cls) -> dict[str, Field[Any]]:
        """The fields of this kind of agent by name; each has a ``meaning`` and a ``unit``."""
        return fields_of(cls)

    def as_dict(self) -> dict[str, Any]:
        """All fields by name, as they are now."""
        return {name: getattr(self, name) for name in self.fields()}

    def follow_rule(self, method: str) -> None:
        """Run the compiled rule behind one of this class's steps on this row."""
        ONE_ROW[self.owner, method](self.row, self.model.state)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"


class Municipality(Entity):
    """A municipality and its town hall: divides its hours, engages its governors, grants money.

    Each month it divides its hours: to the vision until it is adopted, to other duties, and what is left over its
    initiatives by priority; a steering one with hours to spare takes work back. Talks with governors, where the policy
    is to have them, move the alderman's priority and the council's support. It renews or ends grants that run out and
    gives new ones while its yearly budget lasts.
    """

    table = "municipalities"
    owner = "municipality"

    number = Count("its number", "counted from 0")
    size = Word(SIZES, "size class")
    inhabitants = Count("number of inhabitants", "persons")
    fte = Amount("staff for heat", "full-time equivalents")
    fte_low = Amount("lowest staff in its class", "full-time equivalents")
    fte_high = Amount("highest staff in its class", "full-time equivalents")
    will = Share("will to work with initiatives")
    style = Share("style of direction: 0 absent, 0.5 facilitating, 1 steering")
    equal_care = Share("care for equal treatment")
    base_procurement_room = Share("room in its procurement rules")
    council_support = Share("the council's support for initiatives")
    vision_month = Month("when its heat vision is adopted")
    vision_adopted = Flag("whether the vision is adopted")
    vision_just_adopted = Flag("whether that happened this month")
    people_changed = Count("officials and aldermen who left or arrived this month, and elections", "times")
    entered = Count("initiatives that have entered so far", "initiatives")
    budget_a_year = Amount("budget for grants", "euros a year")
    budget_left = Amount("what is free of it", "euros a year")
    grants_committed = Amount("what runs of it", "euros a year")
    hours = Amount("hours for heat this month", "hours a month")
    hours_for_vision = Amount("hours that go to the vision", "hours a month")
    hours_for_initiatives = Amount("hours there are for initiatives", "hours a month")
    hours_wanted = Amount("hours that initiatives ask", "hours a month")
    hours_offered = Amount("hours offered to initiatives", "hours a month")
    hours_spent = Amount("hours spent on initiatives", "hours a month")
    surplus = Share("hours to spare, against what is asked")
    take_back = Share("share of the initiatives' room that it takes back")

    @property
    def officials(self) -> tuple[Official, ...]:
        """Its posts for heat."""
        record = self.model.state.municipalities[self.row]
        return self.model.officials[record["post_from"] : record["post_to"]]

    @property
    def alderman(self) -> Alderman:
        """Its alderman for heat."""
        return self.model.aldermen[self.row]

    @property
    def initiatives(self) -> tuple[Initiative, ...]:
        """Its initiatives, those that have not entered yet or have stopped included."""
        state = self.model.state
        record = state.municipalities[self.row]
        members = state.members[record["member_from"] : record["member_to"]]
        return tuple(self.model.initiatives[number] for number in members)

    def capacity(self) -> None:
        """Divide this month's hours."""
        self.follow_rule("capacity")

    def pace(self) -> None:
        """Engage the governors, where that is the policy."""
        self.follow_rule("pace")

    def money(self) -> None:
        """Renew, end and give grants."""
        self.follow_rule("money")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}: {self.size}>"


class _Holder(Entity):
    """What an official and an alderman have in common: a seat, and who holds it."""

    number = Count("its number", "counted from 0")
    municipality: Link[Municipality] = Link("municipalities", "where this person works")
    present = Flag("whether somebody holds the seat now")
    holder_since = Month("since when the present holder is there")
    vacant_until = Month("from when a vacant seat can be filled")
    departures = Count("holders who left", "persons")
    just_left = Flag("whether the holder left this month")
    just_arrived = Flag("whether a successor arrived this month")
    openness = Share("the holder's openness to initiatives")

    def tenure(self) -> int:
        """Months that the present holder has been there; 0 for a vacant seat."""
        return int(self.model.month) - self.holder_since if self.present else 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}: {'present' if self.present else 'vacant'}>"


class Official(_Holder):
    """A post at a town hall and the official who holds it.

    Each month the holder may leave. The post then stands vacant for some months, longer under a hiring freeze, until a
    successor arrives with an openness and a standing of their own.
    """

    table = "posts"
    owner = "official"

    standing = Share("the holder's standing inside the town hall")

    def turnover(self) -> None:
        """The holder leaves, or a successor arrives."""
        self.follow_rule("turnover")


class Alderman(_Holder):
    """The alderman for heat of a municipality.

    Each month the alderman may fall; at elections many do not come back, a coalition takes some months, and the
    council's support is partly drawn anew. A successor has an openness and priorities of their own.
    """

    table = "aldermen"
    owner = "alderman"

    priority = Share("priority for heat and initiatives")
    coalition = Share("support of the coalition")

    def turnover(self) -> None:
        """The alderman leaves or is succeeded; at elections the council changes."""
        self.follow_rule("turnover")


class Facilitator(Entity):
    """A facilitator between initiatives and town halls, neutral, with a caseload that is finite.

    Each month the cases are counted: too many thin the help that each gets. What the help does stands with the
    initiative that gets it.
    """

    table = "facilitators"
    owner = "facilitator"

    number = Count("its number", "counted from 0")
    cases = Count("cases, while they are counted", "initiatives")
    load = Count("cases now", "initiatives")
    caseload = Count("cases that can be served well", "initiatives")
    style = Share("style: 0 steering, 1 coaching")
    experience = Share("experience")
    adaptivity = Share("whether the style shifts with the initiative's maturity")
    quality = Share("quality of the help this month")
    style_low = Share("the most steering style facilitators here may have")
    style_high = Share("the most coaching style facilitators here may have")
    adaptive_share = Share("share of facilitators who adapt")

    def facilitation(self) -> None:
        """Count the cases."""
        self.follow_rule("facilitation")

    @property
    def initiatives(self) -> tuple[Initiative, ...]:
        """The initiatives that this facilitator can be asked by."""
        return tuple(each for each in self.model.initiatives if each.facilitator is self)


class Initiative(Entity):
    """A residents' initiative: volunteers with an ambition, who need their town hall for part of it.

    Each month, in this order: it enters when its month has come; takes in who left and who arrived; meets the town
    hall, and learns from it; adjusts its trust by what happened; may be crossed by the town hall's own actions or named
    in, or left out of, the vision; finds that a step waits, or gets or misses what it asks; opens talks, goes on with
    them, makes an agreement or is refused; gets and spends money; works, and sees promises kept or broken; is helped by
    its facilitator; and counts what all this did to its volunteers' energy: worn out for long it falls dormant, and may
    stop for good. What the month cost is booked on it.
    """

    table = "initiatives"
    owner = "initiative"

    # Who and where; the world's layout.
    number = Count("its number", "counted from 0")
    municipality: Link[Municipality] = Link("municipalities", "its municipality")
    contact_person: Link[Official] = Link("officials", "the official it deals with", field="post")
    facilitator: Link[Facilitator | None] = Link("facilitators", "its ordinary facilitator; None: only by policy")
    size = Word(SIZES, "size class of its municipality")
    ambition = Word(AMBITIONS, "what it wants: activate neighbours, save energy, own a heat network")
    homes_in_reach = Amount("homes in its area", "homes")
    entry_month = Month("when it begins", field="entry")
    older_tie = Flag("whether it knew its municipality before it entered")
    start_maturity = Amount("maturity with which it begins", "0-1; -1: drawn")

    # How it stands.
    status = Word(STATUSES, "whether it has entered, and is still there")
    phase = Word(PHASES, "how far it is")
    progress = Share("how far it is in this phase")
    progress_this_month = Amount("progress made this month", "phases", field="step")
    homes = Amount("homes reached", "homes")
    energy = Share("energy of its volunteers")
    maturity = Share("how well it is organised")
    legal_form = Word(LEGAL_FORMS, "legal form")
    recognition = Share("recognition felt")
    backing = Share("backing of its rank and file")
    months_exhausted = Count("months in a row worn out", "months")
    months_dormant = Count("months dormant", "months")
    restarts = Amount("times talks or an agreement had to begin anew", "times")
    commercial_tie = Flag("tied early to a commercial heat company")

    # With the town hall.
    met_month = Month("when the two first met")
    meetings = Amount("meetings this month", "meetings")
    contact_a_month = Amount("moving mean of meetings", "meetings a month", field="contact")
    informed = Amount("how well the two inform each other", "meetings a month")
    hours = Amount("hours the town hall has for it this month", "hours a month")
    quality = Share("share of what it needs of the town hall that it gets")
    waiting = Share("whether a step waits this month")
    gap = Share("gap between the pace it wants and the answer it gets")
    turn_month = Month("when its neighbourhood's turn comes")
    left_out = Flag("left out of the vision")
    own_line = Share("how far it keeps its own line to the town hall, beside the facilitator's")
    history_damage = Share("damage that people remember, whoever comes and goes")
    history_delivery = Share("delivered work that people remember, whoever comes and goes")

    # Talks and next stages.
    talks_opened = Month("when the present talks were opened")
    formalised_month = Month("when it first had an agreement")
    asks_next = Flag("asks for its next stage")
    refused_next_stage = Month("when the next stage was last refused")

    # What happened since trust last took it in, and this month.
    kept = Amount("promises kept", "promises")
    broken = Amount("promises broken", "promises")
    refused = Amount("requests refused, by weight", "requests")
    crossed = Amount("actions that collided", "actions")
    clash = Amount("clashes", "clashes")
    delivered = Amount("pieces of work delivered", "pieces")
    failed = Amount("pieces of work that failed", "pieces")
    overruled = Amount("times overruled, by weight", "times")
    rushed = Amount("strain of a deadline it was not ready for", "added to what takes energy")
    money_stop = Amount("grants that stopped", "grants")
    promises_due = Amount("promises that have fallen due", "promises")
    kept_24 = Amount("promises kept, fading over two years", "promises")
    broken_24 = Amount("promises broken, fading over two years", "promises")
    decisions_24 = Amount("decisions taken together, fading over two years", "decisions")

    # Money and work.
    grant_a_month = Amount("grant that runs", "euros a month")
    money_until = Month("until when it runs")
    money_source = Word(MONEY_SOURCES, "out of which pocket it comes, while it runs")
    money_asked = Flag("whether money is asked")
    money_horizon = Count("the term it was given for", "months")
    phase_at_grant = Word(PHASES, "phase in which it was given")
    money_left = Amount("money left", "euros")
    money_in = Amount("money received", "euros")
    money_out = Amount("money spent", "euros")
    paid_hours = Share("paid work; 1 is as much as volunteers at full energy do")
    commissions = Count("commissions of the municipality", "commissions")
    months_without_money = Amount("months without a grant", "months")
    volunteer_hours = Amount("hours of volunteers", "hours")
    municipal_hours = Amount("hours of the town hall", "hours")
    public_euros = Amount("public money, hours included", "euros")

    # Facilitation.
    facilitated = Share("quality of the help it gets this month")
    supported = Amount("meetings that the facilitator brings about", "meetings a month")
    hand_hold = Share("work taken off its hands")
    facilitator_hours = Amount("hours of facilitators", "hours")
    facilitator_hours_now = Amount("hours of its facilitator this month", "hours a month")

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Its ties: with the contact person first, then colleagues, the alderman last."""
        return ties_of(self.model, self.row)

    @property
    def agreement(self) -> Agreement:
        """What is agreed with its municipality; see whether it is ``in_force``."""
        return Agreement(self.model, self.row)

    @property
    def ledger(self) -> Ledger:
        """What happened to it."""
        return Ledger(self.model, self.row)

    @property
    def seen_last_year(self) -> dict[str, int]:
        """What it saw of its municipality's direction in the last twelve months: times, by kind."""
        return dict(zip(SEEN, self.model.state.seen[:, self.row].sum(axis=0, dtype=int).tolist(), strict=True))

    @property
    def policy(self) -> dict[str, float]:
        """What is set from outside for it this month: levers, shocks and their options that are not zero."""
        record = self.model.state.on_initiative[self.row]
        return {name: float(record[name]) for name in record.dtype.names if record[name] != 0.0}

    def entry(self) -> None:
        """Enter, when its month has come."""
        self.follow_rule("entry")

    def turnover(self) -> None:
        """What leaving and arriving people do to its ties, its talks and its agreement."""
        self.follow_rule("turnover")

    def contact(self) -> None:
        """Meet the town hall; understanding grows, or fades in silence."""
        self.follow_rule("contact")

    def trust(self) -> None:
        """Take in what happened: trust grows slowly and breaks fast."""
        self.follow_rule("trust")

    def surprises(self) -> None:
        """Actions cross; the vision names it or leaves it out."""
        self.follow_rule("surprises")

    def pace(self) -> None:
        """A step goes on or waits; a request is granted, refused or left unanswered."""
        self.follow_rule("pace")

    def negotiation(self) -> None:
        """Talks open, drag on, end; agreements run out; next stages are decided."""
        self.follow_rule("negotiation")

    def money(self) -> None:
        """Commissions and rounds; money comes in and is spent."""
        self.follow_rule("money")

    def work(self) -> None:
        """Promises fall due, work goes on, homes are reached."""
        self.follow_rule("work")

    def facilitation(self) -> None:
        """Help of a facilitator: bridging, coaching, repair."""
        self.follow_rule("facilitation")

    def energy_balance(self) -> None:
        """What gives energy and what takes it; falling dormant, reviving, stopping."""
        self.follow_rule("energy_balance")

    def accounts(self) -> None:
        """Book the month's hours and euros."""
        self.follow_rule("accounts")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}: {self.ambition}, {self.status}, {self.phase}>"


AGENT_CLASSES: tuple[type[Entity], ...] = (Municipality, Official, Alderman, Facilitator, Initiative)
