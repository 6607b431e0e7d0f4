# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""Lines that are not written in Latin letters are checked like those that are."""

import re
import shutil

import pytest

from callflow.configuration.checks.conduct import _unfit
from callflow.configuration.checks.keys import keys_in
from callflow.configuration.checks.scripts import sentences
from callflow.configuration.function_words import other_language
from callflow.core.flow.speech import answer, chosen
from callflow.core.languages import ANSWER_WORDS, PACES, answer_words
from tests.configuration.workbench import AUDIO, ROOT, Workbench, plain_audio

GUIDE = (ROOT / "docs" / "speech.md").read_text(encoding="utf-8")


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
    assert _unfit(text, "ja")


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
    assert "ja.yaml:193:25 CF146" in problem
    assert "takes about" in problem


def german(bench: Workbench) -> None:
    """The shipped lines in a German voice."""
    (bench.config / "scripts" / "en.yaml").rename(bench.config / "scripts" / "de.yaml")
    bench.edit(
        "scripts/de.yaml", "{name: Polly.Joanna-Neural, language: en-US}", "{name: Polly.Vicki, language: de-DE}"
    )
    bench.edit("callflow.yaml", "language: en ", "language: de ")


def test_our_nouns_begin_with_capitals(bench: Workbench) -> None:
    german(bench)
    bench.edit("deescalation.yaml", "shouting at our team", "Beleidigungen gegen unser Team")
    bench.edit("deescalation.yaml", "look at your account", "Einsicht in Ihren Vertrag")
    assert [one for one in bench.problems() if "CF167" in one] == []


def test_a_voice_of_written_arabic_has_no_country(bench: Workbench) -> None:
    (bench.config / "scripts" / "en.yaml").rename(bench.config / "scripts" / "ar.yaml")
    bench.edit("scripts/ar.yaml", "{name: Polly.Joanna-Neural, language: en-US}", "{name: Polly.Zeina, language: arb}")
    bench.edit("callflow.yaml", "language: en ", "language: ar ")
    assert {one.split(" ")[1] for one in bench.problems() if "ar.yaml" in one} == {"CF146", "CF193"}  # English ones


def test_our_reader_needs_eleven_seconds_for_forty_characters(bench: Workbench) -> None:
    """Of Chinese. The shipped recording lasts eleven seconds."""
    english = "We still want to help, but we are close to ending this call because of {conduct}. If it happens again the call will end, and you will be able to contact us again."
    chinese = "我们仍然希望为您提供帮助，但由于{conduct}，我们可能不得不结束这次通话，您之后仍可以再次联系我们。"
    (bench.config / "scripts" / "en.yaml").rename(bench.config / "scripts" / "zh.yaml")
    bench.edit(
        "scripts/zh.yaml", "{name: Polly.Joanna-Neural, language: en-US}", "{name: Polly.Zhiyu, language: cmn-CN}"
    )
    bench.edit("scripts/zh.yaml", english, chinese)
    bench.edit("callflow.yaml", "language: en ", "language: zh ")
    assert [one for one in bench.problems() if "CF059" in one] == []
    bench.edit("scripts/zh.yaml", chinese, "请不要{conduct}。")
    assert [one for one in bench.problems() if "CF059" in one]


def test_a_name_is_the_same_whatever_editor_it_was_written_with(bench: Workbench) -> None:
    """A letter and its accent may be one character or two."""
    bench.edit("people.yaml", "name: Ana,", "name: Jose\u0301,")
    bench.edit("people.yaml", "name: Sam,", "name: Jos\u00e9,")
    assert bench.load().agents["ana"].name == "Jos\u00e9"
    assert [one.split(" ")[1] for one in bench.problems()] == ["CF127"]


def test_a_recording_is_found_on_a_disk_that_takes_accents_apart(bench: Workbench) -> None:
    sound = (AUDIO / "hold_music.wav").read_bytes()
    bench.audio.unlink()
    shutil.copytree(plain_audio(), bench.audio)
    (bench.audio / "hold_music.wav").unlink()
    (bench.audio / "gru\u0308\u00dfe.wav").write_bytes(sound)
    bench.edit("callflow.yaml", "hold_music.wav", "gr\u00fc\u00dfe.wav")
    assert bench.problems() == []
    assert (bench.audio / bench.load().music.path).is_file()


def test_the_guide_names_every_language() -> None:
    """Of those whose pace and words are shipped, and no other."""
    names = re.findall(r"[A-Z][a-z]+", GUIDE.split("\n\n")[1].partition(" Other ")[0])
    assert len(names) == len(PACES) == len(ANSWER_WORDS)


@pytest.mark.parametrize(
    ("said", "word", "language", "found"),
    [
        ("月曜日でお願いします", "月曜", "ja", True), ("nicht die Rechnung", "Rechnung", "de", False), ("不要账单", "账单", "zh", False),
        ("salı", "şali", "tr", False), ("SALI", "salı", "tr", True),
    ],
)  # fmt: skip
def test_the_guide_is_right_about_what_callers_say(said: str, word: str, language: str, found: bool) -> None:
    assert (chosen(said, {"1": (word,)}, answer_words(language)) == "1") is found


def test_the_guide_is_right_about_keys_and_consent() -> None:
    keys = re.findall("`([^`]+)`", GUIDE.partition("**Keys.**")[2].partition("CF142")[0])[:6]
    assert [keys_in(one) for one in keys] == [{"1"}] * 4 + [set()] * 2
    assert answer(answer_words("ja"), "はいはい、さっきも聞きました") == ""


@pytest.mark.parametrize(
    "text", ["İyi günler, İstanbul'a ve İzmir'den arıyoruz", "Ankara'da İstanbul'un işi", "İzmir'e ğ"]
)
def test_our_endings_after_an_apostrophe_are_not_italian(text: str) -> None:
    assert other_language(text, "tr") == ""


def test_a_company_may_end_with_a_full_stop_in_every_language(bench: Workbench) -> None:
    bench.edit("callflow.yaml", "name: Example Energy ", 'name: "Jones & Co." ')
    text = (bench.config / "scripts" / "en.yaml").read_text(encoding="utf-8")
    (bench.config / "scripts" / "fi.yaml").write_text(
        f'{text}names:\n  "Jones & Co.": "Jones & Co."\n', encoding="utf-8"
    )
    assert [one for one in bench.problems() if "CF167" in one] == []


@pytest.mark.parametrize("text", ["ｵｷｬｸｻﾏ ﾊﾞﾝｺﾞｳ", "人々々々々々々", "ｶﾅ、ヴォイス"])
def test_half_width_letters_are_japanese(text: str) -> None:
    assert other_language(text, "ja") == ""
