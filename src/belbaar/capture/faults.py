"""What the law refuses in a form: each fault with its sentence in Dutch and English and where that stands.

>>> FAULTS["form.preticked"].cite.label
'AVG 4(11)'
"""

__all__ = ["FAULTS", "Fault"]

from collections.abc import Mapping
from typing import NamedTuple

from belbaar.law.cards import Citation
from belbaar.law.nl.sources import tw

_AVG = "https://eur-lex.europa.eu/eli/reg/2016/679/art_{article}/oj"


def _avg(article: str) -> Citation:
    return Citation(f"AVG {article}", _AVG.format(article=article.partition("(")[0]))


_TW = tw("11.7(1)", as_of="2026-08-15")


class Fault(NamedTuple):
    """What is wrong, in Dutch and English, and the provision that says so."""

    nl: str
    en: str
    cite: Citation


FAULTS: Mapping[str, Fault] = {
    "form.preticked": Fault(
        "Dit vakje staat al aan. Een ja komt van de persoon zelf.",
        "This box is pre-ticked. A yes comes from the person.",
        _avg("4(11)"),
    ),
    "form.bundled": Fault(
        "Toestemming zit vast aan de voorwaarden. Geef haar een eigen vakje.",
        "Consent is tied to the terms. Give it its own box.",
        _avg("7(2)"),
    ),
    "form.partners": Fault(
        '"Partners" zegt niet wie belt. Noem elke beller.',
        '"Partners" does not say who calls. Name each caller.',
        _TW,
    ),
    "form.no-caller": Fault(
        "Naast het vakje staat niet wie belt.",
        "Beside the box it does not say who calls.",
        _TW,
    ),
    "form.no-withdrawal": Fault("Er staat niet hoe men stopt.", "It does not say how to stop.", _avg("7(3)")),
    "form.conditional": Fault("Zonder ja kan men niet verder.", "Without a yes one cannot go on.", _avg("7(4)")),
    "form.no-product": Fault("Er staat niet waarover u belt.", "It does not say what calls are about.", _avg("4(11)")),
    "form.robocall": Fault(
        "Zeg in een eigen vakje dat een computer belt.", "Say in its own box that a computer calls.", _TW
    ),
    "form.no-optout": Fault(
        'Bij het nummer ontbreekt "Nee, bel mij niet".',
        '"No, don\'t call me" is missing at the number.',
        tw("11.7(4),(5)", as_of="2026-08-15"),
    ),
    "form.no-privacy": Fault(
        "De link naar de privacyverklaring ontbreekt.", "The link to the privacy statement is missing.", _avg("13")
    ),
    "form.no-words": Fault(
        "In deze taal ontbreekt hoe mensen het product noemen.",
        "In this language it is missing what people call the product.",
        _avg("12"),
    ),
    "form.number-in-text": Fault(
        "Er staat een telefoonnummer in de tekst dat niet van de beller is. Deze tekst blijft altijd bewaard.",
        "The text has a telephone number that is not the caller's. This text is kept for ever.",
        _avg("5(1)"),
    ),
}
"""By code; codes are stable."""
