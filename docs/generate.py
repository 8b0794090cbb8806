"""Write the reference pages that come out of the program itself: commands, rules, events.

``python -m docs.generate`` writes them; with ``--check`` it writes nothing and names those that are out of date.
"""

# ruff: noqa: INP001  a folder of pages, and no package

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from typer.testing import CliRunner

from belbaar.api.access.audit import ACTS
from belbaar.api.access.roles import RIGHTS, WRITING
from belbaar.api.access.roles import ROLES as ACCESS
from belbaar.cli.app import SECTIONS, app
from belbaar.cli.commands import Place, Shelf
from belbaar.law import PACKS
from belbaar.law.cards import Parameter, Rule, Step
from belbaar.law.plain import day_in_words, term_in_words
from belbaar.law.terms import Term
from belbaar.ledger.events import EVENTS, FIELD_DOCS, EventSpec
from belbaar.proof.erasure.retention import AT_ONCE, ROWS

FOLDER = Path(__file__).parent / "reference"
MADE = "<!-- Made by `python -m docs.generate`; change the program, not this page. -->"
PACK = PACKS["NL"]
ROLES = {
    "ground": "Grounds: at least one is needed",
    "condition": "Conditions of a ground: what makes a consent valid",
    "veto": "Vetoes: one is enough to deny",
    "duty": "Duties: what the caller must do; they do not decide the verdict",
}


def commands() -> Iterator[str]:
    """Give the page of commands: their help screens."""
    yield "# Commands"
    yield "Every command answers `--help` with what stands here, and most take `--json` for programs."
    yield (
        "Exit status: 0 yes or done, 1 no or failed, 2 a mistake in what was asked, 70 a mistake of belbaar itself, "
        "130 interrupted, 141 nobody reads the output any more."
    )
    yield (
        "An error goes to standard error: where it is, what it is, what to do. With `--json` it also goes to standard "
        "output, as an object with `error` (a stable code), `what`, `where`, `todo` and `details`."
    )
    yield from help_screen()
    for places in SECTIONS.values():
        for name, place in places.items():
            yield from help_screens((name,), place)


def help_screens(words: tuple[str, ...], place: Place | Shelf) -> Iterator[str]:
    """Give the help screen of a command, or of a shelf and all that is on it."""
    yield from help_screen(*words)
    for name, under in place.places.items() if isinstance(place, Shelf) else ():
        yield from help_screens((*words, name), under)


def help_screen(*words: str) -> Iterator[str]:
    """Give one help screen, as it is on a terminal of eighty columns."""
    shown = CliRunner(env={"BELBAAR_STORE": None, "BELBAAR_LANG": None}).invoke(
        app, [*words, "--help"], prog_name="belbaar"
    )
    yield f"## {' '.join(('belbaar', *words))}"
    yield f"```text\n{shown.stdout.rstrip()}\n```"


def rules() -> Iterator[str]:
    """Give the page of rules: every card, oldest version first."""
    yield "# Rules of Dutch law"
    yield (
        "Every rule with its dates, its authority and where it stands. Rules of the supervisor and the code can be "
        "switched off, with a reason: `belbaar law switch`. Statute and decree cannot."
    )
    yield "`belbaar law show --at DATE` shows the rules of one day."
    yield "## Rulesets"
    yield "\n".join(f"- `{name}`: {period}" for name, period in PACK.periods)
    for role, title in ROLES.items():
        yield f"## {title}"
        found = [rule for rule in PACK.rules if rule.role == role]
        for name, versions in groupby(in_order(found, role), key=lambda rule: rule.id):
            yield f"### {name}"
            for rule in versions:
                yield from card(rule)
    yield "## Terms and days"
    for parameter in PACK.parameters:
        yield from parameter_card(parameter)
    yield "## Announced"
    yield "Law that is not in force. It can be named for a preview (`--law NAME`), and is never used otherwise."
    for item in PACK.announced:
        yield f"- `{item.name}`: {item.en} {item.nl}"


def in_order(found: list[Rule], role: str) -> list[Rule]:
    """Give grounds in the order in which verdicts name them, others as they stand, versions together."""
    names = list(PACK.grounds) if role == "ground" else list(dict.fromkeys(rule.id for rule in found))
    return sorted(found, key=lambda rule: (names.index(rule.id), rule.in_force.first))


def card(rule: Rule) -> Iterator[str]:
    """Give one version of a rule."""
    cites = ", ".join(f"[{citation.label}]({citation.link})" for citation in rule.cites)
    of = f", condition of `{rule.of}`" if rule.of else ""
    yield f"**{rule.in_force}**, {rule.authority}{of}. {cites}"
    yield f"> {_named(rule.en, 'the customer term')}\n>\n> *{_named(rule.nl, 'de klanttermijn')}*"
    lines = [line.strip() for line in rule.when.strip().splitlines()]
    yield "```sql\n" + "\n".join(lines) + "\n```"
    yield f"- In favour: {rule.met[1]} *{rule.met[0]}*\n- Against: {rule.unmet[1]} *{rule.unmet[0]}*"
    if rule.note:
        yield f"Note: {rule.note}"


def _named(text: str, term: str) -> str:
    """Name the term in a rule's text: its value changes with the day."""
    return text.replace("{customer_term}", f"{term} (nl.customer-term)")


def parameter_card(parameter: Parameter) -> Iterator[str]:
    """Give a dated parameter with its steps."""
    yield f"### {parameter.id}"
    yield f"> {parameter.en}\n>\n> *{parameter.nl}*"
    yield "\n".join(step_line(step) for step in parameter.steps)
    if parameter.note:
        yield f"Note: {parameter.note}"


def step_line(step: Step) -> str:
    """Give one step of a parameter."""
    cited = f", [{step.cite.label}]({step.cite.link})" if step.cite else ""
    looked = f"; last looked at on {step.looked_at}" if step.looked_at else ""
    return f"- from {dt.date.fromordinal(step.first).isoformat()}: {value(step.value)}, {step.authority}{cited}{looked}"


def value(of: Term | tuple[int, ...] | None) -> str:
    """Say the value of a parameter."""
    if isinstance(of, tuple):
        return ", ".join(day_in_words(dt.date.fromordinal(day), "en") for day in of) or "none"
    return term_in_words(of, "en")


def events() -> Iterator[str]:
    """Give the page of events: what can be recorded, with which fields."""
    yield "# Events"
    yield (
        "What `belbaar record` writes in the ledger. In JSON Lines an event is an object with `event`, `at`, `number` "
        "and the fields below; a file from elsewhere says the same in columns, see [columns](columns.md)."
    )
    yield (
        "Of every event: `at`, when it happened, in ISO 8601 with an offset or a date alone; `recorded_at`, when it "
        "became known here, by default when it was recorded; `agent`, the bureau through whom it came."
    )
    for name, spec in EVENTS.items():
        yield f"## {name}"
        yield f"{spec.doc[0].upper()}{spec.doc[1:]}."
        yield "\n".join(["| field | needed | meaning |", "|---|---|---|", *field_rows(spec)])


def field_rows(spec: EventSpec) -> Iterator[str]:
    """Give the rows of an event's table of fields."""
    needs = {"required": "yes", "optional": "no", "by-scope": "unless the scope is all"}
    if spec.caller in needs:
        yield f"| `caller` | {needs[spec.caller]} | on whose behalf |"
    for name in (*spec.required, *spec.optional):
        yield f"| `{name}` | {'yes' if name in spec.required else 'no'} | {FIELD_DOCS[name][2]}{default(name)} |"


def default(name: str) -> str:
    """Say what a field is when it is left out."""
    otherwise = FIELD_DOCS[name][1]
    if otherwise in ("", None):
        return ""
    return "; default " + (", ".join(otherwise) if isinstance(otherwise, tuple) else str(otherwise).lower())


def retention() -> Iterator[str]:
    """Give the page of retention: what is kept, how long and why."""
    yield "# What is kept, how long, and why"
    yield (
        "A term's last day counts whole, local to the called person; on the day after it the thing may go. "
        "What has no term stays until something happens, or is asked: see why."
    )
    yield (
        "The class is the key that opens a thing. At a request for erasure the class `standing` goes at once; the others "
        "stay, out of reach of anything but a dossier, until their last day (GDPR art. 17(3))."
    )
    for row in ROWS:
        yield f"## {row.id}"
        yield f"{row.what[1][0].upper()}{row.what[1][1:]}. *{row.what[0][0].upper()}{row.what[0][1:]}.*"
        kinds = f"- of: {', '.join(f'`{kind}`' for kind in row.kinds)}\n" if row.kinds else ""
        term = f"{term_in_words(row.term, 'en')} from {row.since[1]}" if row.term else "no term"
        since = f" *({term_in_words(row.term, 'nl')} vanaf {row.since[0]})*" if row.term else ""
        yield f"{kinds}- class: `{row.retention}`\n- how long: {term}{since}"
        cites = ", ".join(f"[{citation.label}]({citation.link})" for citation in row.cites)
        yield f"> {row.why[1]}\n>\n> *{row.why[0]}*"
        yield cites


def kept_so_long() -> Iterator[str]:
    """Give the Dutch page of retention, for persons and officers: one table."""
    yield "# Wat hoe lang bewaard blijft, en waarom"
    yield "De laatste dag telt helemaal mee. Wat geen termijn heeft, blijft tot er iets gebeurt of tot iemand om wissing vraagt."
    lines = ["| wat | hoe lang | waarom | bron |", "|---|---|---|---|"]
    for row in ROWS:
        term = f"{term_in_words(row.term, 'nl')} vanaf {row.since[0]}" if row.term else "geen termijn"
        gone = ", en gaat bij wissing meteen weg" if row.retention == AT_ONCE else ""
        cites = ", ".join(f"[{citation.label}]({citation.link})" for citation in row.cites)
        lines.append(f"| {row.what[0]} | {term}{gone} | {row.why[0]} | {cites} |")
    yield "\n".join(lines)
    yield "[Wat er gebeurt als iemand om wissing vraagt](wissen.md)"


def roles() -> Iterator[str]:
    """Give the page of roles: a table of who may do what."""
    yield "# Roles"
    yield (
        "What a key or a person may do over HTTP. A key can be made for fewer rights than its role has, and for some "
        "callers only; none can be made by a key that may do less. The law itself is for everybody, without a key."
    )
    names = list(ACCESS)
    head = ["| right | what it allows | " + " | ".join(names) + " |", "|---|---|" + "---|" * len(names)]
    yield "\n".join(
        head
        + [
            f"| `{right}` | {what} | " + " | ".join("yes" if right in ACCESS[name] else "" for name in names) + " |"
            for right, what in RIGHTS.items()
        ]
    )
    yield f"By these something is written: {', '.join(f'`{right}`' for right in sorted(WRITING))}."
    yield "## The audit trail"
    yield "`GET /v1/audit` tells these acts, each with its place in the log:"
    yield "\n".join(["| act | what it is |", "|---|---|", *(f"| `{act}` | {what} |" for act, what in ACTS.items())])


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "cli.md": commands,
    "rules.md": rules,
    "events.md": events,
    "retention.md": retention,
    "roles.md": roles,
    "../nl/bewaartermijnen.md": kept_so_long,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are out of date."""
    stale = []
    for name, blocks in PAGES.items():
        path = (FOLDER / name).resolve()
        text = "\n\n".join([MADE, *blocks()]) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path.relative_to(FOLDER.parents[1])))
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    sys.stdout.writelines(f"{name}\n" for name in stale)
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
