"""Where Dutch telemarketing law stands, as citations with links to the dated text."""

__all__ = ["acm", "bw6", "ctm", "tw"]

from belbaar.law.cards import Citation

_WETTEN = "https://wetten.overheid.nl/jci1.3:c:{law}&artikel={article}&g={as_of}"


def tw(article: str, *, as_of: str) -> Citation:
    """Cite the Telecommunicatiewet, such as ``tw("11.7(4)", as_of="2021-07-01")``."""
    bare = article.partition("(")[0]
    link = _WETTEN.format(law="BWBR0009950", article=bare, as_of=as_of)
    return Citation(f"Tw {article} ({as_of})", link)


def bw6(article: str) -> Citation:
    """Cite book 6 of the Burgerlijk Wetboek."""
    link = _WETTEN.format(law="BWBR0005289", article=article.partition("(")[0], as_of="2026-08-15")
    return Citation(f"BW 6:{article}", link)


def ctm(version: str, what: str = "") -> Citation:
    """Cite the Code Telemarketing (part of the Nederlandse Reclame Code) in its version of a year."""
    label = f"CTM {version}" + (f", {what}" if what else "")
    return Citation(label, "https://www.reclamecode.nl/nrc/code-telemarketing-ctm/")


def acm(date: str, what: str) -> Citation:
    """Cite a public statement of the supervisor, the Autoriteit Consument & Markt."""
    return Citation(f"ACM {date}, {what}", "https://www.acm.nl/nl/telemarketing")
