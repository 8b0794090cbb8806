"""My number: what the person who is called sees and does, over all organisations of the installation.

``entering`` is the code that proves a number, ``seen`` what is known of it, ``acting`` what its person does about that.
"""

__all__ = ["My", "Visitor"]

from belbaar.api.my.acting import My
from belbaar.api.my.entering import Visitor
