"""Which column holds what."""

from pathlib import Path

import pytest

from belbaar.errors import InputError
from belbaar.tables import looks_like_objection, number_columns, open_table, parse_map, recognise
from belbaar.tables.header_words import FIELDS, field_of

NUMBERS = [
    "Telefoon", "Telefoonnummer", "telefoon nummer", "Tel", "Tel.", "Tel.nr.", "Mobiel", "Mobile", "Phone", "Phone number",
    "phone_number", "06-nummer", "GSM", "MSISDN", "E.164", "Vast nummer", "Mobiel nummer", "Téléphone", "Telefoon 2",
    "Telefoonnummer zakelijk", "Nummer", "number", "TELEFOON (MOBIEL)", "Contact phone",
]  # fmt: skip
NO_NUMBERS = [
    "Klantnr",
    "Klantnummer",
    "Huisnummer",
    "Telefonisch bereikbaar",
    "Telefoontype",
    "phone_optin",
    "Naam",
    "Bron",
]
EVENT_FIELDS = {
    "Datum": "at", "Tijdstip": "at", "Date": "at", "Datum toestemming": "at", "Tekst": "wording", "Toestemmingstekst": "wording",
    "Wording": "wording", "Geverifieerd": "verified", "Verified": "verified", "Product": "product", "Productcategorie": "product",
    "Kanaal": "channels", "Soort": "kind", "Relatie": "kind", "Geldig tot": "until", "Adverteerder": "caller",
    "Verzender": "caller", "opt_out_offered": "opt_out_offered", "Opt-out aangeboden": "opt_out_offered", "opted_out": "opted_out",
    "Minderjarig": "minor", "Bureau": "agent", "recorded_at": "recorded_at", "First contact within": "first_contact_within",
    "Tekstversie": "wording_version", "Text version": "wording_version", "Taal": "language", "Language": "language",
    "Gekoppeld aan": "conditional_on", "Tied to": "conditional_on", "Webpagina": "page", "Page URL": "page", "Script": "page",
    "Getoond op": "shown_at", "Shown at": "shown_at", "IP-reeks": "ip_prefix", "IP range": "ip_prefix",
    "Vastgelegd door": "captured_by", "Captured by": "captured_by", "Code verzonden op": "challenge_sent",
    "Code sent at": "challenge_sent", "Code naar dit nummer": "challenge_to_number", "Sent to this number": "challenge_to_number",
    "Bezorgd via": "delivered_by", "Delivered by": "delivered_by", "Ontvangstbewijs": "receipt", "Receipt hash": "receipt",
}  # fmt: skip
OBJECTIONS = [
    "niet bellen", "Niet meer bellen", "opt-out", "Opt out", "optout", "DNC", "do not call", "do_not_call", "Bezwaar", "Verzet",
    "Afgemeld", "Afgemeld op", "Blokkade", "bel-me-niet", "Bel me niet register", "unsubscribed", "Datum opt-out", "DNC-lijst",
    "Niet benaderen", "Geblokkeerd", "opt_out_date", "Wil niet gebeld worden",
]  # fmt: skip
NO_OBJECTIONS = [
    "opt_out_offered",
    "opted_out",
    "Opt-out aangeboden",
    "Naam",
    "Bron",
    "Opmerking",
    "Telefoon",
    "Verzender",
]


def listed(folder: Path, text: str):
    path = folder / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    return open_table(path)


@pytest.mark.parametrize("header", NUMBERS)
def test_a_number_is_known_by_its_header(header):
    assert field_of(header) == "number"


@pytest.mark.parametrize("header", NO_NUMBERS)
def test_another_number_is_not_taken_for_a_telephone_number(header):
    assert field_of(header) != "number"


@pytest.mark.parametrize(("header", "field"), EVENT_FIELDS.items())
def test_an_event_field_is_known_by_its_header(header, field):
    assert field_of(header) == field


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_goes_by_its_own_name(field):
    assert field_of(field) == field


@pytest.mark.parametrize("header", OBJECTIONS)
def test_an_objection_is_never_overlooked(header):
    assert looks_like_objection(header)
    assert recognise(["Telefoon", header]).objections == (header,)


@pytest.mark.parametrize("header", NO_OBJECTIONS)
def test_what_is_no_objection_is_not_taken_for_one(header):
    assert not looks_like_objection(header)


def test_a_mapped_objection_is_settled():
    found = recognise(["Telefoon", "Opt-out"], {"opt-out": "opted_out"})
    assert found.fields == {"Opt-out": "opted_out", "Telefoon": "number"}
    assert not found.objections


def test_what_is_wanted_goes_before_what_is_recognised():
    found = recognise(["Telefoon", "Datum", "Ingangsdatum", "Bron"], parse_map("Ingangsdatum=at"))
    assert found.fields == {"Ingangsdatum": "at", "Telefoon": "number"}
    assert found.left_out == ("Datum", "Bron")
    assert found.column("at") == "Ingangsdatum"
    assert found.column("until") is None


def test_a_loose_number_gives_way_to_a_telephone_number():
    assert recognise(["Nummer", "Telefoon"]).left_out == ("Nummer",)
    assert recognise(["Nummer", "Naam"]).fields == {"Nummer": "number"}


@pytest.mark.parametrize(
    ("columns", "pairs", "said"),
    [
        (["Datum", "Tijdstip"], {}, '2 columns could be "at": "Datum", "Tijdstip"'),
        (["Telefoon"], {"Telfoon": "number"}, 'there is no column "Telfoon"'),
        (["Telefoon"], {"Telefoon": "nummber"}, 'there is no field "nummber"'),
    ],
)
def test_what_cannot_be_mapped_is_refused_with_a_remedy(columns, pairs, said):
    with pytest.raises(InputError) as caught:
        recognise(columns, pairs)
    assert said in caught.value.what
    assert "--map" in caught.value.todo or "Did you mean" in caught.value.todo


@pytest.mark.parametrize("text", ["Telefoon", "=at", "Datum="])
def test_a_map_that_is_no_pair_is_refused(text):
    with pytest.raises(InputError, match="is no pair"):
        parse_map(text)


def test_the_column_with_numbers_is_found(tmp_path):
    assert number_columns(listed(tmp_path, "Naam;Tel.\nJansen;0201000001\n")) == ("Tel.",)


def test_of_two_columns_the_filled_one_is_taken(tmp_path):
    assert number_columns(listed(tmp_path, "Tel;Mobiel\n;0201000001\n ;0201000002\n")) == ("Mobiel",)


def test_two_filled_columns_are_refused_with_the_option_that_chooses(tmp_path):
    table = listed(tmp_path, "Tel;Mobiel;Naam\n0201000001;;Jansen\n;0201000002;Pot\n")
    with pytest.raises(InputError) as caught:
        number_columns(table)
    assert '"Tel", "Mobiel"' in caught.value.what
    assert '--column "Tel" --column "Mobiel"' in caught.value.todo
    assert number_columns(table, wanted=["mobiel"]) == ("Mobiel",)
    assert number_columns(table, wanted=["Mobiel", "Tel"]) == ("Mobiel", "Tel")


def test_two_empty_columns_are_no_reason_to_stop(tmp_path):
    assert number_columns(listed(tmp_path, "Tel;Mobiel;Naam\n;;Jansen\n")) == ("Tel",)


def test_without_a_number_column_the_columns_are_named(tmp_path):
    with pytest.raises(InputError) as caught:
        number_columns(listed(tmp_path, "naam;woonplaats\nJansen;Utrecht\n"))
    assert '"naam", "woonplaats"' in caught.value.what
    assert "--column" in caught.value.todo


def test_an_unknown_wanted_column_is_refused(tmp_path):
    with pytest.raises(InputError, match="Did you mean"):
        number_columns(listed(tmp_path, "Tel;Naam\n1;Jansen\n"), wanted=["Naan"])


def test_a_telephone_number_in_a_header_is_not_told_in_full(tmp_path):
    path = tmp_path / "lijst.csv"
    path.write_text("+31201000001;x\n+31201000002;y\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        number_columns(open_table(path, header=True))
    assert '"+31…01", "x"' in caught.value.what
