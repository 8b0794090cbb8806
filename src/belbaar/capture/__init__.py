"""Where consent begins: forms, what they show, what the law refuses in them, codes that confirm, and what is sent.

``design`` is a form as an officer makes it, ``showing`` what a person sees of it, ``lint`` what the law says to it;
``forms`` keeps forms and their versions, ``asking`` what people filled in until they confirm it, ``outbox`` what is to
be sent to them. ``messages`` are the words of that. Nothing here knows the time: whoever asks passes it in.
"""

__all__ = ["Design", "Finding", "ShownForm", "lint_design", "lint_page", "read_design", "shown"]

from belbaar.capture.design import Design, read_design
from belbaar.capture.lint import Finding, lint_design, lint_page
from belbaar.capture.showing import ShownForm, shown
