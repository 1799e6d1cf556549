"""The dashboard: pages in the browser on top of the simulation. Only `app.py` and the command line import it."""
