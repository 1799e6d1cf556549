"""`samenspel serve`: the dashboard, on this machine."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from sim.commands.common import WholeNumber, output_options
from sim.commands.interruption import INTERRUPTION, Interrupted
from sim.lean import collect_as_usual, load_numba

DEFAULT_PORT = 8765
PHONES_PORT = 8766


@click.command("serve", short_help="Open the dashboard.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Network address to listen on.")
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    metavar="N",
    help="Port to listen on; 0: any that is free.",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="Path under which a reverse proxy shows the dashboard, such as /samenspel.",
)
@click.option("--workshop", is_flag=True, help="Let phones on the network join a workshop; prints the leader's key.")
@click.option(
    "--phones-port", type=WholeNumber(0, 65535), default=PHONES_PORT, show_default=True, metavar="N",
    help="Port for the phones of a workshop; 0: any that is free.",
)  # fmt: skip
@output_options
def command(
    host: str, port: int, no_open: bool, root_path: str, workshop: bool, phones_port: int, quiet: bool, as_json: bool
) -> None:
    """Open the dashboard, and go on until interrupted (Control-C).

    With --json the address stands in a JSON document on standard output.
    """
    from sim.engine.problems import InputError

    root_path, port = checked(host, port, root_path)
    load_numba()
    try:
        from dashboard.server import serve
    except ImportError as error:
        missing = error.name or "the dashboard"
        raise InputError(
            "samenspel serve", missing, "is not installed; install the project with its extra 'dashboard'"
        ) from None
    collect_as_usual()
    name = "localhost" if host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else host
    address = f"http://{name}:{port}{root_path}/"
    document: dict[str, object] = {"address": address, "port": port}
    if workshop:
        document.update(lead_workshop(address, phones_port))
    if as_json:
        import json

        print(json.dumps(document), flush=True)
    elif workshop:
        print(f"Workshop, for its leader only: {document['workshop']}", flush=True)
        print(f"Workshop, for phones: {document['phones']}", flush=True)
    try:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere if quiet or as_json else sys.stdout),
        ):
            serve(host=host, port=port, open_browser=not no_open, root_path=root_path)
        if INTERRUPTION.is_set():  # the web server has swallowed it
            raise Interrupted
    except OSError as error:
        raise InputError("samenspel serve", "--port", str(error)) from None


def checked(host: str, port: int, root_path: str) -> tuple[str, int]:
    """The root path and the port that can be used, before anything is opened or told. Raises `InputError`."""
    from dashboard.listening import NoAddressError, proper_root_path, usable_port
    from sim.engine.problems import InputError

    field = "--root-path"
    try:
        prefix = proper_root_path(root_path)
        field = "--port"
        return prefix, usable_port(host, port)
    except NoAddressError as error:
        raise InputError("samenspel serve", "--host", str(error)) from None
    except (OSError, ValueError) as error:
        raise InputError("samenspel serve", field, str(error)) from None


def lead_workshop(address: str, phones_port: int) -> dict[str, str]:
    """Listen for phones; the leader's address with the key, and that of the phones. Raises `InputError`."""
    from dashboard.workshop.phones import lead
    from sim.engine.problems import InputError

    try:
        listener, token = lead(phones_port)
    except OSError as error:
        raise InputError("samenspel serve", "--phones-port", str(error)) from None
    return {"workshop": f"{address}werksessie?sleutel={token}", "phones": listener.address}
