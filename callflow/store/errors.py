"""Errors in the use or the configuration of a store. If the database is down it is ``ports.StoreUnavailable``."""

from pathlib import Path


class StaleCall(RuntimeError):
    """A change is based on a call that is not the stored one. Load it with ``Transaction.load`` in the same unit."""

    def __init__(self, call: str) -> None:
        super().__init__(f"call {call} was decided on from a state that is not the stored one")


class NestedTransaction(RuntimeError):
    """``transact`` was called inside a unit of work, where it would deadlock."""

    def __init__(self) -> None:
        super().__init__("transact was called inside a transaction: use the Transaction that was handed in")


class WrongSchema(RuntimeError):
    """The database belongs to another version of Callflow. Nothing was changed in it. The message says what to do."""


class WrongSecret(RuntimeError):
    """CALLFLOW_SECRET_KEY is missing, or is not the one that the database was sealed with. The message says which."""


class CannotErase(RuntimeError):
    """The call cannot be erased yet. The message says why."""


class UnknownDatabase(ValueError):
    """``open_store`` does not support this database URL."""


def no_database(path: Path) -> str:
    return (f"there is no database at {path.absolute()}: go to the directory where the server runs, or set "
            "CALLFLOW_DATABASE_URL. The first start of a server makes it")  # fmt: skip


class DatabaseInUse(RuntimeError):
    """Another server uses this SQLite file."""

    def __init__(self, path: object, process: str) -> None:
        super().__init__(f"another server (process {process or 'unknown'}) uses {path}: one SQLite file has one server "
                         "with one worker process (gunicorn -w 1). Stop the other one, or use PostgreSQL, which takes "
                         "any number (CALLFLOW_DATABASE_URL=postgresql://...)")  # fmt: skip
