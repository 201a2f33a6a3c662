"""`userapi-gw outbox`."""

from contextlib import closing
from datetime import UTC, datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userapi_gw.cli.options import gateway_of, open_state_of, setting_options
from userapi_gw.settings.sources import load_settings

if TYPE_CHECKING:
    from userapi_gw.state.notifications import Notice, Notifications


@click.command()
@click.argument("number", required=False, type=int)
@click.option("--send", is_flag=True, help="Send now what waits or could not be sent: all of it, or NUMBER alone.")
@click.option("--all", "with_done", is_flag=True, help="List also what was done in the last week.")
@setting_options("data_dir")
def outbox(config: Path | None, number: int | None, send: bool, with_done: bool, **given: str | None) -> None:
    """List what people are to be told and were not, or show NUMBER. Letters hold activation links: tell nobody else.

    What is uncertain may have arrived: a process ended while it was sent, or no answer came. It is sent again only by
    its number.
    """
    if send:
        _send(config, given, number)
        return
    with closing(open_state_of(config, given)) as state:
        _take_over(config, given, state.notifications)
        notices = state.notifications.notices(with_done=with_done, number=number)
    if number is not None and not notices:
        raise click.ClickException(f"there is no {number} in the outbox")
    for notice in notices:
        click.echo(_line(notice) if number is None else _page(notice))
    if not notices:
        click.echo("The outbox is empty.")


def _take_over(config: Path | None, given: dict[str, str | None], notifications: "Notifications") -> None:
    from userapi_gw.notify.outbox import take_over

    take_over(load_settings(given, config).settings.outbox_dir, notifications)


def _send(config: Path | None, given: dict[str, str | None], number: int | None) -> None:
    with gateway_of(config, given) as gateway:
        outbox, sender = gateway.state.notifications, gateway.sender()
        _take_over(config, given, outbox)
        if not outbox.retry(number) and number is not None:
            raise click.ClickException(f"there is no {number} in the outbox that can be sent")
        wanted = [notice.id for notice in outbox.notices(number=number) if notice.state in ("waiting", "begun")]
        while sender.do():
            pass
        after = {notice.id: notice for notice in outbox.notices(with_done=True)}
    ended = [after[each] for each in wanted if each in after]
    click.echo(f"Sent: {sum(notice.state == 'done' and notice.channel != '' for notice in ended)}.")
    left = [notice for notice in ended if notice.state != "done"]
    if left:
        reasons = "; ".join(sorted({notice.reason for notice in left}))
        raise click.ClickException(f"not sent: {len(left)} ({reasons}); see userapi-gw outbox")


def _letter(notice: "Notice") -> EmailMessage | None:
    return message_from_string(notice.letter, policy=default) if notice.letter else None


def _recipient(notice: "Notice") -> str:
    letter = _letter(notice)
    if letter is not None:
        return str(letter.get("To", ""))
    return f"user {notice.recipient}" if notice.recipient else "-"


def _line(notice: "Notice") -> str:
    facts = [
        str(notice.id),
        notice.state,
        notice.kind,
        _recipient(notice),
        notice.channel,
        notice.status,
        notice.reason,
    ]
    return "  ".join(fact for fact in facts if fact)


def _page(notice: "Notice") -> str:
    added = datetime.fromtimestamp(notice.added_at, UTC)
    facts = {
        "State": notice.state,
        "Reason": notice.reason,
        "Channel": " ".join([notice.channel, notice.status]).strip(),
        "Answered": "yes" if notice.answered else "",
        "Kind": notice.kind if notice.count == 1 else f"{notice.kind} ({notice.count})",
        "Added": f"{added:%Y-%m-%d %H:%M:%S} UTC",
        "Tries": str(notice.tries),
        "To": _recipient(notice),
    }
    letter = _letter(notice)
    text = ""
    if letter is not None:
        facts |= {"Subject": str(letter.get("Subject", "")), "Date": str(letter.get("Date", ""))}
        body = letter.get_body(("plain",))
        text = f"\n\n{body.get_content()}" if isinstance(body, EmailMessage) else ""
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value) + text
