"""How somebody else makes the same comparison again: the command, lines of Python, and the files it needs."""

import json
from typing import Any

import yaml

from dashboard import simulation
from dashboard.language import text
from dashboard.naming import words
from dashboard.state import MINE, Choice

Data = dict[str, Any]


def files(choice: Choice) -> list[tuple[str, str]]:
    """Name and YAML text of every file that the command needs: what the visitor made himself."""
    from sim.scenario import scenario_data

    found = []
    for slot, name in choice.slots.items():
        if name in choice.texts:
            found.append((f"{name}.yaml", as_yaml(scenario_data(simulation.scenario_of(choice, slot)))))
    if choice.world == MINE:
        world = simulation.setting(choice)
        data = world.model_dump(mode="json", exclude_none=True, exclude={"facts"})
        found.append((f"{world.id}.yaml", as_yaml(data)))
    return found


def scenario_file(choice: Choice, slot: str) -> str:
    """The YAML text of the scenario under a letter, shipped ones too."""
    from sim.scenario import scenario_data

    return as_yaml(scenario_data(simulation.scenario_of(choice, slot)))


def as_yaml(data: Data) -> str:
    """Plain data as YAML that the simulation's own reader reads back; its lines fit on the paper of the memo."""
    plain = json.loads(json.dumps(data))
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=90)


def python(choice: Choice, replicates: int) -> str:
    """The same comparison as lines of Python."""
    made = choice.texts
    names = [f"{name}.yaml" if name in made else name for name in choice.slots.values()]
    world = f"{simulation.setting(choice).id}.yaml" if choice.world == MINE else choice.world
    arguments = [
        json.dumps([simulation.AS_NOW, *names]),
        f'world="{world}"',
        *([f"months={choice.months}"] if choice.months is not None else []),
        f'parameters="{simulation.parameters().name}"',
        f"replicates={replicates}",
        f"seed={simulation.SEED}",
    ]
    lines = ",\n    ".join(arguments)
    return f'import sim\n\nresult = sim.compare(\n    {lines},\n)\nprint(result.summary.to_dataframe(name="value"))\n'


def reproduce(choice: Choice, replicates: int) -> Data:
    """What the part *make it again* shows. replicates: how many worlds the answer rests on."""
    language = choice.language
    return {
        "command": simulation.command(choice, replicates),
        "python": python(choice, replicates),
        "files": [
            {"name": name, "text": content, "label": text(language, "reproduce.file", name=name)}
            for name, content in files(choice)
        ],
        "stamp": simulation.stamp(),
        "words": words(language, "reproduce."),
    }
