"""`callflow completion`: the tab key completes commands, options and their values."""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--print", "printed", is_flag=True, help="Print the script instead, to put it where you want it.")
def command(shell: str | None, printed: bool) -> None:
    """Install the completion for SHELL: bash, zsh or fish; by default the one that you use.

    It is one file in your home, which new shells read. Nothing else is changed.
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"say which shell: {', '.join(SHELLS)}")
    script = script_for(name)
    if printed:
        return click.echo(script)
    target = place(name, Path.home(), os.environ)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(script + "\n", encoding="utf-8")
    click.echo(f"{target} is written: a new {name} completes `callflow` with the tab key.")
    if name == "zsh":
        click.echo(f"zsh finds it if ~/.zshrc has, before compinit: fpath=({target.parent} $fpath)")
    return None


def script_for(shell: str) -> str:
    """The script that asks `callflow` itself for what fits."""
    found = get_completion_class(shell)
    assert found is not None
    return found(click.Command("callflow"), {}, "callflow", "_CALLFLOW_COMPLETE").source().strip()


def place(shell: str, home: Path, environment: "os._Environ[str] | dict[str, str]") -> Path:
    """Where this shell looks for completions of one person (bash-completion 2.12, zsh 5.9, fish 3.6)."""
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "bash": data / "bash-completion" / "completions" / "callflow",
        "zsh": data / "zsh" / "site-functions" / "_callflow",
        "fish": settings / "fish" / "completions" / "callflow.fish",
    }[shell]
