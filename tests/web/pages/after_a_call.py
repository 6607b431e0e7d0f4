"""A house with somebody in every role, and what people see in a browser after a call of it."""

import html
import re
from dataclasses import replace
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callflow.core.configuration import Configuration
from tests.e2e.after_calls import AfterCall
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import talking, warned
from tests.web.pages.signed_in import person, signed_in


@cache
def house() -> Configuration:
    """The shipped one with Rae and Kim (reviewers), Omar (ops), Ada (auditor). Sky, Sam and Kim are seniors."""
    return replace(
        shipped(), reviewers={one: person(one) for one in ("rae", "kim")}, ops={"omar": person("omar")},
        auditors={"ada": person("ada")}, seniors=("sky", "sam", "kim"),
    )  # fmt: skip


class Seen:
    """A house whose last call is over, and browsers of its people."""

    def __init__(self, talk: Conversation) -> None:
        self.talk, self.after = talk, AfterCall(talk)
        self.store, self.call = talk.callflow.store, talk.call

    def by(self, person: str) -> "Browser":
        return Browser(signed_in(self.talk.callflow.app, person))

    def entries(self, kind: str) -> list[str]:
        return self.after.outcomes(kind)


class Browser:
    """What somebody who is signed in opens and sends, and the words that they read."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse | None = None

    def opens(self, path: str) -> "Browser":
        self.answer = self.client.get(path, follow_redirects=True)
        return self

    def sends(self, path: str, **form: str) -> "Browser":
        self.answer = self.client.post(path, data=form, follow_redirects=True)
        return self

    def reads(self, *words: str) -> "Browser":
        for one in words:
            assert one in self.page, f"{one!r} is not in: {self.page}"
        return self

    def reads_nothing_of(self, *words: str) -> "Browser":
        for one in words:
            assert one not in self.page, f"{one!r} is in: {self.page}"
        return self

    def is_refused(self, status: int = 403) -> "Browser":
        assert self.answer
        assert self.answer.status_code == status
        return self

    @property
    def page(self) -> str:
        """The words of the page, without the tags."""
        assert self.answer
        text = re.sub(r"<(script|style|title)\b.*?</\1>", "", self.answer.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace(" ,", ",").split())


def after_a_warning(**how: Any) -> Seen:
    """Ana has warned of remarks about who someone is, and the call is over. It is Monday morning."""
    return Seen(warned(talking(house(), **how)).over())
