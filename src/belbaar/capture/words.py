"""The words of forms that are the same on every one: buttons, what comes next, what goes wrong (pages.md 4.1 to 4.3).

>>> sorted(WORDS["nl"]) == sorted(WORDS["en"])
True
"""

__all__ = ["WORDS"]

from collections.abc import Mapping

from belbaar.capture.design import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "nl": {
        "send": "Stuur mij de code",
        "no": "Nee, niet bellen",
        "email": "Uw e-mailadres",
        "email_optional": "Uw e-mailadres (mag leeg), voor het ontvangstbewijs",
        "privacy": "Wat we met uw gegevens doen",
        "code_title": "Vul uw code in",
        "code_sms": "Als {to} klopt, krijgt u een sms. De code werkt 10 minuten.",
        "code_email": "Als {to} klopt, krijgt u een e-mail. De code werkt 10 minuten.",
        "code": "Code van 6 cijfers",
        "confirm": "Bevestig",
        "again": "Stuur een nieuwe code",
        "sent_again": "We hebben een nieuwe code gestuurd.",
        "done": "Uw toestemming is vastgelegd",
        "receipt": "Uw ontvangstbewijs, en hoe u stopt",
        "fine": "Goed. We bellen niet.",
        "wrong": "Dit klopt nog niet",
        "number_missing": "Vul een telefoonnummer in, zoals 06 12 34 56 78",
        "email_missing": "Vul een e-mailadres in, zoals naam@voorbeeld.nl",
        "nothing_chosen": "Kies waarover we mogen bellen, of 'Nee, niet bellen'",
        "offline": "Geen verbinding. We versturen uw keuze later. Er telt nog niets.",
        "code_wrong": "Deze code klopt niet. U kunt nog {left} keer proberen.",
        "code_expired": "Deze code is verlopen. Vraag een nieuwe.",
        "too_many": "Te veel pogingen. Probeer het over een uur.",
        "too_soon": "Wacht een minuut, en vraag dan een nieuwe code.",
        "failed": "Het lukt nu niet. Er telt nog niets. Probeer het later.",
        "changed": "Dit formulier is veranderd. Laad de pagina opnieuw.",
        "given": "Uw nummer is vastgelegd",
        "number_given": "{caller} heeft uw nummer. Dank u.",
        "given_opt_out": "{caller} heeft uw nummer, en belt u niet over ander werk. Dank u.",
        "send_number": "Stuur mij een code",
        "link_title": "Mag {caller} u bellen?",
        "link_about": "Over {product}. Er verandert pas iets als u op Bevestig drukt.",
    },
    "en": {
        "send": "Send me the code",
        "no": "No, don't call",
        "email": "Your e-mail address",
        "email_optional": "Your e-mail address (optional), for the receipt",
        "privacy": "What we do with your data",
        "code_title": "Enter your code",
        "code_sms": "If {to} is right, you get a text message. The code works for 10 minutes.",
        "code_email": "If {to} is right, you get an e-mail. The code works for 10 minutes.",
        "code": "6-digit code",
        "confirm": "Confirm",
        "again": "Send a new code",
        "sent_again": "We have sent a new code.",
        "done": "Your consent is recorded",
        "receipt": "Your receipt, and how to stop",
        "fine": "Fine. We will not call.",
        "wrong": "Something is not right yet",
        "number_missing": "Enter a phone number, such as 06 12 34 56 78",
        "email_missing": "Enter an e-mail address, such as name@example.com",
        "nothing_chosen": "Choose what we may call about, or 'No, don't call'",
        "offline": "No connection. We will send your choice later. Nothing counts yet.",
        "code_wrong": "This code is not right. {left} tries left.",
        "code_expired": "This code has expired. Ask for a new one.",
        "too_many": "Too many tries. Try again in an hour.",
        "too_soon": "Wait a minute, then ask for a new code.",
        "failed": "It does not work now. Nothing counts yet. Try again later.",
        "changed": "This form has changed. Load the page again.",
        "given": "Your number is recorded",
        "number_given": "{caller} has your number. Thank you.",
        "given_opt_out": "{caller} has your number, and will not call you about other work. Thank you.",
        "send_number": "Send me a code",
        "link_title": "May {caller} call you?",
        "link_about": "About {product}. Nothing changes until you press Confirm.",
    },
}
"""By language and name; ``{to}`` is where a code went, ``{left}`` how many tries are left."""
