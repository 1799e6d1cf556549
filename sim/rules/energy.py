"""Energy of volunteers: what gives it, what takes it, and when an initiative falls asleep or stops (§2.2.2, §2.4.2,
§3.2.2, §4.2.2, §5.1.3).

Progress and recognition give energy; waiting, the gap in pace (softened by understanding), clashes, long talks,
figures to account for and the end of money take it. Worn out for half a year: dormant. Any initiative may stop for
good; a worn-out or dormant one does so sooner.

Reads: `step` (phases), recognition, `waiting`, `gap`, `clash`, `money_stop`, talks, agreements, understanding. Writes:
`energy`, `recognition`, `backing` (0-1), `status`, and clears the month's clashes.
"""

from __future__ import annotations

from sim.engine.arithmetic import pick, share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import purposes as why
from sim.world.state import ACTIVE, CONTACT, DORMANT, SLOTS, STOPPED, TOPIC_PERFORMANCE, State


@compiled
def energy_after(energy: float, given: float, taken: float) -> float:
    """Energy (0-1) after a month: what is given works on the distance to full energy, what is taken on what there is.

    >>> round(energy_after(0.5, 0.1, 0.02), 3)
    0.54
    """
    return share(energy + given * (1.0 - energy) - taken * energy)


@compiled
def frustration(waiting: float, gap: float, known: float, softened: float) -> float:
    """Waiting and the gap in pace, softened by understanding how a town hall works."""
    return waiting + (1.0 - softened * known) * gap


@compiled
def talks_strain(months: int, drain: float) -> float:
    """What talks take: nothing in the first three months, then ever a little more until a year."""
    return drain * min(2.0, max(0.0, (months - 3) / 6.0))


@rule
def initiative(i: int, s: State) -> None:
    """One initiative's balance of energy."""
    clock, p, me, deal = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i]
    if me.status != ACTIVE and me.status != DORMANT:
        return
    key, t = clock.key, clock.month
    known = s.ties[i * SLOTS + CONTACT].known
    me.recognition *= s.monthly[0].recognition_keep
    given = p.energy_of_progress * me.step + p.energy_of_recognition * me.recognition + 0.01 * me.backing
    taken = (
        p.steady_drain
        + p.waiting_drain * frustration(me.waiting, me.gap, known, p.learning_softens)
        + p.clash_drain * me.clash
        + p.stop_drain * me.money_stop
        + p.rush_drain * me.rushed
    )
    taken += pick(me.talks_opened >= 0, talks_strain(t - me.talks_opened, p.talks_drain), 0.0)
    accounts_for_it = (deal.in_force == 1) & (deal.topics & TOPIC_PERFORMANCE != 0)
    taken += pick(accounts_for_it, p.figures_drain * deal.concreteness, 0.0)
    if me.status == DORMANT:
        given, taken = 0.01, 0.0
    me.energy = energy_after(me.energy, given, taken)
    me.clash = 0.0
    me.money_stop = 0.0
    me.rushed *= s.monthly[0].rush_keep
    me.volunteer_hours += 40.0 * me.energy if me.status == ACTIVE else 0.0
    if me.energy < p.exhausted_below:
        me.months_exhausted += 1
    else:
        me.months_exhausted = 0
    worn = me.months_exhausted / 6.0
    if me.status == ACTIVE:
        if me.months_exhausted >= 6:
            me.status = DORMANT
            me.talks_opened = -1
            for slot in range(SLOTS):
                s.ties[i * SLOTS + slot].met = 0.0  # nobody meets it until it wakes
        elif happens(p.exit_rate * (0.5 + 1.5 * min(1.0, worn)) * (1.2 - me.energy), uniform(key, i, t, why.EXIT)):
            stop(i, s)
    else:
        me.months_dormant += 1
        if happens(2.0 * p.exit_rate, uniform(key, i, t, why.EXIT)):
            stop(i, s)
        elif me.energy > p.exhausted_below + 0.1 and happens(0.1, uniform(key, i, t, why.REVIVE)):
            me.status = ACTIVE
            me.months_exhausted = 0
            me.months_dormant = 0


@rule
def stop(i: int, s: State) -> None:
    """The initiative stops for good: its agreement ends with it, and so does what it was doing this month."""
    me = s.initiatives[i]
    me.status = STOPPED
    me.meetings = 0.0
    me.waiting = 0.0
    me.overruled = 0.0
    me.talks_opened = -1
    me.asks_next = 0
    s.agreements[i].in_force = 0
    s.agreements[i].pending = 0


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
