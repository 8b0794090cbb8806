"""`belbaar`: which commands there are and where they live.

``app`` is what ``belbaar.cli.main`` runs and what tests drive.
"""

__all__ = ["SECTIONS", "app"]

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from belbaar import __version__
from belbaar.cli.commands import SETTINGS, Group, Place, Shelf
from belbaar.cli.errors import guarded

SECTIONS: Mapping[str, Mapping[str, Place | Shelf]] = {
    "Ask": {
        "may-call": Place("judging:may_call", "May this caller call this number now?"),
        "screen": Place("lists:screen", "Which numbers of a list may be called?"),
    },
    "Record": {
        "init": Place("stores:init", "Make a store and its keys, or bring one up to date."),
        "caller": Shelf(
            "On whose behalf calls are made.",
            {
                "add": Place("callers:add_caller", "Register a caller, or further numbers of one."),
                "describe": Place(
                    "callers:describe_caller", "Say more of a caller, for receipts, and what it demands."
                ),
                "code": Place("holding:code", "Make a code to be called or texted to a number of a caller."),
                "held": Place("holding:held", "Note the document by which a number is a caller's."),
                "list": Place("callers:list_callers", "List the registered callers."),
            },
        ),
        "agent": Shelf(
            "Who dials for callers.",
            {
                "add": Place("callers:add_agent", "Register a bureau that dials for callers."),
                "list": Place("callers:list_agents", "List the registered agents."),
            },
        ),
        "text": Shelf(
            "Texts that people are shown.",
            {
                "add": Place("texts:add_text", "Log the text of a consent, before it is shown to anybody."),
                "list": Place("texts:list_texts", "List the texts that are in the log."),
            },
        ),
        "form": Shelf(
            "Forms, where consent begins.",
            {
                "lint": Place("forms:lint", "Look what the law would refuse in a page that asks for consent"),
                "paper": Place(
                    "forms:paper", "Record paper forms that were typed over, each with the hash of its scan"
                ),
            },
        ),
        "record": Place("recording:record", "Record consents, objections and other events from files."),
        "export": Place("recording:export", "Write all callers and events as JSON Lines."),
        "erase": Place("erasing:erase", "Erase a person; what must be proven stays, closed."),
        "rebuild": Place("stores:rebuild", "Fold the standing of every number anew from the events."),
    },
    "Prove": {
        "dossier": Place("dossiers:dossier", "Put all evidence on a number in one file that proves itself offline."),
        "proof": Place("dossiers:proof", "Show a person the proof of their consent."),
        "receipt": Place("receipts:receipt", "Make the receipt of a person's consent."),
        "check-receipt": Place("receipts:check_receipt", "Does a receipt hold?"),
        "verify": Place("verifying:verify", "Does a dossier hold?"),
        "log": Shelf(
            "The log: what was written, in an order that nobody can change unseen.",
            {
                "check": Place("logbook:check", "Is the log sound?"),
                "anchor": Place(
                    "anchors:anchor", "Have others sign along: show the latest head to witnesses, and have it stamped."
                ),
                "entries": Place("logbook:entries", "List the entries of a number."),
                "export": Place("logbook:export", "Write the log as static files that anybody may fetch."),
                "trust": Place("logbook:trust", "Tell whom to trust, to be published."),
                "keys": Shelf("The log's keys.", {"rotate": Place("keys:rotate", "Change a key.")}),
            },
        ),
        "witness": Place("anchors:witness", "Be a witness of somebody's log."),
    },
    "Serve": {
        "demo": Place("demonstrating:demo", "Look around: an invented organisation, served on this machine."),
        "serve": Place("serving:serve", "Serve verdicts over HTTP."),
        "mcp": Place("agents:mcp", "Give an AI agent the service's questions as tools, on standard input and output."),
        "campaign": Shelf(
            "By which a dialer says on whose behalf it calls.",
            {
                "add": Place(
                    "gates:add_campaign",
                    "Register a campaign: on whose behalf its calls are made, about what, and which number they show.",
                ),
                "list": Place("gates:list_campaigns", "List the registered campaigns of an organisation."),
            },
        ),
        "sip": Shelf(
            "The gate in the path of calls.",
            {
                "config": Place("gates:config", "Write the configuration of a gate, for Kamailio."),
                "incoming": Place(
                    "tracing:incoming",
                    "Write the configuration of the proxy for incoming calls, for Kamailio, and make the folder where it "
                    "writes them down.",
                ),
                "calls": Place("gated:calls", "Send a gate's record of calls to the service, as it grows."),
                "break-glass": Place("gated:break_glass", "Let calls pass for some minutes while nobody can be asked."),
                "speak": Place(
                    "speaking:speak",
                    'Answer the telephone: who called, and "press 1: do not call me again"; and what else is announced.',
                ),
                "agi": Place("asterisk:agi", "Answer Asterisk's dialplan over FastAGI."),
                "demo": Place("sip_demo:demo", "Show the gate and the trace desk, with invented people."),
                "missing": Place("gated:missing", "List what does not fit together in calls and permits."),
            },
        ),
        "trace": Shelf(
            "The trace desk: who called anonymously.",
            {
                "list": Place(
                    "tracing:cases",
                    "List the cases of the trace desk that are due: state, and by which day the next step is.",
                )
            },
        ),
        "organisation": Shelf(
            "Who works with this installation.",
            {
                "add": Place("access:add_organisation", "Add an organisation to the installation."),
                "caller": Place("access:assign_caller", "Say whose a caller is, or which agent works for it."),
                "list": Place("access:list_organisations", "List the organisations."),
                "trust": Place("access:trust_organisation", "Let an organisation say what counts for all."),
            },
        ),
        "account": Shelf(
            "Persons who sign in.",
            {
                "add": Place("accounts:add_account", "Invite a person."),
                "invite": Place(
                    "accounts:invite_again", "Invite a person again, who lost the password or the telephone."
                ),
                "list": Place("accounts:list_accounts", "List who may sign in."),
                "end": Place("accounts:end_account", "End an account."),
            },
        ),
        "key": Shelf(
            "Keys by which programs ask the service.",
            {
                "create": Place("access:create_key", "Make a key for a program."),
                "list": Place("access:list_keys", "List the keys: whose, what for, until when, last used when."),
                "revoke": Place("access:revoke_key", "Take a key back."),
            },
        ),
    },
    "Look up": {
        "law": Shelf(
            "What the law says, and whether belbaar reads it right.",
            {
                "show": Place("lawbook:show", "Show the rules in force on a day."),
                "diff": Place("lawbook:diff", "Show what changes in the law between two days."),
                "check": Place("checking:check", "Check scenario cases against the law."),
                "events": Place("lawbook:events", "List the events that can be recorded, and their fields."),
                "switch": Place("switching:switch", "Switch a rule of the supervisor or the code off or on."),
            },
        ),
    },
}


class FrontDoor(Group):
    """The word ``belbaar`` itself: whatever happens behind it ends in an exit status."""

    sections = SECTIONS

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401  typer's signature
    ) -> int:
        """Run the command that the words ask for."""
        asked = list(sys.argv[1:] if args is None else args)

        def run() -> object:
            return super(FrontDoor, self).main(asked, prog_name, complete_var, False, windows_expand_args, **extra)

        code = guarded(run, as_json="--json" in asked)
        if standalone_mode:
            sys.exit(code)
        return code


app = typer.Typer(
    cls=FrontDoor,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=dict(SETTINGS),
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"belbaar {__version__}")
        raise typer.Exit


@app.callback(
    help="May I call this number, on what lawful ground, and can I prove it?\n\n"
    "\b\n"
    "    belbaar init\n"
    '    belbaar caller add voltix --name "Voltix Energie B.V." --sector commercial --number +31201990001\n'
    "    belbaar record opt-ins.csv --event consent.given --caller voltix --product energy\n"
    "    belbaar screen leads.xlsx --caller voltix --product energy\n\n"
    "Exit status: 0 yes or done, 1 no or failed, 2 a mistake in what was asked."
)
def _belbaar(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit.")
    ] = False,
) -> None: ...
