"""What a browser shows when a page cannot be had."""

import pytest

from tests.web.pages.after_a_call import after_a_warning

BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(("path", "status", "words"), [
    ("/board", 403, "Your sign-in does not open this page."),
    ("/board/nowhere", 404, "There is no such page"),
    ("/incidents/nothing/at/all", 404, "There is no such page"),
    ("/desk/press", 405, "This address only takes what a form sends."),
])  # fmt: skip
def test_a_person_reads_why_and_finds_the_way_back(path: str, status: int, words: str) -> None:
    client = after_a_warning().by("ana").client
    page = client.get(path, headers=BROWSER)
    assert (page.status_code, words in page.text, 'href="/"' in page.text) == (status, True, True)
    program = client.get(path)
    assert (program.status_code, "<h1>" + words in program.text) == (status, False)


@pytest.mark.parametrize("path", ["/desk/", "/incidents/"])
def test_a_slash_at_the_end_of_an_address_is_no_other_page(path: str) -> None:
    assert after_a_warning().by("ana").client.get(path, headers=BROWSER).status_code == 200
