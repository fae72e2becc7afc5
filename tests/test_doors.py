"""The doors to the course: README, make, Binder, Colab."""

import ast
import re
import shutil
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from packaging.requirements import Requirement

from helpers.classroom.check_setup import NEWEST, NEWEST_ON_INTEL_MACS, OLDEST
from tests import lesson_tools
from tests.doors import environments, platforms
from tests.doors.environments import requirement_lines

ROOT = lesson_tools.ROOT


def requirements(path):
    return {Requirement(line).name: line for line in requirement_lines(path)}


def test_binder_installs_what_a_learner_needs_with_tensorflow_for_processors_only():
    learner, binder = (
        requirements(ROOT / "requirements.txt"),
        requirements(ROOT / "binder" / "requirements.txt"),
    )
    learner["tensorflow-cpu"] = learner.pop("tensorflow").replace("tensorflow", "tensorflow-cpu")
    del learner["nbval"]  # for tests only
    assert binder == learner
    assert (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.12"
    assert not (ROOT / "binder" / "environment.yml").exists()


COLAB = {
    name.lower(): version
    for name, version in (
        line.split("==")
        for line in requirement_lines(ROOT / "tests" / "doors" / "colab_requirements.txt")
    )
}
LEARNER = requirements(ROOT / "requirements.txt")


@pytest.mark.parametrize("package", sorted(COLAB.keys() & LEARNER.keys()))
def test_no_floor_is_higher_than_what_colab_has(package):
    """Colab installs nothing for a lesson: it has what the first cell finds there."""
    assert Requirement(LEARNER[package]).specifier.contains(COLAB[package])


# What only an instructor's commands, the check of a computer, and Python 3.10 need.
FOR_INSTRUCTORS = {"jinja2", "nbclient", "nbconvert", "nbformat", "packaging", "tomli"}


def test_the_colab_door_has_a_version_of_all_that_a_lesson_imports():
    """JupyterLab shows the lessons, and nbval tests them: neither is imported."""
    assert LEARNER.keys() - {"jupyterlab", "nbval"} - FOR_INSTRUCTORS <= COLAB.keys()


PACKAGES = {"PIL": "pillow", "skimage": "scikit-image", "IPython": "ipython"}  # others: the same


def imported(code):
    """The packages, as pip calls them, that `code` imports from outside the course and Python."""
    modules = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules.add(node.module.split(".")[0])
    own = sys.stdlib_module_names | {"tomllib", "helpers"}  # Python 3.10 has no tomllib yet
    return {PACKAGES.get(name, name) for name in modules - own}


def learners_code():
    """All code that a learner runs, by its place: a helper's file, or a lesson's cells."""
    codes = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "helpers").rglob("*.py")
    }
    for path in lesson_tools.lessons():
        cells = nbformat.read(path, as_version=4).cells
        lines = "\n".join(cell.source for cell in cells if cell.cell_type == "code").splitlines()
        codes[path.name] = "\n".join(re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines)
    return codes


def test_all_that_is_imported_is_declared_and_all_that_is_declared_is_imported():
    """What another package happens to bring can be gone with that package's next version.

    JupyterLab shows the lessons, and nbval tests them: neither is imported.
    """
    used = {}
    for place, code in learners_code().items():
        for package in imported(code):
            used.setdefault(package, []).append(place)
    wished_for = {"pillow_heif"}  # a phone's pictures are read where somebody has installed it
    undeclared = {package: used[package] for package in used.keys() - LEARNER.keys() - wished_for}
    assert undeclared == {}
    assert LEARNER.keys() - used.keys() == {"jupyterlab", "nbval"}
    assert wished_for <= used.keys()


def test_an_import_is_found_wherever_it_stands():
    code = (
        "import os, psutil\ndef f():\n    from PIL.Image import open\n    import skimage.data as d"
    )
    assert imported(code) == {"psutil", "pillow", "scikit-image"}
    assert imported("from helpers import faces\nfrom . import other\nimport json") == set()


def test_the_readmes_badges_name_the_same_address_as_the_lessons():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert lesson_tools.badges(lesson_tools.lessons()[0]) in readme


def test_the_address_stands_in_one_place_only():
    """A change of the address in pyproject.toml reaches every badge and first cell."""
    repository, _ = lesson_tools.address()
    texts = {"README.md": (ROOT / "README.md").read_text(encoding="utf-8")}
    for path in lesson_tools.lessons():
        cells = nbformat.read(path, as_version=4).cells
        texts[path.name] = "\n".join(cell.source for cell in cells)
    for name, text in texts.items():
        for found in re.findall(r"(?:/gh/|/github/|github\.com/)([\w.-]+/[\w.-]+)", text):
            if not found.startswith("PacktPublishing/"):
                assert found == repository, f"{name} names {found}"


def test_the_readme_maps_every_lesson():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in lesson_tools.lessons():
        assert f"notebooks/{path.name}" in readme


def test_pictures_in_the_readme_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for alt, target in re.findall(r"!\[([^\]]*)\]\((?!https?:)([^)]+)\)", readme):
        assert len(alt) > 20 and (ROOT / target).exists(), target


def test_a_python_that_is_too_old_or_too_new_is_told_so_before_anything_is_installed(tmp_path):
    fake = tmp_path / "python"
    fake.write_text(
        f"#!{sys.executable}\nimport platform, runpy, sys\nsys.path.insert(0, '')\n"
        "sys.version_info = (3, 9, 1)\nplatform.python_version = lambda: '3.9.1'\n"
        "module, *sys.argv[1:] = sys.argv[2:]\nrunpy.run_module(module, run_name='__main__')\n",
        encoding="utf-8",
    )
    fake.chmod(0o755)
    made = subprocess.run(
        ["make", "lab", f"PYTHON={fake}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode != 0
    assert "this is 3.9.1, but the course needs 3.10 to 3.13" in made.stdout
    assert "make PYTHON=python3.12 lab" in made.stdout
    assert not (tmp_path / "venv").exists()


def test_no_photograph_and_no_pickle_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout, so there is no list of committed files")
    for name in listed.stdout.splitlines():
        assert not re.search(r"\.(jpe?g|pkl|pickle|npy)$", name, re.I), name
        assert "George_W_Bush" not in name
        # An .npz may hold a net's weights: numbers, and neither objects nor pictures.
        if name.lower().endswith(".npz"):
            with np.load(ROOT / name, allow_pickle=False) as stored:
                for array in map(stored.get, stored.files):
                    assert array.dtype == "uint8" and len(array) == 2, name  # float16, in bytes
                    is_picture = array.ndim > 3 and array.shape[-1] == 3 and array.shape[-3] >= 20
                    assert not is_picture, name


@pytest.fixture
def installs(tmp_path, monkeypatch):
    """A list of what was installed, in a cache of its own; installing does nothing else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    told = []

    def install(*words):
        told.append(words[0])
        if words[0] == "venv":
            (words[-1] / "bin").mkdir(parents=True)

    monkeypatch.setattr(environments, "_uv", install)
    return told


def test_an_environment_is_made_once_and_anew_where_a_line_changed(installs):
    first = environments.environment("colab", ["numpy==2.1.3"])
    assert environments.environment("colab", ["numpy==2.1.3"]) == first
    assert installs == ["venv", "pip"]
    second = environments.environment("colab", ["numpy==2.1.4"])
    assert second != first and installs == ["venv", "pip"] * 2
    assert not first.parent.parent.exists()  # the one before would fill the disk


def test_an_environment_that_was_left_half_made_is_made_anew(installs):
    python = environments.environment("colab", ["numpy==2.1.3"])
    (python.parent.parent / environments.DONE).unlink()
    assert environments.environment("colab", ["numpy==2.1.3"]) == python
    assert installs == ["venv", "pip"] * 2


def test_a_python_that_is_not_here_is_told_in_a_sentence():
    with pytest.raises(RuntimeError, match="There is no Python 3.1 here"):
        environments.interpreter("3.1")


def test_make_lab_works_in_a_folder_with_a_space_and_letters_of_all_kinds(tmp_path):
    folder = tmp_path / "ein Ordner ü 课程"
    jupyter = folder / ".venv" / "bin" / "jupyter"
    jupyter.parent.mkdir(parents=True)
    jupyter.write_text('#!/bin/sh\necho "settings: $JUPYTER_CONFIG_PATH"\n', encoding="utf-8")
    jupyter.chmod(0o755)
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv" / "learner.done").touch()
    made = subprocess.run(["make", "lab"], cwd=folder, capture_output=True, encoding="utf-8")
    assert made.returncode == 0, made.stderr
    assert f"settings: {folder}/binder" in made.stdout


def a_readme(*rows):
    head = "| platform | Python | TensorFlow | tried |\n|---|---|---|---|\n"
    return f"# Course\n\n{head}{''.join(rows)}\nText | with | bars\n"


def test_what_the_index_has_is_put_into_the_readmes_table_and_nothing_else_changes():
    before = a_readme(
        "| Linux, x86-64 | 3.9 | 2.1.0 | yes |\n",
        "| Binder | – | – | no |\n",
        "| Windows, ARM | 3.9 | 1 | a |\n",
    )
    after = a_readme(
        "| Linux, x86-64 | 3.10–3.13 | 2.21.0 | yes |\n",
        "| Binder | – | – | no |\n",
        "| Windows, ARM | – | none | a |\n",
    )
    table = {name: ("–", "none") for name in platforms.PLATFORMS}
    table["Linux, x86-64"] = ("3.10–3.13", "2.21.0")
    assert platforms.with_versions(before, table) == after


@pytest.mark.parametrize(
    ("versions", "pythons", "tensorflows"),
    [
        ({"3.9": None, "3.10": "2.21.0", "3.11": "2.21.0", "3.12": None}, "3.10–3.11", "2.21.0"),
        ({"3.10": "2.16.2", "3.11": "2.21.0"}, "3.10–3.11", "2.16.2, 2.21.0"),
        ({"3.10": None, "3.11": "2.21.0"}, "3.11", "2.21.0"),
        ({"3.10": None}, "–", "none"),
    ],
)
def test_pythons_and_tensorflows_are_told_in_few_words(versions, pythons, tensorflows):
    assert platforms.told(versions) == (pythons, tensorflows)


def test_the_table_tells_the_same_pythons_as_the_check_before_installing():
    table = platforms.rows((ROOT / "README.md").read_text(encoding="utf-8"))
    assert table.keys() == platforms.PLATFORMS.keys()
    usual, intel = (f"3.{OLDEST[1]}–3.{newest[1]}" for newest in (NEWEST, NEWEST_ON_INTEL_MACS))
    pythons = {name: cells[1] for name, cells in table.items()}
    assert pythons.pop("Windows, ARM") == "–" and pythons.pop("macOS, Intel") == intel
    assert set(pythons.values()) == {usual}


@pytest.mark.parametrize("version", ["2.20.0", "2.21.0"])
def test_a_table_that_is_out_of_date_is_red_until_it_is_written(tmp_path, monkeypatch, version):
    path = tmp_path / "README.md"
    path.write_text(a_readme(f"| Linux, x86-64 | 3.10 | {version} | yes |\n"), encoding="utf-8")
    monkeypatch.setattr(platforms, "README", path)
    monkeypatch.setattr(platforms, "PYTHONS", ["3.10"])
    monkeypatch.setattr(platforms, "tensorflow_for", lambda platform, python: "2.21.0")
    assert platforms.main([]) == int(version != "2.21.0")
    assert platforms.main(["--write"]) == 0
    assert platforms.main([]) == 0
    assert "| 3.10 | 2.21.0 | yes |" in path.read_text(encoding="utf-8")
