"""The words of the pages for readers, Dutch and English side by side."""

__all__ = ["KINDS", "METHODS", "PAGE", "RELATIONS"]

from collections.abc import Mapping

Words = Mapping[str, Mapping[str, str]]

KINDS: Words = {
    "consent.given": {"nl": "Toestemming gegeven", "en": "Consent given"},
    "consent.verified": {"nl": "Toestemming bevestigd", "en": "Consent confirmed"},
    "consent.withdrawn": {"nl": "Toestemming ingetrokken", "en": "Consent withdrawn"},
    "consent.frozen": {"nl": "Toestemming stilgezet", "en": "Consent frozen"},
    "relation.started": {"nl": "Relatie begonnen", "en": "Relation started"},
    "relation.ended": {"nl": "Relatie geëindigd", "en": "Relation ended"},
    "objection.made": {"nl": "Verzet: wil niet gebeld worden", "en": "Objection: does not want to be called"},
    "callback.requested": {"nl": "Vroeg om gebeld te worden", "en": "Asked to be called"},
    "register.entered": {"nl": "Ingeschreven in het Bel-me-niet Register", "en": "Entered in the Bel-me-niet register"},
    "register.left": {"nl": "Uitgeschreven uit het Bel-me-niet Register", "en": "Left the Bel-me-niet register"},
    "number.reassigned": {"nl": "Het nummer kreeg een andere eigenaar", "en": "The number went to another person"},
    "number.published": {"nl": "Het nummer is openbaar gemaakt", "en": "The number was published"},
    "subscriber.described": {"nl": "Wie de abonnee is", "en": "Who the subscriber is"},
    "call.made": {"nl": "Gebeld", "en": "Called"},
    "call.attempted": {"nl": "Gebeld, niet opgenomen", "en": "Called, not answered"},
    "objection.offered": {"nl": "Gewezen op het recht van verzet", "en": "Told of the right to object"},
    "complaint.filed": {"nl": "Klacht", "en": "Complaint"},
    "receipt.delivered": {"nl": "Ontvangstbewijs bezorgd", "en": "Receipt delivered"},
    "receipt": {"nl": "Ontvangstbewijs gemaakt", "en": "Receipt made"},
    "act": {"nl": "Ingezien", "en": "Looked at"},
    "proof.shown": {"nl": "Bewijs aan de persoon getoond", "en": "Proof shown to the person"},
    "verdict": {"nl": "Oordeel vooraf", "en": "Verdict beforehand"},
    "list": {"nl": "Bellijst gescreend", "en": "List screened"},
}

METHODS: Words = {
    "sms": {"nl": "code per sms", "en": "code by text message"},
    "email": {"nl": "link per e-mail", "en": "link by e-mail"},
    "voice": {"nl": "code per telefoon", "en": "code by telephone"},
    "app": {"nl": "in de app", "en": "in the app"},
    "eid": {"nl": "elektronische identiteit", "en": "electronic identity"},
    "in-person": {"nl": "in persoon", "en": "in person"},
    "letter": {"nl": "brief", "en": "letter"},
}

RELATIONS: Words = {
    "purchase": {"nl": "aankoop", "en": "purchase"},
    "service": {"nl": "dienst", "en": "service"},
    "donorship": {"nl": "donateurschap", "en": "donorship"},
    "gift": {"nl": "gift", "en": "gift"},
    "volunteering": {"nl": "vrijwilliger", "en": "volunteer"},
    "attendance": {"nl": "bezoek", "en": "visit"},
}

PAGE: Words = {
    "title": {"nl": "Dossier over {subject}", "en": "Dossier on {subject}"},
    "a_list": {"nl": "een gescreende bellijst", "en": "a screened list"},
    "made": {
        "nl": "Gemaakt op {when} uit het logboek {origin}.",
        "en": "Made on {when} out of the log {origin}.",
    },
    "limit": {
        "nl": "Dit dossier bewijst dat iets is vastgelegd, wanneer, en dat het daarna niet is veranderd. "
        "Of het waar is wat er is vastgelegd, kan geen logboek bewijzen.",
        "en": "This dossier proves that something was recorded, when, and that it was not changed since. "
        "Whether what was recorded is true, no log can prove.",
    },
    "own_keys": {
        "nl": "Controleer het met sleutels die u zelf van elders hebt; de sleutels in dit bestand koos de maker.",
        "en": "Check it with keys that you have from elsewhere; the keys in this file were chosen by its maker.",
    },
    "shown": {"nl": "Wat bewezen is", "en": "What is proven"},
    "not_shown": {"nl": "Wat niet bewezen is", "en": "What is not proven"},
    "refuted": {"nl": "Wat niet klopt", "en": "What does not hold"},
    "nothing_missing": {
        "nl": "De verificatie vond niets dat ontbreekt.",
        "en": "The verification found nothing missing.",
    },
    "no_verdict": {
        "nl": "Van het gesprek in regel {index} staat geen oordeel in het logboek dat ervóór is vastgelegd.",
        "en": "Of the call in entry {index} the log has no verdict that was recorded before it.",
    },
    "timeline": {"nl": "Wat er gebeurde", "en": "What happened"},
    "entry": {"nl": "regel {index} van het logboek", "en": "entry {index} of the log"},
    "for": {"nl": "voor {caller}", "en": "for {caller}"},
    "to_all": {"nl": "tegen alle bellers", "en": "to all callers"},
    "about": {"nl": "over {product}", "en": "about {product}"},
    "everything": {"nl": "alles", "en": "everything"},
    "recorded": {"nl": "vastgelegd op {when}", "en": "recorded on {when}"},
    "wording": {"nl": "De tekst zoals getoond", "en": "The text as shown"},
    "no_wording": {"nl": "De getoonde tekst is niet bewaard.", "en": "The text that was shown was not kept."},
    "boxes": {"nl": "Vakjes", "en": "Boxes"},
    "box": {"nl": "{label}: begon {initial}, eindigde {final}", "en": "{label}: began {initial}, ended {final}"},
    "on": {"nl": "aangevinkt", "en": "ticked"},
    "off": {"nl": "leeg", "en": "empty"},
    "verified": {"nl": "bevestigd met: {method}", "en": "confirmed by: {method}"},
    "unverified": {"nl": "bij het geven niet bevestigd", "en": "not confirmed when given"},
    "level": {"nl": "Bewijsniveau {level} van 4: {means}.", "en": "Evidence level {level} of 4: {means}."},
    "short": {
        "nl": "Gevraagd is bewijs van niveau {demanded}; dat is er niet.",
        "en": "Evidence of level {demanded} is demanded; there is not that much.",
    },
    "allowed": {"nl": "Mag gebeld worden", "en": "May be called"},
    "denied": {"nl": "Mag niet gebeld worden", "en": "May not be called"},
    "call_at": {"nl": "voor een gesprek op {when}", "en": "for a call on {when}"},
    "ground": {"nl": "Grondslag", "en": "Ground"},
    "no_ground": {"nl": "Geen grondslag.", "en": "No ground."},
    "veto": {"nl": "Beletsel", "en": "Veto"},
    "defect": {"nl": "Gebrek aan een toestemming", "en": "Defect of a consent"},
    "law": {"nl": "Recht: {ruleset}, tekst in texts/{hash}", "en": "Law: {ruleset}, text in texts/{hash}"},
    "rests": {"nl": "Rust op regel {places}.", "en": "Rests on entry {places}."},
    "rests_nothing": {"nl": "Rust op geen enkel feit.", "en": "Rests on no fact."},
    "check": {"nl": "Zelf controleren", "en": "Check it yourself"},
    "check_python": {
        "nl": "Met Python 3.9 of later, zonder netwerk; trust.json komt van de beller, de getuige of de toezichthouder, "
        "niet uit dit bestand:",
        "en": "With Python 3.9 or later, without network; trust.json comes from the caller, the witness or the "
        "supervisor, not from this file:",
    },
    "check_browser": {
        "nl": "In een browser: open verify.html en sleep het dossier erin. Tijdstempels controleert die pagina niet.",
        "en": "In a browser: open verify.html and drag the dossier in. That page does not check timestamps.",
    },
    "check_stamp": {
        "nl": "Een tijdstempel, met alleen openssl (van het hoofd alles tot de eerste lege regel):",
        "en": "A timestamp, with openssl alone (of the head, all before the first blank line):",
    },
    "rows": {"nl": "{rows} rijen; {allowed} mogen gebeld worden", "en": "{rows} rows; {allowed} may be called"},
    "known": {
        "nl": "Naar wat bekend was bij {known} regels in het logboek (stand {position} van de administratie).",
        "en": "As known at {known} entries of the log (position {position} of the ledger).",
    },
    "row": {"nl": "rij {row}: {number}", "en": "row {row}: {number}"},
}
