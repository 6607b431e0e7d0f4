"""Is the process alive, can it serve, what has it counted."""

from flask import Blueprint, Response, jsonify

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
        """Counters in Prometheus' text format."""
        rows = [
            f"# TYPE callflow_{name}_total counter\ncallflow_{name}_total {count}\n"
            for name, count in sorted(dependencies.counters.read().items())
        ]
        return Response("".join(rows), mimetype="text/plain; version=0.0.4")

    return health
