"""Fitting the parameters to the interview outcomes, and how far the fit can be trusted."""

import sim as sim  # first: with a mechanism of somebody's own, the rest of this package comes from another place
