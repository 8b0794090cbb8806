"""The pages of a dossier that people read: printable, without scripts, in Dutch and in English.

What is proven and what is not is told by the verifier (``belbaar.proof.verifier.findings``); the rest repeats what the
entries say, with the law as it is logged, not as this program knows it.
"""

__all__ = ["Page", "pages", "told"]

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from belbaar.law import PACKS
from belbaar.law.plain import instant_in_words, term_in_words
from belbaar.law.terms import Term
from belbaar.numbers import e164
from belbaar.proof.dossier.readable_words import KINDS, METHODS, PAGE, RELATIONS
from belbaar.proof.entries.opened import Clear, Opened
from belbaar.proof.verifier import Findings
from belbaar.verdict.evidence import EVIDENCE_LEVEL
from belbaar.verdict.levels import LEVELS

_NAMES = {"nl": "LEES-MIJ.html", "en": "READ-ME.html"}
_STYLE = """
body{font:1rem/1.55 system-ui,sans-serif;color:#1b2430;background:#fbfaf7;margin:0 auto;max-width:44rem;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem}
li,p,h1{overflow-wrap:anywhere}a{color:#0b4f8a}code,pre{font:.875rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
pre{background:#f1efe9;padding:.75rem;border-radius:.375rem}
ol.time{list-style:none;padding:0}ol.time>li{border-left:.2rem solid #d9d5cb;padding:.25rem 0 .75rem 1rem}
h3{font-size:1.05rem;margin:0}.soft{color:#4a5563;font-size:.9rem}
blockquote{margin:.5rem 0;padding:.5rem .75rem;background:#f1efe9;border-radius:.375rem}
.yes,.no,.open{font-weight:650;padding:.05rem .4rem;border-radius:.375rem}
.yes{color:#17603a;background:#e4f3e8}.no{color:#9c1c1c;background:#fbe9e7}.open{color:#6b4a00;background:#fbf0d2}
@media print{body{background:#fff;max-width:none;padding:0}}
"""


@dataclass(frozen=True, slots=True)
class Page:
    """What the pages tell.

    Args:
        number: E.164; 0 for a screened list.
        made_at: UTC microseconds.
        origin: of the log.
        entries: in the log's order.
        texts: by hash: the entry in clear, and the text.
        callers: names by id.
        levels: of each consent, by its place: the level, what it means, what is missing, by language.
        rows: of a screened list: the place, from 1, and what the row says.
    """

    number: int
    made_at: int
    origin: str
    entries: Sequence[Opened]
    texts: Mapping[str, tuple[Clear, str]]
    callers: Mapping[str, str]
    levels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    rows: Sequence[tuple[int, Mapping[str, Any]]] = ()


def pages(page: Page, found: Mapping[str, Findings]) -> dict[str, bytes]:
    """Write the pages, by their names in the dossier."""
    return {name: "".join(_document(page, found[lang], lang)).encode() for lang, name in _NAMES.items()}


def told(page: Page, lang: str) -> Iterator[str]:
    """Tell the timeline in lines, for a terminal."""
    for entry in page.entries:
        kind = KINDS[entry.kind][lang] if entry.kind in KINDS else entry.kind
        yield f"{entry.index:>6}  {_when(entry.at, lang)}  {kind}, {', '.join(_facts(page, entry, lang))}"


def _document(page: Page, found: Findings, lang: str) -> Iterator[str]:
    subject = e164(page.number) if page.number else PAGE["a_list"][lang]
    title = escape(PAGE["title"][lang].format(subject=subject))
    yield f'<!doctype html>\n<html lang="{lang}">\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width">\n'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n<main>\n<h1>{title}</h1>\n"
    made = PAGE["made"][lang].format(when=_when(page.made_at, lang), origin=page.origin)
    yield f"<p>{escape(made)} {escape(PAGE['limit'][lang])}</p>\n"
    how = next(how for how, outcome in _OF.items() if outcome == found.outcome)
    yield f"<p><span class={how}>{escape(found.says)}</span> {escape(PAGE['own_keys'][lang])}</p>\n"
    yield f"<h2>{PAGE['timeline'][lang]}</h2>\n<ol class=time>\n"
    for entry in page.entries:
        yield from _entry(page, entry, lang)
    yield "</ol>\n"
    yield from _proven(page, found, lang)
    yield from _checking(lang)
    yield "</main>\n</html>\n"


def _proven(page: Page, found: Findings, lang: str) -> Iterator[str]:
    said = {outcome: [item for item in found.found if item.outcome == outcome] for outcome in _MARKS}
    missing = [] if page.rows else list(_unjudged(page, lang))
    if said["refuted"]:
        yield f"<h2>{PAGE['refuted'][lang]}</h2>\n"
        yield from _findings([f"{item.about}: {item.says}" for item in said["refuted"]], "no")
    yield f"<h2>{PAGE['not_shown'][lang]}</h2>\n"
    told = [f"{item.about}: {item.says}" for item in said["incomplete"]] + missing
    yield from _findings(told or [PAGE["nothing_missing"][lang]], "open" if told else "yes")
    yield f"<h2>{PAGE['shown'][lang]}</h2>\n"
    yield from _findings([f"{item.about}: {item.says}" for item in said["proven"]], "yes")


_MARKS = {"proven": "✓", "incomplete": "?", "refuted": "✕"}
_OF = {"yes": "proven", "open": "incomplete", "no": "refuted"}


def _findings(sentences: Sequence[str], how: str) -> Iterator[str]:
    mark = f"<span class={how} aria-hidden=true>{_MARKS[_OF[how]]}</span>"
    yield "<ul>\n" + "".join(f"<li>{mark} {escape(sentence)}</li>\n" for sentence in sentences) + "</ul>\n"


def _unjudged(page: Page, lang: str) -> Iterator[str]:
    """Name the calls before which no verdict was logged."""
    for entry in page.entries:
        before = (
            other
            for other in page.entries
            if other.kind == "verdict" and other.index < entry.index and other.caller == entry.caller
        )
        if entry.kind == "call.made" and next(before, None) is None:
            yield PAGE["no_verdict"][lang].format(index=entry.index)


def _entry(page: Page, entry: Opened, lang: str) -> Iterator[str]:
    kind = KINDS[entry.kind][lang] if entry.kind in KINDS else entry.kind
    yield f"<li><h3>{escape(_when(entry.at, lang))}: {escape(kind)}</h3>\n"
    yield f"<p class=soft>{escape(', '.join(_facts(page, entry, lang)))}.</p>\n"
    if entry.kind == "consent.given":
        yield from _consent(page, entry, lang)
    if entry.kind == "verdict":
        yield from _verdict(page, entry, lang)
    if entry.kind == "list":
        yield from _list(page, entry, lang)
    yield "</li>\n"


def _list(page: Page, entry: Opened, lang: str) -> Iterator[str]:
    what: Mapping[str, Any] = entry.body.what
    yield f"<p>{escape(PAGE['rows'][lang].format(rows=what['rows'], allowed=what['allowed_rows']))}.</p>\n"
    ruleset = PAGE["law"][lang].format(ruleset=what["ruleset"], hash=what["rules"])
    known = PAGE["known"][lang].format(known=what["known_at"], position=what["position"])
    yield f"<p class=soft>{escape(ruleset)}. {escape(known)}</p>\n<ul>\n"
    for place, row in page.rows:
        number = e164(row["number"]) if "number" in row else "?"
        word = f"<span class={'yes' if row['allowed'] else 'no'}>{PAGE['allowed' if row['allowed'] else 'denied'][lang]}</span>"
        why = ", ".join([row.get("ground", ""), *row.get("reasons", ()), row.get("error", "")])
        yield f"<li>{escape(PAGE['row'][lang].format(row=place, number=number))}: {word} {escape(why.strip(', '))}</li>\n"
    yield "</ul>\n"


def _facts(page: Page, entry: Opened, lang: str) -> Iterator[str]:
    what = entry.body.what
    if entry.caller:
        yield PAGE["for"][lang].format(caller=page.callers.get(entry.caller, entry.caller))
    elif what.get("scope") == "all":
        yield PAGE["to_all"][lang]
    if "product" in what:
        product = PAGE["everything"][lang] if what["product"] == "*" else what["product"]
        yield PAGE["about"][lang].format(product=product)
    relation = RELATIONS.get(str(what.get("relation_kind", "")))
    if relation:
        yield relation[lang]
    recorded = what.get("recorded_at", what.get("decided_at"))
    if isinstance(recorded, int):
        yield PAGE["recorded"][lang].format(when=_when(recorded, lang))
    yield PAGE["entry"][lang].format(index=entry.index)


def _consent(page: Page, entry: Opened, lang: str) -> Iterator[str]:
    what, how = entry.body.what, entry.body.how
    text = page.texts.get(str(what.get("wording", "")))
    if text:
        spoken = escape(str(what.get("language", "nl")))
        yield f"<p>{PAGE['wording'][lang]}:</p><blockquote lang={spoken}>{escape(text[1])}</blockquote>\n"
    else:
        yield f"<p><span class=open>?</span> {escape(PAGE['no_wording'][lang])}</p>\n"
    boxes: Any = what.get("boxes", [])
    if boxes:
        yield f"<p>{PAGE['boxes'][lang]}:</p><ul>\n"
        for box in boxes:
            states = {name: PAGE["on" if box[name] else "off"][lang] for name in ("initial", "final")}
            yield f"<li>{escape(PAGE['box'][lang].format(label=box['label'], **states))}</li>\n"
        yield "</ul>\n"
    method = METHODS.get(str(how.get("verified", "")))
    told = PAGE["verified"][lang].format(method=method[lang]) if method else PAGE["unverified"][lang]
    yield f"<p>{escape(told[0].upper() + told[1:])}.</p>\n"
    if entry.index in page.levels:
        yield f"<p>{escape(page.levels[entry.index][lang])}</p>\n"


def _verdict(page: Page, entry: Opened, lang: str) -> Iterator[str]:
    what: Mapping[str, Any] = entry.body.what
    hash_ = str(what["rules"])
    law = _rules(page.texts[hash_][1]) if hash_ in page.texts else {}
    allowed = bool(what["allowed"])
    word = f"<span class={'yes' if allowed else 'no'}>{PAGE['allowed' if allowed else 'denied'][lang]}</span>"
    yield f"<p>{word} {escape(PAGE['call_at'][lang].format(when=_when(entry.at, lang)))}</p>\n<ul>\n"
    if not what["grounds"]:
        yield f"<li>{escape(PAGE['no_ground'][lang])}</li>\n"
    for title, names in (("ground", what["grounds"]), ("veto", what["vetoes"]), ("defect", what["defects"])):
        for name in names:
            told = _rule(law, name, lang) if name != EVIDENCE_LEVEL else _short(what, lang)
            yield f"<li>{PAGE[title][lang]} {escape(name)}: {told}</li>\n"
    if "level" in what:
        means = LEVELS[what["level"]][0 if lang == "nl" else 1]
        yield f"<li>{escape(PAGE['level'][lang].format(level=what['level'], means=means))}</li>\n"
    yield "</ul>\n"
    places = ", ".join(map(str, what["rests_on"]))
    told = PAGE["rests"][lang].format(places=places) if places else PAGE["rests_nothing"][lang]
    ruleset = PAGE["law"][lang].format(ruleset=what["ruleset"], hash=hash_)
    yield f"<p class=soft>{escape(told)} {escape(ruleset)}</p>\n"


def _short(what: Mapping[str, Any], lang: str) -> str:
    return escape(PAGE["short"][lang].format(demanded=what["level_demanded"]))


def _rules(text: str) -> dict[str, Mapping[str, Any]]:
    """Read the rules of a logged ruleset, by id; ``values`` holds its terms in ISO 8601."""
    content = msgspec.json.decode(text)
    return {rule["id"]: {**rule, "values": content["values"]} for rule in content["rules"]}


def _rule(law: Mapping[str, Mapping[str, Any]], name: str, lang: str) -> str:
    rule = law.get(name)
    if rule is None:
        return ""
    values = ((key.partition(".")[2].replace("-", "_"), value) for key, value in rule["values"].items())
    text = rule[lang]
    for key, value in values:
        if f"{{{key}}}" in text:
            text = text.replace(f"{{{key}}}", term_in_words(Term.parse(value) if value != "None" else None, lang))
    cites = "; ".join(f'<a href="{escape(cite["link"])}">{escape(cite["label"])}</a>' for cite in rule["cites"])
    return f"{escape(text)} ({cites})"


def _checking(lang: str) -> Iterator[str]:
    yield f"<h2>{PAGE['check'][lang]}</h2>\n<p>{escape(PAGE['check_python'][lang])}</p>\n"
    yield "<pre>python3 -I verify.py DOSSIER.zip --trust trust.json</pre>\n"
    yield f"<p>{escape(PAGE['check_browser'][lang])}</p>\n<p>{escape(PAGE['check_stamp'][lang])}</p>\n"
    yield (
        "<pre>sed '/^$/,$d' anchors/SIZE.note &gt; head\n"
        "openssl ts -verify -data head -in anchors/SIZE.tsr -CAfile ROOT.pem</pre>\n"
    )


def _when(at: int, lang: str) -> str:
    return instant_in_words(at, _zone(), lang)


def _zone() -> ZoneInfo:
    return PACKS["NL"].zone
