// What the page says, in both languages; what the checks say is in English, with Dutch beside it (DATA.dutch).

import { filled } from "./reading.js";
import { UNCHECKED } from "./verify.js";

export const WORDS = {
  nl: {
    title: "Dossier nakijken",
    other: "English",
    lead: "Kies het dossier. U ziet meteen of het klopt. Alles blijft op deze computer.",
    noscript: "Deze pagina heeft JavaScript nodig. Zonder kan het ook: python3 verify.py DOSSIER.zip --trust trust.json",
    dossier: "Dossier",
    dossierHint: "Het zip-bestand, zoals u het kreeg. Niet uitgepakt.",
    chooseDossier: "Kies het dossier",
    trust: "Vertrouwde sleutels",
    trustHint: "Een trust.json van iemand anders dan de maker: het logboek, de getuige of de toezichthouder.",
    chooseTrust: "Kies trust.json",
    drop: "Of sleep de bestanden naar deze pagina.",
    none: "nog geen gekozen",
    busy: "Bezig met nakijken …",
    proven: "Bewezen",
    provenSays: "Alles in dit dossier klopt.",
    stamp: "Bewezen, op het tijdstempel na",
    stampSays: "Alles wat deze pagina kan nakijken, klopt. Het tijdstempel moet u nog nakijken met openssl.",
    refuted: "Weerlegd",
    refutedSays: "Dit dossier klopt niet. Hieronder staat eerst wat niet klopt.",
    incomplete: "Niet volledig",
    incompleteSays: "Niets is weerlegd, maar niet alles is aangetoond.",
    unreadable: "Geen leesbaar dossier",
    unreadableSays: "Dit is geen dossier van belbaar. Kies de zip zoals u die kreeg, niet opnieuw ingepakt.",
    tooLarge: "Dit bestand is te groot voor deze pagina. Gebruik verify.py of belbaar verify.",
    oldBrowser:
      "Deze browser kan geen handtekeningen nakijken. Gebruik Chrome 137, Firefox 129, Safari 17 of nieuwer, of verify.py.",
    noTrust: "Dit is geen lijst met vertrouwde sleutels: {}. Kies de trust.json zoals die gepubliceerd is.",
    unread: "Dit bestand kan niet worden gelezen. Kies het opnieuw.",
    ownKeys:
      "Nagekeken met de sleutels uit het dossier zelf. Wie het dossier maakte, koos die. Kies hierboven een trust.json van iemand anders.",
    givenKeys: "Nagekeken met de vertrouwde sleutels uit {}.",
    otherVerifier: "De verify.py in dit dossier hoort niet bij deze pagina. Start die niet zomaar.",
    file: "Bestand",
    sum: "SHA-256",
    listRefuted: "Weerlegd ({})",
    listMissing: "Niet aangetoond ({})",
    listStamp: "Hangt af van het tijdstempel ({})",
    listProven: "Bewezen ({})",
    stampTitle: "Het tijdstempel nakijken",
    stampLead: "Deze pagina kijkt tijdstempels niet na. Dat doet openssl, in de map waarin u het dossier uitpakt:",
    stampRoots:
      "Neem roots.pem liever van de tijdstempeldienst zelf dan uit het dossier. Goed is: Verification: OK. Is een certificaat inmiddels verlopen? Zet dan -attime erbij, met het tijdstip in seconden sinds 1970.",
    meansTitle: "Wat betekent dit?",
    means:
      "Een bewijs laat zien dat en wanneer iets is vastgelegd. Het laat niet zien dat het waar is. Deze pagina zat bij het dossier: kijk liever na met een verify.py of belbaar die u zelf haalde.",
  },
  en: {
    title: "Check a dossier",
    other: "Nederlands",
    lead: "Choose the dossier. You see at once whether it holds. Everything stays on this computer.",
    noscript: "This page needs JavaScript. Without it, use: python3 verify.py DOSSIER.zip --trust trust.json",
    dossier: "Dossier",
    dossierHint: "The zip file, as you got it. Not unpacked.",
    chooseDossier: "Choose the dossier",
    trust: "Trusted keys",
    trustHint: "A trust.json from somebody other than the maker: the log, the witness or the authority.",
    chooseTrust: "Choose trust.json",
    drop: "Or drag the files onto this page.",
    none: "none chosen yet",
    busy: "Checking …",
    proven: "Proven",
    provenSays: "Everything in this dossier holds.",
    stamp: "Proven, but for the timestamp",
    stampSays: "All that this page can check holds. The timestamp is for you to check with openssl.",
    refuted: "Refuted",
    refutedSays: "This dossier does not hold. What is wrong comes first below.",
    incomplete: "Incomplete",
    incompleteSays: "Nothing is refuted, but not all is shown.",
    unreadable: "No readable dossier",
    unreadableSays: "This is no dossier of belbaar. Choose the zip as you got it, not packed anew.",
    tooLarge: "This file is too large for this page. Use verify.py or belbaar verify.",
    oldBrowser:
      "This browser cannot check signatures. Use Chrome 137, Firefox 129, Safari 17 or later, or verify.py.",
    noTrust: "This is no list of trusted keys: {}. Choose the trust.json as it was published.",
    unread: "This file cannot be read. Choose it again.",
    ownKeys:
      "Checked with the keys in the dossier itself. Whoever made the dossier chose those. Choose a trust.json from somebody else above.",
    givenKeys: "Checked with the trusted keys in {}.",
    otherVerifier: "The verify.py in this dossier does not belong to this page. Do not run it unseen.",
    file: "File",
    sum: "SHA-256",
    listRefuted: "Refuted ({})",
    listMissing: "Not shown ({})",
    listStamp: "Depends on the timestamp ({})",
    listProven: "Proven ({})",
    stampTitle: "Check the timestamp",
    stampLead: "This page does not check timestamps. Openssl does, in the folder in which you unpack the dossier:",
    stampRoots:
      "Better take roots.pem from the timestamp authority itself than from the dossier. Good is: Verification: OK. Has a certificate expired since? Then add -attime, with the time in seconds since 1970.",
    meansTitle: "What does this mean?",
    means:
      "A proof shows that something was recorded, and when. It does not show that it is true. This page came with the dossier: better check with a verify.py or belbaar that you got yourself.",
  },
};

const DUTCH = { [UNCHECKED]: "deze pagina kijkt tijdstempels niet na: dat doet openssl, zie hieronder" };

// Say a finding in a language.
export function told([sentence, ...values], lang, dutch) {
  const inDutch = DUTCH[sentence] ?? (Object.hasOwn(dutch, sentence) ? dutch[sentence] : sentence);
  return filled([lang === "nl" ? inDutch : sentence, ...values]);
}

// Give the commands by which openssl checks a stamp; the part's name holds nothing that a shell would act on.
export function commands(stamp) {
  const note = stamp.replace(/\.tsr$/, ".note");
  return [
    `sed '/^$/,$d' ${note} > head.txt`,
    `python3 -c "import json; print(*json.load(open('trust.json'))['tsa_roots'], sep='\\n')" > roots.pem`,
    `openssl ts -reply -in ${stamp} -text`,
    `openssl ts -verify -in ${stamp} -data head.txt -CAfile roots.pem`,
  ].join("\n");
}
