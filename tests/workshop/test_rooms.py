"""Rooms and the memory they take: those that nobody looks at make way, and who leaves leaves nothing behind."""

import pytest

from dashboard.workshop import rooms
from dashboard.workshop.futures import MOST_FUTURES, RefusedChangeError
from dashboard.workshop.rooms import Rooms


@pytest.fixture
def house():
    return Rooms()


def begun(house, listener=None):
    room = house.open()
    if listener is not None:
        room.listeners.append(listener)
    assert room.act("choose", script="turnover"), room.notice
    return room


def test_a_room_weighs_what_its_futures_can_take(house):
    room = begun(house)
    kept = sum(table.nbytes for state in room.futures["nu"].chronicle.states for table in state)
    assert kept <= room.weight / MOST_FUTURES <= 2 * kept


def test_who_leaves_frees_what_the_room_took(house):
    room = begun(house)
    assert room.act("leave")
    assert room.weight == 0
    assert not hasattr(room, "futures")
    assert room.act("choose", script="money")


def test_rooms_that_nobody_looks_at_make_way_the_longest_idle_first(house, monkeypatch):
    first, second = begun(house), begun(house)
    monkeypatch.setattr(rooms, "MOST_BYTES", 5 * first.weight // 2)
    second.touched = first.touched - 60.0
    third = begun(house)
    assert house.by_code(second.code) is None
    assert house.by_code(first.code) is first
    assert house.by_code(third.code) is third


def test_a_room_that_somebody_looks_at_stays_and_the_next_is_refused_in_words(house, monkeypatch):
    room = begun(house, listener=lambda: None)
    monkeypatch.setattr(rooms, "MOST_BYTES", room.weight)
    late = house.open()
    assert not late.act("choose", script="turnover")
    assert late.notice == {"key": "workshop.refused.memory", "values": {}}
    assert not late.begun  # it still is where a session is chosen
    assert room.act("choose", script="turnover")  # its own bytes do not count twice
    with pytest.raises(RefusedChangeError):
        house.allow(room, room.weight + 1)
