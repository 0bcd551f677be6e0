"""What kinds have in common with others of their section, as those who use them ask for it.

A kind extends the class that fits and says what is different; nobody asks a kind for its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from pipec.diagnostic import Report
from pipec.source import Span
from pipec.values import Column, Ref, Text

Places = Callable[..., Span]
"""Where the first of the named fields stands that is given at all."""


class Data:
    """A kind of datanode: what it holds, where the rows of an instance are."""

    noun: str
    """What it is, in a message: `a table`."""
    looks: tuple[str, ...] = ()
    """The preconditions that can look at it."""
    at: str = ""
    """The column that says to which interval a row belongs; empty when none does."""
    select: Text | None = None
    """The query of its own that reads it."""
    format: Format | None = None
    """How rows stand in its files; None when nothing says it."""
    compression: str = "none"
    """How its files are packed."""
    region: str = ""
    """The AWS region where it is; empty when that does not matter or is the usual one."""

    @property
    def side(self) -> str:
        """What it is to a copy: which ways lead from it and to it."""
        raise NotImplementedError

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns of its rows."""
        return ()


class Files(Data):
    """Files at a place, in a format."""

    noun = "files"
    looks = ("exists", "not_empty")
    store: Literal["s3", "disk", "hdfs"]
    """Where they lie: in S3, on the disk of the machine where work runs, on a cluster."""

    @property
    def side(self) -> str:
        """What they are to a copy: where they lie."""
        return self.store

    @property
    def place(self) -> Text:
        """Where they are: what `path` means in an expression. A folder ends with `/`."""
        raise NotImplementedError

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"path": self.place}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns of its rows."""
        return self.format.columns if self.format else ()


class Format:
    """A kind of format: how rows stand in a file."""

    main = "columns"
    """The field whose value may stand right after the name of the format."""
    packed = True
    """Whether `compression` is about the file as a whole, and no matter of the format itself."""
    columns: tuple[Column, ...] = ()
    """The declared columns of its rows."""
    compression: str = "none"
    """How its files are packed."""

    @property
    def tells_names(self) -> bool:
        """Whether a file itself tells the names of its columns."""
        return False

    @property
    def takes_names(self) -> bool:
        """Whether a file holds the names of its columns, so that somebody has to tell them."""
        return self.tells_names

    def check(self, at: Places, report: Report) -> None:
        """Report fields that contradict each other."""

    def check_written(self, ref: Ref, given: tuple[Column, ...], report: Report) -> None:
        """Report why no rows, whose columns are `given` if they are known, can be written in it."""


class Table(Data):
    """A table of a database that is reached through a connection."""

    noun = "a table"
    looks = ("table_exists", "not_empty", "query")

    @property
    def side(self) -> str:
        """What it is to a copy."""
        return "database"

    @property
    def connection(self) -> Ref:
        """The connection through which it is reached."""
        raise NotImplementedError

    @property
    def table(self) -> str:
        """Its name there, as SQL takes it."""
        raise NotImplementedError

    @property
    def create(self) -> Text | None:
        """The statement that makes it if it is missing."""
        return None

    @property
    def keys(self) -> tuple[Ref, ...]:
        """The columns that tell its rows apart, where it says so itself."""
        return ()

    @property
    def insert(self) -> Text | None:
        """The statement that writes one row, instead of the usual one."""
        return None

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"table": Text((self.table,)), "connection": Text((self.connection.name,))}


class Items(Data):
    """Items with a key, each with attributes of its own."""

    noun = "a table of items"
    looks = ("table_exists", "has_items", "not_empty")

    @property
    def side(self) -> str:
        """What it is to a copy."""
        return "items"

    @property
    def table(self) -> Text:
        """The name of what they are in."""
        raise NotImplementedError

    read_share: float | None = None
    """How much of its read capacity a reader may take; None for what is usual there."""
    write_share: float | None = None
    """How much of its write capacity a writer may take."""

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"table": self.table}


class Doing:
    """A kind of activity: how it treats what it reads and writes, and where it can run."""

    windows = True
    """Whether what it reads may be given a window."""
    takes_secrets = False
    """Whether its `vars` may be secrets."""
    keeps_result = False
    """Whether what its operator returns is kept by the engine."""
    copies = False
    """Whether it takes all instances that it reads to the one that it writes."""
    runs_on: tuple[str, ...] = ()
    """The sorts of managed resources that it can run on, besides the machines of the engine."""
    needs: tuple[str, ...] = ()
    """The sorts of managed resources of which it needs one; empty when it can do without."""
    applications: tuple[str, ...] = ()
    """What has to be installed on the cluster that it runs on, as EMR calls it."""

    def can_run_on(self, read: Sequence[Any], written: Sequence[Any]) -> tuple[str, ...]:
        """These sorts, given the kinds of what it reads and of what it writes."""
        return self.runs_on

    def must_run_on(self, read: Sequence[Any], written: Sequence[Any]) -> tuple[str, ...]:
        """Those of which it needs one, given the same."""
        return self.needs

    @property
    def statements(self) -> Text | None:
        """The SQL that it executes in a database; None if that is not what it does."""
        return None

    @property
    def stages(self) -> bool:
        """Whether files that it reads and writes are brought near it."""
        return False


class Command(Doing):
    """What bash runs: its variables may be secrets, and files are brought near unless it declines."""

    stage: bool | None = None
    """What the user says of that."""
    takes_secrets = True
    runs_on = ("machine", "cluster")

    @property
    def stages(self) -> bool:
        """Whether files that it reads and writes are brought near it."""
        return self.stage is not False


class Looking:
    """A kind of precondition."""

    where_work_runs = False
    """Whether it is evaluated on the machine where the work of its object runs."""
    comes_first = False
    """Whether the others of its object are not evaluated before it holds."""


class Place:
    """A kind of resource."""

    sort: Literal["workers", "machine", "cluster"] = "workers"
    """What it is: machines of one's own, or what is started when it is needed and ended after."""

    @property
    def managed(self) -> bool:
        """Whether it is started when it is needed, and ended afterwards."""
        return self.sort != "workers"
