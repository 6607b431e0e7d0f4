"""``--json`` wherever something is listed: a JSON list, or an object, on standard output, and nothing else there."""

import json
from typing import Any

import click

OPTION = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


def show(found: Any) -> None:
    """Print lists, objects, texts, numbers and times (ISO 8601)."""
    click.echo(json.dumps(found, indent=1, ensure_ascii=False, default=_text))


def _text(value: Any) -> str:
    return value.isoformat(timespec="milliseconds") if hasattr(value, "isoformat") else str(value)
