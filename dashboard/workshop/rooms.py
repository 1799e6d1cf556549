"""All rooms of this server: who may lead one, and which one a code opens. Rooms know nothing of one another."""

from __future__ import annotations

import hmac
import secrets
import threading
import time

from dashboard.pool import Pool
from dashboard.workshop.futures import RefusedChangeError
from dashboard.workshop.room import Room

MOST_ROOMS = 24
MOST_BYTES = 600_000_000  # of all rooms together, about
IDLE_SECONDS = 12 * 3600


class Rooms:
    """All rooms of this server. ``token``: what a leader must show; empty: nobody needs one (and no phones come)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pool: Pool | None = None
        self.token = ""
        self.phones_at = ""
        self._rooms: dict[str, Room] = {}

    def may_lead(self, token: str) -> bool:
        """Whether somebody with this token may lead a session here."""
        return not self.token or hmac.compare_digest(self.token.encode(), str(token).encode())

    def open(self, key: str = "") -> Room:
        """The room with this key, or a new one. Raises `RefusedChangeError` when there are too many."""
        with self.lock:
            if key in self._rooms:
                return self._rooms[key]
            now = time.monotonic()
            for name in [name for name, each in self._rooms.items() if now - each.touched > IDLE_SECONDS]:
                if not self._rooms[name].listeners:
                    del self._rooms[name]
            if len(self._rooms) >= MOST_ROOMS:
                idle = [each for each in self._rooms.values() if not each.listeners]
                if not idle:
                    raise RefusedChangeError("workshop.refused.many_rooms", most=MOST_ROOMS)
                del self._rooms[min(idle, key=lambda each: each.touched).key]
            if self.pool is None:
                self.pool = Pool(1)
            taken = {each.code for each in self._rooms.values()}
            code = next(each for each in iter(lambda: f"{secrets.randbelow(9000) + 1000}", "") if each not in taken)
            own = key if 16 <= len(key) <= 64 and key.replace("-", "").replace("_", "").isalnum() else None
            room = Room(code, self.pool, own, self.allow)
            self._rooms[room.key] = room
            return room

    def allow(self, room: Room, weight: int) -> None:
        """Let a room take so many bytes: rooms that nobody looks at make way, the longest idle first. Raises
        `RefusedChangeError` when that is not enough.
        """
        with self.lock:
            others = [each for each in self._rooms.values() if each is not room]
            unseen = [each for each in others if each.weight and not each.listeners]
            idle = sorted(unseen, key=lambda each: each.touched)
            taken = sum(each.weight for each in others)
            while taken + weight > MOST_BYTES:
                if not idle:
                    raise RefusedChangeError("workshop.refused.memory")
                gone = idle.pop(0)
                taken -= gone.weight
                del self._rooms[gone.key]

    def by_code(self, code: str) -> Room | None:
        """The room with this code that phones may join; None: there is none."""
        with self.lock:
            return next((each for each in self._rooms.values() if each.code == code), None)


ROOMS = Rooms()
