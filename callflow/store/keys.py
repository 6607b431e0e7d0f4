"""The keys of calls in a database, and what its callers are recognised by."""

from typing import Any, Protocol

from callflow.core.call import Call
from callflow.store.prepared import Values
from callflow.store.schema import SEALED_SINCE
from callflow.store.sealing import NO_KEY, CallKey, Wrapper, new_pepper, recognised


class Unit(Protocol):
    """Of ``SqlTransaction``, what is needed here."""

    def rows(self, name: str, values: Values) -> list[Any]: ...
    def run(self, name: str, values: Values) -> None: ...


class Keys:
    """``sealed``: no server of before uses the database, so new calls are sealed (``migrations/README.md``)."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        """Raises WrongSecret if there is no secret."""
        self.wrapper = Wrapper(secrets)
        self.key = self.wrapper.key
        self.sealed = False
        self._peppers: dict[int, bytes] = {}
        self._all_read = False

    def new_key(self, unit: Unit, call: str) -> CallKey:
        """The key of a new call. While an upgrade is not finished, this takes a query."""
        self.sealed = self.sealed or int(unit.rows("schema_version", {})[0][0]) >= SEALED_SINCE
        return self.wrapper.new_key(call) if self.sealed else NO_KEY

    def caller(self, unit: Unit, call: Call) -> str | None:
        """What the caller is recognised by in one year (UTC), "year:HMAC"; None without a number."""
        return self.recognised(unit, call.number, call.started_at.year) if call.number else None

    def recognised(self, unit: Unit, number: str, year: int) -> str:
        """What this number is recognised by in one year, "year:HMAC"."""
        return f"{year}:{recognised(self._pepper(unit, year), number)}"

    def recognised_ever(self, unit: Unit, number: str) -> str:
        """What this number was or is recognised by, in any year of which something may be left, as a JSON list.

        The peppers are read once by each process: later ones are added by calls, or by records of the same year.
        """
        if not self._all_read:
            for year, pepper in unit.rows("peppers", {}):
                self._peppers[year] = self.wrapper.unwrapped(pepper, f"year {year}")
            self._all_read = True
        found = [f'"{year}:{recognised(pepper, number)}"' for year, pepper in self._peppers.items()]
        return f"[{','.join(found)}]"  # hex digits need no escapes; json.dumps takes 2 us

    def _pepper(self, unit: Unit, year: int) -> bytes:
        known = self._peppers.get(year)
        if known is None:
            of = f"year {year}"
            if found := unit.rows("pepper", {"year": year}):
                known = self._peppers[year] = self.wrapper.unwrapped(found[0][0], of)
            else:
                # Another node may add one at the same time. Not remembered, because this unit may be rolled back.
                unit.run("add_pepper", {"year": year, "pepper": self.wrapper.wrapped(new_pepper(), of)})
                known = self.wrapper.unwrapped(unit.rows("pepper", {"year": year})[0][0], of)
        return known
