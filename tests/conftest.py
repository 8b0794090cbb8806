"""Hypothesis draws as it does anywhere, however slow and busy the machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("belbaar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("belbaar")
