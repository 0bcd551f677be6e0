"""Settings of all tests."""

from hypothesis import HealthCheck, settings

# A slow machine is no mistake of the code; and pipelines that are drawn at random are mostly refused.
settings.register_profile("pipec", deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("pipec")
