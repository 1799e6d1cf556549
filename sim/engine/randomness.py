"""Addressed randomness: every draw is a pure function of (seed, replicate, who, month, purpose).

Nothing is drawn in sequence, so two scenarios with the same seed share every chance event that the policy does not
touch (common random numbers), and no order of computing can change a number.

A draw is one output of SplitMix64 (Steele, Lea & Flood 2014), whose state steps by a fixed odd number and whose
finaliser makes that state random: here the state is the key of the replicate, so many steps of one number by who, of
another by month and of a third by purpose. Along each of these the draws are those of that generator. The three step
sizes (`WHO`, `MONTH`, `PURPOSE`) are 2^64 over the powers of the root of x^4 = x + 1, made odd, which spreads what lies
near in any direction (Roberts 2018); tests see to it that no two addresses in use meet.

Keys and addresses stay unsigned 64-bit everywhere: in numba a signed integer beside an unsigned one becomes a float and
breaks the mixing.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiling import compiled, filling, generator

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
WHO, MONTH, PURPOSE = np.uint64(0xD1B54A32D192ED03), np.uint64(0xABC98388FB8FAC03), np.uint64(0x8CB92BA72F3D8DD7)
MIX1 = np.uint64(0xBF58476D1CE4E5B9)
MIX2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31 = np.uint64(30), np.uint64(27), np.uint64(31)
S40, S56, S32, S11 = np.uint64(40), np.uint64(56), np.uint64(32), np.uint64(11)
LOW32 = np.uint64(0xFFFFFFFF)
UNIT = 1.0 / 9007199254740992.0  # 2**-53
PHILOX_M0, PHILOX_M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
PHILOX_W0, PHILOX_W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
USE_PHILOX = generator() == "philox"


@compiled
def mix64(z: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64: a bijection of the 64-bit integers."""
    z = (z ^ (z >> S30)) * MIX1
    z = (z ^ (z >> S27)) * MIX2
    return z ^ (z >> S31)


@compiled
def replicate_key(seed: int, replicate: int) -> np.uint64:
    """Key of one replicate: two rounds of mixing, so that neighbouring seeds and replicates have nothing in common."""
    return mix64(mix64(np.uint64(seed) * GOLDEN + GOLDEN) + np.uint64(replicate) * GOLDEN + np.uint64(1))


@filling
def key_of(seed: int, replicate: int) -> np.ndarray:
    """The key of a replicate as an array of one: through Python a bare uint64 would come back as a signed integer."""
    found = np.empty(1, np.uint64)
    found[0] = replicate_key(seed, replicate)
    return found


@compiled
def address(who: int, month: int, purpose: int) -> np.uint64:
    """Pack an address into one number: purpose in the top 8 bits, month in 16, who in 40. A month may be negative
    (before the world's first).
    """
    return (np.uint64(purpose) << S56) | ((np.uint64(month + 32768) & np.uint64(0xFFFF)) << S40) | np.uint64(who)


@compiled
def philox4x32(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64):  # type: ignore[no-untyped-def]
    """Philox4x32-10 (Salmon et al. 2011): four 32-bit words from a counter of four words and a key of two."""
    for _ in range(10):
        p0 = PHILOX_M0 * c0
        p1 = PHILOX_M1 * c2
        n0 = (p1 >> S32) ^ c1 ^ k0
        n2 = (p0 >> S32) ^ c3 ^ k1
        c1 = p1 & LOW32
        c3 = p0 & LOW32
        c0 = n0 & LOW32
        c2 = n2 & LOW32
        k0 = (k0 + PHILOX_W0) & LOW32
        k1 = (k1 + PHILOX_W1) & LOW32
    return c0, c1, c2, c3


@compiled
def bits(key: np.uint64, who: int, month: int, purpose: int) -> np.uint64:
    """The 64 random bits at an address."""
    if USE_PHILOX:
        where = address(who, month, purpose)
        a, b, _, _ = philox4x32(where & LOW32, where >> S32, np.uint64(0), np.uint64(0), key & LOW32, key >> S32)
        return (b << S32) | a
    # who and month first: what a rule draws of one row in a month then shares all but the last step
    return mix64(key + np.uint64(who) * WHO + np.uint64(month) * MONTH + np.uint64(purpose) * PURPOSE)


@compiled
def between_0_and_1(some: np.uint64) -> float:
    """A number of the open interval (0, 1), by 53 of these bits."""
    return (np.float64(some >> S11) + 0.5) * UNIT


@compiled
def uniform(key: np.uint64, who: int, month: int, purpose: int) -> float:
    """Uniform on the open interval (0, 1), 53 bits, at an address."""
    return between_0_and_1(bits(key, who, month, purpose))


@compiled
def layout_uniform(key: np.uint64, who: int, purpose: int) -> float:
    """Uniform for laying out a world: two rounds of mixing a packed address. A world is a fact of its own; who is where
    in it does not change with the way in which its months are drawn.
    """
    if USE_PHILOX:
        return uniform(key, who, 0, purpose)
    return between_0_and_1(mix64(mix64(address(who, 0, purpose) * GOLDEN + key) ^ key))


@compiled
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal, algorithm AS 241 (Wichura 1988, PPND7): about seven digits, increasing in
    ``u``.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * top / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        x = (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) / (
            (0.12021132975 * r + 0.7370016425) * r + 1.0
        )
    else:
        r -= 5.0
        top = ((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115
        x = top / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return -x if q < 0.0 else x


@compiled
def normal(key: np.uint64, who: int, month: int, purpose: int) -> float:
    """Standard normal at an address, by inversion (so that nested uniforms give nested normals)."""
    return normal_quantile(uniform(key, who, month, purpose))


@compiled
def happens(hazard: float, u: float) -> bool:
    """Does an event of this hazard (a month) happen, given a uniform? The complementary log-log link: u < 1 -
    exp(-hazard).

    Under two scenarios the events are nested: those of the lower hazard are among those of the higher (a thinning
    coupling). The bounds h - h²/2 < 1 - exp(-h) < h - h²/2 + h³/6 < h decide nearly every draw without an exponential.
    """
    if u >= hazard:
        return False
    low = hazard * (1.0 - 0.5 * hazard)
    if u < low:
        return True
    if u >= low + hazard * hazard * hazard / 6.0:
        return False
    return u < -math.expm1(-hazard)
