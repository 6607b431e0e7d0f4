"""The files of docs/deployment are right as far as that can be seen without a cluster."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from callflow.bootstrap import system_clock
from callflow.cli import COMMANDS
from callflow.doctor.examination import examine
from callflow.doctor.findings import Level
from callflow.settings import Settings
from callflow.variables import VARIABLES
from tests.conftest import program
from tests.e2e.servers import environment, free_port, listens, running

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "deployment"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file())
UNITS = [path for path in FILES if path.suffix in (".service", ".timer")]
SYSTEMD = shutil.which("systemd-analyze")


def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load((FOLDER / "compose.yaml").read_text("utf-8")))


def test_every_setting_that_is_named_exists() -> None:
    named = {name for path in FILES for name in re.findall(r"\b(?:CALLFLOW|TWILIO)_\w+", path.read_text("utf-8"))}
    assert named
    assert named <= VARIABLES.keys()


def test_the_example_of_an_environment_names_what_a_server_cannot_start_without() -> None:
    given = {line.partition("=")[0] for line in (FOLDER / "callflow.env.example").read_text("utf-8").splitlines()}
    assert given >= {"CALLFLOW_PUBLIC_URL", "CALLFLOW_SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}


def test_no_file_has_a_secret() -> None:
    for line in (FOLDER / "callflow.env.example").read_text("utf-8").splitlines():
        name, _, value = line.partition("=")
        assert not value or not re.search("KEY|TOKEN|SECRET|SID", name) or line.startswith("#"), name


def test_the_image_copies_only_what_is_there_and_what_it_may_have() -> None:
    text, allowed = (FOLDER / "Containerfile").read_text("utf-8"), (FOLDER / "Containerfile.dockerignore").read_text()
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}\n" in allowed, name


def test_every_command_of_callflow_that_is_started_exists() -> None:
    for path in FILES:
        for command in re.findall(
            r'(?:bin/callflow|"callflow",|exec node-1 callflow) "?(\w+)', path.read_text("utf-8")
        ):
            assert command in COMMANDS, f"{path.name}: {command}"


def test_the_compose_file_has_two_nodes_a_database_and_a_proxy_that_passes_to_both() -> None:
    services, proxy = compose()["services"], (FOLDER / "Caddyfile").read_text("utf-8")
    assert services.keys() == {"proxy", "node-1", "node-2", "database"}
    (upstreams,) = re.findall(r"reverse_proxy (.*) \{", proxy)
    assert upstreams.split() == ["node-1:8000", "node-2:8000"]
    for name in ("node-1", "node-2"):
        assert services[name]["env_file"] == "callflow.env"
        assert (FOLDER / services[name]["build"]["context"]).resolve() == ROOT
        assert (ROOT / services[name]["build"]["dockerfile"]).is_file()
    published = [name for name, service in services.items() if "ports" in service]
    assert published == ["proxy"], "health, metrics and the database are not for the internet"


def test_a_node_has_longer_to_stop_than_its_webhooks_need() -> None:
    from callflow.cli.serve import DRAIN_SECONDS

    assert int(compose()["services"]["node-1"]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS
    (seconds,) = re.findall(r"TimeoutStopSec=(\d+)", (FOLDER / "callflow.service").read_text("utf-8"))
    assert int(seconds) > DRAIN_SECONDS


def assigned(text: str) -> dict[str, str]:
    """The variables that lines of a file set, also those that begin with Environment=."""
    return dict(re.findall(r"^(?:    |Environment=)?((?:CALLFLOW|TWILIO)_\w+)=(.*)$", text, re.MULTILINE))


def places() -> dict[str, str]:
    """What a server writes to, by variable: folders, or a file in one. The defaults are below the current directory."""
    by_default = {name for name, what in VARIABLES.items() if re.search(r"\((sqlite:///)?var/", what)}
    values = [str(getattr(Settings(), field.name)) for field in fields(Settings)]
    assert len(by_default) == sum(bool(re.match(r"(sqlite:///)?var/", value)) for value in values)
    given = assigned((FOLDER / "callflow.env.example").read_text("utf-8"))
    assert by_default <= given.keys(), "a default that cannot be written to where a service runs"
    return {name: given[name].removeprefix("sqlite:///") for name in sorted(by_default)}


def below(place: str, folders: Iterable[str]) -> bool:
    return any(Path(place).is_relative_to(folder) for folder in folders)


def test_the_unit_may_write_wherever_a_server_does() -> None:
    unit = (FOLDER / "callflow.service").read_text("utf-8")
    kinds = {"StateDirectory": "/var/lib", "CacheDirectory": "/var/cache", "ReadWritePaths": ""}
    folders = [f"{top}/{one}".replace("//", "/") for kind, top in kinds.items()
               for line in re.findall(rf"^{kind}=-?(.*)$", unit, re.MULTILINE) for one in line.split()]  # fmt: skip
    guide = assigned((ROOT / "docs" / "going-live.md").read_text("utf-8"))
    for name, place in {**places(), "CALLFLOW_AUDIO": guide["CALLFLOW_AUDIO"]}.items():
        assert below(place, folders), f"{name}: {place} is read-only"
        assert guide[name].removeprefix("sqlite:///") == place
    backup = (FOLDER / "callflow-backup.service").read_text("utf-8")
    assert below(places()["CALLFLOW_DATABASE_URL"], re.findall(r"ReadWritePaths=(.*)", backup)[0].split())


def test_the_nodes_keep_and_share_what_people_recorded() -> None:
    """Only the cache may be lost with a container. The image has every place, so that a new volume is its user's."""
    node, image = compose()["services"]["node-1"], (FOLDER / "Containerfile").read_text("utf-8")
    assert compose()["services"]["node-2"]["volumes"] == node["volumes"]
    mounts = {target: (source, mode) for source, target, *mode in (one.split(":") for one in node["volumes"])}
    kept = {target for target, (source, mode) in mounts.items() if source in compose()["volumes"] and not mode}
    lost = {one.partition(":")[0] for one in node["tmpfs"]}
    made = re.findall(r"install --directory --owner callflow .*", image)[0].split()
    for name, place in places().items():
        assert below(place, lost if name == "CALLFLOW_CACHE" else kept), f"{name}: {place}"
        assert below(place, made), f"{name}: {place}"
        assert f"{name}=" in image, f"{name} is not set where there is no callflow.env"
    assert mounts["/srv/callflow/audio"] == ("../../audio", []), (
        "lines that people record by telephone are written there"
    )


@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/callflow/.venv/bin/callflow ", "/bin/true ")
        (tmp_path / unit.name).write_text(text, "utf-8")
    argv = [str(SYSTEMD), "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_signed_webhook_comes_through_the_proxy_and_health_does_not(tmp_path: Path) -> None:
    caddy, port = program("caddy"), free_port()
    public = f"http://127.0.0.1:{port}"
    with running("serve", tmp_path, CALLFLOW_PUBLIC_URL=public, TWILIO_API_BASE_URL="http://127.0.0.1:9") as server:
        text = (FOLDER / "Caddyfile").read_text("utf-8")
        text = text.replace("node-1:8000 node-2:8000", f"127.0.0.1:{free_port()} 127.0.0.1:{server.port}")
        (tmp_path / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text, "utf-8")
        argv = [caddy, "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VOICE_HOST": public}
        proxy = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 20
            while not listens(port) and time.monotonic() < end:
                time.sleep(0.05)
            environ = environment(tmp_path, server.port, CALLFLOW_PUBLIC_URL=public)
            found = list(examine(environ, system_clock, ("public-address", "audio")))
            assert {one.level for one in found} == {Level.GOOD}, found
            assert server.get("/metrics", port=port)[0] == 404
        finally:
            proxy.terminate()
            proxy.wait(20)
