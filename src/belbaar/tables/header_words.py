"""The words that stand above columns, in Dutch and English, and what they mean.

Compared without case, accents, spaces and punctuation:

    >>> bare("Tel.nr. (privé)"), bare("opt_out_offered")
    ('telnrprive', 'optoutoffered')
    >>> is_number_name("Telefoonnummer privé"), is_number_name("Telefonisch bereikbaar"), is_number_name("Nummer")
    (True, False, False)
    >>> field_of("Geldig tot"), field_of("Verzender"), field_of("Bron")
    ('until', 'caller', None)
"""

import re
import unicodedata

__all__ = ["FIELDS", "bare", "field_of", "is_known", "is_number_name", "looks_like_objection"]

_BASE = (
    "telefoon|telefoonnr|telefoonnummer|telefon|telephone|tel|telnr|phone|phoneno|mobiel|mobieltje|mobile|mobil|gsm|cell|"
    "cellphone|cellular|handy|msisdn|e164|06|06nummer|06nr|belnummer|vast|vastnummer|vastenummer|landline|huistelefoon"
)
_MORE = (
    "nummer|nummers|numbers?|numero|nr|no|num|e164|prive|private|personal|werk|work|zakelijk|business|office|thuis|home|"
    "vast|fixed|mobiel|mobile|telefoon|telephone|tel|phone|klant|customer|client|contact|contactpersoon|primair|primary|"
    "hoofd|main|alternatief|alternative|other|overig|1|2|3|i|ii"
)
_NUMBER_NAME = re.compile(f"({_MORE})*({_BASE})({_MORE})*")
_LOOSE_NUMBER_NAMES = frozenset({"nummer", "nummers", "number", "numbers", "numero"})

FIELDS: dict[str, str] = {  # field: the bare names it goes by, besides its own
    "number": " ".join(sorted(_LOOSE_NUMBER_NAMES)),
    "at": "datum tijdstip datumtijd datumentijd datumtijdstip datumtoestemming toestemmingsdatum datumoptin optindatum "
    "datumakkoord gegevenop toestemmingop datumaankoop aankoopdatum besteldatum begindatum startdatum ingangsdatum "
    "moment timestamp date datetime dateandtime consentdate dateofconsent optindate consentedat givenat consentat "
    "occurredat occurred happenedat startdate purchasedate orderdate",
    "event": "gebeurtenis soortgebeurtenis eventtype eventname gebeurtenistype",
    "caller": "adverteerder verzender beller opdrachtgever namens merk advertiser sender brand onbehalfof",
    "product": "productcategorie productgroep productsoort categorie productcategory productgroup category products",
    "wording": "tekst toestemmingstekst optintekst akkoordtekst verklaring getoondetekst text consenttext "
    "consentwording optintext statement textshown",
    "verified": "geverifieerd verificatie bevestigd verifiedby verification verificationmethod confirmed geverifieerdvia "
    "bevestigdvia doubleoptin dubbeleoptin",
    "until": "geldigtot geldigtotenmet tot totenmet einddatum vervaldatum verlooptop verloopdatum validuntil validto "
    "expires expiry expirydate expirationdate enddate",
    "channels": "kanaal kanalen channel",
    "kind": "soort relatie relatiesoort soortrelatie relatietype relationkind relationtype relationship relation",
    "opt_out_offered": "optoutaangeboden verzetaangeboden afmeldenaangeboden rechtvanverzetaangeboden optoutoptionoffered "
    "objectionofferedatcollection optoutgeboden",
    "opted_out": "optoutgebruikt optoutgekozen afgemeldbijverkrijging",
    "type": "soortabonnee abonneesoort rechtsvorm particulierzakelijk subscribertype typeabonnee",
    "minor": "minderjarig minderjarige jongerdan16 under16 underage",
    "method": "methode wijze verificatiemethode verificatiewijze",
    "scope": "bereik reikwijdte omvang",
    "recorded_at": "vastgelegdop geregistreerdop registratiedatum invoerdatum recordedon registeredat createdat",
    "affirmative": "actief actievehandeling bevestigend actieftoegestemd",
    "bundled": "gebundeld gekoppeld samengevoegd",
    "first_contact_within": "eerstecontactbinnen firstcontact",
    "agent": "bureau callcenter belbureau contactcenter callcentre agency uitgevoerddoor",
    "objection_offered": "verzetgeboden verzetaangebodeningesprek",
    "wording_version": "tekstversie versietekst versievandetekst versietoestemmingstekst textversion consentversion "
    "consenttextversion versionoftext",
    "language": "taal taaltekst taalvandetekst taalcode languagecode lang textlanguage consentlanguage",
    "conditional_on": "voorwaardevoor gekoppeldaan afhankelijkvan afhankelijkervan conditionfor tiedto dependingon",
    "page": "pagina webpagina paginaurl formulier formulierurl belscript script webpage pageurl formurl landingpage",
    "shown_at": "getoondop getoond teksttijdstip tekstgetoondop shown shownon displayedat textshownat",
    "ip_prefix": "ipprefix ipreeks ipblok iprange ipblock ipnetwork",
    "captured_by": "vastgelegddoor verzameldvia verkregenvia verkregendoor leadleverancier capturedvia collectedby",
    "steps": "stappen handelingen stepstaken",
    "viewport": "schermgrootte venstergrootte screensize windowsize",
    "scan": "scanhash scansha256 hashvandescan hashofscan",
    "challenge_sent": "codeverstuurd codeverstuurdop codeverzonden codeverzondenop verificatieverstuurd codesent "
    "codesentat challengesentat",
    "challenge_to_number": "codenaarditnummer verificatienaarditnummer codenaarnummer codesenttonumber "
    "senttothisnumber tothisnumber",
    "delivered_by": "bezorgdvia verzondenvia verstuurdvia deliveredvia sentvia sentby",
    "receipt": "ontvangstbewijs ontvangstbewijshash receipthash receiptsha256",
}
_FIELD_OF = {name: field for field, names in FIELDS.items() for name in [field.replace("_", ""), *names.split()]}

_OBJECTION = re.compile(
    "nietmeerbellen|niet(te)?(meer)?(ge)?(beld|bellen|benader|contact)|nooit(meer)?bellen|belmeniet|bmn(r|register)?|"
    "optedout|optout|(^|[^a-z])dnc|^dnc|dnc$|do?notcall|dontcall|nocalls?|donotcontact|bezwaar|verzet|afgemeld|afmeld|"
    "uitgeschreven|uitschrijv|blokkade|geblokkeerd|blocked|blocklist|blacklist|blokkeer|unsubscri|objection|objected|"
    "suppress|infofilter|stoplijst|robinson"
)


def bare(header: str) -> str:
    """Strip a header of case, accents, spaces and punctuation."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def is_number_name(header: str) -> bool:
    """Tell whether a header names a telephone number beyond doubt."""
    return _NUMBER_NAME.fullmatch(bare(header)) is not None


def field_of(header: str) -> str | None:
    """Tell the event field that a header stands for."""
    return "number" if is_number_name(header) else _FIELD_OF.get(bare(header))


def is_known(header: str) -> bool:
    """Tell whether a header means something to belbaar."""
    return field_of(header) is not None


def looks_like_objection(header: str) -> bool:
    """Tell whether a column seems to hold "do not call me": such a column is never overlooked.

    >>> [looks_like_objection(name) for name in ("Niet meer bellen?", "Opt-out", "DNC", "Opt-out aangeboden", "Bron")]
    [True, True, True, False, False]
    """
    return field_of(header) is None and _OBJECTION.search(bare(header)) is not None
