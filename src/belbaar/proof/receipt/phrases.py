"""The sentences of a receipt, in Dutch and English, at a level that most people read with ease (B1)."""

__all__ = ["METHODS", "PHRASES"]

from collections.abc import Mapping
from typing import Any

METHODS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "sms": "met een code per sms",
        "voice": "met een code in een telefoontje",
        "email": "via een link in een e-mail",
        "app": "met een bericht in een app",
        "eid": "met een digitaal paspoort, zoals DigiD",
        "in-person": "in persoon",
        "letter": "per brief",
    },
    "en": {
        "sms": "with a code in a text message",
        "voice": "with a code in a phone call",
        "email": "with a link in an e-mail",
        "app": "with a message in an app",
        "eid": "with an electronic identity, such as DigiD",
        "in-person": "in person",
        "letter": "by letter",
    },
}
"""How a consent was confirmed."""

_NL: Mapping[str, Any] = {
    "title": "Uw toestemming om gebeld te worden",
    "opening": "U gaf {name} toestemming om u te bellen. Dit is uw bewijs daarvan. Bewaar het goed.",
    "is_withdrawn": "Let op: deze toestemming is ingetrokken. {name} mag u hierdoor niet meer bellen.",
    "no_clear_yes": "Let op: u zei niet zelf duidelijk ja, of een vakje stond al aan. Zo'n toestemming geldt niet.",
    "what": "Wat u hebt afgesproken",
    "may_call": "{name} mag u bellen op {number}. Het gesprek gaat over {product}.",
    "everything": "alles wat dit bedrijf aanbiedt",
    "channels": {
        "voice": "Een mens mag u bellen.",
        "robocall": "Een computer mag u bellen. U hoort dan geen mens.",
        "sms": "U mag een sms krijgen.",
    },
    "party": "U maakte deze afspraak met {name}, {kvk}, {address}.",
    "agents": "Voor {name} bellen ook: {agents}.",
    "when": "Wanneer, en tot wanneer",
    "given": "U gaf uw toestemming op {when}.",
    "verified": "U bevestigde dat op {when}, {how}{where}.",
    "to_number": " naar uw eigen nummer",
    "withdrawn": "De toestemming is ingetrokken op {when}.",
    "until": "Uw toestemming geldt tot en met {day}, of tot u haar intrekt.",
    "open": "Uw toestemming geldt tot u haar intrekt.",
    "contact_by": "Belt {name} u niet uiterlijk op {day}? Dan vervalt uw toestemming.",
    "words": "Wat u zag of hoorde",
    "saw": "U gaf toestemming bij deze tekst:",
    "box": "Vakje “{label}”: eerst {first}, daarna {last}.",
    "ticked": "aangevinkt",
    "empty": "leeg",
    "shown_at": "De tekst is getoond op {when}.",
    "version": "Versie van de tekst: {}.",
    "page": "De tekst stond op, of komt uit: {}",
    "captured_by": "Vastgelegd door: {}.",
    "conditional_on": "Zonder toestemming kreeg u dit niet: {}. Dat mag niet: zo'n toestemming geldt niet.",
    "stop": "Zo stopt u",
    "may_stop": "U mag uw toestemming altijd intrekken. Dat is gratis. U hoeft niet te zeggen waarom.",
    "stop_link": "Trek uw toestemming in op deze pagina:",
    "stop_phone": "Of bel {phone}.",
    "stop_call": "Of zeg het als {name} u belt: “Ik wil niet meer gebeld worden.”",
    "complain": "Klopt dit niet?",
    "not_mine": "Gaf u deze toestemming niet, of belt {name} anders dan hier staat? Zeg het tegen {name}. "
    "U kunt ook klagen:",
    "authorities": (
        "Over ongewenste telefoontjes: bij ConsuWijzer, van de {name}.",
        "Over wat er met uw gegevens gebeurt: bij de {name}.",
    ),
    "data": "Uw gegevens",
    "kept": "{name} gebruikt uw nummer alleen om u te bellen. De gegevens staan in: {places}. Het bewijs van uw "
    "toestemming blijft bewaard tot {years} jaar na het laatste gesprek, want zo lang kan iemand ernaar vragen.",
    "countries": {"NL": "Nederland", "BE": "België", "DE": "Duitsland", "FR": "Frankrijk", "IE": "Ierland"},
    "rights": "U mag uw gegevens inzien, laten verbeteren, laten wissen en meenemen, en u mag bezwaar maken. Hier staat hoe:",
    "proof": "Hoe u dit bewijst",
    "logged": "Deze afspraak staat in het logboek {origin}, op regel {index}. Niemand kan die regel ongezien veranderen. "
    "Dit bewijs is gemaakt op {when} en heeft nummer {id}.",
    "keep_it": "Toont iemand later een andere tekst? Dan laat dit bewijs zien wat er echt stond.",
    "check": "Voor wie dit bewijs wil nagaan",
    "check_how": "Hieronder staat het getekende bewijs. Alleen dat telt; de tekst hierboven is er een weergave van.",
}
_EN: Mapping[str, Any] = {
    "title": "Your consent to be called",
    "opening": "You allowed {name} to call you. This is your proof of it. Keep it in a safe place.",
    "is_withdrawn": "Please note: this consent was withdrawn. It no longer allows {name} to call you.",
    "no_clear_yes": "Please note: you did not clearly say yes yourself, or a box was ticked beforehand. Such a consent is "
    "not valid.",
    "what": "What you agreed to",
    "may_call": "{name} may call you on {number}. The call is about {product}.",
    "everything": "everything this company offers",
    "channels": {
        "voice": "A human may call you.",
        "robocall": "A computer may call you. You will not hear a human.",
        "sms": "You may get a text message.",
    },
    "party": "You agreed this with {name}, {kvk}, {address}.",
    "agents": "These also call for {name}: {agents}.",
    "when": "When, and until when",
    "given": "You gave your consent on {when}.",
    "verified": "You confirmed it on {when}, {how}{where}.",
    "to_number": " to your own number",
    "withdrawn": "The consent was withdrawn on {when}.",
    "until": "Your consent is good through {day}, or until you withdraw it.",
    "open": "Your consent is good until you withdraw it.",
    "contact_by": "If {name} has not called you by {day}, your consent ends.",
    "words": "What you saw or heard",
    "saw": "You gave your consent to this text:",
    "box": "Box “{label}”: first {first}, then {last}.",
    "ticked": "ticked",
    "empty": "empty",
    "shown_at": "The text was shown on {when}.",
    "version": "Version of the text: {}.",
    "page": "The text stood on, or comes from: {}",
    "captured_by": "Captured by: {}.",
    "conditional_on": "Without your consent you would not get this: {}. That is not allowed: such a consent is not valid.",
    "stop": "How to stop",
    "may_stop": "You can always withdraw your consent. It is free. You need not say why.",
    "stop_link": "Withdraw your consent on this page:",
    "stop_phone": "Or call {phone}.",
    "stop_call": "Or say so when {name} calls: “I do not want to be called again.”",
    "complain": "Is this wrong?",
    "not_mine": "Did you not give this consent, or does {name} call otherwise than it says here? Tell {name}. "
    "You can also complain:",
    "authorities": (
        "About unwanted calls: to ConsuWijzer, of the {name} (the supervisor of consumers and markets).",
        "About what happens to your data: to the {name} (the data protection authority).",
    ),
    "data": "Your data",
    "kept": "{name} uses your number only to call you. The data are kept in: {places}. The proof of your consent is kept "
    "until {years} years after the last call, for somebody may ask for it until then.",
    "countries": {"NL": "the Netherlands", "BE": "Belgium", "DE": "Germany", "FR": "France", "IE": "Ireland"},
    "rights": "You may see your data, have them corrected, erased or handed to you, and you may object. Here is how:",
    "proof": "How you prove this",
    "logged": "This agreement stands in the log {origin}, at line {index}. Nobody can change that line unseen. "
    "This receipt was made on {when} and has number {id}.",
    "keep_it": "Does somebody show another text later? Then this receipt shows what it really said.",
    "check": "For whoever wants to check this receipt",
    "check_how": "Below is the signed receipt. Only that counts; the text above is a view of it.",
}
PHRASES: Mapping[str, Mapping[str, Any]] = {"nl": _NL, "en": _EN}
"""Each sentence by a short word, in each language."""
