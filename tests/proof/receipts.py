"""One receipt for tests, in a real log, and every way in which somebody could spoil it.

``python -m tests.proof.receipts`` writes them to tests/proof/assets/receipts, named by what is wrong with them.
"""

import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from belbaar.proof.entries.commit import Body, clear_entry, derive, seal
from belbaar.proof.entries.jcs import decode, encode
from belbaar.proof.log.checkpoint import Checkpoint, format_proof, signed_checkpoint
from belbaar.proof.log.note import add_lines, parse, sign
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.log.tree import inclusion_proof, leaf_hash, perfect_nodes, root_hash
from belbaar.proof.receipt.record import Party, Told
from belbaar.proof.receipt.signed import check_receipt, opening, read_receipt, signed_receipt

ASSETS = Path(__file__).parent / "assets" / "receipts"
ORIGIN = "belbaar.example/demo/2026"
LOG, FORGED_LOG = (SignerKey.generate(ORIGIN, seed=bytes([n]) * 32) for n in (1, 2))
SIGNER, FORGER = (SignerKey.generate(f"{ORIGIN}/receipt", seed=bytes([n]) * 32) for n in (5, 6))
KEYS = {"receipt_keys": [SIGNER.verifier()], "log_keys": [LOG.verifier()]}
RETENTION_KEY = b"\x05" * 32
NUMBER, OTHER_NUMBER = 31201000007, 31201000008
WORDING = "Mag Voltix Energie B.V. u bellen over energie?\nU kunt dit altijd intrekken."
OTHER_WORDING = "U gaat akkoord met alles."
GIVEN_AT = 1_788_249_600_000_000  # 2026-09-01T10:00+02:00
CREATED = GIVEN_AT + 3_600_000_000
PARTY = Party(
    "Voltix Energie B.V.",
    kvk="12345678",
    address="Stationsplein 1, 1012 AB Amsterdam",
    email="privacy@voltix.example",
    phone="+31201990001",
    url="https://voltix.example",
    privacy_url="https://voltix.example/privacy",
    withdraw_url="https://voltix.example/stop?t=1&n=2",
    withdraw_phone="+31201990001",
    stored_in=("NL", "IE"),
)
HOW = {
    "captured_by": "leadhuis",
    "channels": ["voice", "sms"],
    "ip_prefix": "192.0.2.0/24",
    "page": "https://voltix.example/aanvraag",
}
WHAT = {
    "at": GIVEN_AT,
    "boxes": [
        {"final": True, "initial": False, "label": "Ja, bel mij"},
        {"final": False, "initial": False, "label": "Ja, mail mij"},
    ],
    "caller": "voltix",
    "kind": "consent.given",
    "language": "nl",
    "product": "energy",
    "recorded_at": GIVEN_AT + 1,
    "shown_at": "2026-09-01T07:58:00Z",
    "until": "2027-12-31",
    "wording": sha256(WORDING.encode()).hexdigest(),
    "wording_version": "2026-3",
}
GIVEN = Body(HOW, WHAT, {"number": NUMBER})
VERIFIED = Body(
    {"method": "sms"},
    {
        "at": GIVEN_AT + 60_000_000,
        "caller": "voltix",
        "challenge_sent": "2026-09-01T08:00:30Z",
        "challenge_to_number": True,
        "kind": "consent.verified",
    },
    {"number": NUMBER},
)
WITHDRAWN = Body(
    what={"at": GIVEN_AT + 86_400_000_000, "caller": "voltix", "kind": "consent.withdrawn"}, who={"number": NUMBER}
)


def id_of(place):
    return sha256(f"leaf {place}".encode()).digest()[:16]


def openings(bodies, log=LOG, others=3):
    """Log bodies behind a few other entries, and open them all against one head."""
    leaves = [seal(RETENTION_KEY, id_of(place), body) for place, body in enumerate(bodies)]
    entries = [clear_entry("anchor", {"n": n}) for n in range(others)] + [leaf.entry for leaf in leaves]
    node = perfect_nodes([leaf_hash(entry) for entry in entries])
    head = signed_checkpoint(Checkpoint(ORIGIN, len(entries), root_hash(len(entries), node)), log)
    return [
        opening(
            others + place,
            leaf.entry,
            derive(RETENTION_KEY, leaf.id),
            bodies[place],
            format_proof(others + place, inclusion_proof(others + place, len(entries), node), head),
        )
        for place, leaf in enumerate(leaves)
    ]


def told(**more):
    return Told(
        **{
            "party": PARTY,
            "record_id": id_of(0),
            "product": "energie",
            "agents": ("Belhuis Noord B.V.",),
            "contact_by": "2027-03-01",
        }
        | more
    )


def receipt(bodies=(GIVEN, VERIFIED), wording=WORDING, *, log=LOG, signer=SIGNER, language="nl", **more):
    return signed_receipt(
        openings(bodies, log), wording, told(**more), created=CREATED, language=language, signer=signer
    )


GOOD = receipt()


def checked(text, number=NUMBER):
    read = read_receipt(text)
    check_receipt(read, **KEYS, number=number)
    return read


def changed(**what):
    """A consent that says something else; None: that leaves it out."""
    return replace(GIVEN, what={name: value for name, value in {**WHAT, **what}.items() if value is not None})


def signed_again(change, signer=SIGNER):
    """What somebody with the receipt key could do: say something else about the very same leaves."""
    data = decode(encode(dict(read_receipt(GOOD).data)))
    change(data)
    return sign(f"belbaar/receipt/1\n{encode(data).decode()}\n", signer)


def set_at(*path, to):
    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        if to is None:
            del data[last]
        else:
            data[last] = to

    return change


def exchanged(one, other):
    assert one in GOOD
    return GOOD.replace(one, other)


def broken():
    """Make every broken receipt, by what is wrong with it."""
    record, leaf = ("record",), ("log", "leaves", 0)
    other = openings([Body(HOW, WHAT, {"number": OTHER_NUMBER})])[0]
    resigned = {
        "number-of-another": set_at(*record, "data_subject", "identifier", to="+31201000008"),
        "earlier-date": set_at(*record, "consent_status", 0, "date", to="2025-09-01T08:00:00Z"),
        "longer-validity": set_at(*record, "consent_status", 0, "valid", to="2026-09-01T08:00:00Z/.."),
        "withdrawal-hidden": set_at(*record, "consent_status", 1, to=None),
        "other-product": set_at(*record, "process", "purpose", "product", to="telecom"),
        "other-caller": set_at(*record, "data_controller", "caller", to="belwin"),
        "more-channels": set_at(*record, "channels", to=["voice", "sms", "robocall"]),
        "box-unticked-at-first": set_at(*record, "notice", "boxes", 0, "initial", to=0),
        "box-forgotten": set_at(*record, "notice", "boxes", to=None),
        "page-invented": set_at(*record, "notice", "screenshot", to="…"),
        "text-swapped": set_at(*record, "notice", "text", to=OTHER_WORDING),
        "text-forgotten": set_at(*record, "notice", to=None),
        "text-is-no-object": set_at(*record, "notice", to="Ja."),
        "verification-to-another": set_at(*record, "consent_status", 1, "verification", "to_number", to=False),
        "capture-claimed": set_at(*record, "captured_by", to="notaris"),
        "something-added": set_at(*record, "bundled", to=False),
        "leaf-of-another": set_at(
            *leaf,
            to={
                "entry": other.entry.decode(),
                "index": other.index,
                "proof": other.proof,
                "sections": dict(other.sections),
            },
        ),
        "leaves-forgotten": set_at("log", "leaves", to=[]),
        "log-forgotten": set_at("log", to=None),
        "origin-of-another": set_at("log", "origin", to="belbaar.example/other"),
        "body-forged": set_at(*leaf, "sections", "what", "body", "product", to="*"),
        "section-closed": set_at(*leaf, "sections", "who", to={"hash": "00" * 32}),
        "section-key-forged": set_at(*leaf, "sections", "what", "key", to="00" * 32),
        "section-key-no-hex": set_at(*leaf, "sections", "what", "key", to="zz"),
        "section-is-a-list": set_at(*leaf, "sections", "who", "body", to=[]),
        "index-moved": set_at(*leaf, "index", to=0),
        "proof-cut": set_at(*leaf, "proof", to="c2sp.org/tlog-proof@v1\nindex 3\n"),
    }
    return {
        **{name: signed_again(change) for name, change in resigned.items()},
        "signed-by-another": receipt(signer=FORGER),
        "log-rewritten": receipt(log=FORGED_LOG),
        "signature-of-another": add_lines(parse(GOOD), parse(receipt(contact_by="2027-03-02")).signatures),
        "word-changed": exchanged("energie", "telecom"),
        "one-character": exchanged("leadhuis", "leadhuiz"),
    }


def main():
    ASSETS.mkdir(parents=True, exist_ok=True)
    made = {
        "good": GOOD,
        "good-withdrawn": receipt((GIVEN, VERIFIED, WITHDRAWN)),
        "good-english": receipt(language="en"),
    }
    for name, text in {**made, **broken()}.items():
        (ASSETS / f"{name}.receipt").write_text(text, encoding="utf-8")
    sys.stdout.write(f"written to {ASSETS}\n")


if __name__ == "__main__":
    main()
