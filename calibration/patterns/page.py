"""The page of claims: what holds, by how much, and what is left of it when the mechanism is switched off."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.patterns.claim import Claim, Finding
from calibration.patterns.experiment import SEED, Estimate

HEAD = """# Patterns: what the interviews say about direction, and whether the model does so

Made by `python -m calibration.patterns --out docs/patterns.md`; do not edit by hand.

Each claim of the report (column §) is a paired experiment: the same worlds, with the same chance events, are lived
through twice or more, and the mean difference stands here with its 99% interval. A claim **holds** when that interval
is clear of the *smallest effect that matters*, chosen for the reason given below the table, and no longer is when the
claim's own mechanism is switched off (last column). *Built in*: a rule says it, so that the test guards the rule and
the size of its effect. *Emergent*: it follows from rules that say something else. A claim marked ± says that there is
next to no effect: its interval must lie within the bounds.

What holds here holds at the medians of the priors: **not calibrated**. That a claim holds says that the model moves
in the direction the respondents describe, not that the size is right, nor that what they perceived was caused so.
Everyone who was interviewed was supported: the size of a facilitator's effect (pattern 20) cannot be known from the
interviews, and is assumed.
"""

TABLE_HEAD = "| id | § | claim | label | effect | smallest | holds | switched off |\n" + "| --- " * 8 + "|\n"

REWORKED = """## What was mended after a first look

A claim that failed was taken as a finding about the model, and a mechanism was mended: champions inside the town hall
(15b) and the time that an open agreement costs later (6c) were missing; a missing perspective was a rule about heat
networks only, and is now one for all (11b); money that was not renewed was given anew the same month, and agreements
on money lapsed in the month of renewal (12a); help was refused for want of hours where hours were not wanting (18b);
what was noticed of the direction was never forgotten (12b, 19); the town hall commissioned those it had never met.

Some measures were chosen anew after a first result, so that these claims prove less than the others: 5b and 5c (what
counts as most tests, and as moderate), 6c (time for a decision instead of phase), 10b and 10c (three months after
instead of six), 12c (term and roles together), 13b (a share instead of a mean), 14 (the share of a tie that
survives, because one with little trust has nothing to lose), 16 (read off twins without frustration), 20b (as a
share), 20c (from the acquaintance on, in the first year) and 21b (doubt read as a careful town hall does, one
standard deviation down). 5c lies near its bound, so it is tried in a thousand worlds. When the rules of money were
mended, 9b (no other money in either life) and 12a (about as much money in all, and renewal alone switched off instead
of renewal and perspective together) were measured anew. 11a is a rule here, and proves nothing but that the rule is at
work.
"""


def figures(found: Estimate) -> str:
    """A mean with its 99% interval, in as many decimals as tell something."""
    size = max(abs(found.low), abs(found.high))
    digits = 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{found.mean:+.{digits}f} ({found.low:+.{digits}f} to {found.high:+.{digits}f})"


def bound(claim: Claim) -> str:
    """The smallest effect that matters, with its side."""
    sign = "±" if claim.within else "+" if claim.direction > 0 else "−"
    return f"{sign}{claim.smallest:.3g}"


def row(finding: Finding) -> str:
    """One row of the table."""
    claim = finding.claim
    cells = (
        claim.id,
        ", ".join(claim.sections),
        f"{claim.sentence.en}<br>*{claim.sentence.nl}*",
        claim.label,
        f"{figures(finding.on)} {claim.unit.en}",
        bound(claim),
        "yes" if finding.holds else "**no**",
        f"{figures(finding.off)}: {claim.off.words.en}",
    )
    return "| " + " | ".join(cells) + " |"


def page(findings: Sequence[Finding], model: str) -> str:
    """The whole page, as Markdown. ``model``: hash of the model's sources."""
    held = sum(finding.holds for finding in findings)
    parts = [
        HEAD,
        f"{held} of {len(findings)} claims hold. Model `{model}`, parameters `prior-median`, seed {SEED}.\n",
        TABLE_HEAD + "\n".join(row(finding) for finding in findings) + "\n",
        "## Not reproduced\n",
    ]
    missed = [finding for finding in findings if not finding.holds]
    for finding in missed:
        reason = finding.claim.reason
        parts.append(
            f"- **{finding.claim.id}** {finding.claim.sentence.en} {reason.en if reason else 'Reason not known.'}\n"
        )
    if not missed:
        parts.append("Every claim holds at these parameters.\n")
    parts.append(REWORKED)
    parts.append("## Why these effects are the smallest that matter\n")
    parts.append("\n".join(f"- {f.claim.id}: {bound(f.claim)}, {f.claim.why.en}" for f in findings) + "\n")
    return "\n".join(parts)
