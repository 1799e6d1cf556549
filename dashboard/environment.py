"""Settings that Solara reads from the environment while it is imported.

Solara reads its settings once, at import. The package imports this module before anything else, so before Solara; for
when something else imported Solara earlier (`solara run app.py` does), `settle` sets what matters once more.
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
    "SOLARA_APP": "dashboard.pages",
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


def settle() -> None:
    """The settings that must hold even when Solara was imported before our environment was set."""
    from solara.server import settings

    settings.telemetry.mixpanel_enable = False
    settings.session.http_only = True
    settings.assets.fontawesome_enabled = False
    settings.theme.loader = "plain"
    settings.theme.variant = settings.ThemeVariant.light
    settings.theme.title = "Samenspel"
    settings.state.auto_remount = True
    settings.kernel.cull_timeout = os.environ["SOLARA_KERNEL_CULL_TIMEOUT"]
    settings.kernel.max_per_session = int(os.environ["SOLARA_KERNEL_MAX_PER_SESSION"])
