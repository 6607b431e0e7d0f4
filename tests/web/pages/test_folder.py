"""Pages below a folder of a host, which a proxy removes from the address or leaves there."""

import pytest

from callflow.bootstrap import compose
from callflow.runtime.runners import InlineRunner
from callflow.settings import Settings
from callflow.store import open_store
from tests.web.edge import START, Provider
from tests.web.pages.signed_in import STAFFED, browser


@pytest.mark.parametrize("before", ["", "/line"], ids=["removed", "left there"])
def test_links_of_pages_stay_below_their_folder(before: str) -> None:
    url = "https://app.test/line"
    settings = Settings(database_url="memory:", public_url=url, fallback_url=url, account_sid="AC1",
                        secret_key="a secret of sixteen", auth_tokens={"": ("token",)})  # fmt: skip
    app = compose(settings, STAFFED, store=open_store("memory:"), gateway=Provider(), clock=lambda: START,
                  runner=InlineRunner()).app  # fmt: skip
    client = browser(app)
    page = client.get(f"{before}/sign-in")
    assert 'action="/line/sign-in"' in page.text
    assert 'data-ask="/line/sign-in/passkey/ask"' in page.text
    assert client.get(f"{before}/").location == "/line/sign-in"
    assert client.post(f"{before}/sign-out").status_code == 303
