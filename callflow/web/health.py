"""Is the process alive, can it serve, what has it counted."""

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

        A changed directory with a slip in it is told as a warning: calls go on with what was there before.
        """
        faults, warning = dependencies.ready(), dependencies.warning()
        told = {"ready": not faults, "faults": faults, **({"warning": warning} if warning else {})}
        return jsonify(told), 503 if faults else 200

    @health.get("/metrics")
    def metrics() -> Response:
        """For Prometheus; ``runtime.metrics`` lists what there is."""
        page, content_type = dependencies.metrics.page(request.headers.get("Accept", ""))
        return Response(page, content_type=content_type)

    return health
