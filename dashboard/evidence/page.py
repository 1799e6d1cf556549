"""What *Onderbouwing* shows, as plain data: every number from `findings.json` or from the model's own data files."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from math import sqrt
from typing import Any

from dashboard.evidence.figures import NORMAL_95, Block, Line, counts, fitted, politeness
from dashboard.evidence.findings import findings, shown_rows
from dashboard.evidence.limits import limits
from dashboard.evidence.turning import meaning, percent, turning
from dashboard.language import catalogue, named, number, plural, text
from dashboard.terms import pieces
from sim.evidence.parameters import PARAMETERS, Parameter

Data = dict[str, Any]
HOLDS, SOMETIMES = 0.75, 0.5  # shares of the credible models in which a claim holds
NARROWED = 0.1  # contraction below which a parameter is what it was beforehand
POLITE = (0.0, 0.1, 0.2)
COMMAND = "samenspel validate"  # makes the whole report
FIRST = 8  # claims of a group that are shown at once; emergent ones always are
LABELS = ("emergent", "built in")
TOGETHER = 0.05  # share of the worlds below which all fitted counts together are too odd


def words(language: str, *prefixes: str) -> dict[str, str]:
    """The fixed texts of the page."""
    return {key: value for key, value in catalogue(language).items() if key.startswith(prefixes) and "{" not in value}


def label(language: str, row: Data) -> str:
    """How a count is called; a count of another target file keeps its own name."""
    return catalogue(language).get(f"evidence.answer.{row['question']}.{row['answer']}", row["name"])


def source(language: str, row: Data) -> str:
    """Where a count comes from: a section of the report (the interviews, or all supported), or another publication."""
    own = "supported" if row["question"] == "formalised" else "interviews"
    kind = own if row["section"][:1].isdigit() else "elsewhere"
    return text(language, f"evidence.source.{kind}", n=row["n"], section=row["section"])


def blocks(language: str, rows: Sequence[Data]) -> list[Block]:
    """The rows by question and source, with the heading of the question where it has one."""
    found = []
    for question, place in dict.fromkeys((row["question"], source(language, row)) for row in rows):
        heading = catalogue(language).get(f"evidence.question.{question}", "")
        lines = tuple(
            Line(label(language, row), row["n"], row["observed"], row["p05"], row["p50"], row["p95"], row["inside"])
            for row in rows
            if (row["question"], source(language, row)) == (question, place)
        )
        found.append(Block(heading, place, lines))
    return found


def counted(language: str, found: Data) -> list[Data]:
    """The figures of counts: those that a fit uses, and those kept apart."""
    drawn = []
    for part in ("targets", "held_out"):
        rows = shown_rows(found[part])
        inside = sum(row["inside"] for row in rows)
        kind = "fit" if found["calibrated"] else "prior"
        title = text(language, f"evidence.{part}.title_{kind}", inside=inside, count=len(rows))
        subtitle = text(language, f"evidence.{part}.sub_{kind}")
        drawn.append(
            {
                **asdict(counts(language, part, title, subtitle, blocks(language, rows))),
                "bad": bad_counts(language, part, found),
                "failures": [failure(language, row) for row in rows if not row["inside"]],
                "notes": notes(language, part, rows),
            }
        )
    return drawn


def verdict(language: str, bad: bool) -> str:
    """Whether a check came out badly."""
    return text(language, "evidence.bad.yes" if bad else "evidence.bad.no")


def bad_counts(language: str, part: str, found: Data) -> str:
    """How many counts outside would be a bad sign, and how many are."""
    rows, most = shown_rows(found[part]), found["signs"][part]
    missed = sum(not row["inside"] for row in rows)
    said = text(
        language,
        "evidence.bad.counts",
        count=len(rows),
        most=most,
        missed=missed,
        verdict=verdict(language, missed > most),
    )
    together = found.get("together") if part == "targets" else None
    if together is None:
        return said
    odd = {"share": percent(language, together), "bound": percent(language, TOGETHER)}
    also = text(language, "evidence.bad.together", **odd, verdict=verdict(language, together < TOGETHER))
    return f"{said} {also}"


def notes(language: str, part: str, rows: Sequence[Data]) -> list[str]:
    """What must be said with the counts: which lie at the edge, which are no independent test, and which the model does
    not count in quite the same way."""
    said = []
    edge = [label(language, row) for row in rows if at_the_edge(row)]
    if part == "targets" and edge:
        said.append(text(language, "evidence.counts.edge", names="; ".join(edge)))
    for row in rows:
        chosen = [meaning(language, name) for name in row.get("chosen_with", [])]
        if chosen:
            key = "evidence.held_out.chosen" if row["inside"] else "evidence.held_out.chosen_missed"
            count = text(language, "evidence.counts.of", count=row["observed"], n=row["n"])
            said.append(text(language, key, count=count, names="; ".join(chosen)))
        own = catalogue(language).get(f"evidence.note.{row['question']}.{row['answer']}")
        if own:
            said.append(own)
    return said


def at_the_edge(row: Data) -> bool:
    """Whether a count lies inside its range, by no more than one."""
    return bool(row["inside"] and min(row["observed"] - row["p05"], row["p95"] - row["observed"]) <= 1.0)


def failure(language: str, row: Data) -> str:
    """A count outside the range of the model, as a sentence."""
    return text(
        language,
        "evidence.counts.failure_low" if row["p95"] < row["observed"] else "evidence.counts.failure_high",
        name=label(language, row),
        counted=text(language, "evidence.counts.of", count=row["observed"], n=row["n"]),
        range=text(
            language,
            "evidence.range",
            low=number(language, row["p05"], 0),
            high=number(language, row["p95"], 0),
        ),
    )


def claim_number(id: str) -> int:
    """The number of the pattern that a claim belongs to: 12 for 12b."""
    matched = re.match(r"\d+", id)
    if matched is None:
        raise ValueError(f"{id}: no id of a claim; it starts with a number")
    return int(matched.group())


def standing(row: Data) -> str:
    """Whether a claim comes true: `holds`, `sometimes` or `not`."""
    share = row["share_of_draws"]
    if share is None:
        return "holds" if row["holds"] else "not"
    return "holds" if share >= HOLDS else "sometimes" if share >= SOMETIMES else "not"


def measured(language: str, row: Data, about: Data) -> str:
    """The effect behind a claim in numbers, or from where it counts when it was tried in many versions."""
    effect = row.get("effect")
    if not about:
        return ""
    if not effect:
        key = "evidence.claim.bar_within" if about["within"] else "evidence.claim.bar"
        bar = number(language, about["smallest"], 3)
        return text(language, key, smallest=bar, unit=named(about["unit"], language), why=named(about["why"], language))
    digits = 1 if max(abs(effect["low"]), abs(effect["high"])) >= 10 else 2
    shown = {part: number(language, effect[part], digits, signed=True) for part in ("mean", "low", "high")}
    smallest = number(language, about["smallest"], 3)
    return text(language, "evidence.claim.effect", **shown, unit=named(about["unit"], language), smallest=smallest)


def claims(language: str, found: Data) -> list[Data]:
    """All claims as the page lists them, in the order of their numbers."""
    listed = []
    for row in found["patterns"]:
        about = found["claims"].get(row["id"], {})
        share = row["share_of_draws"]
        sections = about.get("sections") or [row["section"]]
        origin = text(language, f"evidence.label.{about['label'].replace(' ', '_')}") if "label" in about else ""
        listed.append(
            {
                "id": row["id"],
                "number": claim_number(row["id"]),
                "standing": standing(row),
                "sentence": named(about["sentence"], language) if "sentence" in about else row["id"],
                "origin": " · ".join(part for part in (origin, ", ".join(f"§{each}" for each in sections)) if part),
                "share": None if share is None else round(100 * share),
                "share_words": "" if share is None else percent(language, share),
                "reason": named(row["reason"], language) if isinstance(row["reason"], dict) else row["reason"] or "",
                "effect": measured(language, row, about),
                "off": named(about["off"], language) if "off" in about else "",
                "label": about.get("label", ""),
                "marks": claim_marks(language, row, found),
            }
        )
    return listed


def noise(draws: int) -> float:
    """How far a share of so many draws may be off, at most, in 95 of 100 cases."""
    return NORMAL_95 * 0.5 / sqrt(draws)


def dropped(row: Data, tried: Data | None) -> bool:
    """Whether a claim comes true less often after the fit, by more than the noise of two shares."""
    before, after = row.get("prior_share"), row["share_of_draws"]
    if tried is None or before is None or after is None:
        return False
    return bool(before - after > sqrt(2.0) * noise(tried["draws"]))


def claim_marks(language: str, row: Data, found: Data) -> list[str]:
    """What must be said with a claim: that it rests on assumptions, or that the fit made it worse."""
    marks = []
    if found["claims"].get(row["id"], {}).get("assumed"):
        marks.append(text(language, "evidence.weak.assumed"))
    if dropped(row, found.get("tried")):
        marks.append(text(language, "evidence.patterns.was", share=percent(language, row["prior_share"])))
    return marks


def about_claims(language: str, found: Data, listed: Sequence[Data], whole: Data) -> list[str]:
    """How to read the claims: thresholds, precision, whole patterns, built-in ones that fail, what became worse."""
    if found["patterns_at"] != "fit":
        return [text(language, "evidence.patterns.sub_prior")]
    said = [text(language, "evidence.patterns.sub_fit")]
    tried = found.get("tried")
    if tried:
        draws, most = tried["draws"], found["signs"]["claims"]
        half = number(language, 100 * noise(draws), 0)
        precision = text(language, "evidence.patterns.precision", draws=draws, points=half)
        bad = [row["share_of_draws"] for row in found["patterns"] if standing(row) == "not"]
        sure = sum(share * draws <= most + 0.5 for share in bad)
        at = percent(language, most / draws)
        signs = text(language, "evidence.bad.claims", bad=len(bad), count=len(listed), sure=sure, at=at)
        said.append(f"{precision} {signs}")
    said.append(text(language, "evidence.patterns.whole", **whole))
    failing = [each["id"] for each in listed if each["label"] == "built in" and each["standing"] != "holds"]
    if failing:
        said.append(text(language, "evidence.patterns.built_in_fails", ids=", ".join(failing)))
    worse = [row["id"] for row in found["patterns"] if dropped(row, tried)]
    if tried and worse:
        points = number(language, 100 * sqrt(2.0) * noise(tried["draws"]), 0)
        said.append(text(language, "evidence.patterns.worse", points=points, ids=", ".join(worse)))
    return said


def patterns(language: str, found: Data) -> Data:
    """The claims in three groups, and how many of the numbered patterns come true as a whole."""
    listed = claims(language, found)
    numbers = {each["number"] for each in listed}
    whole = {n for n in numbers if all(each["standing"] == "holds" for each in listed if each["number"] == n)}
    values = {"whole": len(whole), "numbers": len(numbers)}
    by_label = {}
    for origin in LABELS:
        mine = [each for each in listed if each["label"] == origin]
        held = sum(each["standing"] == "holds" for each in mine)
        by_label[origin.replace(" ", "_")] = (held, len(mine))
    (emergent, of_emergent), (built, of_built) = by_label.values()
    return {
        "title": text(
            language,
            "evidence.patterns.title",
            emergent=emergent,
            of_emergent=of_emergent,
            built=built,
            of_built=of_built,
        ),
        "about": about_claims(language, found, listed, values),
        "by_label": by_label,
        "groups": [
            {
                "id": id,
                "title": text(language, f"evidence.patterns.{id}"),
                "first": max(FIRST, sum(each["label"] == "emergent" for each in rows)),
                "count": text(language, "evidence.patterns.count", part=len(rows), count=len(listed)),
                "rows": rows,
            }
            for id in ("not", "sometimes", "holds")
            if (
                rows := sorted(
                    (each for each in listed if each["standing"] == id), key=lambda each: each["label"] != "emergent"
                )
            )
        ],
        **values,
    }


def unit(language: str, parameter: Parameter) -> str:
    """A parameter's unit in the reader's language."""
    return text(language, f"unit.{parameter.unit}")


def few(language: str, value: float) -> str:
    """A parameter's value: three digits that count."""
    return number(language, float(f"{value:.3g}"), 4)


def between(language: str, low: float, high: float) -> str:
    """A range in words, two digits that count: the ends of a range are not known any better."""
    shown = {end: number(language, float(f"{value:.2g}"), 4) for end, value in (("low", low), ("high", high))}
    return text(language, "evidence.range", **shown)


def parameter_row(language: str, parameter: Parameter, found: Data) -> Data:
    """One number of the model: what it means, what was possible beforehand, and what the interviews left of it."""
    fit = found["posterior"].get(parameter.name)
    contraction = found["contraction"].get(parameter.name)
    low, high = (float(parameter.prior.quantile(at)) for at in (0.05, 0.95))
    fixed = parameter.prior.distribution == "fixed"
    after = between(language, fit["p05"], fit["p95"]) if fit else ""
    sentence = text(language, "evidence.parameters.picture", range=after) if fit else ""
    return {
        "name": parameter.name,
        "meaning": meaning(language, parameter.name),
        "unit": unit(language, parameter),
        "prior": text(language, "evidence.parameters.fixed")
        if fixed
        else between(language, parameter.prior.low, parameter.prior.high),
        "prior_90": between(language, low, high),
        "value": few(language, parameter.value),
        "after": after,
        "picture": fitted(sentence, fit["shares"]) if fit else "",
        "narrowed": learned(language, contraction),
        "piled": piled(language, parameter, fit),
        "prior_only": contraction is not None and contraction < NARROWED,
        "role": text(language, f"evidence.role.{parameter.role}"),
        "badge": parameter.status,
        "badge_words": text(language, f"badge.{parameter.status}"),
        "section": f"§{parameter.section}" if parameter.section else "",
        **said_of(language, parameter.source),
    }


def said_of(language: str, source: str) -> dict[str, str]:
    """What a number's file says of its source: `source` in the reader's language where it is a fixed phrase, and what
    else it says in English.
    """
    for sign in (";", ":"):
        head, mark, rest = source.partition(sign)
        phrase = catalogue(language).get(f"evidence.said.{head}")
        if phrase:
            return {"source": phrase + mark, "source_english": rest.strip()}
    return {"source": "", "source_english": source}


def learned(language: str, contraction: float | None) -> str:
    """Which share of the variance went; nothing where it was not fitted, and no figure where that is next to none."""
    if contraction is None:
        return ""
    return text(language, "evidence.parameters.hardly") if contraction < NARROWED else percent(language, contraction)


def piled(language: str, parameter: Parameter, fit: Data | None) -> str:
    """That the draws pile up at an end of what seemed possible, where they do."""
    end = (fit or {}).get("piled_at")
    if not fit or not end:
        return ""
    value = few(language, parameter.prior.low if end == "low" else parameter.prior.high)
    share = percent(language, fit["piled_share"])
    return text(language, f"evidence.parameters.piled_{end}", end=value, share=share)


def parameters(language: str, found: Data) -> Data:
    """All numbers of the model: the ones that are fitted first, then all of them by process."""
    chosen = [each for each in PARAMETERS.values() if each.role == "calibrated"]
    narrowed = sum(value >= NARROWED for value in found["contraction"].values())
    kind = "fit" if found["calibrated"] else "prior"
    return {
        "title": text(language, f"evidence.parameters.title_{kind}", count=len(chosen), narrowed=narrowed),
        "sub": text(
            language,
            f"evidence.parameters.sub_{kind}",
            bound=percent(language, NARROWED),
            bad=len(found["contraction"]) - narrowed,
            count=len(chosen),
        ),
        "calibrated": found["calibrated"],
        "chosen": [parameter_row(language, each, found) for each in chosen],
        "all": text(language, "evidence.parameters.all", count=len(PARAMETERS)),
        "processes": [
            {
                "id": process,
                "title": text(language, f"process.{process}"),
                "rows": [
                    parameter_row(language, each, found) for each in PARAMETERS.values() if each.process == process
                ],
            }
            for process in dict.fromkeys(each.process for each in PARAMETERS.values())
        ],
        "narrowed": narrowed,
        "count": len(chosen),
    }


def officials(language: str, found: Data) -> list[Data]:
    """What the five town halls said: known of a chosen sample, so neither fitted nor a test."""
    return [
        {
            "label": label(language, row),
            "counted": text(language, "evidence.counts.of", count=row["observed"], n=row["n"]),
            "range": between(language, row["p05"], row["p95"]),
        }
        for row in found.get("conditioned", [])
    ]


def orders(language: str, found: Data) -> list[Data]:
    """What was said more often than something else, where no count was given, and whether the model does so too."""
    shown = []
    for row in found.get("orders", []):
        helped, why = bent(language, row, found)
        sentence = text(
            language,
            "evidence.orders.sentence",
            more=text(language, f"evidence.order.{row['question']}.{row['more']}"),
            less=text(language, f"evidence.order.{row['question']}.{row['less']}"),
            section=row["section"],
            share=percent(language, row["share_of_draws"]),
        )
        came = standing(row)
        shown.append(
            {"standing": "sometimes" if helped and came == "holds" else came, "sentence": sentence, "why": why}
        )
    return shown


def bent(language: str, row: Data, found: Data) -> tuple[bool, str]:
    """Whether a count that the model misses makes an order come out more easily, and what must be said about that."""
    for count in (*found["held_out"], *found["targets"]):
        if count["inside"] or count["question"] != row["question"] or count["answer"] not in (row["more"], row["less"]):
            continue
        often = count["observed"] < count["p05"]
        helped = often == (count["answer"] == row["more"])
        name = text(language, f"evidence.order.{row['question']}.{count['answer']}")
        amount = text(language, f"evidence.orders.too_{'often' if often else 'seldom'}", name=name)
        effect = text(language, f"evidence.orders.{'helped' if helped else 'hindered'}")
        return helped, f"{amount} {effect}"
    return False, ""


def polite(language: str, found: Data) -> Data | None:
    """What is left of the judgement that agreements helped, when some said so out of politeness."""
    row = next((each for each in found["targets"] if each["name"] == "effect_contributed"), None)
    if row is None:
        return None
    title, sub = (text(language, f"evidence.polite.{part}") for part in ("title", "sub"))
    return asdict(politeness(language, "polite", title, sub, row["observed"], row["n"], POLITE))


def trusted(language: str, found: Data) -> list[str]:
    """How far the fit itself can be trusted, in sentences: intervals that were tried, conclusions that might change."""
    said = []
    covered = list(((found.get("sbc") or {}).get("coverage90") or {}).values())
    if covered:
        luck = found["signs"]["coverage"]
        shares = {"low": min(covered), "high": max(covered), "least": luck["least"], "most": luck["most"]}
        said.append(
            text(
                language,
                "evidence.fit.coverage",
                fits=found["sbc"]["fits"],
                count=len(covered),
                outside=luck["outside"],
                allowed=luck["allowed"],
                verdict=verdict(language, luck["outside"] > luck["allowed"]),
                **{name: number(language, 100 * share, 1) for name, share in shares.items()},
            )
        )
    answers = found.get("respondents")
    if answers:
        key = "evidence.fit.respondents_fall" if answers["changed"] else "evidence.fit.respondents"
        said.append(plural(language, key, answers["passed"], **answers))
    said.append(text(language, "evidence.fit.report"))
    return said


def summary(language: str, found: Data, claimed: Data, numbers: Data, turned: Data | None) -> list[Data]:
    """The figures beside the headline, what is a test first."""
    rows = []
    for part in ("held_out", "targets"):
        mine = shown_rows(found[part])
        rows.append((part, sum(row["inside"] for row in mine), len(mine)))
    if turned:
        rows.append(("turning", turned["changing"], turned["count"]))
    if found["patterns_at"] == "fit" or not found["calibrated"]:
        rows += [(label, *claimed["by_label"][label]) for label in ("emergent", "built_in")]
    if found["calibrated"]:
        rows.append(("parameters", numbers["narrowed"], numbers["count"]))
    return [
        {
            "id": id,
            "name": text(language, f"evidence.summary.{id}"),
            "value": text(language, "evidence.counts.of", count=part, n=whole),
        }
        for id, part, whole in rows
    ]


def headline(language: str, found: Data) -> str:
    """The finding of the page: what was a test, and then what the model was fitted to."""
    held, fitted = (shown_rows(found[part]) for part in ("held_out", "targets"))
    passed, inside = (sum(row["inside"] for row in rows) for rows in (held, fitted))
    if not found["calibrated"]:
        return text(language, "evidence.title_prior", inside=inside, count=len(fitted))
    tests = "one" if passed == 1 else "many"
    reached = "all" if inside == len(fitted) else "some"
    return " ".join(
        (
            text(language, f"evidence.title.tests_{tests}", passed=passed, count=len(held)),
            text(language, f"evidence.title.fitted_{reached}", inside=inside, count=len(fitted)),
        )
    )


def caveat(language: str, found: Data) -> str:
    """Why meeting the counts that were fitted is no evidence."""
    if not found["calibrated"]:
        return ""
    edge = sum(at_the_edge(row) for row in shown_rows(found["targets"]))
    key = "none" if not edge else "one" if edge == 1 else "many"
    return text(language, f"evidence.caveat_{key}", edge=edge)


def supports() -> dict[str, int]:
    """How many numbers the model has, and how many of them were interviewed, inferred and assumed."""
    of = Counter(parameter.status for parameter in PARAMETERS.values())
    return {
        "count": len(PARAMETERS),
        "interviewed": of["interviewed"],
        "inferred": of["inferred"],
        "assumed": of["assumption"],
    }


@cache
def page(language: str, model: str) -> Data:
    """The whole page in a language. model: hash of the model that is running; if the findings are of another one, the
    page says so.
    """
    found = findings()
    claimed, numbers = patterns(language, found), parameters(language, found)
    turned = turning(language, found.get("choices"), numbers["count"])
    shown = summary(language, found, claimed, numbers, turned)
    kind = "fit" if found["calibrated"] else "prior"
    return {
        "headline": headline(language, found),
        "caveat": caveat(language, found),
        "lead": pieces(text(language, f"evidence.lead_{kind}", **supports())),
        "legend": pieces(text(language, "evidence.label.legend")),
        "notice": "" if found["calibrated"] else text(language, "evidence.notice_prior"),
        "outdated": "" if found["model"] == model else text(language, "evidence.outdated"),
        "summary": shown,
        "counts": counted(language, found),
        "orders": orders(language, found),
        "officials": officials(language, found),
        "patterns": claimed,
        "trusted": trusted(language, found),
        "command": COMMAND,
        "limits": limits(language, found),
        "turning": turned,
        "parameters": numbers,
        "polite": polite(language, found),
        "who": [text(language, f"evidence.who.{k}") for k in (1, 2, 3)],
        "made": text(language, "evidence.made", model=found["model"], draws=number(language, found["draws"])),
        "words": words(language, "evidence.", "badge.", "table."),
    }
