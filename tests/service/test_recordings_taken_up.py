"""A line that was recorded by telephone is in force on every server within two looks, as a new version."""

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from callflow.active_configuration import activator_of
from callflow.audio.folder import AudioFolder
from callflow.configuration.snapshots import load_texts, texts
from callflow.runtime.metrics import Metrics
from callflow.service.configurations import Configurations
from callflow.service.prompt_keeper import PromptKeeper
from callflow.service.prompt_recordings import PromptRecording, PromptState
from callflow.settings import Settings
from callflow.store.memory import MemoryStore
from callflow.web.recordings import Recordings
from tests.contracts.sample import NOW, after
from tests.e2e.conversation import AUDIO, ROOT

LINE, PATH = "not_clear", "en/not_clear.wav"
SAID = (AUDIO / "en" / "hold_asked.wav").read_bytes()


@dataclass
class Server:
    """With an audio folder of its own."""

    store: MemoryStore
    folder: Path

    def __post_init__(self) -> None:
        shutil.copytree(AUDIO, self.folder / "audio")
        shutil.copytree(ROOT / "config", self.folder / "config")
        settings = Settings(config=self.folder / "config", audio=self.folder / "audio")
        files = texts(settings.config)
        configuration = load_texts(files, settings.audio)
        self.configurations = Configurations(configuration)
        keeper = PromptKeeper(self.store, AudioFolder(settings.audio), None, self.configurations, lambda: NOW)  # type: ignore[arg-type]
        self.activator = activator_of(settings, self.store, self.configurations, lambda: NOW, keeper.take_up)
        self.activator.begin(configuration, files)
        self.recordings = Recordings(self.configurations, settings.audio, Metrics())

    def digest(self, version: str = "") -> str:
        current = self.configurations.of(version) if version else self.configurations.current
        return current.languages["en"].scripts[LINE].audio[""].digest


def recorded(store: MemoryStore, server: Server, sound: bytes, minute: int = 0) -> None:
    """What the job leaves behind."""
    id = f"c1-{minute}"
    one = PromptRecording(id=id, person="ana", language="en", line=LINE, path=PATH, at=after(60 * minute),
                          words=server.configurations.current.languages["en"].scripts[LINE].text, provider_id="",
                          state=PromptState.IN_FORCE, replaces=server.digest(), hash=sha(sound))  # fmt: skip
    store.in_staff_line(lambda unit: unit.put_prompt(one))
    store.keep_prompt(one, sound)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_it_is_in_force_on_every_server_as_one_version_that_says_who(tmp_path: Path) -> None:
    store = MemoryStore()
    a, b = Server(store, tmp_path / "a"), Server(store, tmp_path / "b")
    before, version = a.digest(), a.configurations.current.digest
    recorded(store, a, SAID)
    a.activator.check_for_changes()
    b.activator.check_for_changes()
    assert a.digest() == b.digest() == sha(SAID) != before
    assert a.configurations.current.digest == b.configurations.current.digest != version
    assert {one.by for one in store.activations()} == {"directory", "ana"}
    assert store.activations()[0].by == "ana"


def test_a_server_that_follows_before_it_has_the_sound_plays_it_afterwards(tmp_path: Path) -> None:
    """B looks for sounds, then A keeps one and activates it, then B sees the activation."""
    store = MemoryStore()
    a, b = Server(store, tmp_path / "a"), Server(store, tmp_path / "b")
    recorded(store, a, SAID)
    a.activator.check_for_changes()
    looks = b.activator.source
    b.activator.source = replace(looks, refresh=str)
    b.activator.check_for_changes()
    assert b.configurations.current.digest == a.configurations.current.digest
    assert b.digest() != a.digest()
    b.activator.source = looks
    b.activator.check_for_changes()
    assert b.digest() == a.digest()


def test_a_call_that_began_before_hears_a_line_and_never_nothing(tmp_path: Path) -> None:
    """What the provider was told to play is played as it was, once a server has read it; else as it is now."""
    store = MemoryStore()
    server = Server(store, tmp_path)
    version, before = server.configurations.current.digest, server.digest()
    old = server.recordings.find([before])
    assert old
    first = server.recordings.content(old)
    recorded(store, server, SAID)
    server.activator.check_for_changes()
    assert server.digest(version) == before
    assert server.recordings.content(old) == first
    fresh = Recordings(server.configurations, tmp_path / "audio", Metrics())
    known = fresh.find([before])
    assert known
    assert fresh.content(known) == (SAID, False)
