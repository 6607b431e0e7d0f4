# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""Lines that are not written in Latin letters are checked like those that are."""

import pytest

from callflow.configuration.checks.conduct import _unfit
from callflow.configuration.checks.keys import keys_in
from callflow.configuration.checks.scripts import sentences
from tests.configuration.workbench import Workbench


@pytest.mark.parametrize(("text", "keys"), [
    ("账单请按1,送货请按2。", "12"), ("同意请按1继续等待", "1"), ("はい、は1を、いいえは2を押してください。", "12"), ("1番を押してください", "1"),
    ("동의하시면 1번, 아니면 2번을 누르세요.", "12"), ("กด1เพื่อรอ หรือกด2", "12"), ("กด ๑ เพื่อรอ", "1"), ("اضغط ١ للانتظار، أو ٢ للمتابعة.", "12"),
    ("रुकने के लिए १ दबाएँ।", "1"), ("全角の１を押す", "1"), ("Ana wird 1-mal gerufen", "1"), ("1'e basın", "1"), ("Press one, or 2.", "12"),
    ("大约30秒", ""), ("๑๒ วินาที", ""), ("A1 und B2", ""), ("2nd", ""), ("約３０秒", ""), ("8.30 Uhr", ""), ("{n}秒", ""),
])  # fmt: skip
def test_the_key_is_named_as_we_write_it(text: str, keys: str) -> None:
    assert keys_in(text) == set(keys)


@pytest.mark.parametrize(("text", "count"), [
    ("ありがとうございます。お待ちください。", 2), ("一。二！三？", 3), ("「はい。」と言ってください。", 2), ("هل تريد الانتظار؟ اضغط 1.", 2), ("धन्यवाद। आप वापस हैं।", 2),
    ("شکریہ۔ آپ واپس ہیں۔", 2), ("Open until 8.30 at example.com. Thank you.", 2), ("Sagen Sie „ja.“ Danke.", 2), ("สวัสดีค่ะ", 1),
])  # fmt: skip
def test_sentences_are_counted_as_we_end_them(text: str, count: int) -> None:
    assert sentences(text) == count


@pytest.mark.parametrize("text", ["個人攻撃。", "व्यक्तिगत अपमान।", "الصراخ؟", "大喊，"])
def test_a_fragment_does_not_end_a_sentence(text: str) -> None:
    assert _unfit(text, "en")


def test_our_words_can_be_written_in_our_script(bench: Workbench) -> None:
    bench.edit("scripts/en.yaml", "yes: [by all means", "yes: [हाँ, ใช่, نعم, Evet, vâng, はい")
    bench.edit("scripts/en.yaml", "no: [not now", "no: [नहीं, ไม่, لا, hayır, không, いいえ")
    assert not bench.problems()


def test_a_warning_that_is_too_long_in_japanese_is_said_to_be(bench: Workbench) -> None:
    """As many characters of English would be six seconds."""
    english = "We want to help you with this, and we know it matters. Please continue without {conduct}, so that {agent} can keep helping."
    warning = "この件につきまして全力で対応させていただきたいと考えております。{conduct}を控えていただければ、担当{agent}が引き続き最後まで責任を持って対応いたします。"
    text = (bench.config / "scripts" / "en.yaml").read_text(encoding="utf-8")
    (bench.config / "scripts" / "ja.yaml").write_text(text, encoding="utf-8")
    bench.edit(
        "scripts/ja.yaml",
        "{name: Polly.Joanna-Neural, language: en-US}",
        "{name: Polly.Takumi-Neural, language: ja-JP}",
    )
    bench.edit("scripts/ja.yaml", english, warning)
    [problem] = [one for one in bench.problems() if " CF146 " in one]
    assert "ja.yaml:98:25 CF146" in problem
    assert "takes about" in problem
