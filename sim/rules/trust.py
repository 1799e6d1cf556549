"""Trust: built slowly, broken fast; and the history that outlives persons (§3.1.2, §3.1.4, §3.2.1, §3.2.3, §5.3.4).

A meeting or a kept promise adds, a broken promise or a refusal takes away more. Friction (crossed actions, the gap in
pace) is absorbed as far as the two understand each other; a broken promise is not. The official's doubt concerns
capability more than intentions, and delivered work earns it. This step takes in all that happened since the last one,
and clears it.

Reads: ties' `met`, understanding, the month's `kept`, `broken`, `refused`, `crossed`, `delivered`, `failed`, `gap`,
openness and standing. Writes: ties' `trust`, `intentions` (0-1), `alpha`, `beta` (evidence of capability),
`history_damage`, `history_delivery` (0-1).
"""

from __future__ import annotations

from sim.engine.arithmetic import pick, share
from sim.engine.compiling import compiled, plural, rule
from sim.world.state import ACTIVE, ALDERMAN, CONTACT, DORMANT, SLOTS, State


@compiled
def trust_after(trust: float, gain: float, loss: float, growth: float, asymmetry: float) -> float:
    """Trust (0-1) after a month: gains work on the distance to full trust, losses on what there is.

    >>> round(trust_after(0.5, 1.0, 0.0, 0.1, 3.0), 3), round(trust_after(0.5, 0.0, 1.0, 0.1, 3.0), 3)
    (0.55, 0.35)
    """
    return share(trust + growth * gain * (1.0 - trust) - asymmetry * growth * loss * trust)


@compiled
def friction(crossed: float, gap: float, understanding: float, absorbed: float, pace_weight: float) -> float:
    """Loss by friction: crossed actions and the gap in pace, less what understanding absorbs."""
    return (1.0 - absorbed * understanding) * (crossed + pace_weight * gap)


@compiled
def refusal_weight(openness: float, standing: float, penalty: float) -> float:
    """A refusal hits harder when the official had been keener than their standing inside could bear."""
    return 1.0 + penalty * max(0.0, openness - standing)


@compiled
def capability(alpha: float, beta: float) -> float:
    """Trust in capability (0-1): mean of a beta distribution."""
    return alpha / (alpha + beta)


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: trust in all its ties."""
    p, me = s.parameters[0], s.initiatives[i]
    if me.status != ACTIVE and me.status != DORMANT:
        return
    for slot in range(SLOTS):
        tie = s.ties[i * SLOTS + slot]
        if tie.person < 0:
            continue
        if slot == ALDERMAN:
            there = s.aldermen[tie.person].present == 1
            keen = 1.0
        else:
            post = s.posts[tie.person]
            there = post.present == 1
            keen = refusal_weight(post.openness, post.standing, p.backing_penalty)
        if not there:
            continue
        part = 1.0 if slot == CONTACT else 0.5
        gain = p.meeting_weight * min(tie.met, 2.0) + part * me.kept
        bump = friction(me.crossed, me.gap, tie.known, p.friction_absorbed, p.pace_friction)
        loss = part * (me.broken + me.refused * keen + bump)
        tie.trust = trust_after(tie.trust, gain, loss, p.trust_growth, p.loss_over_gain)
        bump = friction(me.crossed, me.gap, tie.knows, p.friction_absorbed, p.pace_friction)
        tie.intentions = trust_after(tie.intentions, gain, 0.5 * part * bump, p.trust_growth, p.loss_over_gain)
        tie.alpha = p.capability_memory * tie.alpha + part * me.delivered
        tie.beta = p.capability_memory * tie.beta + part * me.failed
        quiet = tie.silent > p.quiet_months
        keep = s.monthly[0].trust_keep
        fades = quiet & (tie.trust > p.base_trust)
        tie.trust = pick(fades, p.base_trust + (tie.trust - p.base_trust) * keep, tie.trust)
        fades = quiet & (tie.intentions > p.base_trust)
        tie.intentions = pick(fades, p.base_trust + (tie.intentions - p.base_trust) * keep, tie.intentions)
    keep = s.monthly[0].history_keep
    hurt = p.history_weight * (me.broken + me.crossed + 0.5 * me.refused)
    done = p.history_weight * (me.delivered + 0.5 * me.kept)
    me.history_damage = share(keep * me.history_damage + hurt * (1.0 - me.history_damage))
    me.history_delivery = share(keep * me.history_delivery + done * (1.0 - me.history_delivery))
    me.kept = 0.0
    me.broken = 0.0
    me.refused = 0.0
    me.crossed = 0.0
    me.delivered = 0.0
    me.failed = 0.0


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
