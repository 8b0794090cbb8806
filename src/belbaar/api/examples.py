"""Requests that work, by operation: shown in the description, and sent to a running service by its test.

They are about numbers on which nobody can be called. ``…`` stands for what only a running service can give.
"""

__all__ = ["EXAMPLES"]

from collections.abc import Mapping
from typing import Any

_NUMBER = "+31201000007"
_ASKED = {"number": _NUMBER, "caller": "voltix", "product": "energy"}

_DESIGN = {
    "caller": "voltix",
    "choices": [
        {"product": "energy", "names": {"nl": "stroom en gas", "en": "electricity and gas"}},
    ],
}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "askVerdict": {
        "A call that is made now": {**_ASKED, "campaign": "autumn", "id": "crm-17"},
        "A call at another moment, explained": {**_ASKED, "at": "2026-09-08T14:00:00+02:00", "explain": True},
    },
    "askVerdicts": {
        "Two calls, each with an id of your own": {
            "calls": [{**_ASKED, "id": "crm-17"}, {**_ASKED, "number": "020 100 0008", "id": "crm-18"}]
        }
    },
    "recordEvents": {
        "A consent": {
            "event": "consent.given",
            "number": _NUMBER,
            "caller": "voltix",
            "product": "energy",
            "at": "2026-09-01T10:00:00+02:00",
            "wording": "Yes, Voltix may call me about energy.",
            "verified": "sms",
            "row_id": "crm-17",
        },
        "Objections, at this moment": [
            {"event": "objection.made", "number": "+31201000009", "caller": "voltix", "row_id": "crm-19"},
            {"event": "objection.made", "number": "+31201000010", "caller": "voltix", "row_id": "crm-20"},
        ],
    },
    "usePermit": {
        "The permit that came with a verdict": {"permit": "…", "number": _NUMBER, "presents": "+31201990001"}
    },
    "askGate": {
        "A call that a trunk brought": {
            "called": _NUMBER,
            "presented": "+31201990001",
            "from": "+31201990001",
            "call_id": "a84b4c76e66710",
            "product": "energy",
        }
    },
    "tellCalls": {
        "A call that was refused": {
            "calls": [
                {
                    "call_id": "a84b4c76e66710",
                    "code": 603,
                    "cause": "objection",
                    "begun_at": "2026-09-08T14:00:00+02:00",
                    "verdict": "v-1042",
                }
            ]
        }
    },
    "objectInCall": {"An agent was told so": {"permit": "…"}},
    "offerInCall": {"A step of the script": {"permit": "…", "how": "script"}},
    "breakGlass": {"A gas leak": {"minutes": 30, "reason": "Gas leak in the north, case 2026-014."}},
    "tellBrokenGlass": {
        "The service was away": {
            "by": "beheer",
            "at": "2026-09-08T13:30:00+02:00",
            "minutes": 30,
            "reason": "Gas leak in the north, case 2026-014.",
        }
    },
    "callBack": {"With the number shown": {"dialled": "+31201990001", "asserted": "+31201000098", "pressed": "1"}},
    "holdNumber": {"The code that was texted": {"caller": "voltix", "number": "+31201990001", "code": "…"}},
    "addCampaign": {
        "On a caller's behalf": {
            "campaign": "autumn",
            "caller": "voltix",
            "product": "energy",
            "presents": "+31201990001",
        }
    },
    "openTrace": {
        "A request that says all": {
            "number": _NUMBER,
            "name": "A. de Vries",
            "address": "Plein 1",
            "postcode": "1012 AB",
            "town": "Amsterdam",
            "times": ["2026-09-07T22:15:00+02:00"],
        }
    },
    "addToTrace": {"A later call": {"times": ["2026-09-08T01:40:00+02:00"]}},
    "lookInTrace": {"The only one at that time": {"call": "bcdfghjkmnpqrstv", "why": "The only one at that time."}},
    "discloseTrace": {
        "A subscriber of your own": {
            "party": {
                "number": "+31301990077",
                "name": "B. Eller",
                "address": "Laan 2",
                "postcode": "3511 AA",
                "town": "Utrecht",
            },
            "calls": ["bcdfghjkmnpqrstv"],
            "reason": "Six calls in one night.",
        }
    },
    "refuseTrace": {"Nothing was found": {"why": "not-found", "note": "Looked at an hour around it too."}},
    "makeLetter": {"To who asked, in Dutch": {"letter": "received", "lang": "nl"}},
    "askProvider": {"About one call": {"provider": "belnet", "calls": ["bcdfghjkmnpqrstv"]}},
    "providerReplied": {"What it sent": {"message": "…"}},
    "takeRequest": {"What it sent": {"provider": "belnet", "message": "…"}},
    "readRequest": {"To look the subscriber up": {"why": "To look the subscriber up."}},
    "answerProvider": {"A refusal": {"why": "interest", "reason": "A shelter."}},
    "registerProvider": {
        "With its keys": {
            "provider": "belnet",
            "name": "Belnet Telecom B.V.",
            "issuer": "belbaar.belnet.example/house",
            "keys": {
                "keys": [
                    {
                        "kty": "OKP",
                        "crv": "Ed25519",
                        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                        "alg": "Ed25519",
                    }
                ]
            },
        }
    },
    "markCall": {"The latest call": {"number": _NUMBER}},
    "setLine": {"No anonymous calls": {"number": _NUMBER, "refuse_anonymous": True}},
    "getLine": {"A subscriber": {"number": _NUMBER}},
    "addForm": {"For electricity and gas": {"name": "Web shop", "design": _DESIGN}},
    "changeForm": {"In another language too": {"name": "Web shop", "design": {**_DESIGN, "languages": ["nl", "en"]}}},
    "lintForm": {
        "A page that you have": {
            "html": '<form><input type="tel"><label><input type="checkbox" checked> Bel mij over gas</label></form>'
        }
    },
    "giveNumber": {"At a gift": {"number": _NUMBER, "opted_out": False}},
    "fillForm": {
        "A yes": {
            "version": 1,
            "language": "nl",
            "number": _NUMBER,
            "boxes": [{"initial": False, "final": True}],
            "sha256": "…",
        }
    },
    "confirmCode": {"As it was sent": {"code": "482913"}},
    "askHistory": {"What is known now": {"number": _NUMBER}},
    "makeDossier": {"All on a number": {"number": _NUMBER}},
    "makeReceipt": {"As text": {"number": _NUMBER, "caller": "voltix", "form": "text"}},
    "registerCaller": {
        "A further number of a caller": {
            "caller": "voltix",
            "name": "Voltix Energie B.V.",
            "sector": "commercial",
            "numbers": ["+31201990003"],
        }
    },
    "describeCaller": {"Where it is found": {"url": "https://voltix.example", "kvk": "12345678"}},
    "registerAgent": {"A bureau": {"agent": "house.bureau", "name": "Belbureau B.V."}},
    "makeKey": {"For a dialer": {"role": "integrator", "label": "dialer", "callers": ["voltix"]}},
    "rotateKey": {"The old one is good for an hour": {"minutes": 60}},
    "giveMandate": {"To a bureau": {"caller": "voltix", "organisation": "bureau"}},
    "endMandate": {"Of a bureau": {"caller": "voltix", "organisation": "bureau"}},
    "inviteAccount": {"An auditor": {"email": "auditor@voltix.example", "name": "A. de Vries", "role": "auditor"}},
    "inviteAgain": {"The same person": {"email": "auditor@voltix.example"}},
    "endAccount": {"Somebody who left": {"email": "auditor@voltix.example"}},
    "askConfirmations": {"Of all objections of a number": {"number": _NUMBER}},
    "makeWebhook": {"Objections, to a dialer": {"url": "https://dialer.example/hook", "kinds": ["objection.made"]}},
    "rotateWebhook": {"The old secret is good for a day": {"overlap_hours": 24}},
    "replayWebhook": {"All since a cursor": {"after": "…"}},
    "fileComplaint": {
        "Of a call some days ago": {
            "number": _NUMBER,
            "about": "I never said yes.",
            "caller": "voltix",
            "at": "2026-09-04T14:00:00+02:00",
        }
    },
    "answerRequest": {"What was asked is done": {"decision": "granted", "reply": "We stopped the source."}},
    "stopSource": {"With its name as figures have it": {"source": "api", "reason": "too many complaints"}},
    "confirmChanges": {"All up to a cursor": {"cursor": "…"}},
}
"""By the operation's id, then by what the example shows."""
