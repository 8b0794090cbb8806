"""How each end point is attacked: with the identifiers of an organisation that is not the attacker's.

Whoever adds an end point adds a line here, or `test_apart.py` fails. A line is a request in which `{name}` stands for
one of the victim's identifiers (the names of `MADE_UP`). It is sent twice: once with the victim's, once with ones that there are
not. The answers must be the same, but for what was sent. `alike=False` where no identifier of an organisation is asked
for: then the answer must only not hold anything of the victim's.

`NOBODYS` are those that need no key and tell of no organisation.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Attack:
    """A request of one organisation that names what is another's."""

    method: str
    path: str
    body: Any = None
    alike: bool = True
    form: bool = False
    """The body is a form, with a file."""
    fields: bool = False
    """The body is a form without one."""
    role: str = "administrator"


MADE_UP = {
    "caller": "vapours",
    "own_caller": "house.vapours",
    "key": "0123456789ab",
    "agent": "belhaven",
    "number": "+31201000099",
    "permit": "",
    "event": "ab" * 16,
    "product": "energie",
    "entry": 10**9,
    "seq": 10**9,
    "webhook": "0123456789abcdef",
    "list": "0123456789abcdef" * 2,
    "email": "niemand@house.example",
    "campaign": "herbst",
    "case": "bcdfghjkmnpqrstv",
    "incoming": "vtsrqpnmkjhgfdcb",
    "form": "bcdfghjkmnpq",
    "provider": "belned",
    "request": "bcdfghjkmnpqrstv",
    "supplier": "klachtje",
}
"""What the victim has and the attacker tries, here of nobody: alike in form."""

_PARTY = {"number": "+31301990077", "name": "B", "address": "Laan 2", "postcode": "3511 AA", "town": "Utrecht"}
_CALL = {"number": "{number}", "product": "{product}", "at": "2026-09-08T14:00:00+02:00"}
OWN = "+31201990001"
_SHOWN = {"called": "{number}", "presented": OWN, "from": OWN}
_WHEN = {"begun_at": "2026-09-08T13:59:00+02:00", "answered_at": "2026-09-08T13:59:08+02:00"}
_EVENT = {"number": "+31201000071", "at": "2026-09-02T10:00:00+02:00"}

_DESIGN = {"choices": [{"product": "energy", "names": {"nl": "gas"}}]}

ATTACKS: dict[str, tuple[Attack, ...]] = {
    "askVerdict": (
        Attack("POST", "/v1/verdicts", {**_CALL, "caller": "{caller}"}),
        Attack("POST", "/v1/verdicts", {**_CALL, "caller": "rival.caller"}),
        Attack(
            "POST",
            "/v1/verdicts",
            {"number": "+31201000072", "product": "{product}", "caller": "rival.caller"},
            alike=False,
        ),
        Attack(
            "POST",
            "/v1/verdicts",
            {**_CALL, "product": "energy.electricitie", "caller": "rival.caller", "explain": True},
            alike=False,
        ),
    ),
    "askVerdicts": (
        Attack(
            "POST",
            "/v1/verdicts/batch",
            {"calls": [{**_CALL, "caller": "{caller}"}, {**_CALL, "caller": "rival.caller"}]},
        ),
    ),
    "recordEvents": (
        Attack("POST", "/v1/events", {**_EVENT, "event": "objection.made", "caller": "{caller}"}),
        Attack("POST", "/v1/events", [{**_EVENT, "event": "objection.made", "caller": "{caller}"}]),
        Attack("POST", "/v1/events", {**_EVENT, "event": "call.made", "caller": "rival.caller", "agent": "{agent}"}),
        Attack("POST", "/v1/events", [{**_EVENT, "event": "objection.made", "scope": "all", "caller": "{caller}"}]),
    ),
    "usePermit": (
        Attack("POST", "/v1/permits/use", {"permit": "{permit}", "number": "{number}", "presents": "+31201990001"}),
    ),
    "askHistory": (Attack("POST", "/v1/history", {"number": "{number}"}),),
    "makeDossier": (
        Attack("POST", "/v1/dossiers", {"number": "{number}"}),
        Attack("POST", "/v1/dossiers", {"number": "{number}", "callers": ["{caller}"]}),
        Attack("POST", "/v1/dossiers", {"number": "{number}", "call": "{entry}"}),
        Attack("POST", "/v1/dossiers", {"screening": "{entry}", "rows": [1]}),
    ),
    "makeReceipt": (Attack("POST", "/v1/receipts", {"number": "{number}", "caller": "{caller}"}),),
    "listCallers": (Attack("GET", "/v1/callers", alike=False),),
    "getCaller": (Attack("GET", "/v1/callers/{caller}"),),
    "registerCaller": (
        Attack("POST", "/v1/callers", {"caller": "{caller}", "name": "Rival", "sector": "commercial"}),
        Attack("POST", "/v1/callers", {"caller": "{own_caller}", "name": "Rival", "sector": "commercial"}),
    ),
    "describeCaller": (Attack("PATCH", "/v1/callers/{caller}", {"kvk": "12345678"}),),
    "listAgents": (Attack("GET", "/v1/agents", alike=False),),
    "registerAgent": (Attack("POST", "/v1/agents", {"agent": "{agent}", "name": "Rival"}),),
    "tellCalls": (
        Attack("POST", "/v1/calls", {"calls": [{"permit": "{permit}", "code": 200, **_WHEN}]}),
        Attack("POST", "/v1/calls", {"calls": [{"permit": "v-{entry}", "code": 200, **_WHEN}]}),
        Attack("POST", "/v1/calls", {"calls": [{"call_id": "1", "agent": "{agent}", **_WHEN}]}),
        Attack(
            "POST",
            "/v1/calls",
            {
                "calls": [
                    {
                        "call_id": "2",
                        "campaign": "{campaign}",
                        "called": "{number}",
                        "presented": "+31201990001",
                        **_WHEN,
                    }
                ]
            },
        ),
    ),
    "breakGlass": (Attack("POST", "/v1/gate/broken-glass", {"minutes": 1, "reason": "a leak of gas"}, alike=False),),
    "mendGlass": (Attack("DELETE", "/v1/gate/broken-glass", alike=False),),
    "brokenGlasses": (Attack("GET", "/v1/gate/broken-glass", alike=False),),
    "tellBrokenGlass": (
        Attack(
            "POST",
            "/v1/gate/broken-glass/told",
            {"by": "x", "at": "2026-09-08T13:00:00+02:00", "minutes": 1, "reason": "a leak of gas"},
            alike=False,
        ),
    ),
    "callBack": (
        Attack("POST", "/v1/gate/call-backs", {"dialled": "+31201990001", "asserted": "{number}", "pressed": "1"}),
    ),
    "holdNumber": (
        Attack("POST", "/v1/numbers/held", {"caller": "{caller}", "number": "+31201990001", "code": "123456"}),
    ),
    "heldNumbers": (Attack("GET", "/v1/numbers/held", alike=False),),
    "missingCalls": (Attack("GET", "/v1/calls/missing", alike=False),),
    "objectionOffers": (Attack("GET", "/v1/calls/offers", alike=False),),
    "objectInCall": (
        Attack("POST", "/v1/gate/objections", {"permit": "{permit}"}),
        Attack("POST", "/v1/gate/objections", {"permit": "v-{entry}", "scope": "all"}),
    ),
    "offerInCall": (
        Attack("POST", "/v1/gate/offers", {"permit": "{permit}"}),
        Attack("POST", "/v1/gate/offers", {"permit": "v-{entry}"}),
    ),
    "askGate": (
        Attack("POST", "/v1/gate", {**_SHOWN, "product": "{product}"}),
        Attack("POST", "/v1/gate", {**_SHOWN, "campaign": "{campaign}"}),
        Attack("POST", "/v1/gate", {**_SHOWN, "product": "{product}", "agent": "{agent}"}),
        Attack("POST", "/v1/gate", {**_SHOWN, "product": "{product}", "offer": "{permit}"}),
    ),
    "askGatePlainly": (
        Attack(
            "POST", "/v1/gate/plain", {"called": "{number}", "presented": OWN, "campaign": "{campaign}"}, fields=True
        ),
        Attack("POST", "/v1/gate/plain", {"called": "{number}", "presented": OWN, "agent": "{agent}"}, fields=True),
    ),
    "askGateByHttapi": (
        Attack(
            "POST", "/v1/gate/httapi", {"called": "{number}", "presented": OWN, "campaign": "{campaign}"}, fields=True
        ),
    ),
    "tellTwilioCall": (
        Attack("POST", "/v1/gate/twilio/ended?permit={permit}", {"DialCallStatus": "completed"}, fields=True),
    ),
    "askGateByTwilio": (
        Attack("POST", "/v1/gate/twilio?campaign={campaign}", {"To": "{number}", "From": OWN}, fields=True),
    ),
    "addCampaign": (
        Attack(
            "POST",
            "/v1/campaigns",
            {"campaign": "theirs", "caller": "{caller}", "product": "{product}", "presents": "+31201990001"},
        ),
        Attack(
            "POST",
            "/v1/campaigns",
            {"campaign": "{campaign}", "caller": "rival.caller", "product": "charity", "presents": "+31201990009"},
        ),
    ),
    "listCampaigns": (Attack("GET", "/v1/campaigns", alike=False),),
    "openTrace": (Attack("POST", "/v1/trace/cases", {"number": "{number}"}, alike=False),),
    "listTraces": (Attack("GET", "/v1/trace/cases", alike=False),),
    "getTrace": (Attack("GET", "/v1/trace/cases/{case}"),),
    "addToTrace": (Attack("POST", "/v1/trace/cases/{case}/add", {"town": "Rotterdam"}),),
    "lookInTrace": (Attack("POST", "/v1/trace/cases/{case}/look", {"call": "{incoming}", "why": "rival"}),),
    "discloseTrace": (
        Attack(
            "POST", "/v1/trace/cases/{case}/disclose", {"party": _PARTY, "calls": ["{incoming}"], "reason": "rival"}
        ),
    ),
    "refuseTrace": (Attack("POST", "/v1/trace/cases/{case}/refuse", {"why": "not-found"}),),
    "makeLetter": (Attack("POST", "/v1/trace/cases/{case}/letter", {"letter": "received"}),),
    "askProvider": (Attack("POST", "/v1/trace/cases/{case}/ask", {"provider": "{provider}", "calls": ["{incoming}"]}),),
    "providerReplied": (Attack("POST", "/v1/trace/cases/{case}/replied", {"message": "a.b.c"}),),
    "takeRequest": (Attack("POST", "/v1/trace/asked", {"provider": "{provider}", "message": "a.b.c"}),),
    "readRequest": (Attack("POST", "/v1/trace/cases/{case}/asked", {"why": "rival"}),),
    "answerProvider": (Attack("POST", "/v1/trace/cases/{case}/answer", {"why": "interest"}),),
    "registerProvider": (
        Attack("POST", "/v1/trace/providers", {"provider": "{provider}", "name": "R", "issuer": "r", "keys": {}}),
    ),
    "listProviders": (Attack("GET", "/v1/trace/providers", alike=False),),
    "markCall": (Attack("POST", "/v1/trace/marks", {"number": "{number}"}),),
    "setLine": (Attack("POST", "/v1/trace/lines", {"number": "{number}", "refuse_anonymous": False}, alike=False),),
    "getLine": (Attack("POST", "/v1/trace/lines/ask", {"number": "{number}"}),),
    "listForms": (Attack("GET", "/v1/forms", alike=False),),
    "addForm": (Attack("POST", "/v1/forms", {"name": "Rival", "design": {**_DESIGN, "caller": "{caller}"}}),),
    "getForm": (Attack("GET", "/v1/forms/{form}"),),
    "changeForm": (
        Attack("PUT", "/v1/forms/{form}", {"name": "Rival", "design": {**_DESIGN, "caller": "rival.caller"}}),
    ),
    "publishForm": (Attack("POST", "/v1/forms/{form}/publish"),),
    "endForm": (Attack("DELETE", "/v1/forms/{form}"),),
    "lintForm": (Attack("POST", "/v1/forms/lint", {"design": {**_DESIGN, "caller": "{caller}"}}),),
    "makeFormSecret": (Attack("POST", "/v1/forms/{form}/secret"),),
    "giveNumber": (Attack("POST", "/v1/forms/{form}/numbers", {"number": "+31201000073", "opted_out": False}),),
    "listProducts": (Attack("GET", "/v1/products", alike=False),),
    "getOrganisation": (Attack("GET", "/v1/organisation", alike=False),),
    "listKeys": (Attack("GET", "/v1/keys", alike=False),),
    "makeKey": (Attack("POST", "/v1/keys", {"role": "integrator", "callers": ["{caller}"]}),),
    "rotateKey": (Attack("POST", "/v1/keys/{key}/rotate", {"minutes": 1}),),
    "revokeKey": (Attack("DELETE", "/v1/keys/{key}"),),
    "listMandates": (Attack("GET", "/v1/mandates", alike=False),),
    "giveMandate": (Attack("POST", "/v1/mandates", {"caller": "{caller}", "organisation": "bureau"}),),
    "endMandate": (Attack("POST", "/v1/mandates/end", {"caller": "{caller}", "organisation": "bureau"}),),
    "followChanges": (Attack("GET", "/v1/changes?limit=1000", alike=False),),
    "confirmChanges": (Attack("POST", "/v1/changes/confirm", {"upto": "{event}"}),),
    "disconnectSystem": (Attack("DELETE", "/v1/changes/systems/{key}"),),
    "askConfirmations": (
        Attack("POST", "/v1/changes/confirmations", {"number": "{number}"}),
        Attack("POST", "/v1/changes/confirmations", {"event": "{event}"}),
        Attack("POST", "/v1/changes/confirmations", {"seq": "{seq}"}),
    ),
    "listUnconfirmed": (Attack("GET", "/v1/changes/confirmations?minutes=0", alike=False),),
    "makeWebhook": (Attack("POST", "/v1/webhooks", {"url": "https://rival.example/hook", "callers": ["{caller}"]}),),
    "listWebhooks": (Attack("GET", "/v1/webhooks", alike=False),),
    "endWebhook": (Attack("DELETE", "/v1/webhooks/{webhook}"),),
    "rotateWebhook": (Attack("POST", "/v1/webhooks/{webhook}/rotate", {}),),
    "replayWebhook": (Attack("POST", "/v1/webhooks/{webhook}/replay", {"after": "now"}),),
    "listDeliveries": (Attack("GET", "/v1/webhooks/{webhook}/deliveries"),),
    "uploadList": (Attack("POST", "/v1/lists", {"caller": "{caller}", "product": "{product}"}, form=True),),
    "listLists": (Attack("GET", "/v1/lists?limit=1000", alike=False),),
    "getList": (Attack("GET", "/v1/lists/{list}"),),
    "followList": (Attack("GET", "/v1/lists/{list}/progress"),),
    "fetchList": (Attack("GET", "/v1/lists/{list}/result"),),
    "deleteList": (Attack("DELETE", "/v1/lists/{list}"),),
    "listAccounts": (Attack("GET", "/v1/accounts", alike=False),),
    "inviteAccount": (
        # an address of theirs makes an account of one's own, and tells nothing: test_accounts.py
        Attack("POST", "/v1/accounts", {"email": "a@rival.example", "name": "Rival", "role": "officer"}, alike=False),
    ),
    "inviteAgain": (Attack("POST", "/v1/accounts/invite-again", {"email": "{email}"}),),
    "endAccount": (Attack("POST", "/v1/accounts/end", {"email": "{email}"}),),
    "fileComplaint": (Attack("POST", "/v1/complaints", {"number": "{number}", "caller": "{caller}"}),),
    "listComplaints": (Attack("GET", "/v1/complaints", alike=False),),
    "complaintFigures": (Attack("GET", "/v1/complaints/figures", alike=False),),
    "getComplaint": (Attack("GET", "/v1/complaints/{request}"),),
    "listRequests": (Attack("GET", "/v1/requests", alike=False),),
    "getRequest": (Attack("GET", "/v1/requests/{request}"),),
    "getLetter": (Attack("GET", "/v1/requests/{request}/letter"),),
    "takeUpRequest": (Attack("POST", "/v1/requests/{request}/take-up"),),
    "answerRequest": (Attack("POST", "/v1/requests/{request}/answer", {"decision": "refused", "reply": "Nee."}),),
    "listStoppedSources": (Attack("GET", "/v1/sources/stopped", alike=False),),
    "stopSource": (Attack("POST", "/v1/sources/stop", {"source": "{supplier}", "reason": "rivaal"}),),
    "listAudit": (
        Attack("GET", "/v1/audit", alike=False),
        Attack("GET", "/v1/audit?after={entry}", alike=False),
    ),
}
"""By operation id."""

NOBODYS = frozenset(
    {
        *("health", "ready", "permitKeys", "cardCertificate", "getRuleset", "getDifference", "problemMeaning"),
        *("beginSetUp", "finishSetUp", "signIn", "signOut", "signInElsewhere", "signInBack"),
        *(
            "showForm",
            "fillForm",
            "confirmCode",
            "askNewCode",
            "takeOrder",
            "stopConsent",
        ),  # whoever has a form's id sees that form
        "traceKeys",
        "callerCard",  # of a caller that wants to be reached
        "metrics",  # of all organisations together; refused to all but the first
    }
)
