"""The metadata of libphonenumber, read with its gaps closed.

    >>> plan_of("NL").country_code, pattern_of(plan_of("NL").voicemail)
    (31, '')

Every attribute of the metadata may be missing; callers here want a plan that is there, and "" for a pattern that is not.
"""

__all__ = ["CALLING_CODES", "pattern_of", "plan_of", "plans_of"]

from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as CALLING_CODES
from phonenumbers import PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from belbaar.errors import InternalError


def plan_of(region: str) -> PhoneMetadata:
    """Give the numbering plan of a region."""
    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None:
        raise InternalError(f"There is no numbering plan for {region}.")
    return plan


@cache
def plans_of(code: int) -> tuple[PhoneMetadata, ...]:
    """Give the numbering plans that share a calling code, the main one first."""
    found = (PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in CALLING_CODES[code])
    return tuple(plan for plan in found if plan is not None)


def pattern_of(shape: PhoneNumberDesc | None) -> str:
    """Give the pattern of a sort of numbers, "" when there are none."""
    return (shape.national_number_pattern if shape else None) or ""
