"""The model in Mesa's own viewer: step it, play it, choose another policy or other luck, and look at every agent.

    pip install "samenspel[viz]"
    solara run docs/examples/in_mesa_viz.py

Left: Mesa's controls and what the model is made with. Right: each initiative as a dot, how its people and the town hall
fare over time, and a console in which `model` is the living model (`model.initiatives[0].as_dict()`).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import CommandConsole, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from sim import CollaborationModel

SCENARIOS = ["as-now", "regular-meetings", "structural-funding", "municipal-capacity", "high-turnover"]
WORLDS = ["reference", "projection", "my-municipality-small", "my-municipality-medium", "my-municipality-large"]
COLOURS = {"active": "#1f6fb4", "dormant": "#9a9a9a", "stopped": "#c4572e"}  # by status


class ViewedModel(CollaborationModel):
    """The model, made with what the viewer lets one choose. Mesa has a `scenario` of its own, so ours is a policy here;
    the collector keeps indicators only, so that a step takes milliseconds."""

    def __init__(self, policy: str = SCENARIOS[0], world: str = WORLDS[0], replicate: int = 0) -> None:
        super().__init__(scenario=policy, world=world, replicate=replicate, collect_agents=False)


@solara.component
def Initiatives(model: CollaborationModel) -> None:  # noqa: N802 (components are written like classes)
    """Every initiative: trust in its contact person against the energy of its volunteers; larger: more homes."""
    update_counter.get()
    there = Counter(each.status for each in model.initiatives)
    solara.Text(f"{model.month_name}: " + ", ".join(f"{there[status]} {status}" for status in COLOURS))
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot()
    for status, colour in COLOURS.items():
        here = [each for each in model.initiatives if each.status == status]
        axes.scatter(
            [each.ties[0].trust for each in here], [each.energy for each in here],
            s=[15 + each.homes / 10 for each in here], c=colour, alpha=0.7, label=status,
        )  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="trust in the contact person", ylabel="energy of the volunteers")
    axes.legend(loc="upper left")
    solara.FigureMatplotlib(figure, format="svg")


PARAMETERS: dict[str, Any] = {
    "policy": {"type": "Select", "value": SCENARIOS[0], "values": SCENARIOS, "label": "policy"},
    "world": {"type": "Select", "value": WORLDS[0], "values": WORLDS, "label": "world"},
    "replicate": {"type": "SliderInt", "value": 0, "min": 0, "max": 99, "step": 1, "label": "which luck"},
}
COMPONENTS = [
    Initiatives,
    make_plot_component({"active": "#1f6fb4", "agreement_in_force": "#2e8b57"}),
    make_plot_component({"trust_initiative": "#1f6fb4", "understanding": "#c4572e", "energy": "#7a5ba6"}),
    CommandConsole,
]


@solara.component
def Page() -> None:  # noqa: N802
    """One model for each visitor: made here, not at import, or all would step the same world."""
    model = solara.use_memo(ViewedModel, [])
    SolaraViz(model, components=COMPONENTS, model_params=PARAMETERS, name="Samenspel", play_interval=200)
