"""Addressed randomness: the published outputs of the generators, uniformity, independence of neighbouring addresses,
nested events.
"""

import ast
import math
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from sim.engine import randomness
from sim.engine.randomness import (
    address,
    happens,
    key_of,
    mix64,
    normal_quantile,
    philox4x32,
    replicate_key,
    uniform,
)
from sim.evidence.parameters import record
from sim.month import begin_replicate
from sim.world import purposes
from sim.world.build import LAYOUT_SEED, build, uniforms
from sim.world.files import load_world

ROOT = Path(__file__).resolve().parents[2]
MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
STEPS = {"who": 0xD1B54A32D192ED03, "month": 0xABC98388FB8FAC03, "purpose": 0x8CB92BA72F3D8DD7}
KEYS = [0, 1, 2**63 - 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF, 0xFEDCBA9876543210]


# A second writing of the generator, in plain whole numbers -----------------------------------------------------------


def plain_mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def plain_key(seed: int, replicate: int) -> int:
    return plain_mix((plain_mix((seed * GOLDEN + GOLDEN) & MASK) + replicate * GOLDEN + 1) & MASK)


def plain_uniform(key: int, who: int, month: int, purpose: int) -> float:
    state = key + who * STEPS["who"] + month * STEPS["month"] + purpose * STEPS["purpose"]
    return ((plain_mix(state & MASK) >> 11) + 0.5) * 2.0**-53


@numba.njit
def draws(keys, whos, months, why):  # a uniform at each of these addresses
    found = np.empty(len(whos))
    for i in range(len(whos)):
        found[i] = uniform(keys[i], whos[i], months[i], why[i])
    return found


def at(*, seed=1, replicate=0, who=0, month=0, purpose=1) -> np.ndarray:
    """Uniforms at addresses; each part a number or an array."""
    parts = np.broadcast_arrays(np.atleast_1d(seed), replicate, who, month, purpose)
    seeds, replicates, whos, months, why = (part.astype(np.int64) for part in parts)
    pairs, which = np.unique(np.stack([seeds, replicates]), axis=1, return_inverse=True)
    keys = np.array([key_of(int(s), int(r))[0] for s, r in pairs.T], np.uint64)
    return draws(keys[which.reshape(-1)], whos, months, why)


# Known answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "outputs"),
    [
        (0, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]),
        (
            1234567,
            [
                6457827717110365317,
                3203168211198807973,
                9817491932198370423,
                4593380528125082431,
                16408922859458223821,
            ],
        ),
    ],
)
def test_the_finaliser_gives_the_published_outputs_of_splitmix64(seed, outputs):
    states = [np.uint64((seed + k * GOLDEN) & MASK) for k in range(1, len(outputs) + 1)]
    assert [mix64(state) for state in states] == outputs


@pytest.mark.parametrize(
    ("counter", "key", "outputs"),
    [
        ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, outputs):
    assert list(philox4x32(*(np.uint64(word) for word in (*counter, *key)))) == outputs


@pytest.mark.skipif(randomness.USE_PHILOX, reason="the plain writing below is of the other generator")
@pytest.mark.parametrize("key", KEYS)
def test_compiled_draws_are_those_of_plain_whole_numbers(key):
    rng = np.random.default_rng(key % 2**32)
    whos, months, why = rng.integers(0, 2**31, 300), rng.integers(-1, 600, 300), rng.integers(1, 256, 300)
    found = draws(np.full(300, key, np.uint64), whos, months, why)
    assert found.tolist() == [plain_uniform(key, *map(int, place)) for place in zip(whos, months, why, strict=True)]


@pytest.mark.skipif(randomness.USE_PHILOX, reason="the plain writing below is of the other generator")
@pytest.mark.parametrize("purpose", [1, purposes.PLACE_HOMES, 255])
def test_worlds_are_laid_out_by_two_rounds_of_mixing(purpose):
    key = plain_key(LAYOUT_SEED, 0)

    def plain(number: int) -> float:
        where = (purpose << 56) | (32768 << 40) | number
        return ((plain_mix(plain_mix((where * GOLDEN + key) & MASK) ^ key) >> 11) + 0.5) * 2.0**-53

    assert uniforms(300, purpose).tolist() == [plain(number) for number in range(300)]


def test_keys_are_those_of_plain_whole_numbers():
    for seed in (0, 1, 2, 2021, 2**31, 2**53):
        for replicate in (0, 1, 2, 199, 10**6):
            assert int(key_of(seed, replicate)[0]) == plain_key(seed, replicate)
            assert replicate_key(seed, replicate) == plain_key(seed, replicate)


def test_a_key_survives_python():
    """A bare 64-bit number above 2**63 would come back as another type; the array of one and the clock keep it."""
    state = build(load_world("my-municipality-small"))
    state.parameters[0] = record()[0]
    high = [r for r in range(50) if plain_key(1, r) >= 2**63]
    assert 10 < len(high) < 40
    for replicate in range(50):
        key = key_of(1, replicate)
        assert key.dtype == np.uint64 and key.shape == (1,)
        begin_replicate(state, key)
        assert state.clock["key"].dtype == np.uint64
        assert int(state.clock["key"][0]) == plain_key(1, replicate)


# Addresses -----------------------------------------------------------------------------------------------------------


def test_different_addresses_are_packed_differently():
    edges = [
        (who, month, purpose)
        for who in (0, 1, 2, 2**16, 2**32, 2**40 - 1)
        for month in (-32768, -1, 0, 1, 191, 600, 32767)
        for purpose in (0, 1, 2, 127, 128, 255)
    ]
    packed = {address(*edge) for edge in edges}
    assert len(packed) == len(edges)
    assert all(0 <= each < 2**64 for each in packed)


def test_purposes_are_unique_and_below_256():
    found = {name: value for name, value in vars(purposes).items() if isinstance(value, int)}
    assert len(found) > 100
    topics = {purposes.TOPIC_FIRST + k for k in range(1, 6)}
    assert all(0 < value < 256 for value in found.values())
    assert len(set(found.values())) == len(found)
    assert not topics & set(found.values())


def test_no_two_places_in_a_rule_draw_with_one_purpose():
    """One purpose asked in two places in the same month would tie two chance events that have nothing to do with each
    other.

    Asked again in another month or for another state it may be: whom a lever reaches (month 0), characters, and
    leaving.
    """
    again = {
        "OPENNESS",
        "STANDING",
        "CLICK",
        "ALDERMAN_OPENNESS",
        "ALDERMAN_PRIORITY",
        "PLACE_HOMES",
    }  # start and succession
    again |= {"EXIT"}  # either active or dormant, never both
    places: dict[str, int] = {}
    for path in [*(ROOT / "sim" / "rules").glob("*.py"), *(ROOT / "sim" / "world").glob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("uniform", "normal")
            ):
                continue
            why = call.args[3]
            if isinstance(why, ast.Attribute):
                places[why.attr] = places.get(why.attr, 0) + 1
    assert len(places) > 70
    twice = {name for name, count in places.items() if count > 1 and not name.startswith("REACHED_")}
    assert twice <= again


def test_the_steps_are_powers_of_the_root_of_a_quartic_made_odd():
    with localcontext() as context:
        context.prec = 60
        root = Decimal("1.2")
        for _ in range(100):  # Newton
            root -= (root**4 - root - 1) / (4 * root**3 - 1)
        expected = [int(Decimal(2**64) / root**power) | 1 for power in (1, 2, 3)]
    assert [int(each) for each in (randomness.WHO, randomness.MONTH, randomness.PURPOSE)] == expected
    assert list(STEPS.values()) == expected


@pytest.mark.parametrize("step", STEPS)
def test_a_step_changes_its_bits_often_enough(step):
    """What Steele, Lea & Flood ask of a step: 24 places and more where neighbouring bits differ."""
    assert (STEPS[step] ^ (STEPS[step] >> 1)).bit_count() >= 24


def test_no_two_addresses_of_a_world_meet():
    """For every difference of month and purpose there is one difference of who, modulo 2^64, that leads to the same
    state: it is larger than any world has ties.
    """
    back = np.uint64(pow(STEPS["who"], -1, 2**64))
    months = np.arange(-2048, 2049).astype(np.uint64)[:, None] * np.uint64(STEPS["month"])
    purposes_apart = np.arange(-255, 256).astype(np.uint64)[None, :] * np.uint64(STEPS["purpose"])
    whos = np.abs(((np.uint64(0) - months - purposes_apart) * back).view(np.int64))
    assert np.count_nonzero(whos == 0) == 1  # no difference at all
    assert whos[whos > 0].min() > 4 * 2**22


# Distribution --------------------------------------------------------------------------------------------------------

MANY = 1 << 16


@pytest.mark.parametrize("month", [-1, 0, 1, 95, 191])
@pytest.mark.parametrize("purpose", [1, purposes.OFFICIAL_LEAVES, 255])
def test_draws_are_uniform(month, purpose):
    u = at(who=np.arange(MANY), month=month, purpose=purpose)
    assert u.min() > 0.0 and u.max() < 1.0
    counts = np.histogram(u, 256, (0.0, 1.0))[0]
    assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4
    fine = np.histogram((u * 2**20) % 1.0, 256, (0.0, 1.0))[0]  # the lower bits too
    assert 1e-4 < stats.chisquare(fine).pvalue < 1 - 1e-4


@pytest.mark.parametrize("axis", ["who", "month", "purpose", "replicate", "seed"])
def test_draws_along_an_axis_are_uniform(axis):
    """Few draws stand on the other axes, so they are taken together over the first 40 whos."""
    count = {"month": 600, "purpose": 255, "replicate": 600, "seed": 600, "who": 600}[axis]
    steps, rows = np.meshgrid(np.arange(1, count + 1), np.arange(40))
    place = {"who": rows.reshape(-1) * 1000, axis: steps.reshape(-1)} if axis != "who" else {"who": steps[0]}
    u = at(**place)
    assert stats.kstest(u, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("step", [1, 2, 4])
@pytest.mark.parametrize("axis", ["who", "month", "purpose", "replicate", "seed"])
def test_neighbouring_addresses_are_not_correlated(axis, step):
    where = {"seed": 7, "replicate": 3, "month": 12, "purpose": purposes.CLICK}
    whos = np.arange(0, MANY, 7)
    first = at(**{**where, "who": whos})
    base = whos if axis == "who" else where[axis]
    second = at(**{**where, "who": whos, axis: base + step})
    bound = 4.5 / math.sqrt(len(whos))
    assert abs(np.corrcoef(first, second)[0, 1]) < bound
    assert abs(np.corrcoef((first * 2**26) % 1, (second * 2**26) % 1)[0, 1]) < bound
    assert abs(np.corrcoef(np.abs(first - 0.5), np.abs(second - 0.5))[0, 1]) < bound


@pytest.mark.parametrize("away", [(1, -1, 0), (1, 1, 1), (-1, 0, 1), (0, 1, -1), (3, -2, 1), (4, 1, -2)])
def test_what_lies_near_in_several_directions_is_independent(away):
    """Sixteenths of one draw against sixteenths of another, who, month and purpose apart."""
    whos, months = (part.reshape(-1) for part in np.meshgrid(np.arange(10, 1034), np.arange(10, 74)))
    first = at(who=whos, month=months, purpose=purposes.CLICK)
    second = at(who=whos + away[0], month=months + away[1], purpose=purposes.CLICK + away[2])
    for low, high in ((first, second), ((first * 2**24) % 1, (second * 2**24) % 1)):
        cells = np.histogram2d(low, high, 16, ((0, 1), (0, 1)))[0]
        assert 1e-5 < stats.chisquare(cells.reshape(-1)).pvalue < 1 - 1e-5


@pytest.mark.parametrize("axis", ["who", "month", "purpose", "replicate"])
def test_a_step_along_an_axis_changes_every_bit_half_of_the_time(axis):
    place: dict[str, Any] = {"who": np.arange(0, 1 << 14), "month": 30, "purpose": 90, "replicate": 5}
    first, second = ((at(**each) * 2**52).astype(np.int64) for each in (place, {**place, axis: place[axis] + 1}))
    changed = first ^ second
    shares = [np.mean((changed >> bit) & 1) for bit in range(52)]
    assert np.abs(np.array(shares) - 0.5).max() < 5 * 0.5 / math.sqrt(1 << 14)


# Normals and events --------------------------------------------------------------------------------------------------


def test_the_normal_quantile_is_that_of_scipy():
    edges = [
        2.0**-54,
        1e-12,
        1e-6,
        0.0749999,
        0.075,
        0.0750001,
        0.5,
        0.9249999,
        0.925,
        0.9250001,
        1 - 1e-6,
        1 - 2.0**-53,
    ]
    u = np.concatenate([edges, np.linspace(1e-4, 1 - 1e-4, 5001)])
    found = np.array([normal_quantile(each) for each in u])
    np.testing.assert_allclose(found, ndtri(u), rtol=3e-7, atol=1e-9)
    # increasing where the approximation passes from one branch to the next too: nested uniforms give nested normals
    assert (np.diff(np.array([normal_quantile(each) for each in np.sort(u)])) >= 0).all()


HAZARDS = [
    0.0,
    1e-300,
    1e-12,
    1e-8,
    1e-6,
    1e-4,
    0.003,
    0.015,
    0.1,
    0.37,
    0.5,
    0.99,
    1.0,
    1.4,
    2.0,
    3.0,
    5.0,
    20.0,
    40.0,
    1e3,
    1e300,
    math.inf,
]


@pytest.mark.parametrize("hazard", HAZARDS)
def test_an_event_happens_below_one_minus_exp_of_minus_the_hazard(hazard):
    """At every lattice point that a draw can be near the three bounds: the two shortcuts, and the link itself."""
    link = -math.expm1(-hazard)
    lattice = 2.0**53
    for bound in (hazard, hazard - 0.5 * hazard * hazard if hazard < 10 else 0.0, link, 0.0, 0.5, 1.0):
        near = round(min(max(bound, 0.0), 1.0) * lattice)
        for k in range(near - 4, near + 4):
            u = (k + 0.5) / lattice
            if 0.0 < u < 1.0:
                assert happens(hazard, u) == (u < link), (hazard, u)


def test_events_happen_as_often_as_their_hazard_says():
    u = at(who=np.arange(MANY), purpose=purposes.TALKS_OPEN)
    for hazard in (0.01, 0.1, 0.7, 2.5):
        events = sum(happens(hazard, each) for each in u)
        expected = -math.expm1(-hazard)
        assert abs(events / MANY - expected) < 4.5 * math.sqrt(expected * (1 - expected) / MANY)


def test_events_of_a_lower_hazard_are_among_those_of_a_higher():
    u = at(who=np.arange(4000), purpose=purposes.CROSSING)
    hazards = np.geomspace(1e-4, 10, 60)
    for each in u:
        happened = [bool(happens(hazard, each)) for hazard in hazards]
        assert happened == sorted(happened)
