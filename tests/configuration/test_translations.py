# ruff: noqa: E501 - a line is a language
"""A language is complete, and is that language: no text is another's, and no good translation is said to be."""

import pytest

from callflow.configuration.checks.scripts import texts
from callflow.configuration.function_words import LANGUAGES, other_language
from callflow.configuration.loading import read_draft
from tests.configuration.breaking import german
from tests.configuration.workbench import ROOT, Workbench

GOOD = {
    "ar": ("شكرا على الانتظار. أنت الآن مع {agent}.", "اضغط 1 للانتظار، أو 2 للمتابعة.", "يمكنك إرسال SMS."),
    "de": ("Danke. {agent} ist in etwa {n} Sekunden zurück.", "{key} Time-out", "In der Hand: eine SMS an Ana."),
    "en": ("Thank you for holding. You are back with {agent}.", "{key} more", "Star to go back."),
    "es": ("Gracias por esperar. Vuelve a hablar con {agent}.", "Pulse 1 para esperar, o 2 para seguir hablando.", "un comentario sobre la persona"),
    "fi": ("Kiitos odottamisesta. Puhut jälleen henkilön {agent} kanssa.", "Paina 1 odottaaksesi tai 2 jatkaaksesi.", "{key} lisää"),
    "fr": ("Merci de votre patience. Vous êtes de nouveau avec {agent}.", "Appuyez sur 1 pour attendre, ou sur 2 pour continuer.", "des remarques sur la personne"),
    "he": ("תודה שחיכית. {agent} שוב איתך.", "הקש 1 כדי להמתין, או 2 כדי להמשיך.", "{key} עוד"),
    "hi": ("प्रतीक्षा के लिए धन्यवाद। {agent} फिर आपके साथ हैं।", "रुकने के लिए 1 दबाएँ।", "{key} और"),
    "it": ("Grazie per l'attesa. È di nuovo con {agent}.", "Prema 1 per attendere, o 2 per continuare a parlare.", "un commento sulla persona"),
    "ja": ("お待たせいたしました。{agent}におつなぎいたします。", "保留は1を押してください。", "{key} 請求"),
    "ko": ("기다려 주셔서 감사합니다. {agent} 상담원입니다.", "기다리시려면 1번을 누르세요.", "{key} 더"),
    "nl": ("Bedankt voor het wachten. U spreekt weer met {agent}.", "Druk op 1 om te wachten, of op 2 om verder te praten.", "{key} time-out"),
    "pl": ("Dziękujemy za cierpliwość. Ponownie rozmawia pan z {agent}.", "Naciśnij 1, aby poczekać, lub 2, aby rozmawiać dalej.", "uwagi o osobie"),
    "pt": ("Obrigado por aguardar. Está de novo com {agent}.", "Prima 1 para aguardar ou 2 para continuar a falar.", "um comentário sobre a pessoa"),
    "ru": ("Спасибо за ожидание. С вами снова {agent}.", "Нажмите 1, чтобы подождать, или 2, чтобы продолжить.", "{key} ещё"),
    "sv": ("Tack för att du väntade. Du talar med {agent} igen.", "Tryck 1 för att vänta eller 2 för att fortsätta tala.", "en kommentar om personen"),
    "th": ("ขอบคุณที่รอ คุณกำลังคุยกับ {agent}", "กด 1 เพื่อรอ", "{key} เพิ่ม"),
    "tr": ("Beklediğiniz için teşekkür ederiz. Yeniden {agent} ile görüşüyorsunuz.", "Beklemek için 1'e, konuşmaya devam etmek için 2'ye basın.", "kişi hakkında sözler"),
    "vi": ("Cảm ơn quý khách đã chờ. Quý khách đang nói chuyện với {agent}.", "Nhấn 1 để chờ, hoặc 2 để nói tiếp.", "{key} thêm"),
    "zh": ("感谢您的等待。{agent}现在继续为您服务。", "同意请按1，不同意请按2。", "{key} 更多"),
}  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_good_translation_is_not_said_to_be_another_language(code: str) -> None:
    assert {text: why for text in GOOD[code] if (why := other_language(text, code))} == {}


def test_a_whole_file_of_good_german_is_fine(bench: Workbench) -> None:
    german()(bench)
    bench.edit("people.yaml", '"+15550100111"}', '"+15550100111", language: de}')
    assert not bench.problems()


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_english_lines_in_another_languages_file_are_found(code: str) -> None:
    """At least three of four, whatever the language; those with letters of their own nearly always."""
    lines = [text for _, _, _, text in texts(read_draft(ROOT / "config"))]
    found = [text for text in lines if other_language(text, code)]
    assert len(found) > 0.7 * len(lines)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "ja"])
def test_japanese_in_another_languages_file_is_found(code: str) -> None:
    assert other_language(GOOD["ja"][0], code)


def test_a_copy_of_the_english_file_does_not_pass_as_german(bench: Workbench) -> None:
    english = (bench.config / "scripts/en.yaml").read_text(encoding="utf-8")
    copy = english.replace("Polly.Joanna-Neural, language: en-US", "Polly.Vicki-Neural, language: de-DE")
    (bench.config / "scripts/de.yaml").write_text(copy, encoding="utf-8")
    assert {one.code for one in bench.errors()} == {"CF193"}
    bench.edit("people.yaml", '"+15550100111"}', '"+15550100111", language: de}')
    assert {one.code for one in bench.errors()} == {"CF191", "CF193"}
    bench.edit("people.yaml", '"+15550100111", language: de}', '"+15550100111"}')
    (bench.config / "scripts/de.yaml").rename(bench.config / "scripts/en-gb.yaml")
    bench.edit("scripts/en-gb.yaml", "Polly.Vicki-Neural, language: de-DE", "Polly.Amy-Neural, language: en-GB")
    assert not bench.errors()


def test_a_german_house_has_english_as_its_second_language(bench: Workbench) -> None:
    """Names of brands have capitals in English, too."""
    german()(bench)
    bench.edit("callflow.yaml", "language: en ", "language: de ")
    names = {
        "callflow.yaml": {"name: Example Energy": "name: Beispiel Energie", "help at example dot com": "hilfe punkt de"},
        "people.yaml": {"role: a team leader}": "role: eine Teamleiterin}", "role: the duty manager}": "role: die Bereitschaft}",
                        "name: energy desk": "name: Energieberatung"},
        "flows/front_desk.yaml": {"reason: a bill": "reason: eine Rechnung", "reason: a delivery": "reason: eine Lieferung"},
        "deescalation.yaml": {
            "reason: look at your account": "reason: Ihr Konto anzusehen", "shouting at our team": "lautes Schreien",
            "personal insults": "Beleidigungen", "name: sexual remarks": "name: sexuelle Bemerkungen",
            "remarks about who someone is": "Bemerkungen über die Person",
        },
    }  # fmt: skip
    spoken = {}
    for file, pairs in names.items():
        for english, here in pairs.items():
            bench.edit(file, english, here)
            spoken[here.split(": ")[-1].strip("}")] = english.split(": ")[-1].strip("}")
    cards = bench.config / "guidance.yaml"  # what agents may offer is ops' own, and so would be its translation
    cards.write_text(cards.read_text(encoding="utf-8").split("\n# What an agent may offer")[0] + "\n", encoding="utf-8")
    german_file = (bench.config / "scripts/de.yaml").read_text(encoding="utf-8")
    before, after = german_file.split("names:\n", 1)[0], german_file.split("\nfragments:\n", 1)[1]
    (bench.config / "scripts/de.yaml").write_text(f"{before}\nfragments:\n{after}", encoding="utf-8")
    own = "".join(f"  {here}: {english}\n" for here, english in spoken.items())
    bench.edit("scripts/en.yaml", "fragments:\n", f"names:\n{own}fragments:\n")
    assert not bench.problems()
