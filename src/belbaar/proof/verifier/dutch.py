"""What the verifier says, in Dutch: each of its sentences, with the same places for values.

>>> DUTCH["logged before {}"].format("2026-01-01 00:00:00 UTC")
'vastgelegd voor 2026-01-01 00:00:00 UTC'

Not part of verify.py, which speaks English; ``belbaar verify --lang nl`` and verify.html use it.
"""

__all__ = ["DUTCH"]

from collections.abc import Mapping

DUTCH: Mapping[str, str] = {
    # outcomes and notes
    "All is proven.": "Alles is bewezen.",
    "REFUTED: what is marked so does not hold.": "WEERLEGD: wat zo gemerkt is, klopt niet.",
    "This cannot be checked.": "Dit kan niet worden nagekeken.",
    "Nothing is refuted, but not all is shown.": "Niets is weerlegd, maar niet alles is aangetoond.",
    "Checked against the file's own keys: whoever made the file chose them. Use --trust.": (
        "Nagekeken met de sleutels uit het bestand zelf: wie het bestand maakte, koos die. Gebruik --trust."
    ),
    "The verify.py in the file is not the one that runs now: do not run that one unseen.": (
        "De verify.py in het bestand is een andere dan die nu draait: start die niet zomaar."
    ),
    "The verify.html in the file is not the one of this belbaar: do not open that one unseen.": (
        "De verify.html in het bestand is een andere dan die van deze belbaar: open die niet zomaar."
    ),
    # what is checked
    "{}": "{}",
    "dossier": "dossier",
    "file": "bestand",
    "maker": "maker",
    "one history": "één geschiedenis",
    "time of {}": "tijd van {}",
    "claim: {}": "bewering: {}",
    "as known when": "wat toen bekend was",
    "could be denied": "kon worden ontkend",
    "facts it rests on": "feiten waarop het rust",
    "order in time": "volgorde in de tijd",
    "receipt": "ontvangstbewijs",
    "the same in each": "overal hetzelfde",
    "screened before the call": "gescreend voor het gesprek",
    "text it rests on": "tekst waarop het rust",
    # what holds
    "this is a dossier of {}": "dit is een dossier van {}",
    "its {} parts are those in MANIFEST.sha256": "de {} delen zijn die in MANIFEST.sha256",
    "the key of the log {} signed the file": "de sleutel van het logboek {} heeft het bestand ondertekend",
    "head of {} leaves": "stand van het logboek bij {} regels",
    "an authority stamped the head of {} leaves on {}": "een tijdstempeldienst stempelde de stand bij {} regels op {}",
    "entry {} is in the log of {} leaves": "regel {} staat in het logboek van {} regels",
    "entry {} is in the log of {} leaves, and opened: {}": (
        "regel {} staat in het logboek van {} regels, en geopend is: {}"
    ),
    "row {} is in the list of {} rows that {} committed to": "rij {} staat in de lijst van {} rijen die {} vastlegde",
    "{} heads of one log, each signed by {} trusted witnesses or more": (
        "{} standen van één logboek, elk ondertekend door {} vertrouwde getuigen of meer"
    ),
    "logged before {}": "vastgelegd voor {}",
    "logged after {} and before {}": "vastgelegd na {} en voor {}",
    "{} was logged before {}": "{} is vastgelegd voor {}",
    "{} rests on {}, logged before it: texts/{}": "{} rust op {}, dat eerder is vastgelegd: texts/{}",
    "{} rests on no fact, as known at {} leaves": "{} rust op geen enkel feit, zoals bekend bij {} regels",
    "{} rests on {}, as known at {} leaves": "{} rust op {}, zoals bekend bij {} regels",
    "{} was made as known at {} leaves of the log": "{} is gemaakt met wat bekend was bij {} regels van het logboek",
    "{} was logged before {}, of the same number and caller": (
        "{} is vastgelegd voor {}, van hetzelfde nummer en dezelfde beller"
    ),
    "{} was logged before {}, of the same number and caller, and says that the call was allowed": (
        "{} is vastgelegd voor {}, van hetzelfde nummer en dezelfde beller, en zegt dat bellen mocht"
    ),
    "{} was logged before {}, of the same number and caller, and says that the call was NOT allowed": (
        "{} is vastgelegd voor {}, van hetzelfde nummer en dezelfde beller, en zegt dat bellen NIET mocht"
    ),
    "after {} My number was open on {} days, from {} to {}": (
        "na {} stond Mijn nummer op {} dagen open, van {} tot en met {}"
    ),
    "{} have the same {}": "{} hebben hetzelfde veld: {}",
    "{} is of the same person as {}, and names the same text": (
        "{} is van dezelfde persoon als {}, en noemt dezelfde tekst"
    ),
    # what is not shown
    "nobody signed the file, so parts may have been left out": (
        "niemand heeft het bestand ondertekend, dus er kunnen delen ontbreken"
    ),
    'the section "{}" of {} is not opened': 'het deel "{}" van {} is niet geopend',
    "what entry {} said was erased, as {} tells; that it was, stays": (
        "wat regel {} zei is gewist, zoals {} vertelt; dat de regel er was, blijft"
    ),
    "nothing shows that the head of {} leaves continues that of {}": (
        "niets toont aan dat de stand bij {} regels voortgaat op die bij {}"
    ),
    "{} trusted witnesses signed a head, {} are wanted": (
        "{} vertrouwde getuigen ondertekenden een stand, {} zijn er nodig"
    ),
    "no timestamp of an authority covers it": "er is geen tijdstempel van een dienst dat dit dekt",
    "the timestamp that covers it is unchecked": "het tijdstempel dat dit dekt, is niet nagekeken",
    "openssl cannot be run here, so this timestamp is unchecked": (
        "openssl is hier niet uit te voeren, dus deze tijdstempel is niet gecontroleerd"
    ),
    "openssl is not on the path, so this timestamp is unchecked": (
        "openssl staat niet op deze machine, dus dit tijdstempel is niet nagekeken"
    ),
    # what does not hold: the file
    "this is no dossier": "dit is geen dossier",
    "its parts overlap": "de delen overlappen elkaar",
    "the file was a dossier, and was altered or damaged: it is not put together as one is": (
        "dit was een dossier, en het is veranderd of beschadigd: het zit niet in elkaar zoals een dossier"
    ),
    "a part has a name that is not safe to unpack": "een deel heeft een naam die niet veilig is bij het uitpakken",
    "altered since the manifest was made: {}": "veranderd sinds de inhoudslijst is gemaakt: {}",
    "another manifest was signed": "er is een andere inhoudslijst ondertekend",
    "the dossier is of another version": "het dossier is van een andere versie",
    "it is not made as it should be": "het zit niet in elkaar zoals het hoort",
    '"{}" is missing or of another type': '"{}" ontbreekt of is van een ander soort',
    "a hash or key is not 64 digits of hex": "een hash of sleutel bestaat niet uit 64 hexadecimale tekens",
    "base64 is not written in the usual way": "base64 is niet op de gewone manier geschreven",
    "a number is not written in the usual way": "een getal is niet op de gewone manier geschreven",
    "a list of lines has no end": "een lijst met regels heeft geen einde",
    "JSON is not written canonically": "JSON is niet in de vaste vorm geschreven",
    "{} is not there, or is no file": "{} is er niet, of is geen bestand",
    "{} is too large": "{} is te groot",
    # what does not hold: keys and signatures
    "the list of trusted keys is of another version": "de lijst met vertrouwde sleutels is van een andere versie",
    "a trusted key is of another form": "een vertrouwde sleutel heeft een andere vorm",
    "a trusted key is of another type": "een vertrouwde sleutel is van een ander soort",
    "the id of a trusted key does not fit it": "het kenmerk van een vertrouwde sleutel past er niet bij",
    "a note has no end, or too many signatures": "een ondertekende tekst heeft geen einde, of te veel handtekeningen",
    "a signature line is of another form": "een regel met een handtekening heeft een andere vorm",
    "the signature of {} does not fit": "de handtekening van {} klopt niet",
    "no trusted key of the log signed it": "geen vertrouwde sleutel van het logboek heeft dit ondertekend",
    "no point that signs": "dit is geen sleutel die kan ondertekenen",
    "a checkpoint is of another form or log": "een stand heeft een andere vorm, of is van een ander logboek",
    "openssl refuses the timestamp": "openssl wijst het tijdstempel af",
    "openssl reads no time in the timestamp": "openssl leest geen tijd in het tijdstempel",
    # what does not hold: the tree
    "a proof is too long, or has a hash of another length": "een bewijs is te lang, of heeft een hash van andere lengte",
    "a proof is too short": "een bewijs is te kort",
    "the index lies outside the tree, or the leaf is no hash": "de plaats ligt buiten de boom, of het blad is geen hash",
    "the inclusion proof leads to another root": "het bewijs leidt naar een andere wortel",
    "two heads do not share their beginning: the log was split or changed": (
        "twee standen hebben niet hetzelfde begin: het logboek is gesplitst of veranderd"
    ),
    "two heads of {} leaves differ: the log was split": (
        "twee standen bij {} regels verschillen: het logboek is gesplitst"
    ),
    "the proof is of another leaf": "het bewijs hoort bij een andere regel",
    "a name has other characters than letters, digits and . _ -": (
        "een naam heeft andere tekens dan letters, cijfers en . _ -"
    ),
    "two leaves have this name": "twee regels hebben deze naam",
    "two rows have this name": "twee rijen hebben deze naam",
    "the log committed to something else": "het logboek legde iets anders vast",
    "no erasure names it": "geen enkele wissing noemt dit",
    # what does not hold: claims
    "this verifier does not know such a claim": "deze controle kent zo'n bewering niet",
    'it rests on "{}", which is not proven': 'het rust op "{}", en dat is niet bewezen',
    "{}/{} is missing or was swapped": "{}/{} ontbreekt of is verwisseld",
    "{} was not logged before {}": "{} is niet vastgelegd voor {}",
    "{} is no wording and no ruleset": "{} is geen tekst en geen regelset",
    "{} rests on another text than {}": "{} rust op een andere tekst dan {}",
    "{} was logged only after {}": "{} is pas vastgelegd na {}",
    "{} rests on other facts": "{} rust op andere feiten",
    "a day is counted twice, or none at all": "een dag telt dubbel mee, of er is er geen",
    "a day was not after {}": "een dag was niet na {}",
    "what is no day is counted as one": "wat geen dag is, telt als dag mee",
    "a fact was not known then": "een feit was toen nog niet bekend",
    "{} says to know what was logged only later": "{} zegt te weten wat pas later is vastgelegd",
    "the call was logged before the verdict": "het gesprek is vastgelegd voor het oordeel",
    "the call is to another number": "het gesprek is met een ander nummer",
    "the call is of another caller": "het gesprek is van een andere beller",
    "nothing is compared": "er wordt niets vergeleken",
    "the {} differs": "het veld {} verschilt",
    "{} is of another person than {}": "{} is van een andere persoon dan {}",
    "{} is of another caller than {}": "{} is van een andere beller dan {}",
    "the receipt names another text than {}": "het ontvangstbewijs noemt een andere tekst dan {}",
}
