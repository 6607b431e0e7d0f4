"""The large configuration whose checks are measured (`python -m tests.bench G11`) has nothing to find."""

from pathlib import Path

from callflow.configuration.loading import examine
from tests.bench.check_speed import AUDIO, large


def test_the_large_configuration_is_clean(tmp_path: Path) -> None:
    assert not examine(large(tmp_path / "config"), AUDIO).problems
