"""How to install what only some need: the ``optional-dependencies`` of pyproject.toml."""


def how(extra: str) -> str:
    """The command, for messages. Not from an index, where somebody else's package has the name of ours."""
    return f"`make setup EXTRAS={extra}`, in the directory of Callflow"
