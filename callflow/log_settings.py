"""How the log is written: CALLFLOW_LOG_FORMAT and CALLFLOW_LOG_LEVEL. Read before everything else, as that may fail."""

from collections.abc import Mapping

CHOICES: Mapping[str, tuple[str, ...]] = {
    "CALLFLOW_LOG_FORMAT": ("text", "json"),
    "CALLFLOW_LOG_LEVEL": ("info", "debug", "warning", "error"),
}
"""The values of each variable, its default first."""


def chosen(environ: Mapping[str, str], name: str) -> str:
    """The value of one of ``CHOICES``, or its default if it is missing or invalid."""
    value = environ.get(name, "").strip().lower()
    return value if value in CHOICES[name] else CHOICES[name][0]


def problems(environ: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the variables, by name."""
    return {
        name: f"{name} must be one of {', '.join(values)}"
        for name, values in CHOICES.items()
        if environ.get(name, "").strip().lower() not in ("", *values)
    }
