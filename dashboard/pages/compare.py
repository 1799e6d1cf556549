"""The page *Vergelijken*: choose policies and a world, and see what they do against going on as now."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import wraps
from typing import Any

import reacton.core
import reacton.ipyvuetify as rv
import solara
import solara.server.kernel_context

from dashboard import builder, equal_cost, municipality, outcomes, own, simulation
from dashboard.answer import answer, saves, taken
from dashboard.chooser import MOST_EUROS, cards, chooser, equal
from dashboard.components import Answer, Builder, Cards, Chooser, Equal, History, Municipality, Reproduce, Take, Why
from dashboard.explaining import Explaining, Part
from dashboard.language import number, text
from dashboard.naming import words
from dashboard.navigation import title
from dashboard.numerals import typed_number
from dashboard.reproduce import reproduce
from dashboard.session import SHARP_WORLDS, Session, Standing, at_once, explained
from dashboard.state import MINE, NOW, SLOTS, Choice, Opened, opened

log = logging.getLogger("samenspel.dashboard")

CARDS, TOWN = "cards", "town"  # what the lower part of the left-hand side shows; or the letter of a policy


def read(query: str) -> Opened:
    """What an address asks for."""
    return opened(
        query,
        simulation.policies(),
        simulation.worlds(),
        simulation.default_choice(),
        stamp=simulation.stamp(),
        horizons=simulation.horizons,
    )


def drawn_once(page: AbstractContextManager[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes an event that changes several things draw the page once, at its end, instead of after each of them."""

    def made(handle: Callable[..., None]) -> Callable[..., None]:
        @wraps(handle)
        def handled(*given: Any) -> None:
            with page:
                handle(*given)

        return handled

    return made


@solara.component
def Page():
    once = drawn_once(reacton.core.get_render_context())
    router = solara.use_router()
    entry = solara.use_memo(lambda: read(router.search or ""), [])
    choice = solara.use_reactive(entry.choice)
    faults = solara.use_reactive(entry.faults)
    notes = solara.use_reactive(entry.notes)
    panel = solara.use_reactive(CARDS)
    front = solara.use_reactive(())  # rows that stand first while the builder is open
    drafts = solara.use_reactive({})  # what was typed that could not be, by control: (typed, sentence)
    heard = solara.use_reactive(0)  # the last edit of a slider or a box that was dealt with
    told = solara.use_reactive(())  # what «at equal cost» did
    budget = solara.use_reactive((None, ""))  # a budget that could not be: (typed, sentence)
    start = solara.use_memo(lambda: at_once(entry.choice), [])
    first = solara.use_memo(lambda: answer(start), [])
    seen = solara.use_reactive((start, first))  # how far the answer is, and what is drawn of it
    reasons = solara.use_reactive(())  # parts of why, by policy
    followed = solara.use_reactive("")  # the letter of the policy that was made or adjusted last

    def begin() -> tuple[Session, Explaining]:
        context = solara.server.kernel_context.get_current_context()

        def tell(standing_now: Standing) -> None:
            try:
                drawn = answer(standing_now)
            except Exception as error:  # a figure that cannot be drawn must not leave the visitor waiting
                log.exception("an answer could not be drawn")
                language = standing_now.choice.language
                standing_now = Standing(standing_now.choice, "failed", fault=explained(error, language))
                drawn = answer(standing_now)
            with context:  # a thread has no kernel of its own: without this the page is never told
                before, drawn_before = seen.value
                if standing_now.phase == "starting" and not drawn["headline"] and drawn_before["headline"]:
                    # Until there is something of the new answer the one before it stays, and is called so.
                    seen.value = (before, waiting(drawn_before, drawn))
                else:
                    seen.value = (standing_now, drawn)
            if standing_now.phase == "done":
                explaining.ask(standing_now.choice)
            else:
                explaining.forget()

        def explain(parts: tuple[Part, ...]) -> None:
            with context:
                reasons.value = parts

        explaining = Explaining(explain)
        return Session(tell), explaining

    session, explaining = solara.use_memo(begin, [])

    def live():
        session.choose(entry.choice)

        def leave() -> None:
            session.close()
            explaining.close()

        return leave

    solara.use_effect(live, [])

    @once
    def choose(changed: Choice) -> None:
        if changed != choice.value:
            choice.value = changed
            session.choose(changed)
            told.value, budget.value = (), (None, "")
            if followed.value not in changed.slots:
                followed.value = ""
            if panel.value in SLOTS and panel.value not in changed.slots:
                show(CARDS)

    def show(what: str) -> None:
        if what in SLOTS and what in choice.value.slots:
            front.value = builder.in_use(simulation.scenario_of(choice.value, what))
        elif what not in (CARDS, TOWN):
            return
        panel.value, drafts.value = what, {}

    def toggle(policy: str) -> None:
        if policy in simulation.policies() or policy in choice.value.texts:
            choose(choice.value.toggled(policy))

    @once
    def enter(world: str) -> None:
        if world == MINE:
            town = choice.value.town or own.town(own.USUAL_TOWN)
            choose(replace(choice.value, world=MINE, town=town, months=None))
            show(TOWN)
        elif world in simulation.worlds():
            choose(replace(choice.value, world=world, months=None))
            if panel.value == TOWN:
                show(CARDS)

    def look(pair: str) -> None:
        view = tuple(pair.split("-"))
        if view in choice.value.pairs:
            choose(replace(choice.value, view=(view[0], view[1])))

    def ask(about: Any) -> None:
        if about in outcomes.OUTCOMES:
            choose(replace(choice.value, about="" if about == outcomes.MAIN else str(about)))

    def until(months: Any) -> None:
        if str(months).isdecimal() and int(months) in simulation.horizons(choice.value):
            longest = simulation.setting(choice.value).horizon
            choose(replace(choice.value, months=None if int(months) == longest else int(months)))

    @once
    def build(_: Any = None) -> None:
        slot = choice.value.free
        if slot is not None:
            choose(replace(choice.value.with_own(slot, builder.empty(choice.value, slot)), view=(slot, NOW)))
            followed.value = slot
            show(slot)

    def dealt_with(event: Any, done: builder.Edited) -> None:
        """Remember that an edit was heard, and keep what was typed when it could not be."""
        kept = {key: draft for key, draft in drafts.value.items() if key != event["key"]}
        if done.made is None:
            kept[event["key"]] = (str(event["raw"])[: builder.LONGEST], done.fault)
        drafts.value = kept
        heard.value = max(heard.value, int(event.get("seq", 0)))

    @once
    def set_lever(event: Any) -> None:
        slot = panel.value
        if slot not in choice.value.slots:
            return
        done = builder.edited(choice.value, slot, str(event["key"]), str(event["raw"]))
        if done.made is not None:
            changed = choice.value.with_own(slot, done.made)
            if event["key"] != "name":
                if followed.value != slot and slot not in (changed.pair or ()):
                    changed = replace(changed, view=(slot, NOW))
                followed.value = slot
            choose(changed)
        dealt_with(event, done)

    @once
    def set_town(event: Any) -> None:
        done = municipality.edited(choice.value, str(event["key"]), str(event["raw"]))
        if done.made is not None:
            choose(replace(choice.value, town=done.made))
        dealt_with(event, done)
        if done.made is not None and str(event["key"]).startswith("initiatives/"):
            retry()

    def retry() -> None:
        """Numbers of initiatives that could not be while there were no others may be possible now."""
        for key, (typed, _) in drafts.value.items():
            again = municipality.edited(choice.value, key, typed) if key.startswith("initiatives/") else None
            if again is not None and again.made is not None:
                choose(replace(choice.value, town=again.made))
                drafts.value = {other: draft for other, draft in drafts.value.items() if other != key}

    @once
    def equalise(typed: Any) -> None:
        language = choice.value.language
        euros = typed_number(language, str(typed)[: builder.LONGEST])
        if euros is None or not 0 < euros <= MOST_EUROS:
            sentence = text(language, "equal.fault", typed=own.cleaned(str(typed)), most=number(language, MOST_EUROS))
            budget.value = (str(typed)[: builder.LONGEST], sentence)
            return
        least = equal_cost.least_budget(choice.value)
        if euros < least:
            sentence = text(language, "equal.fault_low", typed=own.cleaned(str(typed)), least=number(language, least))
            budget.value = (str(typed)[: builder.LONGEST], sentence)
            return
        done = equal_cost.at_equal_cost(choice.value, euros)
        choose(done.choice)
        told.value, budget.value = done.told, (str(typed)[: builder.LONGEST], "")

    @once
    def reopen(query: Any) -> None:
        """An earlier step, or a comparison that was kept on this device."""
        again = read(str(query))
        faults.value, notes.value = again.faults, again.notes
        choose(replace(again.choice, language=choice.value.language))
        if panel.value in SLOTS:
            show(panel.value)

    now = choice.value
    language = now.language
    standing, shown = seen.value
    solara.Title(title("compare", language))
    finished = standing.phase == "done" and standing.choice.question == now.question
    with solara.Div(), rv.Html(tag="main", class_="wrap"):
        with rv.Html(tag="aside", class_="left", attributes=place("choose", text(language, "choose.label"))):
            History(
                shown={
                    "address": now.address(stamp=simulation.stamp()),
                    "name": ", ".join(row["name"] for row in chooser(now)["rows"] if row["policy"]),
                    "words": words(language, "history."),
                },
                event_open=reopen,
            )
            Chooser(
                shown={**chooser(now), "panel": panel.value},
                event_toggle=toggle,
                event_enter=enter,
                event_show=show,
                event_until=until,
                event_build=build,
            )
            Equal(shown=equal(now, budget.value[0], budget.value[1], told.value), event_make=equalise)
            if panel.value in now.slots:
                Builder(
                    shown={**builder.builder(now, panel.value, front.value, drafts.value), "heard": heard.value},
                    event_edit=set_lever,
                    event_close=lambda *_: show(CARDS),
                )
            elif panel.value == TOWN and now.world == MINE:
                Municipality(
                    shown={**municipality.municipality(now, drafts.value), "heard": heard.value},
                    event_edit=set_town,
                    event_close=lambda *_: show(CARDS),
                )
            else:
                Cards(shown=cards(now), event_toggle=toggle)
        with rv.Html(tag="div", class_="column"):
            Answer(
                shown=shown,
                older=standing.choice.question != now.question,
                faults=[*faults.value, *notes.value],
                faults_title=text(language, "address.title" if faults.value else "address.changed_title"),
                event_look=look,
                event_toggle=toggle,
                event_stop=lambda *_: session.stop(),
                event_resume=lambda *_: session.resume(),
                event_dismiss=lambda *_: (faults.set(()), notes.set(())),
                event_ask=ask,
            )
            for part in reasons.value if finished else ():
                Why(
                    shown={**part.shown, "saves": saves(now, part.slot)},
                    event_tell=lambda link, slot=part.slot: explaining.tell_story(slot, str(link)),
                    event_close=lambda *_, slot=part.slot: explaining.close_story(slot),
                ).key(f"why-{part.slot}")
            if finished:
                Reproduce(shown=reproduce(now, max(SHARP_WORLDS, standing.result.replicates))).key("reproduce")
            # By its key it stays the same part when others come before it: a file may be on its way in or out.
            Take(shown=taken(shown), event_open=reopen).key("take")


def waiting(before: dict[str, Any], drawn: dict[str, Any]) -> dict[str, Any]:
    """What was drawn of the answer before, with how far the new one is; nothing of it can be taken home any more."""
    news = ("phase", "status", "pairs", "fault", "upload", "words")
    figures = [{**figure, "links": []} for figure in before["figures"]]
    return {**before, **{key: drawn[key] for key in news}, "figures": figures, "exports": []}


def place(identity: str, label: str) -> dict[str, str]:
    """A part of the page that the keyboard can be sent to."""
    return {"id": identity, "tabindex": "-1", "aria-label": label}
