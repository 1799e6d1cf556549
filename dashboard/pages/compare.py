"""The page *Vergelijken*: choose policies and a world, and see what they do against going on as now."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import reacton.ipyvuetify as rv
import solara
import solara.server.kernel_context

from dashboard import simulation
from dashboard.answer import answer
from dashboard.chooser import chooser
from dashboard.components import Answer, Chooser
from dashboard.language import text
from dashboard.navigation import title
from dashboard.session import Session, Standing
from dashboard.state import Choice, opened


def default_choice() -> Choice:
    """What is shown to a visitor who asks for nothing in particular."""
    return Choice(next(iter(simulation.worlds())), (("A", simulation.SUGGESTED),))


@solara.component
def Page():
    router = solara.use_router()
    entry = solara.use_memo(
        lambda: opened(router.search or "", simulation.policies(), simulation.worlds(), default_choice()), []
    )
    choice = solara.use_reactive(entry.choice)
    faults = solara.use_reactive(entry.faults)
    shown = solara.use_reactive(answer(Standing(entry.choice, "starting")))

    def begin() -> Session:
        context = solara.server.kernel_context.get_current_context()

        def tell(standing: Standing) -> None:
            drawn = answer(standing)
            with context:  # a thread has no kernel of its own: without this the page is never told
                shown.value = drawn

        return Session(tell)

    session = solara.use_memo(begin, [])

    def live():
        session.choose(entry.choice)
        return session.close

    solara.use_effect(live, [])

    def choose(changed: Choice) -> None:
        if changed != choice.value:
            choice.value = changed
            session.choose(changed)

    def toggle(policy: str) -> None:
        if policy in simulation.policies():
            choose(choice.value.toggled(policy))

    def enter(world: str) -> None:
        if world in simulation.worlds():
            now = choice.value
            choose(Choice(world, now.policies, now.view, now.language))

    def look(pair: str) -> None:
        view = tuple(pair.split("-"))
        if view in choice.value.pairs:
            now = choice.value
            choose(Choice(now.world, now.policies, (view[0], view[1]), now.language))

    language = choice.value.language
    solara.Title(title("compare", language))
    with solara.Div(), rv.Html(tag="main", class_="wrap"):
        Chooser(shown=chooser(choice.value), event_toggle=toggle, event_enter=enter)
        Answer(
            shown=shown.value,
            faults=list(faults.value),
            faults_title=text(language, "address.title"),
            event_look=look,
            event_toggle=toggle,
            event_stop=lambda *_: session.stop(),
            event_resume=lambda *_: session.resume(),
            event_dismiss=lambda *_: faults.set(()),
        )
