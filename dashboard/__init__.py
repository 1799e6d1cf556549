"""The dashboard: pages in the browser on top of the simulation. Only `app.py` and the command line import it.

Importing anything of it first sets the environment that Solara reads while it is imported.
"""

import sim as sim  # first: with a mechanism of somebody's own, the rest of this package comes from another place
from dashboard import environment as environment
