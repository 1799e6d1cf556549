"""A small country whose rows a person can check by hand."""

import numpy as np
import pytest

from sim.schedule import Layout


@pytest.fixture
def layout() -> Layout:
    """Three municipalities (small, medium, large) with 1, 2 and 2 posts, and six initiatives, two in each."""
    return Layout(
        initiative_municipality=np.array([0, 0, 1, 1, 2, 2]),
        initiative_size=np.array([0, 0, 1, 1, 2, 2]),
        initiative_ambition=np.array([0, 1, 2, 0, 1, 2]),
        initiative_post=np.array([0, 0, 1, 2, 3, 4]),
        municipality_size=np.array([0, 1, 2]),
        post_municipality=np.array([0, 1, 1, 2, 2]),
    )
