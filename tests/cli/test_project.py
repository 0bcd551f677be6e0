"""Which files belong to a PATH."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipec.cli.arguments import Misuse
from pipec.cli.project import Project, find_projects
from pipec.cli.settings import Settings
from pipec.fields.key import keys
from tests.cli.conftest import SHOP, Pipec


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SHOP, encoding="utf-8")


@pytest.fixture
def project(home: Path) -> Path:
    write(home, "a/stock.pipe.yaml", "b/mail.pipe.yaml", "pipec.yaml")
    return home


def one(*paths: object) -> Project:
    [found] = find_projects(tuple(map(str, paths)))
    return found


def test_a_folder_with_all_that_is_in_it(home: Path) -> None:
    write(home, "b.pipe.yaml", "a/c.pipe.yaml", ".git/d.pipe.yaml", "a/.e.pipe.yaml", "a/f.yaml")
    found = one(".")
    assert found.files == ("a/c.pipe.yaml", "b.pipe.yaml", "shop.pipe.yaml")
    assert found.asked == set(found.files)
    assert (found.folder, found.shown, found.has_settings) == (str(home), "", False)


def test_a_file_without_settings_is_alone(home: Path) -> None:
    write(home, "stock.pipe.yaml")
    found = one("shop.pipe.yaml")
    assert found.files == ("shop.pipe.yaml",)


def test_several_files_without_settings_are_together(home: Path) -> None:
    write(home, "a/stock.pipe.yaml", "b/mail.pipe.yaml")
    found = one("shop.pipe.yaml", "a/stock.pipe.yaml", "./shop.pipe.yaml")
    assert found.files == ("a/stock.pipe.yaml", "shop.pipe.yaml")


def test_settings_make_a_project(project: Path) -> None:
    found = one("a/stock.pipe.yaml")
    assert found.files == ("a/stock.pipe.yaml", "b/mail.pipe.yaml", "shop.pipe.yaml")
    assert found.asked == {"a/stock.pipe.yaml"}
    assert found.has_settings
    assert one("a").asked == {"a/stock.pipe.yaml"}
    assert one("a", ".").asked == set(found.files)


def test_a_project_within_a_project_is_its_own(project: Path) -> None:
    write(project, "b/pipec.yaml")
    outer, inner = find_projects((".",))
    assert outer.files == ("a/stock.pipe.yaml", "shop.pipe.yaml")
    assert (inner.files, inner.shown) == (("mail.pipe.yaml",), "b")
    assert one("b").folder == str(project / "b")
    assert one("a").files == outer.files


def test_files_are_named_as_the_user_would(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert one(project).show("a/stock.pipe.yaml") == str(project / "a/stock.pipe.yaml")
    monkeypatch.chdir(project / "a")
    assert one(".").show("a/stock.pipe.yaml") == "../a/stock.pipe.yaml"
    monkeypatch.chdir(project.parent)
    assert one("home/a").show("a/stock.pipe.yaml") == "home/a/stock.pipe.yaml"


def test_a_folder_named_like_a_file_and_links_in_circles(home: Path) -> None:
    write(home, "odd.pipe.yaml/stock.pipe.yaml")
    (home / "circle").symlink_to(home)
    (home / "linked.pipe.yaml").symlink_to("shop.pipe.yaml")
    found = one(".")
    assert found.files == (
        "linked.pipe.yaml",
        "odd.pipe.yaml/stock.pipe.yaml",
        "shop.pipe.yaml",
    )
    assert one("odd.pipe.yaml").files == ("stock.pipe.yaml",)
    assert one("circle").files


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere", "there is no file or folder `nowhere`"),
        ("shop.pipe.yaml/deeper", "cannot be read: not a directory"),
        ("", "there is no file or folder ``"),
        ("nul\0", "cannot be the name of a file"),
        ("loop", "cannot be read: too many levels of symbolic links"),
        ("dangling.pipe.yaml", "cannot be read: no such file or directory"),
        ("x" * 300, "cannot be read: file name too long"),
        ("pipec.yaml", "holds the settings of a project: name the folder"),
        ("notes.yaml", "the name of a pipeline's file ends with `.pipe.yaml`"),
    ],
)
def test_paths_that_are_none(home: Path, path: str, said: str) -> None:
    write(home, "notes.yaml", "pipec.yaml")
    (home / "loop").symlink_to("loop")
    (home / "dangling.pipe.yaml").symlink_to("nothing")
    with pytest.raises(Misuse) as caught:
        one(path)
    assert said in str(caught.value)


def test_a_folder_without_pipelines(pipec: Pipec, home: Path) -> None:
    write(home, "empty/notes.txt")
    found = pipec("check", "empty")
    assert found.status == 1
    assert "P034" in found.out
    assert "no file below `empty` has a name that ends with `.pipe.yaml`" in found.out


def test_a_file_with_almost_the_name(pipec: Pipec, home: Path) -> None:
    write(home, "stock.pipe.yml")
    found = pipec("check", ".")
    assert found.status == 0
    assert "warning[P035]: File left out\n --> stock.pipe.yml:1:1" in found.out


def test_what_cannot_be_read_is_a_complaint(pipec: Pipec, home: Path) -> None:
    (home / "dangling.pipe.yaml").symlink_to("nothing")
    os.mkfifo(home / "pipe.pipe.yaml")
    found = pipec("check", ".")
    assert found.status == 1
    assert "error[P033]: Cannot be read\n --> dangling.pipe.yaml:1:1" in found.out
    assert "no such file or directory" in found.out
    assert "error[P033]: Cannot be read\n --> pipe.pipe.yaml:1:1" in found.out
    assert "2 errors in 2 files" in found.err


def test_a_folder_that_cannot_be_read(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, "secret/stock.pipe.yaml")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = pipec("check", ".")
    assert found.status == 1
    assert "--> secret:1:1" in found.out
    assert "permission denied" in found.out


def test_a_pipeline_beside_the_only_file(pipec: Pipec, home: Path) -> None:
    (home / "stock.pipe.yaml").write_text("pipeline: stock\ndatanodes: {all: s3 s3://shop/all/}\n")
    text = (home / "shop.pipe.yaml").read_text().replace("after: fetch", "flow: stock.all")
    (home / "shop.pipe.yaml").write_text(text.replace("./count", "'./count ${{ stock.all.path }}'"))
    advice = (
        "help: `stock.pipe.yaml` stands beside this file and was not read:"
        " give the folder, or put an empty `pipec.yaml` into it\n"
    )
    found = pipec("check", "shop.pipe.yaml")
    assert (found.status, found.out.count(advice)) == (1, 2)
    assert pipec("check", ".").status == 0
    (home / "pipec.yaml").touch()
    assert pipec("check", "shop.pipe.yaml").status == 0


@pytest.mark.parametrize(
    ("code", "help_"),
    [
        ("P999", "the warnings are `P018`, "),
        ("p324", "did you mean `P324`?"),
        ("P118", "it is an error, `Unknown name`: mend it; the warnings are `P018`, "),
    ],
)
def test_what_cannot_be_ignored(pipec: Pipec, home: Path, code: str, help_: str) -> None:
    (home / "pipec.yaml").write_text(f"ignore: [P311, {code}]\n")
    found = pipec("check", ".")
    assert found.status == 1
    assert " --> pipec.yaml:1:16\n" in found.out
    assert f"`{code}` is not the code of a warning" in found.out
    assert f"help: {help_}" in found.out


def test_every_setting_is_named(pipec: Pipec) -> None:
    said = pipec("--help").out
    assert "may stand in a `pipec.yaml`: " + ", ".join(keys(Settings)) + "." in said
