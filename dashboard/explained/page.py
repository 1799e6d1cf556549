"""What *Het model* shows, as plain data: every name and number from the files that the model itself reads."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from dashboard.evidence.findings import findings
from dashboard.evidence.limits import limits
from dashboard.evidence.page import supports
from dashboard.explained.citation import citation
from dashboard.explained.description import contents
from dashboard.explained.figures import OWNERS, Step, amount, month, who
from dashboard.language import LANGUAGES, catalogue, named, number, text
from dashboard.navigation import BY_ID, address
from dashboard.terms import TERMS, pieces
from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS, Lever
from sim.month import STEPS
from sim.shocks import SHOCKS, Shock
from sim.why.links import FEELS, LINKS
from sim.world.files import NationalWorld, load_world

Data = dict[str, Any]
WORLD = "reference"
OUTCOME = "outcome"
# Who acts besides the one who takes a step, by process and owner. A step stands in sim/month.py under the rows that its
# rule writes; that is not everybody who does something in it.
ALSO = {
    ("turnover", "initiative"): ("official",),
    ("pace", "municipality"): ("alderman",),
    ("contact", "initiative"): ("official",),
    ("trust", "initiative"): ("official",),
    ("surprises", "initiative"): ("municipality",),
    ("pace", "initiative"): ("municipality",),
    ("negotiation", "initiative"): ("municipality",),
    ("money", "initiative"): ("municipality",),
    ("work", "initiative"): ("municipality",),
    ("facilitation", "initiative"): ("facilitator",),
    ("accounts", "initiative"): ("municipality",),
}


def spoken(words: Any, language: str) -> str:
    """A name or meaning of the data files (a mapping, or an object with `nl` and `en`) in a language."""
    return named(words if isinstance(words, Mapping) else {each: getattr(words, each) for each in LANGUAGES}, language)


# Levers whose step feels more than one link, and which of them they move first (a test works it out).
FIRST_MOVED = {
    "broad_embedding": "understanding",
    "execution_plan_talk": "contact",
    "perspective_training": "understanding",
}


def link_of(entry: Lever | Shock) -> str:
    """The link of the chain at which a lever or shock first works: where the steps of its process feel it."""
    if entry.id in FIRST_MOVED:
        return FIRST_MOVED[entry.id]
    level = "official" if entry.level == "post" else entry.level
    own = FEELS.get((entry.mechanism, level))
    found = own or next((link for (process, _), link in FEELS.items() if process == entry.mechanism), LINKS[0])
    return found if found in LINKS else OUTCOME


def chain(language: str) -> list[Data]:
    """The links in order and what comes out, each with the levers and events that work there first."""
    return [
        {
            "id": link,
            "name": text(language, f"model.link.{link}.name"),
            "meaning": text(language, f"model.link.{link}.meaning"),
            "levers": [
                {"id": lever.id, "name": spoken(lever.name, language), "badge": lever.evidence}
                for lever in LEVERS.values()
                if link_of(lever) == link
            ],
            "shocks": [spoken(shock.name, language) for shock in SHOCKS.values() if link_of(shock) == link],
        }
        for link in (*LINKS, OUTCOME)
    ]


def counts(language: str) -> dict[str, str]:
    """How many of each there are in the world of the interviews, in words."""
    world = load_world(WORLD)
    assert isinstance(world, NationalWorld)  # the shipped reference world is one
    sizes = [getattr(world.size_classes, size) for size in ("small", "medium", "large")]
    posts = [size.posts for size in sizes]
    municipalities = number(language, sum(size.municipalities for size in sizes), 0)
    return {
        "initiative": text(language, "model.who.count.initiative", count=world.initiatives.supported),
        "municipality": text(language, "model.who.count.municipality", count=municipalities),
        "official": text(language, "model.who.count.official", range=amount(language, min(posts), max(posts))),
        "alderman": text(language, "model.who.count.alderman"),
        "facilitator": text(language, "model.who.count.facilitator", count=world.facilitators.number),
    }


def steps(language: str) -> list[Step]:
    """The steps of a month in the reader's language, in the order in which the code takes them."""
    return [
        Step(
            step.name,
            tuple(each for each in OWNERS if each in (step.owner, *ALSO.get((step.name, step.owner), ()))),
            text(language, f"step.{step.name}.{step.owner}"),
        )
        for step in STEPS
    ]


def sections(entry: Lever | Shock) -> str:
    """The sections of the report an entry rests on."""
    return ", ".join(f"§{section}" for section in entry.sections)


def span(language: str, entry: Any) -> str:
    """Unit and range of an intensity or an option. A share of something is written as a percentage of it."""
    unit = spoken(entry.unit, language)
    share = text(language, "model.unit.share")
    if unit.startswith(share):
        ends = (number(language, 100 * value, 0) for value in (entry.minimum, entry.maximum))
        return text(
            language, "model.span_share", **dict(zip(("low", "high"), ends, strict=True)), of=unit[len(share) :]
        )
    low, high = (number(language, value, 3) for value in (entry.minimum, entry.maximum))
    return text(language, "model.span", low=low, high=high, unit=unit)


def plainer(language: str, kind: str, entry: Lever | Shock) -> str:
    """What a lever or event means: in the page's own plainer words where it has them."""
    return catalogue(language).get(f"model.{kind}.{entry.id}", "") or spoken(entry.meaning, language)


def numbers(language: str) -> str:
    """How many numbers the model has, and where they come from, counted from the data."""
    fitted = sum(parameter.role == "calibrated" for parameter in PARAMETERS.values())
    return text(
        language,
        "model.numbers",
        fitted=fitted,
        **supports(),
    )


def glossary(language: str) -> list[Data]:
    """The words that need explaining, in the order of the reader's alphabet."""
    terms = [
        {"id": term, "name": text(language, f"term.{term}.name"), "meaning": text(language, f"term.{term}.meaning")}
        for term in TERMS
    ]
    return sorted(terms, key=lambda term: term["name"].casefold())


def levers(language: str) -> list[Data]:
    """All levers with their meaning, range, who can act, and support."""
    return [
        {
            "id": lever.id,
            "name": spoken(lever.name, language),
            "meaning": plainer(language, "lever", lever),
            "range": span(language, lever),
            "who": ", ".join(text(language, f"actor.{actor}") for actor in lever.who_can_act),
            "badge": lever.evidence,
            "badge_words": text(language, f"badge.{lever.evidence}"),
            "sections": sections(lever),
            "options": [
                {"meaning": spoken(option.meaning, language), "range": span(language, option)}
                for option in lever.options.values()
            ],
        }
        for lever in LEVERS.values()
    ]


def shocks(language: str) -> list[Data]:
    """All events with their meaning and support."""
    return [
        {
            "id": shock.id,
            "name": spoken(shock.name, language),
            "meaning": plainer(language, "shock", shock),
            "range": span(language, shock),
            "badge": shock.evidence,
            "badge_words": text(language, f"badge.{shock.evidence}"),
            "sections": sections(shock),
        }
        for shock in SHOCKS.values()
    ]


def indicators(language: str) -> list[Data]:
    """All outcomes: what they measure, over whom, and in what."""
    return [
        {
            "id": indicator.id,
            "name": text(language, f"indicator.{indicator.id}.name"),
            "meaning": spoken(indicator.meaning, language),
            "denominator": spoken(indicator.denominator, language),
            "unit": spoken(indicator.unit, language),
            "better": text(language, f"model.better.{indicator.better}"),
        }
        for indicator in INDICATORS.values()
    ]


def words(language: str, *prefixes: str) -> dict[str, str]:
    """The fixed texts of the page."""
    return {key: value for key, value in catalogue(language).items() if key.startswith(prefixes) and "{" not in value}


@cache
def page(language: str, root_path: str = "") -> Data:
    """The whole page in a language."""
    figures = [asdict(who(language, counts(language))), asdict(month(language, steps(language)))]
    return {
        "headline": text(language, "model.title"),
        "lead": pieces(text(language, "model.lead")),
        "figures": figures,
        "chain": chain(language),
        "levers": levers(language),
        "shocks": shocks(language),
        "indicators": indicators(language),
        "limits": limits(language, findings()),
        "numbers": numbers(language),
        "terms": glossary(language),
        "description": {"address": f"{root_path}{BY_ID['model'].path}/odd", "contents": contents()},
        "evidence": address("evidence", language, root_path),
        "citation": citation(),
        "words": words(language, "model.", "badge.", "table.", "evidence.limits."),
    }
