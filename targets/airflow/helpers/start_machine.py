from airflow.sdk import BaseOperator


class StartMachine(BaseOperator):
    pass
