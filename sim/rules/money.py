"""Money: grants out of a limited budget, lasting money, commissions, national rounds; and what is lost when money ends
(§2.1, §2.2.4, §2.5.2, §3.2.2, §5.2).

A municipality grants from a yearly budget while it lasts; in January the next one begins. Grants end; renewal depends
on trust in capability, and on structural money being reserved. When money stops, paid hours go at once and part of
what was built up is lost. Lasting money (the lever) is reserved apart from the budget; money of a national round is no
part of it either, and is for once. The first commission is the hardest: the lower bound of capability must clear a bar
that procurement rules and equal treatment raise.

Reads: `money_asked`, agreements, capability, `on_initiative.structural_funding/subsidy_stops/national_rule_change`,
`on_municipality.procurement_room`. Writes: grants (euros a month), `money_in`, `money_out`, `money_left` (euros),
`paid_hours` (1 = as much work as full volunteer energy), maturity, ledger, `public_euros`, `months_without_money`.
"""

from __future__ import annotations

import math

from sim.engine.arithmetic import logistic, pick, share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import purposes as why
from sim.world.agreements import put_in_force
from sim.world.funding import lasting_money_reaches, money_form
from sim.world.state import (
    ACTIVE,
    CONTACT,
    DORMANT,
    FORM_JOINT,
    FORM_MONEY,
    GRANTED,
    MONEY,
    MUNICIPAL,
    NATIONAL,
    NO_CAPACITY,
    RESERVED,
    RING,
    SLOTS,
    TOPIC_PARTICIPATION,
    TOPIC_PERFORMANCE,
    TOPIC_PROCESS,
    State,
)


@compiled
def lower_bound(alpha: float, beta: float) -> float:
    """Mean minus one standard deviation of a beta distribution: what a careful town hall counts on."""
    n = alpha + beta
    return alpha / n - math.sqrt(alpha * beta / (n * n * (n + 1.0)))


@compiled
def commission_bar(bar: float, room: float, equal_care: float, fallback: float, care_weight: float) -> float:
    """The bar that capability must clear: procurement room lowers it, care for equal treatment raises it unless there
    is an agreement to fall back on.
    """
    return bar * (1.0 - room) + care_weight * equal_care * (1.0 - 0.7 * fallback) * (1.0 - 0.5 * room)


@compiled
def renewal_log_odds(
    base: float, capability: float, trust: float, structural: float, bonus: float, unsettled: float, take_back: float
) -> float:
    """Log odds that a grant is renewed; ``structural`` is the horizon in units of four years (0: none)."""
    return base + 2.0 * (capability - 0.5) + (trust - 0.3) + bonus * structural - unsettled - 1.5 * take_back


@rule
def municipality(m: int, s: State) -> None:
    """One town hall: renew or end what runs out, then grant what is asked while the budget lasts, in the order of the
    initiatives' numbers.
    """
    town = s.municipalities[m]
    open_books(m, s)
    for k in range(town.member_from, town.member_to):
        settle(s.members[k], s)
    begin_year(m, s)
    for k in range(town.member_from, town.member_to):
        give(s.members[k], s)


@rule
def open_books(m: int, s: State) -> None:
    """Nothing is committed yet."""
    s.municipalities[m].grants_committed = 0.0


@rule
def settle(i: int, s: State) -> None:
    """One initiative's grant: renewed or ended when it runs out; what runs on is committed for a year."""
    me, t = s.initiatives[i], s.clock[0].month
    if me.status != ACTIVE and me.status != DORMANT:
        stop_money(i, 0.0, s)
        return
    if (me.money_until > 0) & (me.money_until <= t):
        end_or_renew(i, s)
    runs_on = (me.money_until > t) & (me.money_source == MUNICIPAL)
    s.municipalities[me.municipality].grants_committed += pick(runs_on, 12.0 * me.grant_a_month, 0.0)


@rule
def begin_year(m: int, s: State) -> None:
    """In January a new budget begins: what runs on is reserved, what was left over is gone."""
    town = s.municipalities[m]
    if s.clock[0].january == 1:
        town.budget_left = max(0.0, town.budget_a_year - town.grants_committed)


@rule
def give(i: int, s: State) -> None:
    """One initiative: lasting money where the lever reaches it, and what it asked while the budget lasts."""
    clock, me, deal = s.clock[0], s.initiatives[i], s.agreements[i]
    if me.status != ACTIVE:
        return
    if me.money_stop > 0.0:
        return  # what stops this month begins anew no sooner than the next
    lasting_grant(i, s)
    me.money_asked &= deal.in_force | deal.pending  # else what it was asked for is no more
    if me.money_asked == 0:
        return
    p, town, t = s.parameters[0], s.municipalities[me.municipality], clock.month
    if me.money_until > t:
        deal.forms |= money_form(me.money_source)
        me.money_asked = 0
        return
    u = uniform(clock.key, i, deal.start, why.GRANT_SIZE)
    amount = p.grant_smallest * (p.grant_largest / p.grant_smallest) ** u
    if amount <= town.budget_left:
        town.budget_left -= amount
        grant(i, amount / 12.0, int(min(p.grant_longest, deal.horizon)), MUNICIPAL, s)
        deal.forms |= FORM_MONEY
        deal.expiry = max(deal.expiry, me.money_until)
        me.money_asked = 0
    else:
        s.seen[t % RING, i, NO_CAPACITY] += 1


@rule
def grant(i: int, a_month: float, months: int, source: int, s: State) -> None:
    """Money begins to flow: noticed, recognised, and a gain in the ledger."""
    clock, me, ledger = s.clock[0], s.initiatives[i], s.ledger[i]
    me.grant_a_month = a_month
    me.money_until = clock.month + months
    me.money_horizon = months
    me.money_source = source
    me.phase_at_grant = me.phase
    me.recognition += 0.2 * (1.0 - me.recognition)
    ledger.money += 1.0
    s.seen[clock.month % RING, i, MONEY] += 1


@rule
def lasting_grant(i: int, s: State) -> None:
    """Structural funding: a reserved grant for those it reaches, from the acquaintance on."""
    me, on = s.initiatives[i], s.on_initiative[i]
    if not lasting_money_reaches(i, s):
        return
    if me.phase < 1 or abs(me.money_until) > s.clock[0].month:
        return  # there is money, or it was stopped not long ago
    months = int(on.structural_funding__horizon)
    grant(i, on.structural_funding__amount / 12.0, months, RESERVED, s)
    record(i, months, FORM_MONEY, s)


@rule
def record(i: int, months: int, form: int, s: State) -> None:
    """Money that comes is written down: in the agreement there is, in the draft that is pending (concluded next
    month), or else in one of its own. It is a way of being formalised.
    """
    me, deal = s.initiatives[i], s.agreements[i]
    if deal.in_force == 0 and deal.pending == 0:
        money_agreement(i, months, s)
    deal.forms |= form
    if deal.in_force == 1:
        deal.expiry = max(deal.expiry, me.money_until)
        if me.formalised_month < 0:
            me.formalised_month = s.clock[0].month


@rule
def money_agreement(i: int, months: int, s: State) -> None:
    """Money with little else on paper: an agreement about what to do with it, and how to account for it."""
    t, me, deal = s.clock[0].month, s.initiatives[i], s.agreements[i]
    put_in_force(i, t + months, s)
    deal.start = t
    deal.horizon = float(months)
    deal.forms = 0
    deal.topics = TOPIC_PARTICIPATION | TOPIC_PERFORMANCE | TOPIC_PROCESS
    deal.concreteness = share(0.35 + 0.3 * (me.maturity - 0.4))
    deal.adopted = 0
    deal.known = share(0.2 + 0.3 * me.backing)


@rule
def end_or_renew(i: int, s: State) -> None:
    """A grant's term is over: lasting money takes its place this month, or it is renewed, or it ends. Money of a
    national round is for once.
    """
    clock, p, me, on, ledger = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i], s.ledger[i]
    town, tie, deal = s.municipalities[me.municipality], s.ties[i * SLOTS + CONTACT], s.agreements[i]
    key, t = clock.key, clock.month
    reached = lasting_money_reaches(i, s)
    if me.money_source != RESERVED and reached and me.status == ACTIVE:
        end_money(i, s)
        return
    if me.money_source == NATIONAL:
        stop_money(i, 1.0, s)
        me.money_until = -t  # no pause: the town hall's next budget year has no part in it
        return
    # what was reserved apart has to come out of the budget once the lever no longer reaches
    a_year = 12.0 * me.grant_a_month if me.money_source == RESERVED and not reached else 0.0
    structural = on.structural_funding__horizon / 48.0 if reached else 0.0
    capable = tie.alpha / (tie.alpha + tie.beta)
    odds = renewal_log_odds(
        p.renewal_base,
        capable,
        tie.intentions,
        structural,
        p.renewal_structural,
        p.unsettling * on.national_rule_change,
        town.take_back,
    )
    if a_year <= town.budget_left and uniform(key, i, t, why.RENEWAL) < logistic(odds):
        town.budget_left -= a_year
        months = int(on.structural_funding__horizon) if reached else 12
        me.money_until = t + months
        me.money_horizon = months
        me.phase_at_grant = me.phase
        if reached:
            me.money_source = RESERVED
            me.grant_a_month = max(me.grant_a_month, on.structural_funding__amount / 12.0)
        else:
            me.money_source = MUNICIPAL
        if deal.in_force == 1 and deal.expiry < me.money_until:
            deal.expiry = me.money_until
            deal.extended += 1
        s.seen[t % RING, i, MONEY] += 1
    else:
        if me.phase <= me.phase_at_grant:
            ledger.refused += 1.0
        me.refused += 0.5
        stop_money(i, 1.0, s)


@rule
def stop_money(i: int, hurts: float, s: State) -> None:
    """Money stops: paid hours go at once, and part of what was built up is lost. A negative `money_until` is the month
    from which lasting money may be given anew.
    """
    p, me = s.parameters[0], s.initiatives[i]
    if me.money_until <= 0:
        return
    me.money_stop += hurts
    me.maturity *= 1.0 - hurts * p.stop_loss * me.paid_hours / (0.3 + me.paid_hours)
    end_money(i, s)
    me.money_until -= int(p.grant_pause)


@rule
def end_money(i: int, s: State) -> None:
    """No money flows any more; lasting money may be given anew at once."""
    me = s.initiatives[i]
    me.grant_a_month = 0.0
    me.money_until = -s.clock[0].month
    me.money_source = MUNICIPAL


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: shocks to its money, commissions and rounds; then money comes in, is spent, and is accounted
    for.
    """
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    on, ledger = s.on_initiative[i], s.ledger[i]
    if me.status != ACTIVE and me.status != DORMANT:
        return
    key, t = clock.key, clock.month
    if on.subsidy_stops > 0.0 and me.grant_a_month > 0.0 and uniform(key, i, t, why.STOPPED) < on.subsidy_stops:
        ledger.refused += 1.0
        me.refused += 1.0
        stop_money(i, 1.0, s)
    earned = 0.0
    if me.status == ACTIVE:
        earned = commission(i, s)
        if clock.subsidy_round > 0.0:
            may = (me.met_month >= 0) & (me.money_until <= t) & (me.money_stop == 0.0)
            granted = p.round_rate * (0.5 + s.ties[i * SLOTS + CONTACT].intentions) * (0.5 + me.maturity)
            if uniform(key, i, t, why.ROUND) < pick(may, clock.subsidy_round * granted, 0.0):
                joint_application(i, s)
    received = me.grant_a_month + earned
    me.money_in += received
    me.money_left += received
    me.public_euros += received
    spent = min(me.money_left, 0.9 * me.grant_a_month + 0.1 * me.money_left)
    me.money_left -= spent
    me.money_out += spent
    me.paid_hours = min(1.0, 12.0 * spent / p.paid_scale)
    paid = me.grant_a_month > 0.0
    me.maturity = share(me.maturity + pick(paid, p.accounting_gain, 0.0) * (1.0 - me.maturity))
    me.months_without_money += pick((not paid) & (me.met_month >= 0), 1.0, 0.0)


@rule
def commission(i: int, s: State) -> float:
    """A commission, if the lower bound of capability clears the bar: its value in euros, else 0."""
    clock, p, me, deal = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i]
    town, tie, on = s.municipalities[me.municipality], s.ties[i * SLOTS + CONTACT], s.on_municipality[me.municipality]
    may = (me.phase >= 2) & (me.legal_form > 0) & (me.met_month >= 0) & (s.posts[me.post].present == 1)
    rate = p.commission_rate * (1.0 - 0.5 * s.on_initiative[i].national_rule_change) * (0.3 + tie.intentions)
    if not happens(pick(may, rate, 0.0), uniform(clock.key, i, clock.month, why.COMMISSION)):
        return 0.0
    room = share(town.base_procurement_room + on.procurement_room)
    bar = commission_bar(p.commission_bar, room, town.equal_care, float(deal.in_force), p.equal_care_bar)
    if lower_bound(tie.alpha, tie.beta) < bar:
        return 0.0
    me.commissions += 1
    me.recognition += 0.2 * (1.0 - me.recognition)
    s.ledger[i].follow_on += 1.0
    s.seen[clock.month % RING, i, GRANTED] += 1
    return p.commission_value


@rule
def joint_application(i: int, s: State) -> None:
    """A joint application in a national round is granted: money for a year, formalised; its deadline rushes those who
    are not ready.
    """
    p, me, deal = s.parameters[0], s.initiatives[i], s.agreements[i]
    grant(i, p.round_value / 12.0, 12, NATIONAL, s)
    record(i, 12, FORM_JOINT, s)
    if deal.in_force == 1:
        deal.known = share(deal.known + 0.1)
    me.rushed += max(0.0, 0.5 - me.maturity)


@plural
def municipalities(s: State) -> None:
    """All town halls."""
    for m in range(s.clock[0].municipalities):
        municipality(m, s)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
