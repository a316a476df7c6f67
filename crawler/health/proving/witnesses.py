"""Witnesses: the last head of the log, mailed to people who do not depend on the archive; and what they kept, read again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from archive.database.sqlite_file import is_read_only
from archive.proof.heads import Head
from archive.proof.log import Log
from archive.proof.trouble import LogBroken
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config
from crawler.health.alerting.alert_messages import UNSENT, Alert, deliver, give_back, take
from crawler.health.proving.stamping import stamp_last_head
from crawler.ledger.frontier import Ledger

EVER = 1e12  # seconds: a head is mailed to a witness once
LARGEST = 1 << 24  # bytes of a file of heads: some 40,000 of them


def give_head_away(folder: ArchiveFolder) -> list[str]:
    """The last head of the log to a time stamping service and to witnesses, where they are set; answers what went wrong."""
    stamped = stamp_last_head(folder)
    return [*([stamped] if stamped is not None else []), *mail_last_head(folder)]


def mail_last_head(folder: ArchiveFolder, *, clock: Callable[[], float] = time.time) -> list[str]:
    """Mail the last head to every witness that has not got it; answers line by line what could not be sent.

    It stands for all heads before, so one that could not be mailed is not made up for: the next is mailed instead.
    """
    config = folder.config()
    if not config.witnesses or is_read_only(folder.database):
        return []
    try:
        heads = Log(folder.path).heads()
    except LogBroken as error:
        return [f"the head of the log was not mailed: {error}"]
    if not heads:
        return []
    frontier, failed = Ledger(folder.ledger, clock=clock), []
    told = [Alert(f"head {heads[-1].number} {heads[-1].fingerprint()}", "the head of the log", EVER)]
    with closing(frontier.conn):
        for witness in config.witnesses:
            if not take(frontier, f"witness {witness}", told):
                continue
            try:
                deliver(config.alerts, mail(config, witness, heads[-1]))
            except UNSENT as error:
                give_back(frontier, f"witness {witness}", told)
                failed.append(f"the head of the log was not mailed to {witness}: {' '.join(str(error).split())}")
    return failed


def mail(config: Config, witness: str, head: Head) -> EmailMessage:
    """The mail of a head to one witness: what it is for in words, the head itself as a file."""
    message = EmailMessage()
    message["Subject"] = " ".join(f"[{config.name}] head {head.number} of the archive's log".split())[:200]
    message["From"] = config.alerts.sender or witness
    message["To"] = witness
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="tinhuyen.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"You are a witness of the archive {config.name}. Please keep this mail.\n\n"
        f"On {head.time} its log had {head.size:,} leaves under the root\n  {head.root}\n"
        f"signed by the key\n  {head.key}\n\n"
        "Whoever rewrites that log later contradicts this mail. Anybody can hold the attached file against the archive:\n"
        f"  tinhuyen verify --log --head head-{head.number}.json\n"
    )
    message.add_attachment(head.line(), maintype="application", subtype="json", filename=f"head-{head.number}.json")
    return message


class OtherLog(UserError):
    """Raised for a head whose key signed none of this log."""

    exit_code = FAILURES


def heads_in(path: Path, log: Log) -> Iterator[Head]:
    """The heads of a log that a witness kept: a file with one, or a line each.

    Raises `UserError` where one cannot be read or is not signed, `OtherLog` where its key is none of the log's.
    """
    try:
        keys = {head.key for head in log.heads()}
    except LogBroken:  # what is wrong with the log, its check tells
        keys = set()
    if path.stat().st_size > LARGEST:
        raise UserError(f"{path} is no file of heads: it is larger than {LARGEST >> 20} MB")
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            head = Head(**json.loads(line))
            signed = head.is_signed()
        except (ValueError, TypeError, AttributeError):
            raise UserError(
                f"{path}, line {number}, is no head of a log: give the file that was attached to the mail"
            ) from None
        if not signed:
            raise UserError(f"{path}, line {number}: the head is not what its key signed, so it proves nothing")
        if keys and head.key not in keys:
            raise OtherLog(
                f"{path}, line {number}: head {head.number} of {head.archive!r} was signed by a key that signed no head here: "
                "it is of another archive, or this log was made anew since"
            )
        yield head
