"""What a person sees of a form: its words in one language, and the whole text that is kept as what was shown.

Words that an officer wrote stand as written; the rest is plain Dutch and English of belbaar's own (pages.md 4.1, 4.4).
"""

__all__ = ["Box", "ShownForm", "shown", "wording"]

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from belbaar.capture.design import Choice, Design, Lang, Texts
from belbaar.law.plain import term_in_words
from belbaar.law.terms import Term
from belbaar.ledger import Caller

_COMMERCIAL = frozenset({"commercial"})
"""Sectors whose customers may not be called with offers since 1 July 2026 (Tw 11.7(4) and (6))."""


class Box(msgspec.Struct, frozen=True):
    """A box as it is shown: what it is about, and the text beside it."""

    product: str
    name: str
    label: str
    channels: tuple[str, ...]


class ShownForm(msgspec.Struct, frozen=True):
    """A form as it is shown in one language.

    Args:
        language: ``nl`` or ``en``.
        title: the question.
        intro: what stands under it.
        number: the label of the field for the number, and ``hint`` what is said of it.
        about: the heading of the boxes.
        boxes: one for each choice; of a form for a number one, to opt out, or none.
        lines: what stands under the boxes, one line each: how to stop, how long it lasts.
        who_title: the heading of who asks, and ``who`` who that is.
        privacy_url: where the caller says what it does with personal data.
        wording: all of this as one text, which is kept.
        sha256: the hash of that text.
    """

    language: Lang
    title: str
    intro: str
    number: str
    hint: str
    about: str
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    who_title: str
    who: str
    privacy_url: str
    wording: str = ""
    sha256: str = ""


_SAYS: Mapping[Lang, Mapping[str, str]] = {
    "nl": {
        "title": "Mag {c} u bellen?",
        "intro": "U beslist zelf. Zegt u niets, dan bellen we niet.",
        "number": "Uw telefoonnummer",
        "hint-sms": "We sturen een code naar dit nummer.",
        "hint-email": "Op dit nummer bellen we u, als u dat goed vindt.",
        "about": "Waarover mogen we bellen?",
        "voice": "Ja, {c} mag mij bellen over {p}. Er belt een mens.",
        "robocall": "Ja, een computer van {c} mag mij bellen over {p}.",
        "sms": "Ja, {c} mag mij sms'en over {p}.",
        "voice+sms": "Ja, {c} mag mij bellen en sms'en over {p}. Er belt een mens.",
        "stop": "Stoppen kan altijd en is gratis. Uw bestelling verandert er niet door.",
        "term": "Uw toestemming geldt {t}.",
        "first": "Het eerste gesprek komt binnen {t}.",
        "who_title": "Wie is {c}, en hoe stopt u?",
        "who": "{c}, {a}. KvK {k}. Stoppen: met de link in uw ontvangstbewijs{w}.",
        "number-title": "Telefoonnummer (mag leeg)",
        "gift": "Voor vragen over uw gift. Later mogen we u ook bellen over ons werk, tot 3 jaar na uw laatste gift.",
        "volunteering": "Voor afspraken over uw hulp. Later mogen we u ook bellen over ons werk, tot 3 jaar na uw laatste hulp.",
        "attendance": "Voor berichten over deze bijeenkomst. Later mogen we u ook bellen over ons werk, tot 3 jaar daarna.",
        "customer": "Voor vragen over uw bestelling. Later mogen we u ook bellen met een aanbod dat daarop lijkt.",
        "no-sales": "Alleen voor vragen over uw bestelling. We bellen niet met aanbod.",
        "opt-out": "Nee, bel mij niet over ander werk",
        "opt-out-customer": "Nee, bel mij niet met aanbod",
        "or": " of ",
    },
    "en": {
        "title": "May {c} call you?",
        "intro": "You decide. If you say nothing, we will not call.",
        "number": "Your phone number",
        "hint-sms": "We send a code to this number.",
        "hint-email": "On this number we call you, if you agree.",
        "about": "What may we call about?",
        "voice": "Yes, {c} may call me about {p}. A person will call.",
        "robocall": "Yes, a computer of {c} may call me about {p}.",
        "sms": "Yes, {c} may send me text messages about {p}.",
        "voice+sms": "Yes, {c} may call me and send me text messages about {p}. A person will call.",
        "stop": "You can stop at any time, free. It does not change your order.",
        "term": "Your consent lasts {t}.",
        "first": "The first call comes within {t}.",
        "who_title": "Who is {c}, and how do you stop?",
        "who": "{c}, {a}. Trade register {k}. To stop: use the link in your receipt{w}.",
        "number-title": "Phone number (optional)",
        "gift": "For questions about your gift. Later we may also call you about our work, until 3 years after your last gift.",
        "volunteering": "To arrange your help. Later we may also call you about our work, until 3 years after you last helped.",
        "attendance": "For news of this meeting. Later we may also call you about our work, until 3 years after it.",
        "customer": "For questions about your order. Later we may also call you with a similar offer.",
        "no-sales": "Only for questions about your order. No sales calls.",
        "opt-out": "No, don't call me about other work",
        "opt-out-customer": "No, don't call me with offers",
        "or": " or ",
    },
}


def shown(design: Design, lang: Lang, caller: Caller, details: Mapping[str, str]) -> ShownForm:
    """Put a form in words.

    Args:
        design: the form.
        lang: ``nl`` or ``en``.
        caller: on whose behalf will be called.
        details: what is known of it (``belbaar.ledger.details``).
    """
    put = (_consent if design.kind == "consent" else _number)(design, lang, caller, details)
    text = wording(put)
    return msgspec.structs.replace(put, wording=text, sha256=sha256(text.encode()).hexdigest())


def wording(put: ShownForm) -> str:
    """Give all that is shown as one text, a line each, an empty box before what can be ticked."""
    lines = [put.title, put.intro, put.about, *(f"[ ] {box.label}" for box in put.boxes), *put.lines, put.who]
    return "\n".join(line for line in lines if line)


def _consent(design: Design, lang: Lang, caller: Caller, details: Mapping[str, str]) -> ShownForm:
    say, own = _SAYS[lang], design.texts.get(lang, Texts())
    facts = {"c": caller.name}
    terms = {"term": design.term, "first": design.first_contact_within}
    return ShownForm(
        lang,
        own.title or say["title"].format(**facts),
        own.intro or say["intro"],
        say["number"],
        say[f"hint-{design.confirm}"],
        say["about"],
        tuple(_box(choice, lang, caller) for choice in design.choices),
        (
            own.stop or say["stop"],
            *(say[name].format(t=term_in_words(Term.parse(text), lang)) for name, text in terms.items() if text),
        ),
        say["who_title"].format(**facts),
        own.who or _tidy(say["who"].format(**facts, **_where(details, say))),
        design.privacy_url or details.get("privacy_url", ""),
    )


def _number(design: Design, lang: Lang, caller: Caller, details: Mapping[str, str]) -> ShownForm:
    say, own, sales = _SAYS[lang], design.texts.get(lang, Texts()), caller.sector in _COMMERCIAL
    kind = design.relation if design.relation in ("volunteering", "attendance") else "gift"
    customer = caller.sector in ("press", "lottery")
    purpose = say["no-sales"] if sales else say["customer" if customer else kind]
    (choice,) = design.choices
    label = choice.labels.get(lang) or say["opt-out-customer" if customer else "opt-out"]
    box = Box(choice.product, choice.names.get(lang, choice.product), label, choice.channels)
    return ShownForm(
        lang,
        own.title or say["number-title"],
        own.intro or purpose,
        own.title or say["number-title"],
        own.intro or purpose,
        "",
        () if sales or not design.opt_out else (box,),
        (own.stop,) if own.stop else (),
        say["who_title"].format(c=caller.name),
        own.who or _tidy(say["who"].format(c=caller.name, **_where(details, say))),
        design.privacy_url or details.get("privacy_url", ""),
    )


def _box(choice: Choice, lang: Lang, caller: Caller) -> Box:
    say, name = _SAYS[lang], choice.names.get(lang, "")
    how = "voice+sms" if {"voice", "sms"} <= set(choice.channels) else choice.channels[0]
    label = choice.labels.get(lang) or say[how].format(c=caller.name, p=name)
    return Box(choice.product, name, label, choice.channels)


def _where(details: Mapping[str, str], say: Mapping[str, str]) -> dict[str, str]:
    ways = [details[name] for name in ("withdraw_url", "withdraw_phone") if details.get(name)]
    return {
        "a": details.get("address", ""),
        "k": details.get("kvk", ""),
        "w": "".join(say["or"] + way for way in ways),
    }


def _tidy(text: str) -> str:
    """A name that ends with a full stop, such as B.V., needs no second one."""
    return text.replace("..", ".")
