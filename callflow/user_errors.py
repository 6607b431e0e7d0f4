"""Errors that the user can fix: their messages say how, so no traceback is shown."""

NAMES = frozenset({
    "ConfigurationError", "SettingsError", "StoreUnavailable", "GatewayFailure", "UnknownDatabase", "WrongSchema",
    "WrongSecret", "DatabaseInUse",
})  # fmt: skip
"""Names, because importing the classes takes time and might fail."""


def is_users(error: BaseException) -> bool:
    kinds = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("callflow.")}
    return bool(kinds & NAMES)
