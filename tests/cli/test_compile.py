"""`pipec compile`: what it writes, what it removes, what it never touches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipec.cli.origin import Origin, origin
from tests.cli.conftest import SHOP, Pipec

BOTH = ("dags/shop.daily.py", "dags/shop.py")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def named(name: str) -> str:
    return SHOP.replace("pipeline: shop", f"pipeline: {name}")


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder: when it was changed, and what it holds."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_files_are_written(pipec: Pipec, home: Path) -> None:
    found = pipec("compile", ".")
    assert found.status == 0
    assert found.out == "".join(f"wrote {name}\n" for name in BOTH)
    assert found.err == "2 written\n"
    assert sorted(os.listdir(home / "dags")) == ["shop.daily.py", "shop.py"]
    for name in BOTH:
        compile((home / name).read_text(encoding="utf-8"), name, "exec")


def test_what_is_the_same_is_left(pipec: Pipec, home: Path) -> None:
    pipec("compile", ".")
    before = state(home)
    found = pipec("compile", ".")
    assert (found.status, found.out, found.err) == (0, "", "2 unchanged\n")
    assert state(home) == before
    write(home / "shop.pipe.yaml", SHOP.replace("./count", "./count_all"))
    found = pipec("compile", ".")
    assert (found.status, found.out) == (0, "wrote dags/shop.daily.py\n")
    assert found.err == "1 written, 1 unchanged\n"
    assert state(home)["dags/shop.py"] == before["dags/shop.py"]


def test_what_somebody_changed_is_made_again(pipec: Pipec, home: Path) -> None:
    pipec("compile", ".")
    before = (home / "dags/shop.py").read_text(encoding="utf-8")
    write(home / "dags/shop.py", before + "# mine\n")
    os.chmod(home / "dags/shop.py", 0o640)
    assert pipec("compile", ".").out == "wrote dags/shop.py\n"
    assert (home / "dags/shop.py").read_text(encoding="utf-8") == before
    assert (home / "dags/shop.py").stat().st_mode & 0o777 == 0o640
    (home / "dags/shop.py").unlink()
    assert pipec("compile", ".").out == "wrote dags/shop.py\n"


def test_the_same_bytes_from_everywhere(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipec("compile", ".", "-o", "one")
    pipec("compile", home, "-o", home / "two")
    monkeypatch.chdir("/")
    pipec("compile", home / "shop.pipe.yaml", "-o", home / "three")
    texts = [
        [path.read_bytes() for path in sorted((home / name).iterdir())]
        for name in ("one", "two", "three")
    ]
    assert texts[0] == texts[1] == texts[2]


def test_an_error_in_one_file_writes_nothing(pipec: Pipec, home: Path) -> None:
    pipec("compile", ".")
    write(home / "stock.pipe.yaml", named("stock"))
    write(home / "mail.pipe.yaml", named("mail").replace("daily}", "dayly}"))
    (home / "shop.pipe.yaml").unlink()
    before = state(home)
    found = pipec("compile", ".")
    assert (found.status, found.out) == (1, "")
    assert "error[P118]" in found.err
    assert "1 error in 1 file" in found.err
    assert state(home) == before


def test_an_end_in_the_middle_changes_nothing(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipec("compile", ".")
    write(home / "shop.pipe.yaml", SHOP.replace("./", "/opt/"))
    before = state(home)
    with monkeypatch.context() as while_full:
        put = "pipec.cli.output._put"
        writes: list[str] = []

        def full(one: object, unfinished: str, path: str) -> None:
            writes.append(path)
            Path(unfinished).write_text("half of")
            if len(writes) == 2:
                raise OSError(28, "No space left on device")

        while_full.setattr(put, full)
        found = pipec("compile", ".")
    assert found.status == 2
    assert (
        "`dags/shop.py` cannot be written: no space left on device; nothing was changed"
        in found.err
    )
    assert len(writes) == 2
    assert state(home) == before
    assert pipec("compile", ".").err == "2 written\n"


def test_what_nothing_makes_any_more_is_removed(pipec: Pipec, home: Path) -> None:
    write(home / "stock.pipe.yaml", named("stock"))
    pipec("compile", ".")
    (home / "stock.pipe.yaml").unlink()
    write(home / "shop.pipe.yaml", SHOP.replace(", schedule: daily", ""))
    found = pipec("compile", ".")
    assert found.out.splitlines() == [
        "removed dags/shop.daily.py",
        "wrote dags/shop.py",
        "removed dags/stock.daily.py",
        "removed dags/stock.py",
    ]
    assert os.listdir(home / "dags") == ["shop.py"]


def test_a_pipeline_with_a_new_name(pipec: Pipec, home: Path) -> None:
    pipec("compile", "shop.pipe.yaml")
    write(home / "shop.pipe.yaml", named("store"))
    pipec("compile", "shop.pipe.yaml")
    assert sorted(os.listdir(home / "dags")) == ["store.daily.py", "store.py"]


def test_a_mistake_in_a_file_that_was_not_asked_for_holds_nothing_back(
    pipec: Pipec, home: Path
) -> None:
    (home / "pipec.yaml").write_text("", encoding="utf-8")
    spoiled = (
        (home / "shop.pipe.yaml").read_text(encoding="utf-8").replace("every 1 day", "every 1 dya")
    )
    (home / "spoiled.pipe.yaml").write_text(
        spoiled.replace("pipeline: shop", "pipeline: spoiled"), encoding="utf-8"
    )
    found = pipec("compile", "shop.pipe.yaml", "-o", "dags")
    assert found.status == 0
    assert "1 other file of the project should be looked at" in found.err
    assert (home / "dags" / "shop.py").exists()
    assert pipec("compile", "spoiled.pipe.yaml", "-o", "dags").status == 1


def test_only_the_paths_given_matter(pipec: Pipec, home: Path) -> None:
    for name in ("stock", "mail"):
        write(home / f"{name}.pipe.yaml", named(name))
    pipec("compile", ".")
    (home / "stock.pipe.yaml").unlink()
    (home / "mail.pipe.yaml").unlink()
    before = state(home / "dags")
    found = pipec("compile", "shop.pipe.yaml")
    assert found.err == "2 unchanged\n"
    assert state(home / "dags") == before


def test_files_of_others_are_never_touched(pipec: Pipec, home: Path) -> None:
    pipec("compile", ".")
    made = (home / "dags/shop.py").read_text(encoding="utf-8")
    others = {
        "hand.py": "from airflow.sdk import DAG\n",
        "header_below.py": f"import os\n{made}",
        "quoted.py": f"TEXT = '''{made[3:]}",
        "copied.py": made,
        "notes.txt": made,
        "empty.py": "",
        "cut.py": '"""Made by pipec from shop.pipe.yaml: everything on the schedule `hourly`.',
        "bytes.py": "\udcff",
    }
    for name, text in others.items():
        (home / "dags" / name).write_bytes(text.encode(errors="surrogateescape"))
    (home / "dags/folder.py").mkdir()
    (home / "dags/link.py").symlink_to("shop.py")
    write(home / "shop.pipe.yaml", named("store"))
    assert pipec("compile", ".").status == 0
    left = set(os.listdir(home / "dags"))
    assert left == {*others, "folder.py", "link.py", "store.py", "store.daily.py"}


@pytest.mark.parametrize("there", ["text", "folder", "link"])
def test_a_place_that_is_taken(pipec: Pipec, home: Path, there: str) -> None:
    place = home / "dags/shop.py"
    if there == "text":
        write(place, "print('mine')\n")
    elif there == "folder":
        place.mkdir(parents=True)
    else:
        place.parent.mkdir()
        place.symlink_to("/no/such/place")
    before = state(home)
    found = pipec("compile", ".")
    assert (found.status, found.out) == (1, "")
    assert "error[P036]" in found.err
    assert "`dags/shop.py` was not made by pipec" in found.err
    assert state(home) == before
    assert not (home / "dags/shop.daily.py").exists()


def test_two_folders_that_share_an_output(pipec: Pipec, home: Path) -> None:
    """The files of both begin with the same words, so a name alone says nothing."""
    for team in ("one", "two"):
        write(home / team / f"{team}.pipe.yaml", named(team))
        pipec("compile", team, "-o", "dags")
    assert len(os.listdir(home / "dags")) == 4
    (home / "one/one.pipe.yaml").rename(home / "one/uno.pipe.yaml")
    found = pipec("compile", "two", "-o", "dags")
    assert (found.status, found.out) == (0, "removed dags/one.daily.py\nremoved dags/one.py\n")


def test_a_neighbour_has_the_source(pipec: Pipec, home: Path) -> None:
    for team in ("one", "two"):
        write(home / team / f"{team}.pipe.yaml", named(team))
        pipec("compile", team, "-o", "dags")
    before = state(home / "dags")
    assert pipec("compile", "two", "-o", "dags").status == 0
    assert pipec("compile", "one", "-o", "dags").status == 0
    assert state(home / "dags") == before


def test_an_output_far_away(pipec: Pipec, home: Path, tmp_path: Path) -> None:
    far = tmp_path / "other" / "dags"
    write(home / "stock.pipe.yaml", named("stock"))
    write(home / "deeper/folder/mail.pipe.yaml", named("mail"))
    pipec("compile", "deeper/folder", "-o", far)
    found = pipec("compile", ".", "-o", far)
    assert found.status == 0
    (home / "stock.pipe.yaml").unlink()
    found = pipec("compile", "deeper", "-o", far)
    assert found.status == 0
    assert f"{far}/stock.py was made from stock.pipe.yaml, which is not here" in found.err
    assert (far / "stock.py").exists()


def test_compare_only(pipec: Pipec, home: Path) -> None:
    found = pipec("compile", ".", "--check")
    assert (found.status, found.out) == (1, "".join(f"new      {name}\n" for name in BOTH))
    assert not (home / "dags").exists()
    write(home / "stock.pipe.yaml", named("stock"))
    pipec("compile", ".")
    assert pipec("compile", ".", "--check").status == 0
    (home / "stock.pipe.yaml").unlink()
    write(home / "shop.pipe.yaml", SHOP.replace("./count", "./count_all"))
    write(home / "mail.pipe.yaml", named("mail"))
    before = state(home)
    for _ in range(2):
        found = pipec("compile", ".", "--check")
        assert found.status == 1
        assert found.out.splitlines() == [
            "new      dags/mail.daily.py",
            "new      dags/mail.py",
            "changed  dags/shop.daily.py",
            "stale    dags/stock.daily.py",
            "stale    dags/stock.py",
        ]
        assert "--- dags/shop.daily.py (on disk)\n+++ dags/shop.daily.py (compiled)\n" in found.err
        assert "./count_all" in found.err
        assert "5 of 6 files differ: compile again" in found.err
    assert state(home) == before
    pipec("compile", ".")
    found = pipec("compile", ".", "--check")
    assert (found.status, found.out, found.err) == (0, "", "4 as compiled\n")


def test_where_files_go(pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home / "pipec.yaml", "output: out/dags\nairflow: 2.11\n")
    monkeypatch.chdir(home.parent)
    assert pipec("compile", "home").out.startswith("wrote home/out/dags/shop.daily.py\n")
    assert "from airflow import DAG" in (home / "out/dags/shop.py").read_text(encoding="utf-8")
    found = pipec("compile", "home", "-o", "elsewhere", "--airflow", "3.0")
    assert found.out.startswith("wrote elsewhere/shop.daily.py\n")
    assert "from airflow.sdk import DAG" in Path("elsewhere/shop.py").read_text(encoding="utf-8")
    write(home / "pipec.yaml", "environment: test\n")
    assert pipec("compile", "home").out.startswith("wrote home/dags/shop.daily.py\n")


def test_an_output_that_is_a_file(pipec: Pipec, home: Path) -> None:
    write(home / "dags", "mine")
    found = pipec("compile", ".")
    said = "pipec: the output cannot go to `dags`: `dags` is no folder\n"
    assert (found.status, found.err) == (2, said)
    found = pipec("compile", ".", "-o", "dags/deeper/yet")
    said = "pipec: the output cannot go to `dags/deeper/yet`: `dags` is no folder\n"
    assert (found.status, found.err) == (2, said)


def test_all_missing_values_at_once(pipec: Pipec, home: Path) -> None:
    params = (
        "params: {lake: s3, size: {type: int, default: 3}, day: datetime, note: {optional: true}}"
    )
    write(home / "shop.pipe.yaml", f"{params}\n{SHOP}")
    assert pipec("check", ".").status == 0
    found = pipec("compile", ".")
    assert (found.status, found.out) == (1, "")
    assert found.err.count("error[P125]") == 1
    assert "no value is given for `lake` (s3), `day` (datetime, line 1)" in found.err
    assert "add --set lake=... --set day=..., or declare a `default:`" in found.err
    found = pipec("compile", ".", "--set", "lake=s3://a", "--set", "day=2026-01-01")
    assert found.status == 0


def test_warnings_are_shown_and_do_not_stop_it(pipec: Pipec, home: Path) -> None:
    gate = "daily, when: {shell: test -e ready, poll: 5 seconds}}"
    write(home / "shop.pipe.yaml", SHOP.replace("daily}", gate))
    for done in ("2 written", "2 unchanged", "2 unchanged"):
        found = pipec("compile", ".")
        assert found.status == 0
        assert "warning[P404]" in found.err
        assert found.err.endswith(f"\n1 warning in 1 file\n{done}\n")


def test_the_origin_of_a_file() -> None:
    header = (
        "Made by pipec from a b/{}.pipe.yaml: everything on the schedule `hourly`.\nChange that."
    )
    dag = '\nDAG(dag_id="shop")\n'

    def of(text: str, name: str = "shop.py") -> Origin | None:
        return origin(name, text)

    plain = f'"""The shop.\n\n{header.format("shop")}\n"""\n{dag}'
    assert of(plain) == Origin("a b/shop.pipe.yaml", "hourly")
    assert of(plain, "stock.py") is None
    assert of(f"\n{plain}") is None
    wrapped = plain.replace("everything on", "everything\non")
    assert of(wrapped) == of(plain)
    # A description may say anything; only the last paragraph counts.
    fooled = f'"""{header.format("other")}\n\nMore.\n"""\n{dag}'
    assert of(fooled) is None
    quoted = f'"""\\"""\n\n{header.format("shop")}\n"""\n{dag}'
    assert of(quoted) == of(plain)
