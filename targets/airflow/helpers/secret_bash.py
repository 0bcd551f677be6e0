"""A bash command that is given secrets."""

import os

from airflow.providers.standard.operators.bash import BashOperator


class SecretBash(BashOperator):
    """Runs a command with secrets, read as it starts, in its environment.

    `secrets` maps an environment variable to the store of its value and the name there.
    """

    def __init__(self, secrets, **kwargs):
        super().__init__(**kwargs)
        self.secrets = secrets

    def get_env(self, context):
        """The environment of the command; its log shows no secret."""
        env = super().get_env(context)
        for variable, (store, name) in self.secrets.items():
            env[variable] = self._read(store, name)
            self._mask(env[variable])
        return env

    def _read(self, store, name):
        if store == "env":
            return os.environ[name]
        if store == "secretsmanager":
            from airflow.providers.amazon.aws.hooks import secrets_manager

            return secrets_manager.SecretsManagerHook().get_secret(name)
        try:
            from airflow.sdk import Variable
        except ImportError:  # Airflow 2
            from airflow.models import Variable
        return Variable.get(name)

    def _mask(self, value):
        try:
            from airflow.sdk.log import mask_secret
        except ImportError:  # Airflow 2 and 3.0
            from airflow.utils.log.secrets_masker import mask_secret
        mask_secret(value)
