"""What proxies make of an address verifies exactly as it was signed, on both servers that README names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.servers import COMMANDS, Server, free_port, running

FOLDER = "/in/phones"


@pytest.fixture(scope="module", params=COMMANDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its public URL has a path. Some proxies remove it from the target, and some do not."""
    port = free_port()
    public = f"http://127.0.0.1:{port}{FOLDER}"
    with running(request.param, tmp_path_factory.mktemp("server"), port, CALLFLOW_PUBLIC_URL=public) as found:
        yield found


@pytest.mark.parametrize(
    "target",
    [
        f"{FOLDER}/voice/inbound",
        "/voice/inbound",
        f"http://127.0.0.1{FOLDER}/voice/inbound",
        "http://backend.example:8000/voice/inbound",
        f"HTTPS://backend.example{FOLDER}/voice/inbound",
    ],
    ids=["as it was", "without the path", "absolute", "absolute without the path", "of another host"],
)
@pytest.mark.parametrize("query", ["", "?again=2", "?again=%32", "?a=%41&again=2"])
def test_a_target_verifies_as_it_was_signed(server: Server, target: str, query: str) -> None:
    assert server.post(target + query, f"{server.base}{FOLDER}/voice/inbound{query}")[0] == 200


@pytest.mark.parametrize("below", [FOLDER, ""])
@pytest.mark.parametrize(
    ("sent", "signed"),
    [
        ("/voice/%69nbound", "/voice/inbound"),
        ("/voice/inbound", "/voice/%69nbound"),
        ("/voice/inbound?again=%32", "/voice/inbound?again=2"),
        ("/voice/inbound?again=2", "/voice/inbound?again=%32"),
        ("/voice/c%2d1/room", "/voice/c%2D1/room"),
        ("/voice/c%2D1/room", "/voice/c-1/room"),
        ("/voice/inbound%3Fagain=2", "/voice/inbound?again=2"),
    ],
)
def test_a_path_that_is_encoded_in_another_way_than_signed_is_refused(
    server: Server, below: str, sent: str, signed: str
) -> None:
    assert server.post(below + sent, f"{server.base}{FOLDER}{signed}")[0] in (403, 404)
    assert server.post(below + sent, f"{server.base}{FOLDER}{sent}")[0] in (200, 204, 404), "as it was signed"


def test_an_encoded_path_verifies_as_it_was_signed(server: Server) -> None:
    assert server.post(f"{FOLDER}/voice/%69nbound", f"{server.base}{FOLDER}/voice/%69nbound")[0] == 200
    assert server.post("/voice/c%2D1/room", f"{server.base}{FOLDER}/voice/c%2D1/room")[0] == 204


@pytest.mark.parametrize("target", ["/other/voice/inbound", f"{FOLDER}{FOLDER}/voice/inbound", "/in/voice/inbound"])
def test_another_folder_is_not_ours(server: Server, target: str) -> None:
    assert server.post(target, f"{server.base}{FOLDER}/voice/inbound")[0] == 404


def test_gunicorn_is_told_the_folder_by_its_proxy(tmp_path: Path) -> None:
    """SCRIPT_NAME in a header, or in the environment, whether the public URL has that path or not."""
    port = free_port()
    with running("gunicorn", tmp_path, port, SCRIPT_NAME="/app") as server:
        assert server.post("/app/voice/inbound", f"{server.base}/voice/inbound")[0] == 200
        assert server.post("/app/voice/inbound", f"{server.base}/app/voice/inbound")[0] == 403
        again = server.post(
            "/web/voice/inbound?again=1", f"{server.base}/voice/inbound?again=1", "SCRIPT_NAME: /web\r\n"
        )
        assert again[0] == 200
