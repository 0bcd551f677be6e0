"""What an Airflow elsewhere is asked to do, through the API that it has for that."""
