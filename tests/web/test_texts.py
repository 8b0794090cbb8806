"""Both languages are complete: whatever a page says in English is there in Dutch, and nothing lies about unused."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import belbaar.web
from belbaar.api.access.audit import ACTS

_WEB = Path(belbaar.web.__file__).parent
_HOW = [("**.j2", "jinja2.ext:babel_extract"), ("**.py", "python")]


def test_every_text_of_a_page_is_there_in_dutch():
    missing = sorted(_said() - _known().keys())
    assert not missing, "\n\n".join(f'msgid "{each}"\nmsgstr ""' for each in missing)


def test_no_dutch_text_is_empty_or_a_draft():
    assert not [text for text, dutch in _known().items() if not all(dutch)]


def test_no_text_is_kept_that_no_page_says():
    assert not sorted(_known().keys() - _said())


def test_a_text_has_the_same_places_in_both_languages():
    for english, (*dutch,) in _known().items():
        for each in dutch:
            assert _places(each) <= _places(english), english


def _said() -> set[str]:
    found = extract_from_dir(
        _WEB, method_map=_HOW, options_map={"**.j2": {"newstyle_gettext": "true", "trimmed": "true"}}
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found} | {*ACTS.values()}


def _known() -> dict[str, tuple[str, ...]]:
    known = {}
    for path in sorted((_WEB / "texts").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if message.id and not message.fuzzy:
                    plural = isinstance(message.id, tuple | list)
                    known[message.id[0] if plural else message.id] = (
                        tuple(message.string) if plural else (message.string,)
                    )
    return known


def _places(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}
