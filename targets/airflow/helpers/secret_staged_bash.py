"""A bash command between copies of its S3 folders that is given secrets."""

from helpers.secret_bash import SecretBash
from helpers.staged_bash import StagedBash


class SecretStagedBash(SecretBash, StagedBash):
    """A `StagedBash` with the secrets of a `SecretBash`."""
