"""The same model in plain Mesa: the yardstick that the compiled ensemble is measured against.

Agents are ordinary Mesa agents with Python attributes, ties and agreements are small objects with slots, and chance
comes from the fastest plain source there is in Mesa, the standard library's ``model.random.random``. Nothing is
compiled and no record array is read after the world was built. Equations, parameters, layout and the order of the month
are those of `sim`; the headings below carry the names of the files in `sim/rules/`, in the order of the month. Draws
come in sequence here, so that single runs differ from the ensemble's and only means can be compared
(`test_same_model.py`).

Written for speed where that is plain Python: local names, comparisons instead of `min` and `max`, an initiative's steps
taken together, all indicators in one pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from sim.evidence.parameters import record
from sim.indicators import INDICATORS
from sim.rules.capacity import HOURS_PER_FTE
from sim.rules.contact import LEARNING
from sim.rules.facilitation import ADAPTS
from sim.schedule import Segment
from sim.world.state import (
    ACTIVATE,
    ACTIVE,
    AWARE,
    CROSSED,
    DORMANT,
    FORM_COVENANT,
    FORM_INTERMEDIARY,
    FORM_JOINT,
    FORM_MONEY,
    FORM_POLICY,
    GRANTED,
    HEAT_NETWORK,
    LARGE,
    LAST_PHASE,
    MONEY,
    MUNICIPAL,
    NATIONAL,
    NO_CAPACITY,
    NOT_YET,
    OVERRULED,
    RESERVED,
    RING,
    SAVE,
    SEEN,
    SMALL,
    STAFF_HELP,
    STOPPED,
    TOPIC_GOALS,
    TOPIC_PARTICIPATION,
    TOPIC_PERFORMANCE,
    TOPIC_PROCESS,
    TOPIC_ROLES,
    TOPIC_TECHNIQUE,
    UNANSWERED,
    WAITED,
    State,
)

NEVER = -1
AVERAGED = tuple(each.kind == "average" for each in INDICATORS.values())
PARTNER = (3.0, 3.0, 0.5)  # promises, decisions, share broken: sim/indicators/structural_partnership.py


def share(x: float) -> float:
    """Bring a number back between 0 and 1."""
    return 0.0 if x < 0.0 else 1.0 if x > 1.0 else x


def happens(hazard: float, u: float) -> bool:
    """Does an event of this hazard happen in a month, given a uniform?"""
    return u < hazard and u < -math.expm1(-hazard)


def whole_part(rate: float, u: float) -> float:
    """A whole number with mean ``rate``."""
    whole = math.floor(rate)
    return whole + 1.0 if u < rate - whole else float(whole)


def logistic(x: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


def remaining(half_life: float) -> float:
    """Share that remains after a month of a decay with this half-life (months)."""
    return 2.0 ** (-1.0 / half_life)


def trust_after(trust: float, gain: float, loss: float, growth: float, asymmetry: float) -> float:
    """Trust (0-1) after a month."""
    return share(trust + growth * gain * (1.0 - trust) - asymmetry * growth * loss * trust)


def understanding_after(understanding: float, meetings: float, gain: float) -> float:
    """Understanding (0-1) after a month's meetings."""
    gap = 1.0 - understanding
    return share(understanding + LEARNING * gain * meetings * gap * gap)


def caseload_quality(load: float, caseload: float, experience: float) -> float:
    """Quality of a facilitator's help (0-1)."""
    return (0.6 + 0.4 * experience) * min(1.0, caseload / max(1.0, load))


class Tie:
    """What an initiative and one person have together."""

    __slots__ = (
        "alpha", "beta", "click", "holder_since", "intentions", "known", "knows", "met", "number", "old_intentions",
        "old_known", "old_knows", "old_trust", "person", "silent", "trust",
    )  # fmt: skip

    def __init__(self, number: int, person: Official | Alderman) -> None:
        self.number = number  # 0 the contact person, then colleagues; the alderman's stands apart
        self.person = person
        self.trust = self.intentions = self.knows = self.known = 0.0
        self.old_trust = self.old_intentions = self.old_knows = self.old_known = 0.0
        self.alpha = self.beta = self.click = self.met = 0.0
        self.holder_since = self.silent = 0


class Agreement:
    """What is on paper."""

    __slots__ = (
        "adopted", "concreteness", "expiry", "extended", "forms", "grant_quantile", "horizon", "in_force", "known",
        "pending", "reviewed", "start", "topics",
    )  # fmt: skip

    def __init__(self) -> None:
        self.in_force = self.pending = self.adopted = False
        self.start = self.expiry = self.forms = self.topics = self.reviewed = self.extended = 0
        self.concreteness = self.horizon = self.known = self.grant_quantile = 0.0


class Ledger:
    """What a respondent could tell afterwards."""

    __slots__ = (
        "agreements", "first_talks", "follow_on", "forms", "long_talks", "money", "promises_broken", "promises_kept",
        "recognition", "refused", "topics", "written_out",
    )  # fmt: skip

    def __init__(self) -> None:
        self.first_talks = NEVER
        self.agreements = self.forms = self.topics = 0
        self.money = self.promises_kept = self.promises_broken = self.recognition = 0.0
        self.follow_on = self.refused = self.written_out = self.long_talks = 0.0


class Official(mesa.Agent):
    """A post in a town hall and who holds it."""

    def __init__(self, model: PureModel, town: Municipality) -> None:
        super().__init__(model)
        p = model.parameters
        self.town = town
        self.policy: Any = None
        self.present, self.just_left, self.just_arrived = True, False, False
        self.holder_since = -24
        self.vacant_until = self.departures = 0
        self.openness = share(0.5 + p.openness_sd * model.normal(0.0, 1.0))
        self.standing = share(0.5 + p.standing_sd * model.normal(0.0, 1.0))
        self.freeze_quantile = model.uniform()

    def turnover(self) -> None:
        """The holder leaves, or a successor arrives."""
        model = self.model
        p, t = model.parameters, model.month
        self.just_left = self.just_arrived = False
        if self.present:
            pushed = self.policy.official_leaves
            if happens(p.official_leaving_rate, model.uniform()) or (pushed > 0.0 and model.uniform() < pushed):
                spread = p.vacancy_longest - p.vacancy_shortest + 1.0
                self.present = False
                self.just_left = True
                self.departures += 1
                self.vacant_until = t + int(p.vacancy_shortest + model.uniform() * spread)
        elif t >= self.vacant_until and self.freeze_quantile >= self.town.policy.hiring_freeze:
            self.present = True
            self.just_arrived = True
            self.holder_since = t
            self.openness = share(0.5 + p.openness_sd * model.normal(0.0, 1.0))
            self.standing = share(0.5 + p.standing_sd * model.normal(0.0, 1.0))


class Alderman(mesa.Agent):
    """The alderman for heat in one municipality."""

    def __init__(self, model: PureModel, town: Municipality) -> None:
        super().__init__(model)
        self.town = town
        self.present, self.just_left, self.just_arrived = True, False, False
        self.holder_since = -24
        self.vacant_until = self.departures = 0
        self.openness = share(0.5 + model.parameters.openness_sd * model.normal(0.0, 1.0))
        self.priority = share(0.5 + 0.2 * model.normal(0.0, 1.0))
        self.coalition = share(0.3 * self.priority + 0.7 * town.council_support)

    def turnover(self) -> None:
        """Leave in between or at elections; the council's support is partly drawn anew at elections."""
        model, town = self.model, self.town
        p, t = model.parameters, model.month
        self.just_left = self.just_arrived = False
        election = town.election_strength()
        if election > 0.0:
            fresh = share(0.5 + 0.25 * model.normal(0.0, 1.0))
            town.council_support += election * p.council_renewal * (fresh - town.council_support)
        if self.present:
            leaves = happens(p.alderman_leaving_rate * (1.5 - self.coalition), model.uniform())
            back = 1
            if election > 0.0 and model.uniform() < election * (1.0 - p.alderman_return_share):
                leaves = True
                back = int(p.coalition_months)
            falls = town.policy.alderman_falls
            if falls > 0.0 and model.uniform() < falls:
                leaves = True
            if leaves:
                self.present = False
                self.just_left = True
                self.departures += 1
                self.vacant_until = t + back
        elif t >= self.vacant_until:
            self.present = True
            self.just_arrived = True
            self.holder_since = t
            self.openness = share(0.5 + p.openness_sd * model.normal(0.0, 1.0))
            self.priority = share(0.5 + 0.2 * model.normal(0.0, 1.0))
            self.coalition = share(0.3 * self.priority + 0.7 * town.council_support)
        town.people_changed = (
            election > 0.0
            or self.just_left
            or self.just_arrived
            or any(post.just_left or post.just_arrived for post in town.posts)
        )


class Facilitator(mesa.Agent):
    """Somebody in between."""

    def __init__(self, model: PureModel, row: Any) -> None:
        super().__init__(model)
        low, high = float(row["style_low"]), float(row["style_high"])
        self.caseload = int(row["caseload"])
        self.style = low + (high - low) * model.uniform()
        self.experience = model.uniform()
        self.adaptivity = 1.0 if model.uniform() < float(row["adaptive_share"]) else 0.0
        self.cases: list[Initiative] = []
        self.load = 0
        self.quality = 0.0

    def count_cases(self) -> None:
        """Count the ordinary cases; those of the lever are served by extra people."""
        self.load = sum(1 for each in self.cases if each.is_served() and not each.has_extra())
        self.quality = caseload_quality(self.load, self.caseload, self.experience)


class Municipality(mesa.Agent):
    """A town hall."""

    def __init__(self, model: PureModel, row: Any) -> None:
        super().__init__(model)
        p, uniform, normal = model.parameters, model.uniform, model.normal
        self.size, self.inhabitants = int(row["size"]), int(row["inhabitants"])
        style, fte, vision = float(row["style"]), float(row["fte"]), int(row["vision_month"])
        low, high = float(row["fte_low"]), float(row["fte_high"])
        self.style = style if style >= 0.0 else share(0.5 + p.style_sd * normal(0.0, 1.0))
        self.will = share(0.7 + p.will_sd * normal(0.0, 1.0))
        self.fte = fte if fte >= 0.0 else low * (high / low) ** uniform()
        self.equal_care = uniform()
        self.council_support = share(0.5 + 0.2 * normal(0.0, 1.0))
        self.base_procurement_room = 0.3 * uniform()
        self.vision_month = vision if vision >= 0 else model.adoption_month(uniform())
        self.budget_a_year = self.inhabitants * p.budget_low * (p.budget_high / p.budget_low) ** uniform()
        self.budget_left = self.budget_a_year
        self.policy: Any = None
        self.posts: list[Official] = []
        self.members: list[Initiative] = []
        self.alderman = Alderman(model, self)
        self.vision_adopted = self.vision_just_adopted = self.people_changed = False
        self.entered = 0
        self.hours = self.hours_for_vision = self.hours_for_initiatives = 0.0
        self.hours_offered = self.hours_spent = self.surplus = self.take_back = self.grants_committed = 0.0

    def tick(self) -> None:
        """The vision is adopted when its month has come."""
        self.vision_just_adopted = not self.vision_adopted and self.model.month >= self.vision_month
        if self.vision_just_adopted:
            self.vision_adopted = True

    def election_strength(self) -> float:
        """How much of an election there is this month (0-1)."""
        called, pushed = self.model.election, self.policy.election
        return called if called > pushed else pushed

    # capacity ---------------------------------------------------------------------------------------------------

    def divide_hours(self) -> None:
        """Count the hours and divide them: first by priority, then what is left over to those still short."""
        p, governor, policy = self.model.parameters, self.alderman, self.policy
        filled = 0.0
        for post in self.posts:
            filled += 1.0 if post.present else 1.0 - p.vacancy_loss
        filled /= len(self.posts) or 1
        self.hours = HOURS_PER_FTE * (self.fte * filled + policy.municipal_capacity + policy.capacity_boost)
        self.hours_for_vision = 0.0 if self.vision_adopted else p.vision_share * self.hours
        priority = governor.priority if governor.present else 0.3
        part = p.initiative_share * (0.6 + 0.8 * priority)
        self.hours_for_initiatives = (self.hours - self.hours_for_vision) * (part if part < 1.0 else 1.0)
        self.entered = 0
        wanted = weights = 0.0
        asking = []
        for me in self.members:
            me.hours = 0.0
            if me.status != NOT_YET:
                self.entered += 1
            if me.status == ACTIVE or me.status == DORMANT:
                need = me.hours_wanted()
                weighted = need * me.weight()
                wanted += need
                weights += weighted
                asking.append((me, need, weighted))
        offered = wanted if wanted < self.hours_for_initiatives else self.hours_for_initiatives
        given = short = 0.0
        for me, need, weighted in asking:
            fair = offered * weighted / weights
            me.hours = need if need < fair else fair
            given += me.hours
            short += need - me.hours
        left = offered - given
        if left > 1e-9 and short > 1e-9:
            top_up = min(1.0, left / short)
            for me, need, _ in asking:
                extra = top_up * (need - me.hours)
                me.hours += extra
                given += extra
        self.hours_offered = offered
        self.hours_spent = given
        self.surplus = share(self.hours_for_initiatives / wanted - 1.0) if wanted > 0.0 else 0.0
        self.take_back = min(1.0, p.take_back * self.surplus * max(0.0, 2.0 * self.style - 1.0))

    # pace -------------------------------------------------------------------------------------------------------

    def win_over(self) -> None:
        """Champions inside win over the council little by little; engaging governors does too."""
        p, governor, policy = self.model.parameters, self.alderman, self.policy
        pull = 2.0 * governor.openness - 1.0 if governor.present and governor.openness > 0.5 else 0.0
        for post in self.posts:
            if post.present:
                pulled = (2.0 * post.openness - 1.0) * post.standing
                if pulled > pull:
                    pull = pulled
        self.council_support += p.champion_gain * pull * (1.0 - self.council_support)
        talks = policy.governor_engagement / 12.0
        if talks > 0.0:
            if policy.governor_engagement__alderman > 0.5 and governor.present:
                gain = p.engagement_gain * talks * (1.0 - governor.priority)
                governor.priority += gain * (0.5 + governor.openness)
            if policy.governor_engagement__council > 0.5:
                self.council_support += p.engagement_gain * talks * (1.0 - self.council_support)

    # money ------------------------------------------------------------------------------------------------------

    def grant_money(self) -> None:
        """Renew or end what runs out, then grant what is asked while the budget lasts."""
        model = self.model
        p, t = model.parameters, model.month
        committed = 0.0
        for me in self.members:
            if me.status != ACTIVE and me.status != DORMANT:
                me.stop_money(0.0)
                continue
            if 0 < me.money_until <= t:
                me.end_or_renew()
            if me.money_until > t and me.money_source == MUNICIPAL:
                committed += 12.0 * me.grant_a_month
        if model.january:
            self.budget_left = max(0.0, self.budget_a_year - committed)
        free = self.budget_left
        for me in self.members:
            if me.status != ACTIVE or me.money_stop > 0.0:
                continue
            me.lasting_grant()
            deal = me.deal
            if not deal.in_force and not deal.pending:
                me.money_asked = False
            if me.money_asked:
                if me.money_until > t:
                    deal.forms |= me.money_form()
                    me.money_asked = False
                    continue
                amount = p.grant_smallest * (p.grant_largest / p.grant_smallest) ** deal.grant_quantile
                if amount <= free:
                    free -= amount
                    me.grant(amount / 12.0, int(min(p.grant_longest, deal.horizon)), MUNICIPAL)
                    deal.forms |= FORM_MONEY
                    deal.expiry = max(deal.expiry, me.money_until)
                    me.money_asked = False
                else:
                    me.seen[NO_CAPACITY][t % RING] += 1
        self.grants_committed = committed
        self.budget_left = free


class Initiative(mesa.Agent):
    """A residents' initiative: nearly everything of the month happens to it."""

    def __init__(self, model: PureModel, row: Any, town: Municipality, post: Official, colleagues: Sequence[Official]):
        super().__init__(model)
        uniform = model.uniform
        self.town, self.post = town, post
        self.facilitator: Facilitator | None = None
        self.ambition, self.size, self.entry = int(row["ambition"]), int(row["size"]), int(row["entry"])
        self.homes_in_reach = float(row["homes_in_reach"])
        self.start_maturity = float(row["start_maturity"])
        self.older_tie = bool(row["older_tie"])
        self.policy: Any = None
        self.contact_tie = Tie(0, post)
        self.colleague_ties = [Tie(k, each) for k, each in enumerate(colleagues, start=1)]
        self.official_ties = [self.contact_tie, *self.colleague_ties]
        self.alderman_tie = Tie(3, town.alderman)
        self.ties = [*self.official_ties, self.alderman_tie]
        self.deal, self.ledger = Agreement(), Ledger()
        self.seen = [[0] * RING for _ in SEEN]
        # who is reached by a policy for a share of initiatives, and what is drawn once
        self.reached_funding, self.reached_early, self.reached_facilitator = uniform(), uniform(), uniform()
        self.reached_embedding, self.reached_training = uniform(), uniform()
        self.ordinary_facilitation, self.turn_quantile = uniform(), uniform()
        self.status, self.phase, self.legal_form = NOT_YET, 0, 0
        self.met_month = self.talks_opened = self.formalised_month = self.turn_month = self.refused_next_stage = NEVER
        self.months_exhausted = self.months_dormant = self.commissions = 0
        self.money_until = self.money_horizon = self.phase_at_grant = 0
        self.money_source = MUNICIPAL
        self.money_asked = self.left_out = self.asks_next = self.commercial_tie = False
        self.maturity = self.energy = self.paid_hours = self.recognition = self.backing = 0.0
        self.progress = self.homes = 0.0
        self.grant_a_month = self.money_left = self.money_in = self.money_out = 0.0
        self.meetings = self.contact = self.quality = self.hours = self.waiting = self.gap = self.own_line = 0.0
        self.history_damage = self.history_delivery = 0.0
        self.kept = self.broken = self.refused = self.crossed = self.clash = self.delivered = self.failed = 0.0
        self.overruled = self.made = self.money_stop = self.rushed = self.informed = 0.0
        self.supported = self.facilitated = self.hand_hold = self.facilitator_hours_now = 0.0
        self.decisions_24 = self.kept_24 = self.broken_24 = self.restarts = self.promises_due = 0.0
        self.months_without_money = self.municipal_hours = self.public_euros = self.facilitator_hours = 0.0
        self.volunteer_hours = 0.0

    # entry ------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Enter the world when the month has come, with a character and first ties."""
        model = self.model
        t = model.month
        slot = t % RING
        for noticed in self.seen:
            noticed[slot] = 0
        if self.status != NOT_YET or t < self.entry:
            return
        p, uniform = model.parameters, model.uniform
        self.status = ACTIVE
        if self.start_maturity >= 0.0:
            self.maturity = self.start_maturity
        else:
            self.maturity = 0.1 + 0.5 * uniform() + (0.1 if self.ambition == HEAT_NETWORK else 0.0)
        u = uniform()
        self.legal_form = 0 if u > 0.3 + 0.8 * self.maturity else (2 if u < self.maturity else 1)
        self.energy = 0.5 + 0.35 * uniform()
        self.backing = 0.2 + 0.4 * uniform()
        self.own_line = 1.0
        self.quality = 0.5
        older = 0.0
        if self.older_tie:
            older = 1.0
            self.met_month = t
            self.phase = 1
            self.history_delivery = 0.4 * uniform()
            self.ledger.first_talks = t
        for tie in self.ties:
            near = 1.0 if tie is self.contact_tie else 0.4
            tie.click = p.click_sd * model.normal(0.0, 1.0) if tie.person.present else 0.0
            character = tie.click + p.openness_pull * (tie.person.openness - 0.5) if tie.person.present else 0.0
            tie.trust = share(p.base_trust + character + 0.2 * older * near)
            tie.intentions = tie.trust
            tie.knows = tie.known = share(p.base_understanding + 0.25 * older * near)
            tie.alpha = 1.0 + self.maturity + 1.5 * self.history_delivery * older
            tie.beta = p.capability_doubt
            tie.holder_since = t
            tie.old_trust, tie.old_intentions = tie.trust, tie.intentions
            tie.old_knows, tie.old_known = tie.knows, tie.known
            if not tie.person.present:
                tie.trust = tie.intentions = p.base_trust
                tie.knows = 0.0

    # turnover ---------------------------------------------------------------------------------------------------

    def live_through_turnover(self) -> None:
        """What the leaving and arriving of others does to ties, talks and the agreement; and own people leave."""
        if self.status == NOT_YET or self.status == STOPPED:
            return
        model, town = self.model, self.town
        p, uniform = model.parameters, model.uniform
        if self.status == ACTIVE and happens(p.member_leaving_rate, uniform()):
            for tie in self.ties:
                tie.known *= 1.0 - p.member_loss
            self.energy *= 1.0 - 0.3 * p.member_loss
        if not town.people_changed:
            return
        deal = self.deal
        for tie in self.ties:
            person = tie.person
            if person.just_left:
                tie.old_trust, tie.old_intentions = tie.trust, tie.intentions
                tie.old_knows, tie.old_known = tie.knows, tie.known
                tie.trust = tie.intentions = p.base_trust
                tie.knows = tie.met = 0.0
            if person.just_arrived:
                click = p.click_sd * model.normal(0.0, 1.0)
                inherited = self.succeed(tie, person.openness, click)
                if tie is self.contact_tie:
                    welcome = inherited + max(0.0, p.openness_pull * (person.openness - 0.5) + click)
                    if self.talks_opened >= 0 and uniform() > welcome:
                        self.talks_opened = NEVER
                        self.restarts += 1.0
                    if deal.in_force and uniform() < p.plug_pulled * (1.0 - inherited) * (1.0 - person.openness):
                        self.end_agreement()
        election = town.election_strength()
        if election > 0.0 and deal.in_force and not deal.adopted:
            chance = election * p.election_lapse * (1.0 - deal.known) * (1.5 - town.council_support)
            if uniform() < chance:
                self.end_agreement()

    def borne_by_others(self, mine: Tie) -> float:
        """Share of a tie that outlives its person."""
        model, deal, policy = self.model, self.deal, self.policy
        p = model.parameters
        chance = p.handover_chance
        if self.reached_embedding < policy.broad_embedding:
            chance = max(chance, policy.broad_embedding__handover)
        handover = p.handover_share if model.uniform() < chance else 0.0
        best = 0.0
        for tie in self.official_ties:
            if tie is not mine and tie.knows > best and tie.person.present and not tie.person.just_arrived:
                best = tie.knows
        colleagues = p.colleague_share * min(1.0, 2.0 * best)
        council = p.council_share if deal.in_force and deal.adopted else 0.0
        paper = p.agreement_share * deal.concreteness if deal.in_force else 0.0
        return 1.0 - (1.0 - handover) * (1.0 - colleagues) * (1.0 - council) * (1.0 - paper)

    def succeed(self, tie: Tie, openness: float, click: float) -> float:
        """Start the tie with a successor; returns the inherited share."""
        p = self.model.parameters
        inherited = self.borne_by_others(tie)
        history = p.history_pull * (self.history_delivery - 2.0 * self.history_damage)
        character = p.openness_pull * (openness - 0.5) + click
        tie.click = click
        tie.trust = share(p.base_trust + inherited * (tie.old_trust - p.base_trust) + character + history)
        tie.intentions = share(
            p.base_trust + inherited * (tie.old_intentions - p.base_trust) + character + 0.5 * history
        )
        tie.knows = share(p.base_understanding + inherited * (tie.old_knows - p.base_understanding))
        kept = max(inherited, p.lore_share)
        tie.known = share(p.base_understanding + kept * (tie.old_known - p.base_understanding))
        first = 1.0 + self.maturity
        remembered = max(inherited, self.history_delivery)
        tie.alpha = first + remembered * max(0.0, tie.alpha - first)
        tie.beta = p.capability_doubt + remembered * max(0.0, tie.beta - p.capability_doubt)
        tie.holder_since = self.model.month
        tie.silent = 0
        tie.met = 0.0
        return inherited

    def end_agreement(self) -> None:
        """An agreement is dropped before its time."""
        self.deal.in_force = False
        self.broken += 1.0
        self.restarts += 1.0
        self.ledger.promises_broken += 1.0

    # capacity ---------------------------------------------------------------------------------------------------

    def hours_wanted(self) -> float:
        """Hours a month that this initiative asks of the town hall now."""
        need = self.hours_for_all()
        return need * 0.3 if self.met_month < 0 or self.status == DORMANT else need

    def hours_for_all(self) -> float:
        """Hours a month that all of the town hall's part of the work takes."""
        need = self.model.parameters.hours_needed * (0.7 + 0.15 * self.phase)
        return need * (1.25 if self.ambition == HEAT_NETWORK else 0.9)

    def weight(self) -> float:
        """Priority when hours are divided."""
        w = self.model.parameters.priority_weight
        weight = 1.0 + w if self.deal.in_force else 1.0
        return weight + w if 0 <= self.turn_month <= self.model.month else weight

    # from contact to negotiation --------------------------------------------------------------------------------

    def meet_and_talk(self) -> None:
        """The first half of an initiative's month."""
        status = self.status
        if status in (NOT_YET, STOPPED):
            return
        if status == DORMANT:
            self.meetings = self.waiting = self.overruled = 0.0
            self.update_trust()
            return
        self.meet()
        self.update_trust()
        self.be_surprised()
        self.pace()
        self.negotiate()

    # contact ----------------------------------------------------------------------------------------------------

    def meet(self) -> None:
        """A month of meetings."""
        model, policy, post, deal = self.model, self.policy, self.post, self.deal
        p, t, uniform = model.parameters, model.month, model.uniform
        available, openness = 1.0, post.openness
        if not post.present:
            available = 0.0
            for tie in self.colleague_ties:
                if tie.person.present:
                    stands_in = p.substitute_share * min(1.0, 2.0 * tie.knows)
                    if stands_in > available:
                        available, openness = stands_in, tie.person.openness
        wanted = 0.0
        if available > 0.0:
            style = self.town.style
            rate = p.ad_hoc_meetings * (0.5 + self.maturity) * (0.5 + openness)
            rate = rate * (0.5 + (style if style < 0.5 else 0.5)) * self.own_line + self.supported
            if self.talks_opened >= 0:
                rate *= p.talks_contact
            if self.reached_early < policy.early_engagement and t - self.entry < p.early_months:
                rate += 0.5
            if happens(rate * available, uniform()):
                wanted = 1.0
            planned = policy.regular_meetings / 12.0
            if deal.in_force and deal.topics & TOPIC_PROCESS:
                planned += p.agreed_meetings / 12.0
            if self.phase >= 2:
                planned += policy.execution_plan_talk / 12.0
            if planned > 0.0:
                wanted += whole_part(planned * available, uniform())
        formal = 1.0 if policy.regular_meetings__form > 0.5 else 0.0
        hours_each = p.meeting_hours * (1.0 + 0.3 * formal)
        affordable = self.hours / hours_each
        c = wanted if wanted <= affordable else min(wanted, whole_part(affordable, uniform()))
        self.meetings = c
        self.contact += (c - self.contact) / 6.0
        if post.present:
            need = self.hours_for_all()
            self.quality = share((self.hours - 0.5 * c * hours_each) / need) if need > 0.0 else 1.0
        else:
            self.quality = 0.5 * available
        if c > 0.0 and self.met_month < 0:
            self.met_month = t
            if self.phase == 0:
                self.phase = 1
                self.progress = 0.0
            self.ledger.first_talks = t
        self.meet_people(c, formal)

    def meet_people(self, c: float, formal: float) -> None:
        """Who sat at the table this month, and what each learned of the other."""
        model, policy = self.model, self.policy
        p, t, uniform = model.parameters, model.month, model.uniform
        trained = self.reached_training < policy.perspective_training
        gain = p.understanding_gain * (1.0 + p.training_gain) if trained else p.understanding_gain
        embedded = self.reached_embedding < policy.broad_embedding
        contact_tie, alderman_tie = self.contact_tie, self.alderman_tie
        for tie in self.ties:
            person = tie.person
            met = 0.0
            if person.present:
                if tie is contact_tie:
                    met = c
                elif tie is alderman_tie:
                    if self.met_month >= 0:
                        town_policy = self.town.policy
                        talks = p.governor_talks * (0.5 + person.openness)
                        if town_policy.governor_engagement__alderman > 0.5:
                            talks += town_policy.governor_engagement
                        met = whole_part(talks / 12.0, uniform())
                elif c > 0.0:
                    joins = p.colleague_joins + 0.1 * formal + (0.2 if trained else 0.0)
                    if not self.post.present:
                        joins = 1.0
                    elif embedded and tie.number <= policy.broad_embedding__colleagues:
                        joins = max(joins, 0.6)
                    if uniform() < joins:
                        met = c
            tie.met = met
            if met > 0.0:
                tie.knows = understanding_after(tie.knows, met, gain * (1.0 + 0.5 * tie.click - 0.1 * formal))
                tie.known = understanding_after(tie.known, met, gain)
                tie.silent = 0
            else:
                tie.silent += 1
                if tie.silent > p.quiet_months:
                    base = p.base_understanding
                    loss = model.understanding_loss / (1.0 + (t - tie.holder_since) / 12.0)
                    if tie.knows > base:
                        tie.knows -= (tie.knows - base) * loss
                    if tie.known > base:
                        tie.known -= (tie.known - base) * loss

    # trust ------------------------------------------------------------------------------------------------------

    def update_trust(self) -> None:
        """Trust in all ties takes in what happened, and so does the history."""
        model = self.model
        p = model.parameters
        growth, asymmetry = p.trust_growth, p.loss_over_gain
        absorbed, bumps = p.friction_absorbed, self.crossed + p.pace_friction * self.gap
        contact_tie, alderman_tie = self.contact_tie, self.alderman_tie
        for tie in self.ties:
            person = tie.person
            if not person.present:
                continue
            keen = 1.0
            if tie is not alderman_tie and person.openness > person.standing:
                keen += p.backing_penalty * (person.openness - person.standing)
            part = 1.0 if tie is contact_tie else 0.5
            met = tie.met
            gain = p.meeting_weight * (met if met < 2.0 else 2.0) + part * self.kept
            bump = (1.0 - absorbed * tie.known) * bumps
            loss = part * (self.broken + self.refused * keen + bump)
            tie.trust = trust_after(tie.trust, gain, loss, growth, asymmetry)
            bump = (1.0 - absorbed * tie.knows) * bumps
            tie.intentions = trust_after(tie.intentions, gain, 0.5 * part * bump, growth, asymmetry)
            tie.alpha = p.capability_memory * tie.alpha + part * self.delivered
            tie.beta = p.capability_memory * tie.beta + part * self.failed
            if tie.silent > p.quiet_months:
                base, keep = p.base_trust, model.trust_keep
                if tie.trust > base:
                    tie.trust = base + (tie.trust - base) * keep
                if tie.intentions > base:
                    tie.intentions = base + (tie.intentions - base) * keep
        keep = model.history_keep
        hurt = p.history_weight * (self.broken + self.crossed + 0.5 * self.refused)
        done = p.history_weight * (self.delivered + 0.5 * self.kept)
        self.history_damage = share(keep * self.history_damage + hurt * (1.0 - self.history_damage))
        self.history_delivery = share(keep * self.history_delivery + done * (1.0 - self.history_delivery))
        self.kept = self.broken = self.refused = self.crossed = self.delivered = self.failed = 0.0

    # surprises --------------------------------------------------------------------------------------------------

    def crossing_hazard(self) -> float:
        """Hazard (a month) that actions collide."""
        p = self.model.parameters
        exposed = 0.4 if self.ambition == HEAT_NETWORK else 1.0
        return p.crossing_rate * math.exp(-p.informing * self.informed) * (0.5 + self.town.style) * exposed

    def be_surprised(self) -> None:
        """What takes an initiative by surprise this month."""
        model, policy, deal, town = self.model, self.policy, self.deal, self.town
        p, t, uniform = model.parameters, model.month, model.uniform
        self.informed = self.contact + 1.0 if self.reached_early < policy.early_engagement else self.contact
        u = uniform()
        campaign = policy.crossing_campaign
        if campaign > 0.0 or u < 1.5 * p.crossing_rate:
            hazard = self.crossing_hazard()
            if campaign > 0.0:
                hazard -= math.log(max(1e-9, 1.0 - campaign)) * math.exp(-p.informing * self.informed)
            if happens(hazard, u):
                self.crossed += 1.0
                self.clash += 1.0
                self.seen[CROSSED][t % RING] += 1
        rate = p.awareness_rate + 0.3 * self.meetings
        if happens(rate + 0.2 if town.vision_just_adopted else rate, uniform()):
            self.seen[AWARE][t % RING] += 1
        out = False
        if town.vision_just_adopted:
            tie = self.contact_tie
            borne = deal.known if deal.in_force else 0.0
            if uniform() < p.written_out_base * (1.0 - tie.knows) * (1.0 - borne):
                out = True
            elif self.met_month >= 0:
                named = p.named_base * (tie.knows + tie.intentions) * (0.5 + self.backing)
                if uniform() < named:
                    self.be_named_in_policy()
        if policy.left_out_of_vision > 0.0 and uniform() < policy.left_out_of_vision:
            out = True
        if out:
            self.left_out = True
            self.refused += 1.0
            self.clash += 1.0
            self.ledger.written_out += 1.0
            if deal.in_force and not deal.forms & (FORM_MONEY | FORM_JOINT):
                deal.in_force = False
                self.broken += 1.0

    def be_named_in_policy(self) -> None:
        """The vision names the initiative, and it stands behind that."""
        t, deal = self.model.month, self.deal
        if not deal.in_force and deal.pending:
            deal.pending, deal.in_force = False, True
            deal.reviewed = t
            deal.expiry = max(t + int(deal.horizon), self.money_until)
            deal.topics |= TOPIC_GOALS
            deal.known = 0.5
            deal.extended = 0
            self.talks_opened = NEVER
            self.ledger.agreements += 1
        elif not deal.in_force:
            deal.in_force = True
            deal.start = deal.reviewed = t
            deal.expiry = t + 48
            deal.horizon = 48.0
            deal.forms = 0
            deal.topics = TOPIC_GOALS
            deal.concreteness = 0.25
            deal.known = 0.5
            deal.extended = 0
            deal.grant_quantile = self.model.uniform()
            self.ledger.agreements += 1
        deal.forms |= FORM_POLICY
        deal.adopted = True
        deal.known = max(deal.known, 0.7)
        self.left_out = False
        self.recognition = min(1.0, self.recognition + 0.3)
        self.ledger.recognition += 1.0
        if self.formalised_month < 0:
            self.formalised_month = t

    # pace -------------------------------------------------------------------------------------------------------

    def pace(self) -> None:
        """Does the step wait, and what does the initiative get when it asks?"""
        model, town = self.model, self.town
        p, t, uniform = model.parameters, model.month, model.uniform
        self.waiting = 0.0
        self.overruled = 0.0
        if town.vision_just_adopted or (self.turn_month < 0 and town.vision_adopted):
            deal = self.deal
            sooner = 0.5 if deal.in_force and deal.forms & FORM_POLICY else 1.0
            wait = self.turn_quantile * p.turn_spread * sooner + (24.0 if self.left_out else 0.0)
            self.turn_month = max(t, town.vision_month + int(wait))
        eager = 0.5 + self.energy
        if self.phase >= 1 and happens(p.step_rate * eager, uniform()):
            self.take_step()
        answer = 0.8 * self.quality * (1.0 - 0.5 * self.waiting)
        self.gap = share((self.energy + self.paid_hours) * (0.5 + 0.5 * self.maturity) - answer)
        if happens(p.request_rate * eager, uniform()):
            self.ask()
        if self.phase >= 2:
            steered = 2.0 * share(town.style + town.take_back) - 1.0
            if steered > 0.0 and happens(p.intervention_rate * steered, uniform()):
                self.be_overruled(1.0)
        if self.ambition == HEAT_NETWORK and not self.commercial_tie and self.phase < 4:
            offer = p.commercial_rate * town.style
            if happens(offer, uniform()):
                self.commercial_tie = True
                self.be_overruled(1.0)

    def take_step(self) -> None:
        """A step that needs the town hall is due: it goes on, or waits."""
        model, town, post, governor = self.model, self.town, self.post, self.town.alderman
        p, t, uniform = model.parameters, model.month, model.uniform
        clear = 1.0
        if self.phase >= 2:
            clear -= 0.4 * min(1.0, self.policy.execution_plan_talk / 4.0)
        if not town.vision_adopted or self.turn_month > t:
            depends = 1.0 if self.ambition == HEAT_NETWORK else (0.6 if self.ambition == SAVE else 0.45)
            if self.phase <= 1:
                depends *= 0.6
            if uniform() < p.step_awaits * depends * clear:
                self.waiting = 1.0
                self.seen[WAITED][t % RING] += 1
                return
        priority = governor.priority if governor.present else 0.2
        standing = post.standing if post.present else 0.2
        backing = 0.4 * standing + 0.3 * priority + 0.3 * town.council_support
        if town.size == SMALL:
            layers = p.layers_small
        else:
            layers = p.layers_large if town.size == LARGE else 0.5 * (p.layers_small + p.layers_large)
        if uniform() < layers * (1.5 - backing) * clear:
            self.waiting = 1.0
            self.seen[WAITED][t % RING] += 1
        elif uniform() > 0.3 + self.quality:
            self.waiting = 1.0
            self.seen[NO_CAPACITY][t % RING] += 1
        elif post.present:
            tie = self.contact_tie
            if tie.silent <= p.quiet_months and uniform() < 2.0 * tie.trust * (tie.knows + tie.known):
                self.decisions_24 += 1.0

    def ask(self) -> None:
        """A request to the town hall: for room by the strong, for help by the others."""
        model, town, post, tie = self.model, self.town, self.post, self.contact_tie
        t, uniform = model.month, model.uniform
        u = uniform()
        if uniform() < 1.4 * self.maturity - 0.1:
            hand = share(town.style + town.take_back) * (1.0 - 0.3 * tie.knows)
            openness = post.openness if post.present else 0.5
            if u < model.parameters.overrule_slope * (hand - 0.45) * (1.2 - 0.6 * openness):
                self.be_overruled(0.5)
            elif post.present or self.met_month >= 0:
                self.seen[GRANTED][t % RING] += 1
                self.recognition += 0.1 * (1.0 - self.recognition)
            else:
                self.seen[UNANSWERED][t % RING] += 1
            return
        if not (post.present and self.met_month >= 0 and u < 2.0 * town.style + 0.4 * tie.intentions):
            self.seen[UNANSWERED][t % RING] += 1
            self.refused += 0.25
            return
        would = 0.3 + 0.5 * town.will + 0.2 * post.openness
        v = uniform()
        if v < self.quality * would:
            self.seen[GRANTED][t % RING] += 1
            self.seen[STAFF_HELP][t % RING] += 1
            self.recognition += 0.1 * (1.0 - self.recognition)
        elif v < would:
            self.seen[NO_CAPACITY][t % RING] += 1
        else:
            self.seen[UNANSWERED][t % RING] += 1
            self.refused += 0.25

    def be_overruled(self, weight: float) -> None:
        """The town hall decides otherwise than the initiative asked."""
        self.refused += weight
        self.clash += weight
        self.overruled += weight
        self.seen[OVERRULED][self.model.month % RING] += 1

    # negotiation ------------------------------------------------------------------------------------------------

    def negotiate(self) -> None:
        """The agreement's term, the talks, the next stage."""
        deal, t = self.deal, self.model.month
        if deal.in_force and deal.expiry <= t:
            if self.money_until >= t:
                deal.expiry = max(self.money_until, t + 1)
                deal.extended += 1 if self.money_until > t else 0
            else:
                deal.in_force = False
        if deal.pending:
            self.conclude()
        elif self.talks_opened >= 0:
            self.talk()
        elif self.met_month >= 0 and (not deal.in_force or deal.expiry - t <= 6):
            self.open_talks()
        if self.asks_next:
            self.decide_next_stage()
        self.review()
        if deal.in_force and not deal.pending:
            self.ledger.forms |= deal.forms
            self.ledger.topics |= deal.topics

    def trusted(self) -> float:
        """The town hall's trust (0-1): mean of intentions and capability in the tie with the contact person."""
        tie = self.contact_tie
        return 0.5 * (tie.intentions + tie.alpha / (tie.alpha + tie.beta))

    def open_talks(self) -> None:
        """Do talks about an agreement open?"""
        model, policy = self.model, self.policy
        if not self.post.present:
            return
        hazard = model.parameters.opening_rate * (0.5 + self.contact_tie.known + self.maturity)
        hazard *= (1.0 + 1.5 * self.facilitated) * (0.7 + 0.6 * self.energy)
        if policy.concrete_agreements > 0.0:
            hazard *= 1.0 + 0.3 * policy.concrete_agreements__roles
        if happens(hazard, model.uniform()):
            self.talks_opened = model.month

    def talk(self) -> None:
        """A month of talks: they end in an agreement, in a refusal, or go on."""
        model, town, post, governor, policy = self.model, self.town, self.post, self.town.alderman, self.policy
        p, t, uniform = model.parameters, model.month, model.uniform
        if t - self.talks_opened == int(p.long_talks_months) + 1:
            self.ledger.long_talks += 1.0
        if self.energy < 0.15:
            self.talks_opened = NEVER
            return
        if not post.present:
            return
        resistance = 1.6 - 0.6 * post.standing - 0.6 * town.council_support - 0.4 * town.will
        if happens(p.refusal_rate * resistance * (1.0 + 1.5 * town.take_back), uniform()):
            self.talks_opened = NEVER
            self.refused += 1.0
            self.clash += 1.0
            self.ledger.refused += 1.0
            return
        willing = 0.8 * (governor.priority - 0.5) + 0.4 * (governor.openness - 0.5) if governor.present else -0.6
        barrier = p.detail_cost * policy.concrete_agreements
        if self.formalised_month < 0:
            barrier += p.equal_care_effect * (town.equal_care - 0.5)
        if self.left_out:
            barrier += 0.7
        support = willing + 0.6 * self.facilitated + 0.8 * (town.will - 0.7)
        log_hazard = p.trust_effect * (self.trusted() - 0.5) + self.quality - 0.5 + support - barrier
        if happens(p.agreement_rate * math.exp(log_hazard), uniform()):
            self.draft()
            self.deal.pending = True
            self.deal.start = t
            self.deal.grant_quantile = uniform()
            self.conclude()

    def draft(self) -> None:
        """What the agreement says; money is asked, not yet granted."""
        model, deal, policy, tie = self.model, self.deal, self.policy, self.contact_tie
        p, t, uniform = model.parameters, model.month, model.uniform
        lasting = 0.3 * share((policy.structural_funding__horizon - 12.0) / 36.0) if self.has_lasting_money() else 0.0
        long_term = 1.0 if uniform() < p.long_term_share * (0.5 + tie.intentions) + lasting else 0.0
        deal.horizon = 48.0 if long_term > 0.5 else 12.0 + 12.0 * uniform()
        asked = policy.concrete_agreements
        c = share(
            0.55 - p.term_detail * long_term + 0.3 * (self.maturity - 0.4) + 0.3 * (tie.knows - 0.3)
            + 0.5 * asked + 0.12 * model.normal(0.0, 1.0)
        )  # fmt: skip
        deal.concreteness = c
        roles = 0.15 + 0.5 * c * (0.5 + tie.known)
        if asked > 0.0 and policy.concrete_agreements__roles > 0.5:
            roles += 0.5
        topics = TOPIC_PARTICIPATION if uniform() < 0.65 else 0
        if uniform() < roles:
            topics |= TOPIC_ROLES
        if uniform() < 0.3 + 0.3 * long_term:
            topics |= TOPIC_GOALS
        if uniform() < 0.2 + 0.4 * tie.known:
            topics |= TOPIC_PROCESS
        if uniform() < 0.45 * c:
            topics |= TOPIC_PERFORMANCE
        if uniform() < (0.3 if self.ambition == HEAT_NETWORK else 0.12):
            topics |= TOPIC_TECHNIQUE
        deal.topics = topics
        forms = FORM_COVENANT if uniform() < p.covenant_form * (0.7 + 0.6 * long_term) else 0
        if self.town.vision_adopted and uniform() < p.policy_form:
            forms |= FORM_POLICY
        if forms or not deal.in_force:
            deal.forms = forms
        self.money_asked = False
        if self.money_until <= t and uniform() < p.money_form:
            self.money_asked = True
        elif forms == 0:
            if self.money_until > t:
                deal.forms = self.money_form()
            else:
                deal.forms = FORM_INTERMEDIARY if self.own_line < p.intermediary_line else FORM_COVENANT

    def conclude(self) -> None:
        """Put a drafted agreement in force once it has a form; drop it when its money stays away for half a year."""
        model, deal, policy, town = self.model, self.deal, self.policy, self.town
        p, t, uniform = model.parameters, model.month, model.uniform
        if deal.forms == 0:
            if t - deal.start > 6:
                deal.pending = False
                self.money_asked = False
            return
        deal.pending = False
        deal.in_force = True
        deal.reviewed = t
        deal.expiry = max(t + int(deal.horizon), self.money_until)
        deal.extended = 0
        self.talks_opened = NEVER
        chance = p.adoption_chance * 2.0 * town.council_support
        if self.reached_embedding < policy.broad_embedding:
            chance = max(chance, 0.9 * policy.broad_embedding__council_adoption)
        deal.adopted = bool(deal.forms & FORM_POLICY) or uniform() < chance
        deal.known = share(0.15 + 0.5 * self.alderman_tie.knows + 0.3 * deal.adopted + 0.3 * self.backing)
        self.recognition += p.recognition_of_signing * (0.5 + 0.5 * deal.known) * (1.0 - self.recognition)
        if uniform() < 0.3 + 0.7 * deal.known:
            self.ledger.recognition += 1.0
        self.ledger.agreements += 1
        if self.formalised_month < 0:
            self.formalised_month = t

    def review(self) -> None:
        """Review an agreement in force: on the dates it names, else seldom."""
        deal, policy, t = self.deal, self.policy, self.model.month
        if not deal.in_force or self.meetings <= 0.0:
            return
        dated = policy.concrete_agreements > 0.0 and policy.concrete_agreements__review_dates > 0.5
        if t - deal.reviewed >= (12 if dated else 24):
            deal.reviewed = t
            aim = share(0.4 + 0.3 * self.contact_tie.known + 0.5 * policy.concrete_agreements)
            deal.concreteness += (0.6 if dated else 0.3) * (aim - deal.concreteness)
            if dated:
                deal.known = share(deal.known + 0.15 * (1.0 - deal.known))

    def decide_next_stage(self) -> None:
        """A finished phase asks for the next: granted, refused, or not decided yet."""
        model, deal, governor = self.model, self.deal, self.town.alderman
        p, t, uniform = model.parameters, model.month, model.uniform
        if self.refused_next_stage >= 0 and t - self.refused_next_stage < 12:
            return
        talked = min(1.0, self.policy.execution_plan_talk / 2.0)
        settled = 1.0 - p.openness_cost * (1.0 - (deal.concreteness if deal.in_force else 0.0))
        rate = p.decision_rate * settled * (0.4 + 0.6 * self.quality)
        rate *= (1.0 + 0.5 * self.facilitated + 0.5 * talked) * (1.0 - 0.7 * self.waiting)
        if not happens(rate, uniform()):
            return
        odds = p.next_stage_base + 3.0 * (self.trusted() - 0.5) + 0.8 * talked - 0.5
        odds += governor.priority if governor.present else 0.3
        if deal.in_force and deal.topics & TOPIC_ROLES:
            odds += p.roles_effect
        if not (deal.in_force and deal.expiry - t > 24):
            odds -= p.perspective_cost
        if self.left_out:
            odds -= 2.0
        if uniform() < logistic(odds):
            self.phase = min(LAST_PHASE, self.phase + 1)
            self.progress = 0.0
            self.asks_next = False
            self.refused_next_stage = NEVER
            self.decisions_24 += 1.0
            self.ledger.follow_on += 1.0
        else:
            self.refused_next_stage = t
            self.refused += 1.0
            self.clash += 1.0
            self.ledger.refused += 1.0

    # from money to the accounts ---------------------------------------------------------------------------------

    def work_and_rest(self) -> None:
        """The second half of an initiative's month."""
        status = self.status
        if status == NOT_YET:
            return
        if status != STOPPED:
            self.handle_money()
        self.work()
        self.be_facilitated()
        if status != STOPPED:
            self.balance_energy()
        self.book()

    # money ------------------------------------------------------------------------------------------------------

    def grant(self, a_month: float, months: int, source: int) -> None:
        """Money begins to flow."""
        t = self.model.month
        self.grant_a_month = a_month
        self.money_until = t + months
        self.money_horizon = months
        self.money_source = source
        self.phase_at_grant = self.phase
        self.recognition += 0.2 * (1.0 - self.recognition)
        self.ledger.money += 1.0
        self.seen[MONEY][t % RING] += 1

    def lasting_grant(self) -> None:
        """Structural funding: a reserved grant for those it reaches, from the acquaintance on."""
        policy = self.policy
        if not self.has_lasting_money() or self.phase < 1 or abs(self.money_until) > self.model.month:
            return
        months = int(policy.structural_funding__horizon)
        self.grant(policy.structural_funding__amount / 12.0, months, RESERVED)
        self.record(months, FORM_MONEY)

    def money_form(self) -> int:
        """The form of an agreement on the money that runs."""
        return FORM_JOINT if self.money_source == NATIONAL else FORM_MONEY

    def has_lasting_money(self) -> bool:
        """Does the lever *structural funding* reach this initiative, with any money?"""
        policy = self.policy
        return self.reached_funding < policy.structural_funding and policy.structural_funding__amount > 0.0

    def record(self, months: int, form: int) -> None:
        """Money that comes is written down, and makes formalised what is in force."""
        deal = self.deal
        if not deal.in_force and not deal.pending:
            self.agree_about_money(months)
        deal.forms |= form
        if deal.in_force:
            deal.expiry = max(deal.expiry, self.money_until)
            if self.formalised_month < 0:
                self.formalised_month = self.model.month

    def agree_about_money(self, months: int) -> None:
        """Money with little else on paper."""
        deal, t = self.deal, self.model.month
        deal.in_force = True
        deal.pending = False
        deal.start = deal.reviewed = t
        deal.grant_quantile = self.model.uniform()
        deal.expiry = t + months
        deal.horizon = float(months)
        deal.forms = 0
        deal.topics = TOPIC_PARTICIPATION | TOPIC_PERFORMANCE | TOPIC_PROCESS
        deal.concreteness = share(0.35 + 0.3 * (self.maturity - 0.4))
        deal.adopted = False
        deal.known = share(0.2 + 0.3 * self.backing)
        deal.extended = 0
        self.ledger.agreements += 1

    def end_or_renew(self) -> None:
        """A grant's term is over."""
        model, policy, tie = self.model, self.policy, self.contact_tie
        p, t = model.parameters, model.month
        reached = self.has_lasting_money()
        if self.money_source != RESERVED and reached and self.status == ACTIVE:
            self.end_money()
            return
        if self.money_source == NATIONAL:
            self.stop_money(1.0)
            self.money_until = -t
            return
        a_year = 12.0 * self.grant_a_month if self.money_source == RESERVED and not reached else 0.0
        odds = p.renewal_base + 2.0 * (tie.alpha / (tie.alpha + tie.beta) - 0.5) + (tie.intentions - 0.3)
        odds -= p.unsettling * policy.national_rule_change + 1.5 * self.town.take_back
        if reached:
            odds += p.renewal_structural * policy.structural_funding__horizon / 48.0
        if a_year <= self.town.budget_left and model.uniform() < logistic(odds):
            self.town.budget_left -= a_year
            months = int(policy.structural_funding__horizon) if reached else 12
            self.money_until = t + months
            self.money_horizon = months
            self.phase_at_grant = self.phase
            self.money_source = RESERVED if reached else MUNICIPAL
            deal = self.deal
            if deal.in_force and deal.expiry < self.money_until:
                deal.expiry = self.money_until
                deal.extended += 1
            if reached:
                self.grant_a_month = max(self.grant_a_month, policy.structural_funding__amount / 12.0)
            self.seen[MONEY][t % RING] += 1
        else:
            if self.phase <= self.phase_at_grant:
                self.ledger.refused += 1.0
            self.refused += 0.5
            self.stop_money(1.0)

    def stop_money(self, hurts: float) -> None:
        """Money stops: paid hours go at once, and part of what was built up is lost."""
        if self.money_until <= 0:
            return
        self.money_stop += hurts
        loss = self.model.parameters.stop_loss
        self.maturity *= 1.0 - hurts * loss * self.paid_hours / (0.3 + self.paid_hours)
        self.end_money()
        self.money_until -= int(self.model.parameters.grant_pause)

    def end_money(self) -> None:
        """No money flows any more; lasting money may be given anew at once."""
        self.grant_a_month = 0.0
        self.money_until = -self.model.month
        self.money_source = MUNICIPAL

    def handle_money(self) -> None:
        """Shocks, commissions and rounds; then money comes in, is spent, and is accounted for."""
        model = self.model
        p, t, uniform = model.parameters, model.month, model.uniform
        stops = self.policy.subsidy_stops
        if stops > 0.0 and self.grant_a_month > 0.0 and uniform() < stops:
            self.ledger.refused += 1.0
            self.refused += 1.0
            self.stop_money(1.0)
        received = 0.0
        if self.status == ACTIVE:
            received = self.commission()
            if model.subsidy_round > 0.0 and self.met_month >= 0 and self.money_until <= t and self.money_stop == 0.0:
                chance = model.subsidy_round * p.round_rate * (0.5 + self.contact_tie.intentions)
                if uniform() < chance * (0.5 + self.maturity):
                    self.apply_jointly()
        received += self.grant_a_month
        self.money_in += received
        self.money_left += received
        self.public_euros += received
        spent = min(self.money_left, 0.9 * self.grant_a_month + 0.1 * self.money_left)
        self.money_left -= spent
        self.money_out += spent
        self.paid_hours = min(1.0, 12.0 * spent / p.paid_scale)
        if self.grant_a_month > 0.0:
            self.maturity = share(self.maturity + p.accounting_gain * (1.0 - self.maturity))
        elif self.met_month >= 0:
            self.months_without_money += 1.0

    def commission(self) -> float:
        """A commission, if the lower bound of capability clears the bar: its value in euros, else 0."""
        if self.phase < 2 or self.legal_form == 0 or self.met_month < 0 or not self.post.present:
            return 0.0
        model, town, tie = self.model, self.town, self.contact_tie
        p = model.parameters
        room = share(town.base_procurement_room + town.policy.procurement_room)
        fallback = 0.3 if self.deal.in_force else 1.0
        bar = p.commission_bar * (1.0 - room) + p.equal_care_bar * town.equal_care * fallback * (1.0 - 0.5 * room)
        a, b = tie.alpha, tie.beta
        n = a + b
        if a / n - math.sqrt(a * b / (n * n * (n + 1.0))) < bar:
            return 0.0
        rate = p.commission_rate * (1.0 - 0.5 * self.policy.national_rule_change) * (0.3 + tie.intentions)
        if not happens(rate, model.uniform()):
            return 0.0
        self.commissions += 1
        self.recognition += 0.2 * (1.0 - self.recognition)
        self.ledger.follow_on += 1.0
        self.seen[GRANTED][model.month % RING] += 1
        return p.commission_value

    def apply_jointly(self) -> None:
        """A joint application in a national round is granted."""
        p, deal = self.model.parameters, self.deal
        self.grant(p.round_value / 12.0, 12, NATIONAL)
        self.record(12, FORM_JOINT)
        if deal.in_force:
            deal.known = share(deal.known + 0.1)
        self.rushed += max(0.0, 0.5 - self.maturity)

    # work -------------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """A month of work: promises fall due, progress is made."""
        keep = self.model.partner_keep
        self.kept_24 *= keep
        self.broken_24 *= keep
        self.decisions_24 *= keep
        self.made = 0.0
        if self.status == ACTIVE:
            self.promises_fall_due()
            self.make_progress()
        elif self.status == DORMANT:
            self.backing *= 0.99

    def kept_chance(self, known_of: float) -> float:
        """Chance that the town hall keeps a promise."""
        p = self.model.parameters
        chance = share(p.promise_base + p.promise_hours * self.quality + p.promise_known * known_of)
        return chance if self.post.present else 0.5 * chance

    def promises_fall_due(self) -> None:
        """What falls due this month: of the agreement, and of what meetings arranged."""
        model, deal, ledger = self.model, self.deal, self.ledger
        p, uniform = model.parameters, model.uniform
        if deal.in_force and happens(p.promise_rate * deal.concreteness, uniform()):
            self.promises_due += 1.0
            if uniform() < self.kept_chance(deal.known):
                self.kept += 1.0
                self.kept_24 += 1.0
                ledger.promises_kept += 1.0
            else:
                self.broken += 1.0
                self.broken_24 += 1.0
                ledger.promises_broken += 1.0
        if self.meetings > 0.0:
            u = uniform()
            made = p.working_promises * min(1.0, self.meetings)
            if u < made:
                if u < made * self.kept_chance(self.contact_tie.knows):
                    self.kept += 0.3
                    self.kept_24 += 0.5
                else:
                    self.broken += 0.15
                    self.broken_24 += 0.5

    def make_progress(self) -> None:
        """Work goes on: progress, pieces delivered, homes reached, the next phase asked for."""
        model = self.model
        p, uniform, phase = model.parameters, model.uniform, self.phase
        short = 1.0 - self.quality
        lost = (0.15 + 0.13 * phase) * (short if short > self.waiting else self.waiting)
        step = p.progress_rate * (self.energy + self.paid_hours) * (0.5 + self.maturity) * (1.0 - share(lost))
        step *= 1.0 + self.hand_hold
        if phase == 0:
            step *= 0.5
        if self.commercial_tie:
            step *= 1.0 - p.commercial_loss
        if self.asks_next:
            step *= 0.3
        else:
            self.progress += step
        self.made = step
        if self.ambition == ACTIVATE:
            reach = p.homes_activate
        elif self.ambition == SAVE:
            reach = p.homes_save
        else:
            reach = p.homes_heat_network if phase == LAST_PHASE else 0.1 * p.homes_heat_network
        self.homes += self.homes_in_reach * reach * step * (1.0 - share(self.homes / self.homes_in_reach))
        if happens(p.pieces_a_phase * step, uniform()):
            if uniform() < 0.5 + 0.4 * self.maturity + 0.2 * self.paid_hours - 0.3 * self.rushed:
                self.delivered += 1.0
                self.recognition += 0.1 * (1.0 - self.recognition)
                self.backing += 0.06 * (1.0 - self.backing)
            else:
                self.failed += 1.0
                self.backing *= 0.97
        learned = 0.15 * step + 0.006 * self.policy.professionalising / 4.0
        self.maturity = share(self.maturity + learned * (1.0 - self.maturity))
        if self.legal_form == 0 and self.maturity > 0.6:
            self.legal_form = 1
        if self.progress >= 1.0:
            if self.met_month < 0:
                self.progress = 1.0
            elif phase <= 1:
                self.phase += 1
                self.progress = 0.0
            else:
                self.progress = 1.0
                if phase < LAST_PHASE:
                    self.asks_next = True

    # facilitation -----------------------------------------------------------------------------------------------

    def has_extra(self) -> bool:
        """Does the lever offer this initiative a facilitator?"""
        return self.reached_facilitator < self.policy.independent_facilitator

    def is_served(self) -> bool:
        """Has this initiative a facilitator this month, ordinary or by the lever?"""
        if self.status != ACTIVE:
            return False
        if self.has_extra():
            return True
        if self.facilitator is None:
            return False
        model = self.model
        p = model.parameters
        if self.ordinary_facilitation >= p.facilitated_share:
            return False
        return model.month - self.entry < p.facilitated_months and self.maturity < 0.8

    def be_facilitated(self) -> None:
        """What the facilitator does this month; and what is learned from peers."""
        self.facilitated = self.supported = self.hand_hold = self.facilitator_hours_now = 0.0
        if self.status != ACTIVE:
            return
        p = self.model.parameters
        self.maturity = share(self.maturity + p.peer_exchange * (1.0 - self.maturity))
        helper, policy = self.facilitator, self.policy
        if not self.is_served():
            self.own_line += 0.1 * (1.0 - self.own_line)
            return
        if self.has_extra():
            style, adaptive = policy.independent_facilitator__style, policy.independent_facilitator__adaptive
            caseload = policy.independent_facilitator__caseload
            quality = caseload_quality(caseload, 8.0, helper.experience if helper else 0.5)
            hours = p.case_hours * min(1.0, 8.0 / caseload)
        else:
            assert helper is not None  # who is served without the lever has one
            style, adaptive, quality = helper.style, helper.adaptivity, helper.quality
            hours = p.case_hours * min(1.0, helper.caseload / max(1, helper.load))
        coaching = style + ADAPTS * adaptive * (share(1.6 * self.maturity) - style)
        self.facilitated = p.brokering * quality
        self.supported = p.bridging * quality
        self.hand_hold = p.hand_holding * quality * (1.0 - coaching) * max(0.0, 1.0 - 1.6 * self.maturity)
        self.own_line += 0.1 * (1.0 - p.line_loss * (1.0 - coaching) - self.own_line)
        self.maturity = share(self.maturity + p.coaching_gain * coaching * quality * (1.0 - self.maturity))
        self.facilitator_hours_now = hours
        self.facilitator_hours += hours
        if self.clash > 0.0 and self.model.uniform() < p.reset_chance * quality:
            self.clash *= 0.3
            self.crossed *= 0.4
            self.refused *= 0.6

    # energy -----------------------------------------------------------------------------------------------------

    def balance_energy(self) -> None:
        """The balance of energy; falling asleep, waking up, stopping."""
        model, deal = self.model, self.deal
        p, t, uniform = model.parameters, model.month, model.uniform
        self.recognition *= model.recognition_keep
        if self.status == DORMANT:
            given, taken = 0.01, 0.0
        else:
            given = p.energy_of_progress * self.made + p.energy_of_recognition * self.recognition + 0.01 * self.backing
            frustration = self.waiting + (1.0 - p.learning_softens * self.contact_tie.known) * self.gap
            taken = p.steady_drain + p.waiting_drain * frustration + p.clash_drain * self.clash
            taken += p.stop_drain * self.money_stop + p.rush_drain * self.rushed
            if self.talks_opened >= 0:
                taken += p.talks_drain * min(2.0, max(0.0, (t - self.talks_opened - 3) / 6.0))
            if deal.in_force and deal.topics & TOPIC_PERFORMANCE:
                taken += p.figures_drain * deal.concreteness
        self.energy = share(self.energy + given * (1.0 - self.energy) - taken * self.energy)
        self.clash = 0.0
        self.money_stop = 0.0
        self.rushed *= 1.0 - 1.0 / p.rush_months
        if self.energy < p.exhausted_below:
            self.months_exhausted += 1
        else:
            self.months_exhausted = 0
        if self.status == ACTIVE:
            self.volunteer_hours += 40.0 * self.energy
            if self.months_exhausted >= 6:
                self.status = DORMANT
                self.talks_opened = NEVER
                for tie in self.ties:
                    tie.met = 0.0
                return
            worn = 0.5 + 1.5 * self.months_exhausted / 6.0
            if happens(p.exit_rate * worn * (1.2 - self.energy), uniform()):
                self.stop()
        else:
            self.months_dormant += 1
            if happens(2.0 * p.exit_rate, uniform()):
                self.stop()
            elif self.energy > p.exhausted_below + 0.1 and happens(0.1, uniform()):
                self.status = ACTIVE
                self.months_exhausted = 0
                self.months_dormant = 0

    def stop(self) -> None:
        """Stop for good: the agreement ends too."""
        self.status = STOPPED
        self.meetings = self.waiting = self.overruled = 0.0
        self.talks_opened = NEVER
        self.asks_next = False
        self.deal.in_force = False
        self.deal.pending = False

    # accounts ---------------------------------------------------------------------------------------------------

    def book(self) -> None:
        """Book this month's hours and euros."""
        p, policy, town = self.model.parameters, self.policy, self.town
        on = town.policy
        worked = on.cost_municipal_hours / town.entered
        euros = on.cost_euros / town.entered
        helped, priced = 0.0, worked
        if self.status == ACTIVE or self.status == DORMANT:
            extra = on.municipal_capacity + on.capacity_boost
            own = town.fte / (town.fte + extra) if extra > 0.0 else 1.0
            worked += max(0.0, self.hours + policy.cost_municipal_hours)
            priced += max(0.0, own * self.hours + policy.cost_municipal_hours)
            helped = max(-self.facilitator_hours_now, policy.cost_facilitator_hours)
            euros += policy.cost_euros
        self.municipal_hours += worked
        self.facilitator_hours += helped
        helped += self.facilitator_hours_now
        self.public_euros += euros + priced * p.official_hour + helped * p.facilitator_hour

    # indicators -------------------------------------------------------------------------------------------------

    def is_partner(self) -> bool:
        """Enough promises kept and decisions taken together, few broken, and known for two years?"""
        if self.status != ACTIVE or self.met_month < 0 or self.model.month - self.met_month < 24:
            return False
        promises, decisions, broken = PARTNER
        return self.kept_24 >= promises and self.decisions_24 >= decisions and self.broken_24 <= broken * self.kept_24


class PureModel(mesa.Model):
    """A world of plain agents. ``layout`` is a state that `sim.world.build` made; only its layout is read.

    ``parameters`` are values by name beside the medians of the priors. After each step `history` has one more entry: a
    list of the indicators for each group, in the order of `sim.indicators`; NaN where there is nobody to measure.
    """

    def __init__(
        self,
        layout: State,
        *,
        parameters: Mapping[str, float] | None = None,
        segments: Sequence[Segment] = (),
        rng: int,
    ) -> None:
        super().__init__(rng=rng)
        self.uniform = self.random.random
        self.normal = self.random.gauss
        self.month = 0
        self.history: list[list[list[float]]] = []
        self.values = dict(parameters or {})
        self.set_parameters(self.values)
        self.calendar = [
            (float(each["election"]), bool(each["january"]), float(each["subsidy_round"])) for each in layout.calendar
        ]
        self.timetable = [(int(each["month"]), float(each["share"])) for each in layout.timetable]
        self.election, self.january, self.subsidy_round = 0.0, False, 0.0
        self.towns = [Municipality(self, row) for row in layout.municipalities]
        for row in layout.posts:
            town = self.towns[row["municipality"]]
            town.posts.append(Official(self, town))
        self.facilitators = [Facilitator(self, row) for row in layout.facilitators]
        posts = [post for town in self.towns for post in town.posts]
        people = layout.ties["person"].reshape(len(layout.initiatives), -1)
        self.initiatives = []
        for row, persons in zip(layout.initiatives, people, strict=True):
            colleagues = [posts[k] for k in persons[1:3] if k >= 0]
            town = self.towns[row["municipality"]]
            me = Initiative(self, row, town, posts[row["post"]], colleagues)
            town.members.append(me)
            if row["facilitator"] >= 0:
                helper = me.facilitator = self.facilitators[row["facilitator"]]
                helper.cases.append(me)
            self.initiatives.append(me)
        self.officials = posts
        self.segments = {segment.month_from: segment for segment in segments}
        self.set_policies(layout.on_initiative, layout.on_municipality, layout.on_post)

    def set_parameters(self, values: Mapping[str, float]) -> None:
        """Parameters by name, and what the half-lives among them mean a month."""
        row = record(values)
        p = self.parameters = SimpleNamespace(**{name: float(row[name][0]) for name in row.dtype.names or ()})
        self.trust_keep = remaining(p.trust_half_life)
        self.history_keep = remaining(p.history_half_life)
        self.recognition_keep = remaining(p.recognition_half_life)
        self.understanding_loss = 1.0 - remaining(p.understanding_half_life)
        self.partner_keep = 1.0 - 1.0 / p.partner_memory

    def set_policies(self, on_initiative: np.ndarray, on_municipality: np.ndarray, on_post: np.ndarray) -> None:
        """Give everybody what is set from outside; who gets the same shares one object."""
        tables: tuple[tuple[Sequence[Any], np.ndarray], ...] = (
            (self.initiatives, on_initiative),
            (self.towns, on_municipality),
            (self.officials, on_post),
        )
        for agents, table in tables:
            kinds: dict[bytes, SimpleNamespace] = {}
            for agent, row in zip(agents, table, strict=True):
                key = row.tobytes()
                if key not in kinds:
                    kinds[key] = SimpleNamespace(**{name: float(row[name]) for name in table.dtype.names or ()})
                agent.policy = kinds[key]

    def adoption_month(self, u: float) -> int:
        """Month of adoption of the vision at a quantile of the timetable."""
        last_share, last_month = 0.0, 0
        for month, part in self.timetable:
            if u <= part:
                width = part - last_share
                return math.ceil(last_month + ((u - last_share) / width if width > 0.0 else 1.0) * (month - last_month))
            last_share, last_month = part, month
        return 100_000

    def step(self) -> None:
        """One month, in the order of `sim/month.py`."""
        if self.month in self.segments:
            segment = self.segments[self.month]
            self.set_policies(segment.on_initiative, segment.on_municipality, segment.on_post)
            self.set_parameters({**self.values, **segment.parameters})
        self.election, self.january, self.subsidy_round = self.calendar[self.month]
        agents = self.agents_by_type
        towns, initiatives = agents[Municipality], agents[Initiative]
        towns.do("tick")
        initiatives.do("enter")
        agents[Official].do("turnover")
        agents[Alderman].do("turnover")
        initiatives.do("live_through_turnover")
        towns.do("divide_hours")
        towns.do("win_over")
        initiatives.do("meet_and_talk")
        towns.do("grant_money")
        if self.facilitators:
            agents[Facilitator].do("count_cases")
        initiatives.do("work_and_rest")
        self.month += 1
        self.history.append(self.observe())

    def observe(self) -> list[list[float]]:
        """The indicators of this month in every group: added up a size and ambition first, in one pass."""
        now = self.month
        nothing = [0.0] * len(AVERAGED)
        sums = [[list(nothing) for _ in range(3)] for _ in range(3)]
        counts = [[[0, 0, 0] for _ in range(3)] for _ in range(3)]  # entered, awake or asleep, of these in touch
        for me in self.initiatives:
            status = me.status
            if status == NOT_YET:
                continue
            cell, count = sums[me.size][me.ambition], counts[me.size][me.ambition]
            count[0] += 1
            formalised, deal = me.formalised_month, me.deal
            if formalised >= 0:
                cell[1] += 1.0
            if deal.in_force:
                cell[2] += 1.0
            cell[4] += (formalised if formalised >= 0 else now) - me.entry
            cell[9] += me.restarts
            cell[10] += me.months_without_money
            cell[11] += me.phase
            cell[12] += me.homes
            cell[13] += me.municipal_hours
            cell[14] += me.public_euros
            cell[15] += me.facilitator_hours
            if status == STOPPED:
                continue
            if status == ACTIVE:
                cell[0] += 1.0
                if me.is_partner():
                    cell[3] += 1.0
            count[1] += 1
            cell[8] += me.energy
            if me.met_month >= 0:
                count[2] += 1
                tie = me.contact_tie
                cell[5] += tie.trust
                cell[6] += 0.5 * (tie.intentions + tie.alpha / (tie.alpha + tie.beta))
                cell[7] += 0.5 * (tie.knows + tie.known)
        every, kinds = range(3), range(len(nothing))
        groups = [
            [(a, b) for a in every for b in every],
            *([(a, b) for b in every] for a in every),
            *([(a, b) for a in every] for b in every),
        ]
        found = []
        for cells in groups:
            row = [sum(sums[a][b][k] for a, b in cells) for k in kinds]
            entered, awake, touched = (sum(counts[a][b][k] for a, b in cells) for k in range(3))
            for k, by in ((4, entered), (5, touched), (6, touched), (7, touched), (8, awake), (11, entered)):
                row[k] = row[k] / by if by else math.nan
            found.append(row)
        return found


def run(
    layout: State,
    months: int,
    *,
    parameters: Mapping[str, float] | None = None,
    segments: Sequence[Segment] = (),
    seed: int,
) -> np.ndarray:
    """Outcomes (months, groups, indicators) of one run."""
    model = PureModel(layout, parameters=parameters, segments=segments, rng=seed)
    for _ in range(months):
        model.step()
    return np.array(model.history)
