from airflow.sdk import BaseOperator


class StopMachine(BaseOperator):
    pass
