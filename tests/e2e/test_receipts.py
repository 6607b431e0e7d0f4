"""After a closing or a promise the caller has it in writing: what was heard, what remains open, where to ask again."""

import json
from dataclasses import replace

import jsonschema
import pytest
from requests import Request
from ruamel.yaml import YAML

from callflow.core.configuration import Configuration, LookupRules
from callflow.core.follow_ups import FollowUp
from callflow.core.receipt_lines import LINES, By, ReceiptRules
from callflow.core.receipts import begun, receipt_id
from callflow.core.webhooks import Webhook
from callflow.emulator import Chaos, Phone
from callflow.service.follow_ups import SEND_RECEIPT
from callflow.service.jobs import JobFailure
from callflow.service.receipts import Receipts, sender_of
from callflow.service.webhook_schema import RECEIPT, SCHEMA
from tests.e2e.conversation import PHONES, ROOT, Conversation, shipped
from tests.e2e.scenes import talking, warned
from tests.e2e.test_recordings_kept import left_a_message
from tests.e2e.test_webhooks import SECRET, Crm
from tests.e2e.test_webhooks import crm as crm  # a fixture
from tests.openapi import SERVER, assert_valid

REVIEW = "You are welcome to call again. For a review by somebody who was not on the call, write to help@example.com."
BY_SMS = ReceiptRules(by=By.SMS, contact="help@example.com", texts={"en": {}})


def given(**changes: object) -> Configuration:
    """The shipped configuration, with receipts by text message if nothing else is said."""
    scripts = load_texts()
    rules = replace(BY_SMS, texts={"en": scripts}, **changes)  # type: ignore[arg-type]
    return replace(shipped(), receipts=rules)


def load_texts() -> dict[str, str]:
    found = YAML(typ="safe").load(ROOT / "config/scripts/en.yaml")["written"]
    assert {*found} == {*LINES}
    return dict(found)


def closed(talk: Conversation) -> Conversation:
    warned(talk).wait(20)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.hears("disconnect", within=60).is_off()
    return talk.over()


def run_jobs(talk: Conversation, receipts: Receipts | None = None) -> list[str]:
    """Run every waiting job of this kind once; what failed, and waits again."""
    failed, store = [], talk.callflow.store
    for job in store.jobs(talk.clock.now()):
        if job.kind == SEND_RECEIPT:
            try:
                (receipts or talk.callflow.keepers.receipts).run(job.args)
                store._jobs.pop(job.id)  # type: ignore[attr-defined]
            except JobFailure as failure:
                failed.append(str(failure))
    talk.wait(2)
    return failed


def phone(talk: Conversation) -> Phone:
    return talk.emulator.phone(PHONES["caller"])


def receipt(talk: Conversation) -> FollowUp:
    found = talk.callflow.store.follow_up(receipt_id(talk.call.id))
    assert found
    return found


def outcome(talk: Conversation) -> tuple[str, dict[str, object]]:
    (entry,) = [one.note for one in talk.callflow.store.journal(talk.call.id) if one.note.kind == "receipt"]
    return str(entry.outcome), dict(entry.details)


def test_after_a_closing_the_caller_has_in_writing_what_was_heard_and_where_to_ask_again() -> None:
    talk = closed(talking(given()))
    assert phone(talk).messages == []
    assert run_jobs(talk) == []
    (message,) = phone(talk).messages
    assert message.body == (
        f"Example Energy: your call of 2026-01-05, reference {talk.call.reference}. You heard a warning at 09:00. "
        f"The call was ended at 09:00. {REVIEW}"
    )
    assert message.from_number == talk.call.called
    assert outcome(talk) == ("sent", {"by": "sms", "reason": "closing"})
    assert PHONES["caller"][-7:] not in str([one.note for one in talk.journal])


def test_after_a_message_it_says_who_will_call_and_by_when() -> None:
    talk = left_a_message(configuration=given())
    run_jobs(talk)
    (message,) = phone(talk).messages
    assert "Sam will call you by 11:02 on 2026-01-05." in message.body
    assert "warning" not in message.body
    assert outcome(talk) == ("sent", {"by": "sms", "reason": "call_back"})


def test_it_comes_once_however_often_the_job_runs() -> None:
    talk = closed(talking(given()))
    for _ in range(3):
        talk.callflow.keepers.receipts.run({"receipt": receipt_id(talk.call.id)})
    talk.wait(2)
    assert len(phone(talk).messages) == 1
    assert receipt(talk).closed


def test_a_server_that_dies_while_sending_does_not_send_again() -> None:
    talk = closed(talking(given()))
    dying = replace(talk.callflow.keepers.receipts, messages=Dying())
    with pytest.raises(KeyboardInterrupt):
        run_jobs(talk, dying)
    run_jobs(talk)
    assert phone(talk).messages == []
    assert outcome(talk) == ("not known", {"by": "sms", "reason": "closing"})


class Dying:
    def send(self, to: str, sender: str, body: str, account: str = "") -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize("code", [21610, 21614])
def test_a_telephone_that_takes_no_messages_is_told_in_the_journal_and_not_tried_again(code: int) -> None:
    talk = closed(talking(given()))
    phone(talk).refuses_messages = code
    assert run_jobs(talk) == []
    assert outcome(talk) == ("not sent", {"by": "sms", "reason": "closing", "why": str(code)})
    phone(talk).refuses_messages = 0
    talk.callflow.keepers.receipts.run({"receipt": receipt_id(talk.call.id)})
    talk.wait(2)
    assert phone(talk).messages == []


def test_too_many_requests_make_it_later() -> None:
    talk = closed(talking(given()))
    faults = talk.emulator.exchange.faults
    faults.chaos = Chaos(rest_429=1.0)
    assert run_jobs(talk) == ["sending a message: HTTP 429, code 20429"]
    faults.chaos = Chaos()
    assert run_jobs(talk) == []
    assert len(phone(talk).messages) == 1
    assert outcome(talk)[0] == "sent"


def test_without_an_answer_it_may_have_been_sent_so_it_is_not_sent_again() -> None:
    talk = closed(talking(given()))
    faults = talk.emulator.exchange.faults
    faults.chaos = Chaos(rest_5xx_after_effect=1.0)
    assert run_jobs(talk) == []
    faults.chaos = Chaos()
    run_jobs(talk)
    assert len(phone(talk).messages) == 1
    assert outcome(talk)[0] == "not known"


def test_a_number_of_ours_that_sends_no_messages_is_told_too() -> None:
    talk = closed(talking(given()))
    talk.emulator.exchange.numbers[talk.call.called].sms = False
    run_jobs(talk)
    assert outcome(talk)[1]["why"] == "21606"


def test_a_caller_who_shows_no_number_gets_none_and_a_landline_neither() -> None:
    talk = closed(talking(given(), caller_id="anonymous"))
    run_jobs(talk)
    assert outcome(talk) == ("not sent", {"by": "sms", "reason": "closing", "why": "no number"})
    landline = closed(talking(given(), caller_id="+493012345678"))
    run_jobs(landline)
    assert outcome(landline) == ("not sent", {"by": "sms", "reason": "closing", "why": "no mobile number"})


def test_nothing_is_sent_for_a_call_that_was_erased_meanwhile() -> None:
    talk = closed(talking(given()))
    assert talk.callflow.store.erase(talk.call.id)
    assert run_jobs(talk) == []
    assert phone(talk).messages == []


def test_it_comes_from_the_number_that_ops_name_but_a_sub_account_has_its_own_only() -> None:
    configuration = given(sender="+15550100140")
    talk = closed(talking(configuration))
    talk.emulator.add_number("+15550100140", voice_url="")
    run_jobs(talk)
    assert [one.from_number for one in phone(talk).messages] == ["+15550100140"]
    assert configuration.receipts
    of_another = replace(talk.call, account="AC" + "1" * 32)
    assert sender_of(of_another, configuration, configuration.receipts) == talk.call.called
    by_sip = replace(talk.call, called="sip:desk@example.sip.twilio.com")
    assert sender_of(by_sip, given(), replace(configuration.receipts, sender="")) == shipped().caller_id


def test_an_ordinary_call_has_none() -> None:
    talk = talking(given())
    talk.caller.hangs_up()
    talk.over()
    assert talk.callflow.store.follow_up(receipt_id(talk.call.id)) is None
    assert not [job for job in talk.callflow.store.jobs(talk.clock.now()) if job.kind == SEND_RECEIPT]


@pytest.mark.parametrize(("key", "line"), [("5", "safeguarding_on"), ("6", "threat_on")])
def test_where_harm_is_feared_nothing_arrives_on_a_telephone_that_others_may_read(key: str, line: str) -> None:
    talk = talking(given())
    talk.ana.presses("*").hears("menu").presses(key).hears(line)
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up", within=60).presses("2")
    talk.over()
    assert talk.call.call_back
    assert talk.callflow.store.follow_up(receipt_id(talk.call.id)) is None


def test_it_is_in_the_language_of_the_call_if_that_has_its_lines() -> None:
    german = dict.fromkeys(LINES, "-") | {"receipt_closing": "Das Gespräch wurde um {time} Uhr beendet."}
    talk = closed(talking(given()))
    configuration = given()
    assert configuration.receipts
    rules = replace(configuration.receipts, texts={**configuration.receipts.texts, "de": german})
    languages = {**configuration.languages, "de": configuration.languages["en"]}
    spoken = replace(configuration, receipts=rules, languages=languages)
    (one,) = begun(None, replace(talk.call, language="de"), (), spoken)
    assert one.body == {"language": "de", "text": "- - Das Gespräch wurde um 09:00 Uhr beendet. - -"}
    (other,) = begun(None, replace(talk.call, language="fr"), (), spoken)
    assert other.body["language"] == "en"


def test_by_default_nobody_gets_one() -> None:
    talk = closed(talking())
    assert talk.callflow.store.follow_up(receipt_id(talk.call.id)) is None


def test_the_request_is_one_that_the_provider_documents() -> None:
    talk = closed(talking(given()))
    talk.emulator.rest_log.clear()
    run_jobs(talk)
    (entry,) = talk.emulator.rest_log
    assert_valid(Request(entry.method, SERVER + entry.path, auth=("AC1", "token"), data=entry.form).prepare())


def test_the_companys_own_system_sends_it_with_the_text_and_the_number(crm: Crm) -> None:
    here = frozenset({"127.0.0.1"})
    mailer = Webhook(name="mailer", url=f"http://127.0.0.1:{crm.server_port}/mail", secret="M", subjects=frozenset())
    rules = replace(given(by=By.WEBHOOK, webhook="mailer"), webhooks={"mailer": mailer},
                    lookups=LookupRules(allow_private=here, allow_http=here))  # fmt: skip
    talk = closed(talking(rules))
    kept = talk.callflow.keepers.receipts
    sending = replace(kept, webhooks=replace(kept.webhooks, environ={"M": SECRET}))
    crm.refuses = 1
    assert run_jobs(talk, sending) == ["webhook mailer: HTTP 503"]
    assert run_jobs(talk, sending) == []
    ((_, body),) = crm.taken
    event = json.loads(body)
    assert (event["type"], event["subject"]) == ("callflow.receipt", talk.call.reference)
    jsonschema.validate(event, SCHEMA)
    jsonschema.validate(event["data"], RECEIPT)
    assert event["data"] == {
        "call": talk.call.id, "reference": talk.call.reference, "reasons": ["closing"], "to": PHONES["caller"],
        "language": "en", "text": receipt(talk).body["text"],
    }  # fmt: skip
    assert phone(talk).messages == []
    assert outcome(talk)[0] == "sent"
