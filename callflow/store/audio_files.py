"""Where sealed audio is kept: a folder, or a bucket of any store that fsspec knows (S3 and what is compatible)."""

import os
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from callflow import extras, private_files
from callflow.service.recordings import AudioFiles, AudioMissing, AudioUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".sealed"


def audio_files(place: str) -> AudioFiles:
    """The files at a path, or at a URL like s3://bucket/folder; "memory:" for those of a rehearsal."""
    if place == "memory:":
        return MemoryFiles()
    return ObjectFiles(place) if "://" in place else FolderFiles(Path(place))


class MemoryFiles:
    """Implements ``AudioFiles`` with a dictionary."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def put(self, name: str, content: bytes) -> None:
        self._files[name] = content

    def read(self, name: str) -> bytes:
        with _failures():
            return self._files[name]

    def delete(self, name: str) -> None:
        self._files.pop(name, None)


class FolderFiles:
    """Implements ``AudioFiles`` with a folder that only its owner can read. It is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        with _failures(str(self._folder)):
            private_files.folder(self._folder)
            part = self._folder / f".{name}.{token_hex(8)}"  # two threads may fetch the same
            private_files.file(part)
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / f"{name}{SUFFIX}")

    def read(self, name: str) -> bytes:
        with _failures(str(self._folder)):
            return (self._folder / f"{name}{SUFFIX}").read_bytes()

    def delete(self, name: str) -> None:
        with _failures(str(self._folder)):
            (self._folder / f"{name}{SUFFIX}").unlink(missing_ok=True)


class ObjectFiles:
    """Implements ``AudioFiles`` with fsspec. Its credentials come from the environment, as for other programs."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._known: tuple[Any, str] | None = None

    def _place(self) -> tuple[Any, str]:
        if self._known is None:
            try:
                from fsspec.core import url_to_fs  # type: ignore[import-untyped,import-not-found,unused-ignore]
            except ImportError:
                raise AudioUnavailable(f"CALLFLOW_RECORDINGS needs {extras.how('objects')}") from None
            self._known = url_to_fs(self._url)
        return self._known

    def put(self, name: str, content: bytes) -> None:
        with _failures(self._url):
            files, root = self._place()
            files.pipe_file(f"{root}/{name}{SUFFIX}", content)

    def read(self, name: str) -> bytes:
        with _failures(self._url):
            files, root = self._place()
            return bytes(files.cat_file(f"{root}/{name}{SUFFIX}"))

    def delete(self, name: str) -> None:
        with _failures(self._url):
            files, root = self._place()
            if files.exists(f"{root}/{name}{SUFFIX}"):
                files.rm_file(f"{root}/{name}{SUFFIX}")


@contextmanager
def _failures(place: str = "memory") -> "Iterator[None]":
    """The errors of a file system as ``AudioUnavailable``. Their text has a path or a URL with an id, and no person."""
    try:
        yield
    except AudioUnavailable:
        raise
    except (FileNotFoundError, KeyError):
        raise AudioMissing("there is no such audio file") from None
    except Exception as error:  # each kind of store has errors of its own
        shown = place.rpartition("@")[2]  # what stands before it is a secret
        raise AudioUnavailable(
            f"the audio files at {shown} (CALLFLOW_RECORDINGS) cannot be used: {type(error).__name__}"
        ) from None
