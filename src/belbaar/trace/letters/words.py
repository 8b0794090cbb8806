"""What letters of the trace desk say, in Dutch and English: plain words (B1), no law without what it means."""

__all__ = ["LETTERS", "MISSING", "WORDS", "Words"]

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """A letter: its subject, its paragraphs, and those that stand there only where something is said of it.

    ``{…}`` stands for what the case says.
    """

    subject: str
    paragraphs: tuple[str, ...]


LETTERS: Mapping[str, Mapping[str, Words]] = {
    "received": {
        "nl": Words(
            "Uw verzoek om een anonieme beller te vinden",
            (
                "Wij hebben op {opened} uw verzoek gekregen. U wilt weten wie u anoniem belde op {number}.",
                "{times}",
                "{missing}",
                "Wordt u weer gebeld? Meld het meteen. Dan tellen die gesprekken mee.",
                "{answer}",
            ),
        ),
        "en": Words(
            "Your request to find an anonymous caller",
            (
                "On {opened} we received your request. You want to know who called {number} anonymously.",
                "{times}",
                "{missing}",
                "Are you called again? Report it at once. Those calls then count too.",
                "{answer}",
            ),
        ),
    },
    "found": {
        "nl": Words(
            "Wie u anoniem belde",
            (
                "U vroeg ons op {opened} wie u anoniem belde op {number}. Wij hebben dat onderzocht.",
                "Dit gesprek of deze gesprekken kwamen van {party_number}: {calls}.",
                "Dat nummer is van:",
                "{party}",
                "{trust}",
                (
                    "Wij hebben dit besloten op {ended}. De wet geeft u hier recht op (artikel 11.11 Telecommunicatiewet). "
                    "Wij vertellen het ook aan degene die hier genoemd is."
                ),
                "Vanaf dit nummer kan ook iemand anders gebeld hebben dan de abonnee. Wordt u bedreigd? Bel de politie.",
            ),
        ),
        "en": Words(
            "Who called you anonymously",
            (
                "On {opened} you asked us who called {number} anonymously. We have investigated it.",
                "This call or these calls came from {party_number}: {calls}.",
                "That number belongs to:",
                "{party}",
                "{trust}",
                (
                    "We decided this on {ended}. The law gives you a right to it (article 11.11 of the Dutch Telecommunications "
                    "Act). We also tell the person named here."
                ),
                "Somebody other than the subscriber may have used this number. Are you threatened? Call the police.",
            ),
        ),
    },
    "refused": {
        "nl": Words(
            "Wij geven de naam niet",
            (
                "U vroeg ons op {opened} wie u anoniem belde op {number}. Wij hebben dat onderzocht.",
                "Wij geven de naam niet, omdat {why}. Dat besloten wij op {ended}.",
                "Bent u het er niet mee eens? Dan kunt u bij ons een klacht indienen. Noem het kenmerk van deze brief.",
                "Wordt u weer gebeld? Dan kunt u een nieuw verzoek doen.",
            ),
        ),
        "en": Words(
            "We do not give the name",
            (
                "On {opened} you asked us who called {number} anonymously. We have investigated it.",
                "We do not give the name, because {why}. We decided that on {ended}.",
                "Do you disagree? You can complain to us. Mention the reference of this letter.",
                "Are you called again? Then you can make a new request.",
            ),
        ),
    },
    "named": {
        "nl": Words(
            "Wij gaven uw gegevens aan iemand die anoniem gebeld is",
            (
                "Vanaf uw nummer {party_number} is iemand anoniem gebeld: {calls}.",
                (
                    "Die persoon vroeg ons wie het was. Op {ended} gaven wij uw nummer, naam en adres. "
                    "De wet verplicht ons dat te onderzoeken en u dit te vertellen (artikel 11.11 Telecommunicatiewet)."
                ),
                "Klopt het niet, of hebt u zelf niet gebeld? Laat het ons weten. Noem het kenmerk van deze brief.",
                "Wij bewaren wat wij over deze gesprekken weten tot en met {gone}.",
            ),
        ),
        "en": Words(
            "We gave your details to somebody who was called anonymously",
            (
                "From your number {party_number} somebody was called anonymously: {calls}.",
                (
                    "That person asked us who it was. On {ended} we gave your number, name and address. The law obliges us to "
                    "investigate it and to tell you (article 11.11 of the Dutch Telecommunications Act)."
                ),
                "Is this wrong, or was it not you who called? Let us know. Mention the reference of this letter.",
                "We keep what we know of these calls through {gone}.",
            ),
        ),
    },
}
"""By letter and language."""

MISSING: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "name": "uw naam",
        "address": "uw adres",
        "postcode": "uw postcode",
        "town": "uw woonplaats",
        "times": "wanneer u gebeld bent",
    },
    "en": {
        "name": "your name",
        "address": "your address",
        "postcode": "your postcode",
        "town": "your town",
        "times": "when you were called",
    },
}
"""What a request can lack, as it is asked for."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "date": "d MMMM y",
        "moment": "d MMMM y 'om' H.mm 'uur'",
        "and": " en ",
        "times": "U noemde deze tijden: {0}.",
        "nothing missing": "Uw verzoek is compleet.",
        "missing": "Wij hebben nog nodig: {0}. Stuur het ons uiterlijk op {1}. Dan gaan wij verder.",
        "answer": "Wij onderzoeken welke gesprekken het zijn en of wij de naam mogen geven. U hoort uiterlijk op {0} van ons.",
        "own": "Dit is een nummer van onze eigen klant.",
        "signed": "De aanbieder van de beller heeft het nummer ondertekend.",
        "national": "Een andere Nederlandse aanbieder gaf dit nummer aan ons door.",
        "international": "Dit nummer kwam via het buitenland. Zo'n nummer kan vervalst zijn.",
        "broken": "De handtekening bij dit nummer klopt niet. Het nummer kan vervalst zijn.",
        "reference": "Kenmerk",
        "by": "belbaar, namens {0}",
    },
    "en": {
        "date": "d MMMM y",
        "moment": "d MMMM y 'at' HH:mm",
        "and": " and ",
        "times": "You named these times: {0}.",
        "nothing missing": "Your request is complete.",
        "missing": "We still need: {0}. Send it to us by {1}. Then we go on.",
        "answer": "We investigate which calls they are and whether we may give the name. You will hear from us by {0}.",
        "own": "This is a number of our own customer.",
        "signed": "The caller's provider has signed the number.",
        "national": "Another Dutch provider passed this number on to us.",
        "international": "This number came through another country. Such a number can be forged.",
        "broken": "The signature with this number does not hold. The number can be forged.",
        "reference": "Reference",
        "by": "belbaar, for {0}",
    },
}
