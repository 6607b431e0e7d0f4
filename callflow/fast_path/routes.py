"""Rules of routes that compile what writes an address when an address is first written.

Werkzeug compiles it twice for every route of an application, by way of a syntax tree, and most of ours are never asked.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LazyRule(Rule):
    """For ``Flask.url_rule_class``."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        compiled: Callable[[bool], Builder] = cache(super()._compile_builder)

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
