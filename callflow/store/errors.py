"""What can be wrong with the use or the set-up of a store. A database that is down is ``ports.StoreUnavailable``."""


class StaleCall(RuntimeError):
    """A change was made from a call that is not the stored one: read it with ``Transaction.load`` in the same unit."""

    def __init__(self, call: str) -> None:
        super().__init__(f"call {call} was decided on from a state that is not the stored one")


class NestedTransaction(RuntimeError):
    """``transact`` was called inside a unit of work, where it could only wait for itself."""

    def __init__(self) -> None:
        super().__init__("transact was called inside a transaction: use the Transaction that was handed in")


class WrongSchema(RuntimeError):
    """The database belongs to another version of Callflow; nothing was changed in it."""

    def __init__(self, found: object, wanted: int) -> None:
        super().__init__(f"the database has schema version {found}, this Callflow needs {wanted}: run the version "
                         "that fits, or point CALLFLOW_DATABASE_URL at a new database")  # fmt: skip


class UnknownDatabase(ValueError):
    """The database URL is none that ``open_store`` knows."""
