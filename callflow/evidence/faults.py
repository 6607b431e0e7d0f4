"""What verification finds: the first row and field that is not as it was, and in which table."""

from typing import NamedTuple


class Fault(NamedTuple):
    """``row`` is the number of the call's row, of the leaf, or of the checkpoint; ``entry`` that of an entry of the
    journal, or None. ``call`` is the call's reference, or its id; "" for a fault of the log. ``field`` may be ""."""

    table: str
    row: int
    field: str
    what: str
    call: str = ""
    entry: int | None = None

    def __str__(self) -> str:
        where = f"call {self.call}" if self.call else f"{NAMES[self.table]} {self.row}"
        if self.entry is not None:
            where += f", entry {self.entry}"
        return f"{where}: {self.what}"


NAMES = {"calls": "call in row", "journal": "call in row", "log_leaves": "leaf", "checkpoints": "checkpoint",
         "witnessed": "witness of checkpoint"}  # fmt: skip
