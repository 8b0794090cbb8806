"""Claims, each on both sides: what holds, what is refuted, what is not shown."""

from hashlib import sha256

import pytest

from belbaar.proof.verifier.claims import CLAIMS, Shown
from belbaar.proof.verifier.reading import NOT_SHOWN, PROVEN, REFUTED, Stop

NUMBER, OTHER = 31201000007, 31201000008
WORDING, RECEIPT = b"Mag Voltix u bellen?", b'{"notice":"%s"}' % sha256(b"Mag Voltix u bellen?").hexdigest().encode()
HASH, RECEIPT_HASH = sha256(WORDING).hexdigest(), sha256(RECEIPT).hexdigest()


def leaf(index, what=None, number=NUMBER, kind="p", **entry):
    opened = {} if entry else {"what": {"caller": "voltix", **(what or {})}, "who": {"number": number}}
    return {"index": index, "entry": {"k": kind, "v": 1, **({"b": entry} if entry else {"c": ""})}, "opened": opened}


def known_leaves():
    made = Shown()
    made.parts = {f"texts/{HASH}": WORDING, f"receipts/{RECEIPT_HASH}": RECEIPT}
    made.leaves = {
        "wording": leaf(0, kind="text", sha256=HASH),
        "key": leaf(1, kind="dossier", sha256=HASH),
        "consent": leaf(2, {"text": HASH}),
        "verdict": leaf(4, {"allowed": True, "known_at": 3, "rests_on": [2]}),
        "list": leaf(5, {"known_at": 5, "rows": 2}, kind="l"),
        "call": leaf(6),
        "call_of_another": leaf(7, number=OTHER),
        "call_for_another": leaf(8, {"caller": "fonds"}),
        "receipt": leaf(9, {"receipt": RECEIPT_HASH}),
        "receipt_of_another": leaf(10, {"receipt": RECEIPT_HASH}, number=OTHER),
        "receipt_for_another": leaf(11, {"caller": "fonds", "receipt": RECEIPT_HASH}),
        "receipt_lost": leaf(12, {"receipt": HASH}),
        "consent_to_other_words": leaf(3, {"text": sha256(b"anders").hexdigest()}),
        "consent_to_nothing": leaf(3, {"text": ""}),
        "wording_too_late": leaf(13, kind="text", sha256=HASH),
        "knows_the_future": leaf(14, {"known_at": 15, "rests_on": []}),
        "denied": leaf(4, {"allowed": False}),
        "closed": {"index": 4, "entry": {}, "opened": {"how": {}}},
        "delivered": leaf(15, {"at": 100}),
        "day_1": leaf(16, kind="open", at=101, day="2026-09-02"),
        "day_2": leaf(17, kind="open", at=102, day="2026-09-03"),
        "day_2_again": leaf(18, kind="open", at=103, day="2026-09-03"),
        "day_before": leaf(14, kind="open", at=104, day="2026-09-04"),
        "day_of_before": leaf(19, kind="open", at=100, day="2026-08-31"),
        "ruleset": leaf(0, kind="rule", sha256=HASH),
        "facts_of_true": leaf(4, {"known_at": 3, "rests_on": [True]}),
    }
    made.rows = {
        "row_0": {"list": "list", "body": {"allowed": True, "number": NUMBER}},
        "row_1": {"list": "list", "body": {"allowed": False, "number": OTHER}},
        "row_empty": {"list": "list", "body": {}},
    }
    return made


@pytest.fixture
def shown():
    return known_leaves()


CASES = {
    PROVEN: [
        ("order", {"first": "wording", "then": "consent"}, "wording was logged before consent"),
        ("text", {"leaf": "consent", "field": "text", "text": "wording"}, "consent rests on wording"),
        ("text", {"leaf": "consent", "field": "text", "text": "ruleset"}, "consent rests on ruleset"),
        ("facts", {"leaf": "verdict", "rests_on": ["consent"]}, "verdict rests on consent, as known at 3 leaves"),
        ("position", {"leaf": "list"}, "as known at 5 leaves"),
        ("screened", {"leaf": "verdict", "call": "call"}, "says that the call was allowed"),
        ("screened", {"leaf": "denied", "call": "call"}, "says that the call was NOT allowed"),
        ("screened", {"leaf": "consent", "call": "call"}, "of the same number and caller"),
        ("screened", {"row": "row_0", "call": "call"}, "says that the call was allowed"),
        ("screened", {"row": "row_1", "call": "call_of_another"}, "says that the call was NOT allowed"),
        ("same", {"leaves": ["consent", "call"], "section": "who", "field": "number"}, "have the same number"),
        ("receipt", {"leaf": "consent", "field": "text", "receipt": "receipt"}, "is of the same person as consent"),
        ("open", {"leaf": "delivered", "days": ["day_2", "day_1"]}, "on 2 days, from 2026-09-02 to 2026-09-03"),
    ],
    REFUTED: [
        ("open", {"leaf": "delivered", "days": []}, "none at all"),
        ("open", {"leaf": "delivered", "days": ["day_2", "day_2_again"]}, "counted twice"),
        ("open", {"leaf": "delivered", "days": ["day_1", "day_1"]}, "counted twice"),
        ("open", {"leaf": "delivered", "days": ["day_1", "day_before"]}, "not after delivered"),
        ("open", {"leaf": "delivered", "days": ["day_1", "day_of_before"]}, "not after delivered"),
        ("open", {"leaf": "delivered", "days": ["day_1", "wording"]}, "no day is counted as one"),
        ("open", {"leaf": "delivered", "days": ["day_1", "nothing"]}, "not proven"),
        ("order", {"first": "consent", "then": "wording"}, "was not logged before"),
        ("order", {"first": "consent", "then": "consent"}, "was not logged before"),
        ("order", {"first": "nothing", "then": "consent"}, "not proven"),
        ("order", {"first": "consent"}, '"then" is missing'),
        ("order", {"first": ["consent"], "then": "call"}, '"first" is missing'),
        ("text", {"leaf": "consent_to_other_words", "field": "text", "text": "wording"}, "another text"),
        ("text", {"leaf": "consent", "field": "text", "text": "wording_too_late"}, "only after"),
        ("text", {"leaf": "consent", "field": "text", "text": "key"}, "no wording and no ruleset"),
        ("text", {"leaf": "consent", "field": "caller", "text": "wording"}, "another text"),
        ("facts", {"leaf": "verdict", "rests_on": []}, "other facts"),
        ("facts", {"leaf": "verdict", "rests_on": ["consent", "wording"]}, "other facts"),
        ("facts", {"leaf": "facts_of_true", "rests_on": ["key"]}, "other facts"),
        ("facts", {"leaf": "knows_the_future", "rests_on": []}, "logged only later"),
        ("facts", {"leaf": "verdict", "rests_on": [["consent"]]}, "not proven"),
        ("position", {"leaf": "knows_the_future"}, "logged only later"),
        ("position", {"leaf": "call"}, '"known_at" is missing'),
        ("screened", {"leaf": "verdict", "call": "consent"}, "before the verdict"),
        ("screened", {"leaf": "verdict", "call": "call_of_another"}, "another number"),
        ("screened", {"leaf": "verdict", "call": "call_for_another"}, "another caller"),
        ("screened", {"row": "row_0", "call": "call_of_another"}, "another number"),
        ("screened", {"row": "row_0", "call": "verdict"}, "before the verdict"),
        ("screened", {"row": "row_0", "call": "call_for_another"}, "another caller"),
        ("screened", {"row": "row_9", "call": "call"}, "not proven"),
        ("screened", {"row": "row_empty", "call": "call"}, '"number" is missing'),
        ("screened", {"call": "call"}, '"leaf" is missing'),
        ("same", {"leaves": ["consent", "call_of_another"], "section": "who", "field": "number"}, "number differs"),
        ("same", {"leaves": ["consent"], "section": "who", "field": "number"}, "nothing is compared"),
        ("same", {"leaves": ["consent", "call"], "section": "who", "field": "name"}, "nothing is compared"),
        ("receipt", {"leaf": "consent", "field": "text", "receipt": "receipt_of_another"}, "another person"),
        ("receipt", {"leaf": "consent", "field": "text", "receipt": "receipt_for_another"}, "another caller"),
        ("receipt", {"leaf": "consent", "field": "text", "receipt": "receipt_lost"}, "missing or was swapped"),
        ("receipt", {"leaf": "consent_to_other_words", "field": "text", "receipt": "receipt"}, "another text"),
        ("receipt", {"leaf": "consent_to_nothing", "field": "text", "receipt": "receipt"}, "not 64 digits"),
        ("receipt", {"leaf": "receipt", "field": "receipt", "receipt": "receipt"}, "not logged before"),
    ],
    NOT_SHOWN: [
        ("facts", {"leaf": "closed", "rests_on": []}, 'the section "what" of closed is not opened'),
        ("screened", {"leaf": "closed", "call": "call"}, "not opened"),
        ("same", {"leaves": ["consent", "closed"], "section": "who", "field": "number"}, "not opened"),
        ("receipt", {"leaf": "closed", "field": "text", "receipt": "receipt"}, "not opened"),
        ("position", {"leaf": "closed"}, "not opened"),
        ("open", {"leaf": "closed", "days": ["day_1"]}, "not opened"),
    ],
}


def judged(shown, kind, claim):
    try:
        said = CLAIMS[kind](shown, claim)
    except Stop as stop:
        return stop.code, str(stop)
    return PROVEN, str(said[0]).format(*said[1:])


@pytest.mark.parametrize(
    ("code", "kind", "claim", "says"), [(code, *case) for code, cases in CASES.items() for case in cases]
)
def test_a_claim_is_judged(shown, code, kind, claim, says):
    found, said = judged(shown, kind, claim)
    assert (found, says in said) == (code, True), said


def test_every_claim_has_cases_on_both_sides():
    for code in (PROVEN, REFUTED):
        assert {kind for kind, *_ in CASES[code]} == set(CLAIMS)


def test_a_swapped_text_or_receipt_is_refuted(shown):
    shown.parts = {name: content + b"x" for name, content in shown.parts.items()}
    assert judged(shown, "text", {"leaf": "consent", "field": "text", "text": "wording"})[0] == REFUTED
    assert judged(shown, "receipt", {"leaf": "consent", "field": "text", "receipt": "receipt"})[0] == REFUTED
