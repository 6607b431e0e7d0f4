"""/ops: the state of the server, the configuration in force, and what it looks like drawn. Nothing is changed here."""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, abort, make_response, render_template

from callflow import __version__
from callflow.core.configuration import INSTANCE, Configuration
from callflow.service.jobs import JobState
from callflow.service.ports import StoreUnavailable
from callflow.service.versions import Activation
from callflow.web.dependencies import Dependencies
from callflow.web.pages import durations, ops_state
from callflow.web.pages.carriage import Fragments
from callflow.web.pages.drawings import Drawings

ACTIVATIONS: Final = 5
JOBS: Final = 20
SECONDS: Final = 10
"""How old what changes by itself may be."""


class InForce(NamedTuple):
    """The configuration that new calls begin with: since when, by whom, and whether it is that of the directory."""

    digest: str
    since: datetime | None
    by: str
    past: list[Activation]
    older: int


class OpsPages:
    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies, self._drawings = dependencies, Drawings()
        self._fragments = Fragments()

    @property
    def configuration(self) -> Configuration:
        return self._dependencies.configurations.current

    def page(self) -> str:
        store, now = self._dependencies.calls.store, self._dependencies.calls.clock()
        jobs = store.jobs(now)
        ordered = sorted(jobs, key=lambda one: one.state is not JobState.FAILED)
        return render_template(
            "ops/page.html", now=now, state=self._state(), force=self._in_force(), version=__version__,
            nodes=ops_state.nodes(store.nodes(), self.configuration.digest, now),
            jobs=ordered[:JOBS], more_jobs=len(jobs) - JOBS,
            **self._checked(),
            drawn=self._drawings.names(self.configuration), schema=store.oldest_server(),
        )  # fmt: skip

    def checks(self) -> str:
        """The part of the page that asks until the configuration is checked."""
        return render_template("ops/checks.html", **self._checked())

    def _checked(self) -> dict[str, Any]:
        checked = self._dependencies.page_work.checked(self.configuration.digest)
        return {"checked": checked, "problems": json.loads(checked.content) if checked.content else ()}

    def now(self, seen: str) -> Response:
        """The part of the page that changes by itself."""
        version = self._version()
        return self._fragments.answer("ops", version, seen, self._rendered)

    def _version(self) -> str:
        return str(int(self._dependencies.calls.clock().timestamp()) // SECONDS)

    def _state(self) -> str:
        return self._fragments.text("ops", self._version(), self._rendered)

    def _rendered(self) -> str:
        store, now = self._dependencies.calls.store, self._dependencies.calls.clock()
        return render_template("ops/now.html", now=now, version=self._version(), seconds=SECONDS,
                               findings=ops_state.findings(self._dependencies),
                               figures=ops_state.figures(store.statistics(now), store.job_figures(now)))  # fmt: skip

    def _in_force(self) -> InForce:
        digest = self.configuration.digest
        past = self._dependencies.calls.store.activations()
        latest = next((one for one in past if one.digest == digest), None)
        return InForce(digest, latest.at if latest else None, latest.by if latest else "", past[:ACTIVATIONS],
                       max(0, len(past) - ACTIVATIONS))  # fmt: skip

    def drawing(self, name: str) -> str:
        configuration = self.configuration
        names = self._drawings.names(configuration)
        if name not in names:
            abort(404)
        return render_template("ops/drawing.html", name=name, drawn=names, configuration=configuration,
                               svg=self._drawings.svg(configuration, name),
                               steps=self._drawings.steps(configuration, name))  # fmt: skip

    def code(self, code: str) -> str:
        """What `callflow explain` says."""
        from callflow.configuration.codes import CODES  # the text of every code: only when somebody asks

        if code not in CODES:
            abort(404)
        return render_template("ops/code.html", code=code, known=CODES[code])


def of_templates() -> dict[str, Any]:
    return {"durations": durations, "shown_flow": lambda name: name.replace(INSTANCE, " / ")}


def unavailable(_: StoreUnavailable) -> Response:
    return make_response(render_template("unavailable.html"), 503)


def blueprint(dependencies: Dependencies) -> Blueprint:
    ops = Blueprint("ops", __name__, url_prefix="/ops", template_folder="templates")
    pages = OpsPages(dependencies)
    ops.context_processor(of_templates)
    ops.register_error_handler(StoreUnavailable, unavailable)
    ops.add_url_rule("", endpoint="page", view_func=pages.page)
    ops.add_url_rule("/now/<seen>", endpoint="now", view_func=pages.now)
    ops.add_url_rule("/checks", endpoint="checks", view_func=pages.checks)
    ops.add_url_rule("/drawings/<path:name>", endpoint="drawing", view_func=pages.drawing)
    ops.add_url_rule("/codes/<code>", endpoint="code", view_func=pages.code)
    return ops
