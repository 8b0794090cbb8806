"""A page of text as PDF/A-2u: the language said, the font in it, no clock and no chance in its bytes."""

__all__ = ["pdf"]

import datetime as dt
from html import escape
from importlib.resources import as_file, files

from fpdf import FPDF, TextStyle
from fpdf.enums import XPos, YPos

from belbaar.letters.page import Page

_FONT = "DejaVu"
_MARGIN, _WINDOW, _LINE = 25, 50, 5.6
"""Millimetres: the margin, where the address stands for the window of an envelope, a line."""
_SIZE, _SUBJECT = 10.5, 13
"""Points."""
_PRODUCER = "belbaar"
_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
        pdfaid:part="2" pdfaid:conformance="U" pdf:Producer="{producer}"
        xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}">
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
      <dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""
"""What the file says of itself. fpdf2 would write the moment at which it was made into it."""


def pdf(page: Page) -> bytes:
    """Set a letter."""
    made = FPDF(format="A4", enforce_compliance="PDF/A-2U")
    made.set_creation_date(page.at)
    made.set_lang(page.lang)
    made.set_title(page.subject)
    made.set_author(page.sender)
    made.set_producer(_PRODUCER)
    made.set_xmp_metadata(_about(page))
    made.set_margin(_MARGIN)
    made.set_auto_page_break(auto=True, margin=_MARGIN)
    for style, name in (("", "dejavu-sans.ttf"), ("B", "dejavu-sans-bold.ttf")):
        with as_file(files("belbaar.letters").joinpath(name)) as path:
            made.add_font(_FONT, style, path)
    made.set_section_title_styles(TextStyle(font_family=_FONT, font_style="B", font_size_pt=_SUBJECT, b_margin=4))
    made.add_page()
    _set(made, page.sender, bold=True)
    for line in page.sender_address:
        _set(made, line)
    made.set_y(max(_WINDOW, made.get_y() + _LINE))
    for line in page.to:
        _set(made, line)
    made.set_y(max(_WINDOW + 35, made.get_y() + _LINE))
    _set(made, page.date)
    _set(made, page.reference)
    made.ln(_LINE)
    made.start_section(page.subject)
    for paragraph in page.paragraphs:
        _set(made, paragraph)
        made.ln(_LINE / 2)
    made.ln(_LINE)
    _set(made, page.signed)
    return bytes(made.output())


def _about(page: Page) -> str:
    return _XMP.format(
        producer=_PRODUCER,
        at=page.at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        title=escape(page.subject),
        author=escape(page.sender),
        lang=page.lang,
    )


def _set(made: FPDF, text: str, *, bold: bool = False) -> None:
    made.set_font(_FONT, "B" if bold else "", _SIZE)
    made.multi_cell(0, _LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
