"""Files become events: all of a file or nothing of it, each event once, no objection lost."""

import json

import pytest

from belbaar.errors import InputError
from belbaar.ledger import create_store, events_of
from belbaar.ledger.exporting import export
from belbaar.ledger.importing import ImportOptions, import_file
from belbaar.verdict import may_call
from tests.lists.conftest import NOW, call

NUMBER = 31201000001


def count(store):
    return store.position()


def test_columns_are_recognised_by_dutch_headers(store, load):
    report = load(
        "Telefoon;Datum;Tekst;Product;Geverifieerd;Kanaal;Bron\n"
        "020-1000001;1-9-2026 10:00;Ja, bel mij;energy;SMS;bellen, sms;beurs\n",
        event="consent.given",
        caller="voltix",
    )
    assert [(column.name, column.field) for column in report.columns] == [
        ("Telefoon", "number"),
        ("Datum", "at"),
        ("Tekst", "wording"),
        ("Product", "product"),
        ("Geverifieerd", "verified"),
        ("Kanaal", "channels"),
        ("Bron", ""),
    ]
    (event,) = events_of(store, NUMBER)
    assert event.fields == {
        "product": "energy",
        "channels": ("voice", "sms"),
        "wording": "Ja, bel mij",
        "verified": "sms",
    }
    assert may_call(store, call(number=NUMBER)).ground == "nl.consent"


def test_reading_a_file_twice_changes_nothing(store, load, data):
    first = load(data / "opt-ins.csv", event="consent.given", caller="voltix")
    lines = list(export(store))
    second = load(data / "opt-ins.csv", event="consent.given", caller="voltix")
    assert (first.new, second.new, second.known) == (1200, 0, 1200)
    assert list(export(store)) == lines
    assert store.connection.execute("SELECT count(*) FROM source").fetchone() == (1,)


def test_undated_objections_count_from_the_first_reading_of_the_file(store, load):
    load("0201000001\n0201000002\n", name="verzet.txt", event="objection.made", caller="voltix")
    again = load("0201000001\n0201000002\n", name="copy.txt", event="objection.made", caller="voltix")
    assert again.new == 0
    assert [event.at for event in events_of(store, NUMBER)] == [NOW]
    assert "nl.objection" in may_call(store, call(number=NUMBER, at="2026-11-25T10:00:00+01:00")).vetoes


def test_an_undated_consent_is_refused(store, load):
    with pytest.raises(InputError, match="cannot be recorded") as refused:
        load("Telefoon;Tekst\n0201000001;Ja\n", event="consent.given", caller="voltix", product="energy")
    assert "consent.given needs a date" in refused.value.details[0]
    assert count(store) == 0


@pytest.mark.parametrize("header", ["Niet bellen", "opt-out", "DNC", "Bezwaar", "opted_out"])
def test_a_column_that_looks_like_an_objection_stops_the_import(store, load, header):
    text = f"Telefoon;Datum;Tekst;{header}\n0201000001;2026-09-01;Ja;ja\n"
    with pytest.raises(InputError, match="looks like an objection"):
        load(text, event="consent.given", caller="voltix", product="energy")
    assert count(store) == 0


def test_a_mapped_objection_column_becomes_objections(store, load):
    report = load(
        "Telefoon;Datum;Tekst;Niet bellen\n0201000001;2026-09-01;Ja;ja\n0201000002;2026-09-01;Ja;nee\n",
        event="consent.given",
        caller="voltix",
        product="energy",
        mapping={"Niet bellen": "objection"},
    )
    assert report.events == {"consent.given": 2, "objection.made": 1}
    assert may_call(store, call(number=NUMBER)).vetoes == ("nl.objection",)


def test_a_mapped_objection_is_not_lifted_by_a_consent_from_before_the_file_was_read(store, load):
    """The column says what is so when the file is read, whatever date its row has."""
    load(
        "Telefoon;Datum;Tekst;Geverifieerd;Niet bellen\n0201000001;2026-08-01;Ja;sms;ja\n",
        event="consent.given",
        caller="voltix",
        product="energy",
        mapping={"Niet bellen": "objection"},
    )
    later = "Telefoon;Datum;Tekst;Geverifieerd\n0201000001;2026-10-01;Ja;sms\n"
    load(later, name="later.csv", event="consent.given", caller="voltix", product="energy")
    verdict = may_call(store, call(number=NUMBER))
    assert (verdict.allowed, verdict.grounds, verdict.vetoes) == (False, ("nl.consent",), ("nl.objection",))


def test_an_ignored_column_is_said_to_be_ignored(load):
    report = load(
        "Telefoon;Datum;Tekst;Opt-out\n0201000001;2026-09-01;Ja;\n",
        event="consent.given",
        caller="voltix",
        product="energy",
        mapping={"Opt-out": "ignore"},
    )
    assert report.columns[-1].note == "ignored, as asked"


def test_one_bad_row_keeps_the_whole_file_out(store, load):
    with pytest.raises(InputError) as refused:
        load(
            "Telefoon;Datum;Tekst\n0201000001;2026-09-01;Ja\n0201000002;31-2-2026;Ja\nonbekend;2026-09-01;Ja\n",
            event="consent.given",
            caller="voltix",
            product="energy",
        )
    assert len(refused.value.details) == 2
    assert refused.value.details[0].startswith("row 3, Datum:")
    assert refused.value.details[1] == "row 4, Telefoon: unreadable number (not-a-number)."
    assert count(store) == 0


def test_rows_without_a_readable_number_can_be_left_out_by_asking(load):
    report = load(
        "0201000001\nonbekend\n",
        name="verzet.txt",
        event="objection.made",
        caller="voltix",
        leave_out_unreadable=True,
    )
    assert (report.new, report.left_out_rows) == (1, ("row 2, kolom 1: unreadable number (not-a-number).",))


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("bad-event.jsonl", ["line 2, event:", "line 3, at:"]),
        ("ambiguous-date.csv", ['row 2, Datum: "03/04/2025": 3 April or 4 March? Say --dates dmy']),
    ],
)
def test_broken_event_files_are_refused_whole(store, load, data, file, problem):
    with pytest.raises(InputError) as refused:
        load(data / "broken" / file, event="consent.given", caller="voltix", product="energy")
    assert [line[: len(start)] for line, start in zip(refused.value.details, problem, strict=True)] == problem
    assert count(store) == 0


def test_the_option_decides_an_ambiguous_date(store, load, data):
    load(data / "broken" / "ambiguous-date.csv", event="consent.given", caller="voltix", dates="dmy")
    (event,) = events_of(store, NUMBER)
    assert event.at == int(call("2025-04-03T00:00:00+02:00").at)


def test_an_event_of_tomorrow_is_not_known_today(load):
    with pytest.raises(InputError) as refused:
        load(
            "Telefoon;Datum;Tekst\n0201000001;2026-11-25;Ja\n", event="consent.given", caller="voltix", product="energy"
        )
    assert "known before it happened" in refused.value.details[0]


def test_an_unknown_caller_is_named_with_the_nearest(store, load):
    with pytest.raises(InputError, match='"voltx" is not a registered caller'):
        load("0201000001\n", event="objection.made", caller="voltx")
    assert count(store) == 0


def test_a_call_has_one_channel_where_a_consent_has_several(store, load):
    load("Telefoon;Datum;Kanaal\n0201000001;2026-09-01;bellen\n", event="call.made", caller="voltix")
    (event,) = events_of(store, NUMBER)
    assert event.fields == {"channel": "voice"}


def test_an_export_recorded_in_an_empty_store_gives_the_same_verdicts(store, load, data, tmp_path):
    load(data / "opt-ins.csv", event="consent.given", caller="voltix")
    load(data / "klanten.jsonl")
    load(data / "verzet.txt", event="objection.made", caller="voltix")
    exported = "\n".join(export(store))
    path = tmp_path / "export.jsonl"
    path.write_text(exported, encoding="utf-8")
    from belbaar.ledger.importing import ImportOptions, import_file  # noqa: PLC0415

    with create_store(tmp_path / "other.db") as other:
        import_file(other, path, ImportOptions(), now=NOW + 1, by="test")
        assert [json.loads(line) for line in export(other)] == [json.loads(line) for line in exported.splitlines()]
        numbers = [number for (number,) in store.connection.execute("SELECT DISTINCT number FROM event")]
        dutch = [number for number in numbers if str(number).startswith("31")]
        for number in dutch[::7]:
            for at in ("2020-03-03T14:00:00+01:00", "2024-03-05T14:00:00+01:00", "2026-11-25T14:00:00+01:00"):
                assert_same(may_call(store, call(at, number=number)), may_call(other, call(at, number=number)))
        again = import_file(store, path, ImportOptions(), now=NOW + 1, by="test")
        assert again.new == 0


def assert_same(one, other):
    assert (one.allowed, one.grounds, one.vetoes, one.defects, one.until) == (
        other.allowed,
        other.grounds,
        other.vetoes,
        other.defects,
        other.until,
    )


def test_how_a_consent_was_captured_is_read_from_columns_in_dutch(store, load):
    load(
        "Telefoon;Datum;Tekst;Tekstversie;Taal;Webpagina;Getoond op;IP-reeks;Vastgelegd door;Code verzonden op;Code naar dit nummer\n"
        "020-1000001;1-9-2026 10:00;Ja, bel mij;v3;Nederlands;https://voltix.example/a;1-9-2026 9:58;192.0.2.0/24;leadhuis;1-9-2026 9:59;ja\n",
        event="consent.given",
        caller="voltix",
        product="energy",
    )
    (event,) = events_of(store, NUMBER)
    assert event.fields == {
        "product": "energy",
        "wording": "Ja, bel mij",
        "wording_version": "v3",
        "language": "nl",
        "page": "https://voltix.example/a",
        "shown_at": "2026-09-01T07:58:00Z",
        "ip_prefix": "192.0.2.0/24",
        "captured_by": "leadhuis",
        "challenge_sent": "2026-09-01T07:59:00Z",
        "challenge_to_number": True,
    }


def test_boxes_go_out_and_come_in_again_as_they_were(store, load, tmp_path):
    boxes = [
        {"label": "Ja, bel mij", "initial": False, "final": True},
        {"label": "Mail", "initial": True, "final": True},
    ]
    event = {"event": "consent.given", "at": "2026-09-01", "number": "+31201000001", "caller": "voltix"}
    load(json.dumps({**event, "product": "energy", "boxes": boxes}), name="consent.jsonl")
    lines = list(export(store))
    (kept,) = events_of(store, NUMBER)
    assert [dict(box) for box in kept.fields["boxes"]] == boxes
    with create_store(tmp_path / "other.db") as other:
        path = tmp_path / "all.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        import_file(other, path, ImportOptions(), now=NOW, by="test")
        assert list(export(other)) == lines


def test_a_receipt_that_was_delivered_is_recorded_and_bears_on_no_verdict(store, load):
    load(
        "Telefoon;Datum;Bezorgd via\n020-1000001;1-9-2026 11:00;SMS-bericht\n",
        event="receipt.delivered",
        caller="voltix",
    )
    (event,) = events_of(store, NUMBER)
    assert dict(event.fields) == {"delivered_by": "sms"}
    verdict = may_call(store, call(number=NUMBER))
    assert (verdict.allowed, verdict.grounds, verdict.vetoes, verdict.defects) == (False, (), (), ())
