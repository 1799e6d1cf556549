"""Facilitation: somebody in between bridges, keeps decisions moving and repairs clashes (§6.1-§6.4, §7.5).

A facilitator's caseload is finite: too many initiatives thin the help. A steering one takes work off a young
initiative's hands but weakens its own line to the town hall; a coaching one lets it grow. An adaptive one shifts from
steering to coaching as the initiative matures, and leaves. How strong these effects are cannot be identified from the
interviews, since all interviewed had support: they are assumptions.

Reads: `on_initiative.independent_facilitator` and options, maturity, clashes. Writes: facilitators' `cases`, `load`,
`quality`; initiatives' `facilitated` (0-1.5), `supported` (meetings a month), `hand_hold` (share), `own_line`
(1 = own), maturity, `facilitator_hours`; eases `clash`, `crossed`, `refused` after a repair.
"""

from __future__ import annotations

from sim.engine.arithmetic import share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.state import ACTIVE, State

ADAPTS = 0.7  # share of the way that an adaptive facilitator goes


@compiled
def caseload_quality(load: float, caseload: float, experience: float) -> float:
    """Quality of help (0-1): experience counts, and too many cases thin it."""
    return (0.6 + 0.4 * experience) * min(1.0, caseload / max(1.0, load))


@compiled
def style_now(style: float, adaptive: float, maturity: float) -> float:
    """Style from 0 (steering) to 1 (coaching): an adaptive facilitator moves most of the way to what the initiative's
    maturity asks.

    Not all the way: people keep something of their own manner, and otherwise style would be without effect wherever
    facilitators adapt.

    >>> round(style_now(0.0, 1.0, 0.25), 2), round(style_now(1.0, 1.0, 0.25), 2), style_now(1.0, 0.0, 0.25)
    (0.28, 0.58, 1.0)
    """
    return style + ADAPTS * adaptive * (share(1.6 * maturity) - style)


@rule
def is_extra(i: int, s: State) -> bool:
    """Does the lever offer this initiative a facilitator?"""
    wanted = s.on_initiative[i].independent_facilitator
    return wanted > 0.0 and uniform(s.clock[0].key, i, when.ALWAYS, why.REACHED_FACILITATOR) < wanted


@rule
def is_served(i: int, s: State) -> bool:
    """Has this initiative a facilitator this month, ordinary or by the lever?"""
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    if me.status != ACTIVE:
        return False
    if is_extra(i, s):
        return True
    if me.facilitator < 0:
        return False
    if clock.month - me.entry >= p.facilitated_months or me.maturity >= 0.8:
        return False
    return uniform(clock.key, i, when.ORDINARY, why.REACHED_FACILITATOR) < p.facilitated_share


@rule
def load_of(f: int, s: State) -> None:
    """One facilitator: count the ordinary cases (those of the lever are served by extra people)."""
    for i in range(f, s.clock[0].initiatives, s.clock[0].facilitators):
        take_case(i, s)
    feel_load(f, s)


@rule
def take_case(i: int, s: State) -> None:
    """An initiative that is served without the lever is a case of its facilitator."""
    if is_served(i, s) and not is_extra(i, s):
        s.facilitators[s.initiatives[i].facilitator].cases += 1


@rule
def feel_load(f: int, s: State) -> None:
    """How well a facilitator works with the cases counted; the count begins anew."""
    helper = s.facilitators[f]
    helper.load = helper.cases
    helper.cases = 0
    helper.quality = caseload_quality(float(helper.load), float(helper.caseload), helper.experience)


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: what its facilitator does for it this month; and what it learns from its peers."""
    clock, p, me, on = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i]
    me.facilitated = 0.0
    me.supported = 0.0
    me.hand_hold = 0.0
    me.facilitator_hours_now = 0.0
    if me.status != ACTIVE:
        return
    me.maturity = share(me.maturity + p.peer_exchange * (1.0 - me.maturity))
    if not is_served(i, s):
        me.own_line += 0.1 * (1.0 - me.own_line)
        return
    key, t = clock.key, clock.month
    if is_extra(i, s):
        style, adaptive = on.independent_facilitator__style, on.independent_facilitator__adaptive
        # where nobody else facilitates, the lever brings somebody of average experience
        experience = s.facilitators[me.facilitator].experience if me.facilitator >= 0 else 0.5
        quality = caseload_quality(on.independent_facilitator__caseload, 8.0, experience)
        hours = p.case_hours * min(1.0, 8.0 / on.independent_facilitator__caseload)
    else:
        helper = s.facilitators[me.facilitator]
        style, adaptive, quality, hours = (
            helper.style,
            helper.adaptivity,
            helper.quality,
            p.case_hours * min(1.0, helper.caseload / max(1, helper.load)),
        )
    coaching = style_now(style, adaptive, me.maturity)
    me.facilitated = p.brokering * quality
    me.supported = p.bridging * quality
    me.hand_hold = p.hand_holding * quality * (1.0 - coaching) * max(0.0, 1.0 - 1.6 * me.maturity)
    me.own_line += 0.1 * (1.0 - p.line_loss * (1.0 - coaching) - me.own_line)
    me.maturity = share(me.maturity + p.coaching_gain * coaching * quality * (1.0 - me.maturity))
    me.facilitator_hours_now = hours
    me.facilitator_hours += hours
    if me.clash > 0.0 and uniform(key, i, t, why.RESET) < p.reset_chance * quality:
        me.clash *= 0.3
        me.crossed *= 0.4
        me.refused *= 0.6


@plural
def facilitators(s: State) -> None:
    """All facilitators: one pass over the initiatives instead of one a facilitator, which large worlds feel."""
    for i in range(s.clock[0].initiatives):
        take_case(i, s)
    for f in range(s.clock[0].facilitators):
        feel_load(f, s)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
