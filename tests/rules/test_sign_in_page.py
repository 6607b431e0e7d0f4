"""docs/sign-in.md shows who may open which page, as the program has it."""

import os
import re
from pathlib import Path

from callflow.service.viewers import ViewerRole
from callflow.web.pages import access
from tests.web.edge import Edge
from tests.web.pages.signed_in import STAFFED, pages_of

PAGE = Path(__file__).parents[2] / "docs" / "sign-in.md"
TABLE = re.compile(r"(<!-- routes -->\n).*?(<!-- /routes -->)", re.DOTALL)


def table() -> str:
    every = sorted(
        pages_of(Edge(STAFFED).callflow.app).url_map.iter_rules(),
        key=lambda rule: (rule.rule, sorted(rule.methods or ())),
    )
    lines = [f"| address | {' | '.join(ViewerRole)} |", f"|---|{'---|' * len(ViewerRole)}"]
    for rule in every:
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        if rule.endpoint in access.ROUTES:
            roles = access.ROUTES[rule.endpoint].roles
            lines.append(
                f"| `{method} {rule.rule}` | {' | '.join('yes' if one in roles else '' for one in ViewerRole)} |"
            )
    open_ones = [f"`{rule.rule}`" for rule in every if rule.endpoint in access.STRANGERS]
    return "\n".join([*lines, "", f"Open to everybody: {', '.join(dict.fromkeys(open_ones))}.", ""])


def test_the_page_shows_who_may_open_what() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = TABLE.sub(lambda found: f"{found[1]}{table()}{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/sign-in.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"
