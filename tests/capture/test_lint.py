"""The linter refuses what the law refuses, in designs and in pages that people have, and lets the rest pass."""

import pytest

from belbaar.capture.design import read_design
from belbaar.capture.faults import FAULTS
from belbaar.capture.lint import lint_design, lint_page
from belbaar.errors import InputError
from belbaar.ledger import Caller

VOLTIX = Caller("voltix", "Voltix Energie B.V.", "commercial", (31201990001,))
WATER = Caller("water", "Stichting Waterdruppel", "charity", (31301990002,))
DETAILS = {"address": "Plein 1, Utrecht", "kvk": "12345678", "privacy_url": "https://voltix.example/privacy"}
GOOD = {
    "caller": "voltix",
    "languages": ["nl", "en"],
    "choices": [{"product": "energy", "names": {"nl": "stroom en gas", "en": "electricity and gas"}}],
}
LABEL = "Ja, Voltix Energie B.V. mag mij bellen over gas."


def codes(change=None, caller=VOLTIX, details=DETAILS):
    return {each.code for each in lint_design(read_design(GOOD | (change or {})), caller, details)}


def labelled(label, **more):
    return {"languages": ["nl"], "choices": [{"product": "energy.gas", "labels": {"nl": label}, **more}]}


def test_a_form_as_belbaar_writes_it_passes_in_both_languages():
    assert codes() == set()
    for channels in (["voice"], ["robocall"], ["sms"], ["voice", "sms"]):
        assert codes({"choices": [GOOD["choices"][0] | {"channels": channels}]}) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ticked": True}, "form.preticked"),
        ({"required": True}, "form.conditional"),
        (labelled("Ik ga akkoord met de voorwaarden en Voltix Energie mag mij bellen over gas."), "form.bundled"),
        (labelled("Ja, Voltix Energie en partners mogen mij bellen over gas."), "form.partners"),
        (labelled("Ja, u mag mij bellen over gas."), "form.no-caller"),
        (labelled("Ja, Voltix Energie mag mij bellen."), "form.no-product"),
        (labelled(LABEL, channels=["robocall"]), "form.robocall"),
        (labelled(LABEL.replace("Ja,", "Ja, een computer van"), channels=["voice", "robocall"]), "form.robocall"),
        ({"texts": {"nl": {"stop": "Dank u.", "who": "Wij."}}}, "form.no-withdrawal"),
        ({"choices": [{"product": "energy", "names": {"nl": "gas"}}]}, "form.no-words"),
        ({"texts": {"nl": {"intro": "Vragen? Bel 020-1000007."}}}, "form.number-in-text"),
    ],
)
def test_what_the_law_refuses_is_found(change, code):
    assert codes(change) == {code} or code in codes(change)


def test_without_a_privacy_statement_it_is_refused():
    assert codes(details={}) == {"form.no-privacy"}


def test_a_number_asked_at_a_gift_needs_the_opt_out_and_at_a_purchase_no_sales_are_promised():
    asked = {"kind": "number", "relation": "gift", "languages": ["nl"]}
    assert codes(asked, WATER) == set()
    assert codes({**asked, "opt_out": False}, WATER) == {"form.no-optout"}
    assert codes({**asked, "opt_out": False}, VOLTIX) == set()


def test_every_fault_has_both_languages_and_a_citation():
    for code, fault in FAULTS.items():
        assert code.startswith("form.")
        assert fault.nl != fault.en
        assert fault.cite.link.startswith("https://")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (
            (
                "<form><input type=tel name=tel><label><input type=checkbox checked> Ja, Voltix mag mij bellen over gas</label>"
                ' Stoppen kan altijd. <a href="/privacy">Privacy</a></form>'
            ),
            {"form.preticked"},
        ),
        (
            (
                "<form><input name=telefoon><p>Door te bestellen gaat u akkoord dat wij en onze partners u bellen over energie.</p>"
                '<a href="/privacy">Privacy</a> Stoppen kan altijd.</form>'
            ),
            {"form.bundled", "form.partners"},
        ),
        (
            (
                "<form><input type=tel><input type=checkbox id=c required><label for=c>U mag mij bellen over gas. Stop: mail."
                '</label><a href="/privacy">x</a></form>'
            ),
            {"form.conditional"},
        ),
        (
            (
                "<form><input type=tel> <input type=checkbox> Bel mij over gas, ik accepteer de algemene voorwaarden"
                '<br><a href="/privacy">x</a> Afmelden kan.</form>'
            ),
            {"form.bundled"},
        ),
        ("<form><input type=checkbox checked> Ik wil de nieuwsbrief</form>", set()),
        ("<p>Openingstijden</p>", set()),
        (
            (
                "<form><input type=tel><label><input type=checkbox>Ja, Voltix mag mij bellen over gas</label>"
                ' Stoppen kan altijd. <a href="/privacy">Privacy</a></form>'
            ),
            set(),
        ),
    ],
)
def test_pages_that_people_have(page, found):
    assert {each.code for each in lint_page(page)} == found


def test_a_page_that_is_not_well_formed_is_read_as_far_as_it_goes():
    assert lint_page("<form><input type=checkbox checked> bel mij over gas <b <<<")[0].code == "form.preticked"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"choices": []}, "/choices"),
        ({"choices": [{"product": "Gas!"}]}, "/choices/0/product"),
        ({"origins": ["https://shop.example/path"]}, "/origins/0"),
        ({"origins": ["http://shop.example"]}, "/origins/0"),
        ({"term": "one year"}, "/term"),
        ({"colour": "red"}, ""),
    ],
)
def test_a_design_that_cannot_be_read_says_where(change, where):
    with pytest.raises(InputError) as refused:
        read_design(GOOD | change)
    assert refused.value.where == where
