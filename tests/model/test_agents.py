"""Agents are views on the state: everything in it can be read and written through them."""

import math

import numpy as np
import pytest

from sim.agents import AGENT_CLASSES, Alderman, Facilitator, Initiative, Municipality, Official
from sim.model import CollaborationModel
from sim.steps import CALLS
from sim.views import Agreement, Field, Ledger, Link, Share, Tie, fields_of
from sim.world.state import SEEN, STATUSES, TOPIC_GOALS, TOPIC_ROLES

# Ranges of rows; read through Municipality.officials and .initiatives.
RANGES = {"post_from", "post_to", "member_from", "member_to"}
VIEWS = (Tie, Agreement, Ledger)


@pytest.fixture(scope="module")
def lived() -> CollaborationModel:
    """A world in which three years have passed; only looked at."""
    model = CollaborationModel(scenario="recommendations", rng=2)
    model.run_model()
    return model


@pytest.mark.parametrize("kind", [*AGENT_CLASSES, *VIEWS], ids=lambda kind: kind.__name__)
def test_every_field_of_the_state_is_there_with_its_meaning(kind, lived):
    shown = {
        (getattr(each, "table", "") or kind.table, each.field)
        for base in kind.__mro__
        for each in vars(base).values()
        if isinstance(each, Field | Link)
    }
    tables = [kind.table, "former"] if kind is Tie else [kind.table]
    hidden = RANGES | ({"person"} if kind is Tie else set())
    stored = {(table, name) for table in tables for name in getattr(lived.state, table).dtype.names}
    assert shown == {(table, name) for table, name in stored if name not in hidden}
    for name, field in fields_of(kind).items():
        assert field.meaning, name
        assert field.unit, name


def test_what_a_tie_was_is_read_and_written_in_its_own_table():
    model = CollaborationModel(world="my-municipality-small", rng=1)
    tie = model.initiatives[0].ties[0]
    before = model.state.ties.tobytes()
    model.state.former["trust"][tie.row] = 0.123
    assert tie.old_trust == 0.123 != tie.trust
    tie.old_known = 0.4
    assert model.state.former["known"][tie.row] == 0.4
    assert model.state.ties.tobytes() == before


def test_every_step_of_the_month_is_a_method_of_its_owner():
    by_owner = {kind.owner: kind for kind in AGENT_CLASSES}
    assert len({(call.step.owner, call.method) for call in CALLS}) == len(CALLS)
    for call in CALLS:
        method = vars(by_owner[call.step.owner])[call.method]
        assert callable(method), call
        assert method.__doc__, call


def test_all_agents_can_be_read(lived):
    for agent in lived.agents:
        for name, value in agent.as_dict().items():
            assert isinstance(value, int | str | bool) or math.isfinite(value), (agent, name)
            if isinstance(agent.fields()[name], Share):
                assert 0.0 <= value <= 1.0, (agent, name)
    for initiative in lived.initiatives:
        for tie in initiative.ties:
            shares = {n: v for n, v in tie.as_dict().items() if isinstance(fields_of(Tie)[n], Share)}
            assert all(0.0 <= value <= 1.0 for value in shares.values()), (tie, shares)
        assert initiative.agreement.topics >= frozenset()
        assert initiative.ledger.agreements >= 0


def test_agents_read_their_own_row(lived):
    rows = lived.state.initiatives
    for initiative in lived.initiatives:
        row = rows[initiative.row]
        assert initiative.energy == row["energy"]
        assert initiative.status == STATUSES[row["status"]]
        assert initiative.contact_a_month == row["contact"]
        assert initiative.municipality.row == row["municipality"]
        assert initiative.contact_person is lived.officials[row["post"]]
        assert initiative in initiative.municipality.initiatives
        assert initiative.contact_person in initiative.municipality.officials
        assert initiative in initiative.facilitator.initiatives
        assert initiative.municipality.alderman.municipality is initiative.municipality
    assert sum(len(town.initiatives) for town in lived.municipalities) == len(lived.initiatives)


def test_ties_name_their_persons(lived):
    for initiative in lived.initiatives:
        first, *_, last = initiative.ties
        assert (first.kind, first.person) == ("contact", initiative.contact_person)
        assert (last.kind, last.person) == ("alderman", initiative.municipality.alderman)
        assert first.initiative is initiative
        assert first == initiative.ties[0] != last
    trusted = lived.initiatives[0].ties[0]
    assert trusted.trust == lived.state.ties["trust"][trusted.row]
    assert 0.0 < trusted.capability < 1.0


def test_what_happened_can_be_read(lived):
    state = lived.state
    assert sum(each.ledger.agreements for each in lived.initiatives) == state.ledger["agreements"].sum() > 0
    assert sum(each.agreement.in_force for each in lived.initiatives) == state.agreements["in_force"].sum() > 0
    seen = [each.seen_last_year for each in lived.initiatives]
    assert {kind: sum(each[kind] for each in seen) for kind in SEEN} == dict(
        zip(SEEN, state.seen.sum(axis=(0, 1)).tolist(), strict=True)
    )
    assert lived.initiatives[0].policy["regular_meetings"] > 0.0
    assert any("present" in repr(each) for each in lived.officials)
    assert repr(lived.initiatives[0]) == "<Initiative 0: {0.ambition}, {0.status}, {0.phase}>".format(
        lived.initiatives[0]
    )
    assert {each.tenure() for each in lived.officials if not each.present} <= {0}


def test_what_is_written_is_what_the_rules_find():
    model = CollaborationModel(months=2)
    model.step()
    assert model.indicators()["active"] > 0
    for initiative in model.initiatives:
        initiative.status = "stopped"
    model.step()
    assert model.indicators()["active"] == 0


def test_writing_goes_to_the_record_and_refuses_what_cannot_be():
    model = CollaborationModel(months=1)
    initiative, town = model.initiatives[3], model.municipalities[0]
    initiative.energy = 0.25
    assert model.state.initiatives["energy"][3] == 0.25
    initiative.left_out = True
    assert model.state.initiatives["left_out"][3] == 1
    initiative.agreement.topics = frozenset({"goals", "roles"})
    assert model.state.agreements["topics"][3] == TOPIC_GOALS | TOPIC_ROLES
    assert initiative.agreement.topics == {"goals", "roles"}
    initiative.ties[0].trust = 0.9
    assert model.state.ties["trust"][initiative.ties[0].row] == 0.9
    town.vision_month = 7
    assert model.state.municipalities["vision_month"][0] == 7
    with pytest.raises(ValueError, match="energy: 1.5 is not allowed; allowed: 0 to 1"):
        initiative.energy = 1.5
    with pytest.raises(ValueError, match="status: 'asleep' is not allowed; allowed: not_yet, active, dormant, stopped"):
        initiative.status = "asleep"
    with pytest.raises(ValueError, match="money_left: nan"):
        initiative.money_left = math.nan
    with pytest.raises(ValueError, match="topics"):
        setattr(initiative.agreement, "topics", "goals")  # noqa: B010
    with pytest.raises(TypeError):
        setattr(initiative, "met_month", 1.5)  # noqa: B010  (a type checker would refuse it)
    with pytest.raises(AttributeError, match="municipality"):
        initiative.municipality = town


def test_mesas_own_tools_work_on_them(lived):
    assert set(lived.agents_by_type) == set(AGENT_CLASSES)
    assert len(lived.agents_by_type[Facilitator]) == len(lived.state.facilitators)
    mean = lived.agents_by_type[Initiative].agg("energy", np.mean)
    assert mean == pytest.approx(lived.state.initiatives["energy"].mean())
    active = lived.agents_by_type[Initiative].select(lambda each: each.status == "active")
    assert len(active) == lived.indicators()["active"]
    assert {type(each) for each in lived.agents} == {Municipality, Official, Alderman, Facilitator, Initiative}
