"""Erasing a person: first what goes and what stays, and why; then it is done, and looked after."""

__all__ = ["erase"]

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Lang, Region, Store, read_number
from belbaar.cli.output import count, print_json
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import iso, local_day
from belbaar.law.plain import day_in_words
from belbaar.ledger import events_of
from belbaar.numbers import masked
from belbaar.opening import jobs_folder, lists_folder, opened
from belbaar.proof.erasure.erasing import Erased, Searched, due, finish, search
from belbaar.proof.erasure.erasing import check_said as checked
from belbaar.proof.erasure.erasing import erase as erased_by
from belbaar.proof.erasure.fates import Fate, Plan, plan_of
from belbaar.proof.erasure.remains import Sought
from belbaar.proof.erasure.retention import ROWS
from belbaar.proof.log.keeping import Log, log_of

_PACK = PACKS["NL"]
_WORDS = {
    "en": {
        "head": "Erasing {number}{for_caller}.",
        "for_caller": ", as far as {caller} is concerned",
        "nothing": "Nothing is kept of it that could go.",
        "goes": "Goes now:",
        "ended": "its last day was {day}",
        "stays": "Stays, out of reach of anything but a dossier:",
        "until": "through {day}",
        "works": "Goes on working, by a mark that does not show the number:",
        "to_all": "the objection to all callers, of {day}",
        "to_one": "the objection to {caller}, of {day}",
        "ever": "Stays for ever:",
        "dry": "Nothing was changed: this is what would happen.",
        "done": "Done. Events emptied: {events}; keys shredded: {keys}.",
        "entries": "Entry {entries} of the log says so.",
        "due": "Done. What has had its last day is gone; keys shredded: {keys}.",
        "not_due": "Nothing that was kept so long has had its last day.",
        "clean": "Looked for the number in {files} files: it is in none.",
        "others": "Not looked for: events that concern other callers still name the number.",
        "server": "Not looked at: the files of the database server, its log archives, any backup.",
        "found": "STILL THERE, {how}: {path}",
        "again": "Also take it out of the files from which you record: what is recorded again comes back.",
    },
    "nl": {
        "head": "Wissen van {number}{for_caller}.",
        "for_caller": ", voor zover het {caller} aangaat",
        "nothing": "Er is niets van bewaard dat weg kan.",
        "goes": "Gaat nu weg:",
        "ended": "de laatste dag was {day}",
        "stays": "Blijft, alleen te openen voor een dossier:",
        "until": "tot en met {day}",
        "works": "Blijft werken, door een kenmerk waaruit het nummer niet te lezen is:",
        "to_all": "het verzet tegen alle bellers, van {day}",
        "to_one": "het verzet tegen {caller}, van {day}",
        "ever": "Blijft altijd:",
        "dry": "Er is niets veranderd: dit is wat er zou gebeuren.",
        "done": "Gedaan. Gebeurtenissen geleegd: {events}; sleutels vernietigd: {keys}.",
        "entries": "Regel {entries} van het logboek zegt dat.",
        "due": "Gedaan. Waarvan de laatste dag voorbij is, is weg; sleutels vernietigd: {keys}.",
        "not_due": "Van niets wat zo lang bewaard bleef is de laatste dag al voorbij.",
        "clean": "In {files} bestanden naar het nummer gezocht: het staat er niet in.",
        "others": "Niet gezocht: gebeurtenissen van andere bellers noemen het nummer nog.",
        "server": "Niet doorzocht: de bestanden van de databaseserver, archieven van zijn log, reservekopieën.",
        "found": "STAAT ER NOG, {how}: {path}",
        "again": "Haal het ook uit de bestanden waaruit u vastlegt: wat opnieuw wordt vastgelegd, komt terug.",
    },
}


def _erase(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Whose, as people write it.")] = "",
    *,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; it stays in the log for ever, so no person's data.")
    ] = "",
    caller: Annotated[str, typer.Option(metavar="ID", help="Only what concerns this caller.")] = "",
    by: Annotated[
        str, typer.Option(metavar="ROLE", help="In what role you do this; it stays in the log for ever too.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and what would stay.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Erase what was retained and has had its last day.")] = False,
    search: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Also look for the number in this file or folder; may be given again."),
    ] = None,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Write the tables anew, so that no page keeps what stood in it.")
    ] = False,
    region: Region = "NL",
    lang: Lang = "en",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Erase a person; what must be proven stays, closed.

    What goes, what stays, until when and why is said first. Events become empty places, their keys are shredded, and an
    entry in the log says so; an objection goes on working. Then the store's files are searched for the number.
    """
    _check(number, reason, by, dry_run=dry_run, due=due)
    with opened(store) as ledger:
        log = log_of(ledger)
        if due:
            return _due(log, lists_folder(store), rewrite=rewrite, lang=lang, json=json)
        whose = read_number(number, "NUMBER", lang=lang, region=region)
        plan = plan_of(log, whose, caller, _PACK)
        if not json:
            _say(_plan_lines(plan, lang))
        if dry_run:
            if json:
                print_json(_plan_mapping(plan) | {"dry_run": True})
            else:
                typer.echo(_WORDS[lang]["dry"])
            return 0
        done = erased_by(log, whose, pack=_PACK, reason=reason, caller=caller, by=by)
        keys = finish(log, rewrite=rewrite)
        left = _look(log, done, search or [], jobs_folder(store))
        if json:
            print_json(_plan_mapping(done.plan) | {"dry_run": False} | _done_mapping(done, keys, left))
        else:
            _say(_done_lines(done, keys, left, lang, server=ledger.dialect != "sqlite"))
    return 1 if left.found else 0


def _check(number: str, reason: str, by: str, *, dry_run: bool, due: bool) -> None:
    """Look whether what is asked makes sense, before a store is opened."""
    if bool(number) == due:
        raise InputError(
            "say whom to erase, or --due for what is due, and not both.",
            where="NUMBER",
            todo='Such as: belbaar erase +31201000007 --reason "request 2026-014" --dry-run',
        )
    if not reason and not dry_run and not due:
        raise InputError(
            "an erasure needs a reason; it stays in the log.",
            where="--reason",
            todo='Say what was asked and name the case, such as "request 2026-014"; no name, number or address.',
        )
    for text, option in ((reason, "--reason"), (by, "--by")):
        if text:
            checked(text, option)


def _look(log: Log, done: Erased, also: list[Path], jobs: Path) -> Searched:
    """Search for the number, unless events of others still name it."""
    if any(event.seq for event in events_of(log.store, done.plan.number)):
        return Searched((), ())
    return search(log, Sought.of(done.plan.number, done.digests), also, jobs=jobs)


def _due(log: Log, lists: Path, *, rewrite: bool, lang: str, json: bool) -> int:
    entries = due(log, _PACK, lists)
    keys = finish(log, rewrite=rewrite)
    if json:
        print_json({"keys": keys, "entries": [*entries]})
    elif not entries and not keys:
        typer.echo(_WORDS[lang]["not_due"])
    else:
        typer.echo(_WORDS[lang]["due"].format(keys=count(keys)))
        _say(_entries_line(entries, lang))
    return 0


def _say(lines: Iterator[str]) -> None:
    typer.echo("\n".join(lines))


def _plan_lines(plan: Plan, lang: str) -> Iterator[str]:
    words, place = _WORDS[lang], 0 if lang == "nl" else 1
    for_caller = words["for_caller"].format(caller=plan.caller) if plan.caller else ""
    yield words["head"].format(number=masked(plan.number), for_caller=for_caller)
    if plan.empty:
        yield words["nothing"]
    for goes in (True, False):
        groups = _groups(plan, goes=goes)
        if groups:
            yield words["goes" if goes else "stays"]
        for fate, many in groups:
            row, last = fate.row, fate.last
            says = "" if last is None else words["ended" if goes else "until"].format(day=_day(last, lang))
            of = f" ({fate.caller})" if fate.caller else ""
            yield f"  {row.what[place]}{of}: {', '.join(filter(None, (count(many), says)))}"
            yield f"    {row.why[place]} {_cites(fate)}"
    if plan.objections:
        yield words["works"]
    for caller, since in plan.objections:
        name = "to_one" if caller else "to_all"
        yield f"  {words[name].format(caller=caller, day=_day(local_day(since, ZONE), lang))}"
    if not plan.empty:
        log = next(row for row in ROWS if row.id == "log")
        yield words["ever"]
        yield f"  {log.what[place]}\n    {log.why[place]} ({', '.join(cite.label for cite in log.cites)})"


def _done_lines(done: Erased, keys: int, left: Searched, lang: str, *, server: bool) -> Iterator[str]:
    words = _WORDS[lang]
    if not done.plan.empty:
        yield words["done"].format(events=count(len(done.plan.events)), keys=count(keys))
        yield from _entries_line(done.entries, lang)
    if left.files and not left.found:
        yield words["clean"].format(files=count(len(left.files)))
    if not left.files:
        yield words["others"]
    elif server:
        yield words["server"]
    for remain in left.found:
        yield words["found"].format(how=remain.how, path=remain.path)
    if not done.plan.empty:
        yield words["again"]


def _entries_line(entries: range, lang: str) -> Iterator[str]:
    if entries:
        yield _WORDS[lang]["entries"].format(entries=", ".join(map(str, entries)))


def _groups(plan: Plan, *, goes: bool) -> list[tuple[Fate, int]]:
    """Put together what has one row of the table, one caller and one last day; each with how many there are."""

    def key(fate: Fate) -> tuple[int, str, int]:
        return ROWS.index(fate.row), fate.caller, fate.last or 0

    wanted = sorted((fate for fate in plan.fates if fate.goes(plan.today) is goes), key=key)
    groups = (list(group) for _, group in groupby(wanted, key=key))
    return [(group[0], len(group)) for group in groups]


def _plan_mapping(plan: Plan) -> dict[str, Any]:
    told: dict[str, list[dict[str, Any]]] = {"goes": [], "stays": []}
    for goes, name in ((True, "goes"), (False, "stays")):
        for fate, many in _groups(plan, goes=goes):
            row = fate.row
            last = {} if fate.last is None else {"last_day": dt.date.fromordinal(fate.last).isoformat()}
            told[name].append(
                {
                    "row": row.id,
                    "what": dict(zip(("nl", "en"), row.what, strict=True)),
                    "caller": fate.caller,
                    "count": many,
                    **last,
                    "why": dict(zip(("nl", "en"), row.why, strict=True)),
                    "cites": [{"label": cite.label, "link": cite.link} for cite in row.cites],
                }
            )
    objections = [{"caller": caller, "since": iso(since, ZONE)} for caller, since in plan.objections]
    return {"number": masked(plan.number), "caller": plan.caller, **told, "objections": objections}


def _done_mapping(done: Erased, keys: int, left: Searched) -> dict[str, Any]:
    return {
        "events": len(done.plan.events),
        "keys": keys,
        "entries": [*done.entries],
        "searched": [str(path) for path in left.files],
        "found": [{"file": str(remain.path), "how": remain.how} for remain in left.found],
    }


def _day(day: int, lang: str) -> str:
    return day_in_words(dt.date.fromordinal(day), lang)


def _cites(fate: Fate) -> str:
    return f"({', '.join(cite.label for cite in fate.row.cites)})"


erase = Command(
    _erase,
    (
        "belbaar erase +31201000001 --dry-run",
        'belbaar erase +31201000001 --reason "request 2026-014"',
        'belbaar erase +31201000002 --reason "request 2026-015" --caller voltix --lang nl',
        "belbaar erase --due",
    ),
    "0 done, or said what would be, 1 the number is still in a file, 2 a mistake in what was asked",
)
