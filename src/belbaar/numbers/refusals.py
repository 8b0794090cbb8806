"""Why a number cannot be used, in both languages, and what to do about it.

    >>> REFUSALS["two-numbers"].nl
    'In deze cel staan twee nummers.'

The codes are stable and meant for programs; the sentences are meant for the person who holds the list.
"""

__all__ = ["REFUSALS", "Refusal"]

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse: its code, the reason and the remedy, in Dutch and in English."""

    code: str
    nl: str
    en: str
    todo_nl: str
    todo_en: str


_ALL = (
    Refusal(
        "empty",
        nl="Er staat geen nummer.",
        en="There is no number.",
        todo_nl="Vul het nummer in of laat de rij weg.",
        todo_en="Fill in the number or leave the row out.",
    ),
    Refusal(
        "not-a-number",
        nl="Hier staat geen telefoonnummer; letters worden nooit als cijfers gelezen.",
        en="This is no telephone number; letters are never read as digits.",
        todo_nl="Vervang de tekst door het nummer in cijfers.",
        todo_en="Replace the text by the number in digits.",
    ),
    Refusal(
        "two-numbers",
        nl="In deze cel staan twee nummers.",
        en="This cell holds two numbers.",
        todo_nl="Zet elk nummer in een eigen rij.",
        todo_en="Give each number a row of its own.",
    ),
    Refusal(
        "too-short",
        nl="Het nummer is te kort: er ontbreken cijfers.",
        en="The number is too short: digits are missing.",
        todo_nl="Vul het aan; een Nederlands nummer heeft tien cijfers, met de 0 vooraan.",
        todo_en="Complete it; include the area code, or the country code of a foreign number.",
    ),
    Refusal(
        "too-long",
        nl="Het nummer is te lang: er staan cijfers te veel.",
        en="The number is too long: it has digits to spare.",
        todo_nl="Haal de extra cijfers weg; zet + en de landcode voor een buitenlands nummer.",
        todo_en="Remove the extra digits; write a foreign number with + and its country code.",
    ),
    Refusal(
        "not-valid",
        nl="Het nummer heeft een goede lengte, maar zulke nummers zijn niet uitgegeven.",
        en="The number has a right length, but no such numbers are in use.",
        todo_nl="Vraag het nummer na; zet + en de landcode voor een buitenlands nummer.",
        todo_en="Check the number; write a foreign number with + and its country code.",
    ),
    Refusal(
        "not-callable",
        nl="Dit is een alarmnummer, een kort nummer of een betaald servicenummer; daarheen wordt nooit gebeld.",
        en="This is an emergency, short, premium or shared-cost number; it is never called.",
        todo_nl="Vraag om een gewoon vast of mobiel nummer.",
        todo_en="Ask for an ordinary fixed or mobile number.",
    ),
    Refusal(
        "precision-lost",
        nl="Een rekenblad heeft dit nummer afgerond (wetenschappelijke notatie); de laatste cijfers zijn weg.",
        en="A spreadsheet has rounded this number (scientific notation); its last digits are gone.",
        todo_nl="Maak de kolom in het oorspronkelijke bestand op als tekst en exporteer opnieuw.",
        todo_en="Format the column as text in the original file and export it again.",
    ),
)

REFUSALS: Mapping[str, Refusal] = MappingProxyType({refusal.code: refusal for refusal in _ALL})
