"""Health and metrics: is the process alive, can it serve calls, and what has it counted."""

from flask import Blueprint, Response, jsonify, request

from callflow.service.troubles import StandingTrouble
from callflow.web.dependencies import Dependencies


def blueprint(dependencies: Dependencies) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        """503 with the reasons while the database, the configuration or the provider cannot be used.

        A changed directory with errors is only a warning: calls go on with the former configuration. So is that nothing
        else answers while this process is down. Troubles are warnings, too: another node would have the same, and a
        stranger's requests must not take nodes out.
        """
        faults, troubles = dependencies.ready(), dependencies.troubles.standing()
        notes = {"warning": dependencies.warning(), "fallback": dependencies.without_fallback,
                 "troubles": [_shown(one) for one in troubles]}  # fmt: skip
        report = {"ready": not faults, "faults": faults, **{name: note for name, note in notes.items() if note}}
        return jsonify(report), 503 if faults else 200

    @health.get("/metrics")
    def metrics() -> Response:
        """The metrics for Prometheus, which ``runtime.metrics`` lists."""
        page, content_type = dependencies.metrics.page(request.headers.get("Accept", ""))
        return Response(page, content_type=content_type)

    return health


def _shown(standing: StandingTrouble) -> dict[str, str | int]:
    return {
        "kind": standing.trouble.kind,
        "what": standing.trouble.what,
        "advice": standing.trouble.advice,
        "count": standing.count,
        "first": standing.first.isoformat(timespec="seconds"),
        "last": standing.last.isoformat(timespec="seconds"),
    }
