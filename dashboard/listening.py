"""Where the dashboard listens: a port that can be used, and the path that a proxy shows it under. Nothing heavy."""

import re
import socket
import sys


class NoAddressError(OSError):
    """The host is not an address of this machine."""


def proper_root_path(root_path: str) -> str:
    """The prefix without a slash at its end; empty for none. Raises `ValueError` with a sentence for people."""
    prefix = root_path.rstrip("/")
    if prefix and not re.fullmatch(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+)+", prefix):
        raise ValueError(f"{root_path!r} is no root path; write it as /samenspel")
    return prefix


def usable_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises `NoAddressError`, or `OSError` where the port cannot be used, each with a
    sentence for people.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise NoAddressError(f"'{host}' is not an address of this machine; allowed: for example 127.0.0.1") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            reason = (error.strerror or "it cannot be used").lower()
            raise OSError(f"{port} on {host} cannot be used ({reason}); choose another one, or 0 for any") from None
        number: int = probe.getsockname()[1]
        return number
