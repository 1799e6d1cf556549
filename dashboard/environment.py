"""Settings that Solara reads from the environment while it is imported.

Solara reads its settings once, at import. So this module must be imported before `solara` is, wherever the dashboard
starts: `app.py`, `dashboard.server` and `dashboard.pages` all import it first.
"""

import os

# Never negotiable: nothing is sent or fetched, the session cookie cannot be read by a script.
FORCED = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_PROXY": "True",  # off would make the page ask a content network instead of this server
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_SEARCH_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Samenspel",
    "SOLARA_THEME_VARIANT": "light",  # dark comes from our own style sheet; "auto" leaves the page blank
    "SOLARA_STATE_AUTO_REMOUNT": "True",  # after a restart the page builds itself again from the address
}
# What whoever runs the server may set otherwise.
DEFAULTS = {
    "SOLARA_MODE": "production",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",  # the state stands in the address, so an idle session need not live a day
    "SOLARA_KERNEL_MAX_PER_SESSION": "20",
}


def prepare() -> None:
    """Set the environment variables above; calling it again changes nothing."""
    os.environ.update(FORCED)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


prepare()
