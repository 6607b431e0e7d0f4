"""How to install what only some need: the ``optional-dependencies`` of pyproject.toml."""


def how(extra: str) -> str:
    """The command, for messages.

    Never ``pip install callflow[...]``: Callflow is in no public index, and somebody else's package there has its name.
    """
    return f"`make setup EXTRAS={extra}`, in the directory of Callflow"
