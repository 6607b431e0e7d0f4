"""Health and metrics: is the process alive, can it serve calls, and what has it counted."""

from flask import Blueprint, Response, jsonify, request

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
        else answers while this process is down.
        """
        faults, warning = dependencies.ready(), dependencies.warning()
        notes = {"warning": warning, "fallback": dependencies.without_fallback}
        report = {"ready": not faults, "faults": faults, **{name: text for name, text in notes.items() if text}}
        return jsonify(report), 503 if faults else 200

    @health.get("/metrics")
    def metrics() -> Response:
        """The metrics for Prometheus, which ``runtime.metrics`` lists."""
        page, content_type = dependencies.metrics.page(request.headers.get("Accept", ""))
        return Response(page, content_type=content_type)

    return health
