"""Addressed draws as arrays: one number for each of those who are asked something."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import filling
from sim.engine.randomness import normal, uniform


@filling
def uniforms(key: np.ndarray, who: np.ndarray, month: int, purpose: int) -> np.ndarray:
    """A uniform on (0, 1) for each number in ``who`` (int64). ``key``: an array of one uint64, as `key_of` gives it."""
    found = np.empty(len(who))
    for k in range(len(who)):
        found[k] = uniform(key[0], who[k], month, purpose)
    return found


@filling
def normals(key: np.ndarray, who: np.ndarray, month: int, purpose: int) -> np.ndarray:
    """A standard normal for each number in ``who`` (int64); ``key`` as above."""
    found = np.empty(len(who))
    for k in range(len(who)):
        found[k] = normal(key[0], who[k], month, purpose)
    return found


def ranked(key: np.ndarray, who: np.ndarray, month: int, purpose: int, weights: np.ndarray | None = None) -> np.ndarray:
    """The numbers in ``who`` in the order in which they are drawn without replacement.

    With equal weights every order is as likely; else the chance to come next is in proportion to the weight
    (Efraimidis & Spirakis 2006). The first n are a sample of n.
    """
    u = uniforms(key, who, month, purpose)
    times = -np.log(u) / (np.ones(len(who)) if weights is None else weights)
    return who[np.argsort(times, kind="stable")]
