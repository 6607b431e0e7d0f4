"""Commands are computed from the call before and after."""

from callflow.core import command_diff
from callflow.core.call import LegStatus, Place, Prompt
from callflow.core.commands import Announce, RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.stages import PlaceName
from tests.playbook import Playbook, talking


def waiting() -> Playbook:
    return Playbook().calls().wait(6).presses("1")


def test_nothing_changed_nothing_to_do() -> None:
    call = talking().call
    assert command_diff.commands(call, call) == []
    assert command_diff.overdue(call) == []


def test_who_must_come_is_rung_once() -> None:
    book = waiting()
    new = book.call.changed("a1", sid="", status=LegStatus.WANTED)
    assert command_diff.commands(None, new, "caller") == [
        RingLeg(call="c1", leg="a1", token=1, person="ana", ring_seconds=20)
    ]
    assert command_diff.command(book.call, book.agent("ana").leg) is None


def test_who_must_move_is_redirected_but_not_the_one_we_answer() -> None:
    before = talking().call
    after = before.moved("caller", Place(PlaceName.QUEUE)).moved(before.lead, Place(PlaceName.MENU))
    kinds = {type(order): order.leg for order in command_diff.commands(before, after, answering=before.lead)}
    assert kinds == {RedirectLeg: "caller"}
    assert [leg.id for leg in command_diff.overdue(after)] == ["caller", before.lead]


def test_a_leg_that_must_end_is_released_perhaps_after_a_prompt() -> None:
    before = talking().call
    gone = before.moved("caller", Place(PlaceName.GONE))
    told = before.moved("caller", Place(PlaceName.GONE, (Prompt("goodbye"),)))
    assert [type(order) for order in command_diff.commands(before, gone)] == [ReleaseLeg]
    assert [type(order) for order in command_diff.commands(before, told)] == [RedirectLeg]


def test_nothing_can_be_done_about_a_leg_that_is_over_or_has_no_id_yet() -> None:
    call = waiting().call
    over = call.changed("a1", status=LegStatus.GONE)
    assert command_diff.commands(call, over.moved("a1", Place(PlaceName.OFFER))) == []
    unplaced = call.changed("a1", sid="", status=LegStatus.WANTED).moved("a1", Place(PlaceName.GONE))
    assert command_diff.commands(call, unplaced) == []


def test_who_stays_alone_in_the_room_is_announced_to_until_somebody_comes() -> None:
    book = talking()
    before, menu = book.call, book.agent("ana").star().call
    announced = Announce(call="c1", leg="caller", token=menu.seq, sid=menu.caller.sid)
    assert command_diff.commands(before, menu, menu.lead) == [announced]
    again = book.presses("0").call
    assert command_diff.commands(menu, again, menu.lead) == []
    assert command_diff.commands(again, book.presses("*").call, menu.lead) == []


def test_nobody_is_alone_while_the_other_one_is_on_the_way_without_a_prompt() -> None:
    together = talking().call
    on_the_way = together.moved("caller", Place(PlaceName.ROOM))
    assert command_diff.commands(together, on_the_way, "caller") == []


def test_a_lead_for_whom_the_provider_plays_music_is_not_announced_to() -> None:
    book = talking().agent("ana").star().presses("2")
    before = book.call
    ringing = book.caller().presses("1").call
    assert not [one for one in command_diff.commands(before, ringing) if isinstance(one, Announce)]
