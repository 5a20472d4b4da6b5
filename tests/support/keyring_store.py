"""A keyring in memory that calls itself one of the real ones, for tests."""

from __future__ import annotations

from typing import Any

from keyring.errors import PasswordDeleteError


class Store:
    """Keeps passwords as a keyring does."""

    priority = 5

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.held:
            raise PasswordDeleteError
        del self.held[service, username]


def named(name: str, *bases: type, **members: Any) -> Any:
    """A backend under the name of a real one, as ``keyring.backends.libsecret.Keyring``."""
    module, _, kind = name.rpartition(".")
    return type(kind, bases or (Store,), {"__module__": module, "__qualname__": kind, **members})()
