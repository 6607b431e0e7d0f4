"""A date in options."""

from datetime import datetime

import click


class Date(click.DateTime):
    """Midnight of a day, written like 2027-06-30."""

    name = "date"

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.strptime(str(value), "%Y-%m-%d")  # noqa: DTZ007 - the commands know the time zone
        except ValueError:
            self.fail(f"{value!r} is no date: write it like 2027-06-30", param, ctx)


DATE = Date()
