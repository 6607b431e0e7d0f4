"""The tools of the other tests of pages: they notice what they are for."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser import looks
from tests.browser.conftest import OpenPage, watched

BAD = """<!doctype html><title>bad</title><body bgcolor=white><p style="width:900px">wide</p>
<p style="color:#999">grey</p><button style="width:9px"></button>
<img src="http://elsewhere.example/x.png"><script>nothing.of.this</script>"""
GOOD = """<!doctype html><title>good</title><p>Plain text</p><button style="padding:1em">Act</button>"""


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = {"/bad": BAD, "/good": GOOD}.get(self.path, "").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def pages() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_bad_page_is_noticed_in_every_way(browser: Browser, pages: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 600})
    wrong = watched(page)
    page.goto(f"{pages}/bad")
    assert looks.fits(page)
    assert [one.partition(" ")[0] for one in looks.unreadable(page)] == ["2.85"]
    assert looks.too_small(page) != []
    assert looks.unnamed(page) != []
    assert any("elsewhere.example" in one for one in wrong)
    assert any("an error in a script" in one for one in wrong)
    page.close()


def test_a_good_page_has_no_findings(open_page: OpenPage, pages: str) -> None:
    page = open_page(f"{pages}/good", width=320, dark=True)
    assert (looks.fits(page), looks.unreadable(page), looks.too_small(page), looks.unnamed(page)) == ([], [], [], [])
