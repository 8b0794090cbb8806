"""A receipt told to the person, in plain Dutch or English: what, with whom, until when, on which words, how to stop.

``told`` gives parts with a heading; ``as_text`` and ``as_page`` write the same parts, so that nobody reads another story
than somebody else. Both are views: what counts is the signed receipt.
"""

__all__ = ["Part", "Piece", "as_page", "as_text", "told"]

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from textwrap import indent
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from belbaar.law import PACKS
from belbaar.law.calendar import instant
from belbaar.law.plain import day_in_words, instant_in_words
from belbaar.law.products import ALL
from belbaar.proof.erasure.retention import ROW_OF
from belbaar.proof.log.note import lines_of
from belbaar.proof.receipt.phrases import METHODS, PHRASES
from belbaar.proof.receipt.signed import Receipt

_TERM_YEARS = (ROW_OF["consent.given"].term or PACKS["NL"].first_contact).months // 12
_ZONE = PACKS["NL"].zone
UNKNOWN_LANGUAGE = "und"
TEXT, ITEM, QUOTE, LINK = "text", "item", "quote", "link"


class Piece(NamedTuple):
    """A sentence, an item of a list, words that were shown (with their language), or a link."""

    kind: str
    text: str
    language: str = ""


def _say(text: str, **facts: object) -> Piece:
    """Fill in a sentence; a name that ends with a full stop, such as B.V., needs no second one."""
    return Piece(TEXT, re.sub(r"\.\.(?=\s|$)", ".", text.format(**facts)))


class Part(NamedTuple):
    """What stands under one heading."""

    heading: str
    pieces: tuple[Piece, ...]


def told(receipt: Receipt, zone: ZoneInfo = _ZONE) -> tuple[Part, ...]:
    """Tell a receipt, part by part; its first heading is the title."""
    say, record = PHRASES[receipt.language], receipt.record
    party = record["data_controller"]
    facts = {"name": party["name"], "product": _product(record, say), "number": record["data_subject"]["identifier"]}
    return (
        Part(say["title"], tuple(_opening(record, facts, say))),
        Part(say["what"], tuple(_agreed(record, facts, say))),
        Part(say["when"], tuple(_times(receipt, facts, say, zone))),
        Part(say["words"], tuple(_shown(receipt, say, zone))),
        Part(say["stop"], tuple(_stopping(record, facts, say))),
        Part(say["complain"], tuple(_complaining(record, facts, say))),
        Part(say["data"], tuple(_handling(record, facts, say))),
        Part(say["proof"], tuple(_proving(receipt, say, zone))),
    )


def as_text(receipt: Receipt) -> str:
    """Write a receipt as plain text."""
    lines: list[str] = []
    for part in told(receipt):
        lines += [part.heading, "=" * len(part.heading) if not lines else "-" * len(part.heading), ""]
        for items, pieces in groupby(part.pieces, key=lambda piece: piece.kind == ITEM):
            written = [_line(piece) for piece in pieces]
            lines += [("\n" if items else "\n\n").join(written), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def as_page(receipt: Receipt) -> str:
    """Write a receipt as a page by itself: no script, nothing fetched, the signed receipt inside for who wants to check."""
    title, *parts = told(receipt)
    say = PHRASES[receipt.language]
    note = f"{receipt.note.text}\n{lines_of(receipt.note.signatures)}"
    body = "\n".join(_section(part, place) for place, part in enumerate(parts, 1))
    return _PAGE.format(
        language=receipt.language,
        title=escape(title.heading),
        style=_STYLE,
        opening=_pieces(title.pieces),
        body=body,
        check=escape(say["check"]),
        check_how=escape(say["check_how"]),
        note=escape(note),
    )


def _opening(record: Mapping[str, Any], facts: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[Piece]:
    yield _say(say["opening"], **facts)
    if _withdrawn(record):
        yield _say(say["is_withdrawn"], **facts)
    if record["consent_status"][0]["legal_basis"] == "dpv:ImpliedConsent":
        yield Piece(TEXT, say["no_clear_yes"])


def _agreed(record: Mapping[str, Any], facts: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[Piece]:
    party = record["data_controller"]
    yield _say(say["may_call"], **facts)
    for channel in record["channels"]:
        yield Piece(ITEM, say["channels"][channel].format(**facts))
    yield _say(say["party"], name=party["name"], kvk=party["identifier"], address=party["address"])
    for way in party["contact"]:
        yield Piece(LINK if way.startswith("https://") else ITEM, way)
    agents = [recipient["name"] for recipient in record["process"]["recipient"] if "name" in recipient]
    if agents:
        yield _say(say["agents"], agents=", ".join(agents), **facts)


def _times(receipt: Receipt, facts: Mapping[str, str], say: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Piece]:
    record, language = receipt.record, receipt.language
    given, *later = record["consent_status"]
    yield _say(say["given"], when=_instant(given["date"], zone, language))
    for status in (given, *later):
        if status["type"] == "dpv:ConsentWithdrawn":
            yield _say(say["withdrawn"], when=_instant(status["date"], zone, language))
        elif "verification" in status:
            how = METHODS[language].get(status["verification"]["method"], status["verification"]["method"])
            where = say["to_number"] if status["verification"]["to_number"] is True else ""
            when = _instant(status["date"], zone, language)
            yield _say(say["verified"], when=when, how=how, where=where)
    until = given["valid"].partition("/")[2]
    if _withdrawn(record):
        return
    if until == "..":
        yield Piece(TEXT, say["open"])
    else:
        yield _say(say["until"], day=day_in_words(dt.date.fromisoformat(until), language))
    if "contact_by" in record:
        last = day_in_words(dt.date.fromisoformat(record["contact_by"]), language)
        yield _say(say["contact_by"], day=last, **facts)


def _shown(receipt: Receipt, say: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Piece]:
    record, notice = receipt.record, receipt.record["notice"]
    yield Piece(TEXT, say["saw"])
    language = notice["language"]
    yield Piece(QUOTE, notice["text"], "" if language == UNKNOWN_LANGUAGE else language)
    for box in notice.get("boxes", []):
        states = (say["ticked"] if box[state] else say["empty"] for state in ("initial", "final"))
        first, last = states
        yield Piece(ITEM, say["box"].format(label=box["label"], first=first, last=last))
    if "shown_at" in notice:
        yield _say(say["shown_at"], when=_instant(notice["shown_at"], zone, receipt.language))
    for name, source in (("version", notice), ("page", notice), ("captured_by", record), ("conditional_on", record)):
        if name in source:
            yield Piece(TEXT, say[name].format(source[name]))


def _stopping(record: Mapping[str, Any], facts: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[Piece]:
    control = record["consent_control"]
    yield Piece(TEXT, say["may_stop"])
    if "exercised_at" in control:
        yield Piece(TEXT, say["stop_link"])
        yield Piece(LINK, control["exercised_at"])
    for phone in control.get("contact", []):
        yield _say(say["stop_phone"], phone=phone)
    yield _say(say["stop_call"], **facts)


def _complaining(record: Mapping[str, Any], facts: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[Piece]:
    yield _say(say["not_mine"], **facts)
    for authority, about in zip(record["authority"], say["authorities"], strict=True):
        yield Piece(TEXT, about.format(name=authority["name"]))
        for link in authority["contact"]:
            yield Piece(LINK, link)


def _handling(record: Mapping[str, Any], facts: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[Piece]:
    codes = [place.removeprefix("loc:") for place in record["process"]["processing_condition"]["location"]]
    places = [say["countries"].get(code, code) for code in codes]
    yield _say(say["kept"], years=_TERM_YEARS, places=", ".join(places), **facts)
    yield Piece(TEXT, say["rights"])
    yield Piece(LINK, record["data_controller"]["privacy_notice"])


def _proving(receipt: Receipt, say: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Piece]:
    log = receipt.data["log"]
    yield _say(
        say["logged"],
        origin=log["origin"],
        index=log["leaves"][0]["index"],
        when=_instant(receipt.data["created"], zone, receipt.language),
        id=receipt.data["identifier"],
    )
    yield Piece(TEXT, say["keep_it"])


def _withdrawn(record: Mapping[str, Any]) -> bool:
    return any(status["type"] == "dpv:ConsentWithdrawn" for status in record["consent_status"])


def _product(record: Mapping[str, Any], say: Mapping[str, Any]) -> str:
    title, path = record["process"]["purpose"]["title"], record["process"]["purpose"]["product"]
    if path == ALL:
        return str(say["everything"])
    return str(title) if title == path else f"{title} ({path})"


def _instant(text: str, zone: ZoneInfo, language: str) -> str:
    return instant_in_words(instant(dt.datetime.fromisoformat(text)), zone, language)


def _line(piece: Piece) -> str:
    if piece.kind == QUOTE:
        return indent(piece.text, "    | ", lambda _: True)
    return {ITEM: "- {}", LINK: "  {}"}.get(piece.kind, "{}").format(piece.text)


def _section(part: Part, place: int) -> str:
    heading = escape(part.heading)
    return f'<section aria-labelledby="part-{place}">\n<h2 id="part-{place}">{heading}</h2>\n{_pieces(part.pieces)}\n</section>'


def _pieces(pieces: Sequence[Piece]) -> str:
    lines: list[str] = []
    items: list[str] = []
    for piece in (*pieces, None):
        if piece is not None and piece.kind == ITEM:
            items.append(f"<li>{escape(piece.text)}</li>")
            continue
        if items:
            lines.append(f"<ul>\n{chr(10).join(items)}\n</ul>")
            items = []
        if piece is not None:
            lines.append(_element(piece))
    return "\n".join(lines)


def _element(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.kind == QUOTE:
        language = f' lang="{escape(piece.language)}"' if piece.language else ""
        return f"<blockquote{language}>{text}</blockquote>"
    if piece.kind == LINK and piece.text.startswith("https://"):
        return f'<p><a href="{text}" rel="noreferrer">{text}</a></p>'
    return f"<p>{text}</p>"


_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2rem}"
    "blockquote{margin:1rem 0;padding:.5rem 1rem;border-left:.25rem solid;white-space:pre-wrap}"
    "a{overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.875rem}"
    "a:focus-visible,summary:focus-visible{outline:.2rem solid;outline-offset:.2rem}@media print{details{display:none}}"
)
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{opening}
{body}
<details>
<summary>{check}</summary>
<p>{check_how}</p>
<pre id="receipt">{note}</pre>
</details>
</main>
</body>
</html>
"""
