"""What reads and writes Parquet."""


def pyarrow_parquet():
    """The modules pyarrow and pyarrow.parquet, which only tasks with Parquet need."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        text = "for Parquet, install pyarrow where this task runs: pip install pyarrow"
        raise RuntimeError(text) from error
    return pyarrow, pyarrow.parquet
