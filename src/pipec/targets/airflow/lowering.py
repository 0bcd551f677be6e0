"""The tables of the target `airflow`: how each kind of activity, precondition and notification is written."""

from __future__ import annotations

from pipec.targets.lowering import Lowering

activities = Lowering("airflow")
"""Of an activity: the call that makes its task. `(kind, work) -> Call`."""

preconditions = Lowering("airflow")
"""Of a precondition: the call that makes its sensor. `(kind, work) -> Call`."""

resources = Lowering("airflow")
"""Of a managed resource: the calls that start and end it. `(kind, work) -> (Call, Call)`."""

commands = Lowering("airflow")
"""Of a managed resource: the task that runs a text of bash on it. `(kind, text, work) -> Call`."""

notifications = Lowering("airflow")
"""Of a notification: the call that sends it, inside a callback. `(kind, work) -> Call`."""

looks = Lowering("airflow")
"""Of a datanode: the sensor that waits until it is there. `(kind, place, size, work) -> Call`."""

sources = Lowering("airflow")
"""Of a datanode: how `copy` reads its rows. `(kind, place, work) -> Rows`."""

targets = Lowering("airflow")
"""Of a datanode: how `copy` writes rows to it. `(kind, place, mode, work) -> Rows`."""

tables = Lowering("airflow")
"""Of a datanode: the table that it is for a script of Hive. `(kind, place, name, span, work) -> Around`."""

relations = Lowering("airflow")
"""Of a datanode: the relation that it is for a script of Pig. `(kind, place, name, span, work) -> Around`."""

item_sources = Lowering("airflow")
"""Of a datanode or a format: how `copy` reads whole items of it. `(kind, place, work) -> Rows`."""

item_targets = Lowering("airflow")
"""Of a datanode or a format: how `copy` writes whole items to it. `(kind, place, work) -> Rows`."""

readers = Lowering("airflow")
"""Of a format: the function that reads rows in it, and its options. `(format, work) -> Options`."""

writers = Lowering("airflow")
"""Of a format: the function that writes rows in it, and its options. `(format, work) -> Options`."""

loads = Lowering("airflow")
"""Of a format: the options of COPY by which Redshift reads it, by their first words; or why it does not.
`(format) -> dict | str`."""

unloads = Lowering("airflow")
"""Of a format: the options of UNLOAD by which Redshift writes it, in the same way. `(format) -> dict | str`."""
