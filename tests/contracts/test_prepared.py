"""The statements that run are the ones that SQLAlchemy writes for our tables."""

import subprocess
import sys

from callflow.store.prepared import file_of
from callflow.store.statements import compiled


def test_the_files_are_up_to_date() -> None:
    for database, content in compiled().items():
        found = file_of(database).read_text(encoding="utf-8")
        assert found == content, "run: python -m callflow.store.statements"


def test_a_store_opens_without_sqlalchemy() -> None:
    code = "import sys, callflow.store.sqlite; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
