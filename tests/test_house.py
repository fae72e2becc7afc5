"""The house stands: arrows point down, no circle, and lessons enter by the wings' front doors."""

import ast
import importlib

import nbformat
import pytest

from tests import lesson_tools
from tests.lesson_tools import ROOT

FLOORS = (  # from the ground up; what stands on one floor doesn't know its neighbours
    {"arguments", "files", "progress"},
    {"images", "machine"},
    {"faces", "nets"},
    {"judging"},
    {"training"},
    {"classroom"},
)
WINGS = ("classroom", "faces", "judging", "machine", "nets", "training")
OPEN_ROOMS = ("files", "images")  # of the ground floor, for lessons, too
LONGEST_FILE, LONGEST_FUNCTION = 320, 45  # lines


def name_of(path):
    """The name of a module: helpers/faces/loading.py is helpers.faces.loading."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


ROOMS = {name_of(path): path for path in (ROOT / "helpers").rglob("*.py")}
SITE = {name_of(path): path for path in (ROOT / "website").rglob("*.py")}


def imports(code):
    """(module, name) of every import from the course; name is None for `import module`."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a thing comes from"
            found += [(node.module, alias.name) for alias in node.names]
    tops = ("helpers", "benchmarks", "tests", "website")
    return [(module, name) for module, name in found if module.split(".")[0] in tops]


def rooms_entered(code):
    """The modules of helpers that this code imports; a handed-on name counts for its wing."""
    names = [f"{module}.{name}" for module, name in imports(code) if name] + [
        module for module, name in imports(code)
    ]
    return {name for name in names if name in ROOMS}


def floor_of(module):
    part = module.split(".")[1]
    return next(number for number, floor in enumerate(FLOORS) if part in floor)


def wrong_arrows(module, code):
    """What this code of that module imports and may not: from above, or from a neighbour."""
    own = module.split(".")[1]
    return [
        f"{module} → {target}.{name}"
        for target, name in imports(code)
        if not target.startswith("helpers.")
        or (target.split(".")[1] != own and floor_of(target) >= floor_of(module))
    ]


@pytest.mark.parametrize("module", [name for name in ROOMS if "." in name])
def test_arrows_point_down_only(module):
    assert wrong_arrows(module, ROOMS[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "code", "is_wrong"),
    [
        ("helpers.faces.loading", "from helpers.files import cache_folder", False),
        ("helpers.faces.loading", "from helpers.faces import download", False),
        ("helpers.faces.loading", "from helpers.nets import chapter", True),
        ("helpers.faces.loading", "def f():\n    from helpers.training import train", True),
        ("helpers.nets.chapter", "import helpers.classroom.plots", True),
        ("helpers.files", "from helpers.images import as_png", True),
        ("helpers.classroom.plots", "from tests.pictures import flat_pictures", True),
        ("helpers.classroom.plots", "from website.links import home", True),
        ("helpers.classroom.plots", "import numpy", False),
    ],
)
def test_a_wrong_arrow_would_be_found(module, code, is_wrong):
    assert bool(wrong_arrows(module, code)) == is_wrong


def circle_among(arrows):
    """A list of modules that import each other in a circle; empty where there is none."""
    done = set()

    def walk(module, way):
        if module in way:
            return way[way.index(module) :] + [module]
        if module in done:
            return []
        for target in sorted(arrows.get(module, ())):
            if circle := walk(target, [*way, module]):
                return circle
        done.add(module)
        return []

    return next(filter(None, (walk(module, []) for module in sorted(arrows))), [])


def test_no_room_is_part_of_a_circle():
    """A wing's `__init__` only hands on, and is left out: rooms of a wing know each other."""
    arrows = {
        module: {
            target
            for target in rooms_entered(path.read_text(encoding="utf-8"))
            if ROOMS[target].name != "__init__.py"
        }
        for module, path in ROOMS.items()
        if path.name != "__init__.py"
    }
    assert sum(map(len, arrows.values())) > 50
    assert circle_among(arrows) == []


def test_a_circle_would_be_found():
    assert circle_among({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle_among({"a": {"b", "c"}, "b": {"c"}}) == []


@pytest.mark.parametrize("module", [name for name in ROOMS if name.count(".") == 2])
def test_a_room_never_takes_its_own_wings_front_door(module):
    """It would depend on all its neighbours."""
    wing = module.rpartition(".")[0]
    code = ROOMS[module].read_text(encoding="utf-8")
    taken = [name for target, name in imports(code) if target == wing and name]
    assert all(f"{wing}.{name}" in ROOMS for name in taken), taken


def back_doors(code):
    """What a lesson imports and should not: a private name, or a room behind a wing's back."""
    wrong = []
    for module, name in imports(code):
        parts = module.split(".")
        is_open = len(parts) == 2 and parts[0] == "helpers" and name and not name.startswith("_")
        if is_open and parts[1] in WINGS:
            is_open = name in importlib.import_module(module).__all__
        elif is_open:
            is_open = parts[1] in OPEN_ROOMS
        if not is_open:
            wrong.append(f"{module}.{name}")
    return wrong


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.name)
def test_a_lesson_enters_by_the_front_doors(path):
    cells = lesson_tools.code_cells(nbformat.read(path, as_version=4))
    for cell in cells:
        lines = cell.source.splitlines()
        code = "\n".join(
            line[: len(line) - len(line.lstrip())] + "pass" if line.lstrip()[:1] in "!%" else line
            for line in lines
            if line.strip()
        )
        assert back_doors(code) == []


@pytest.mark.parametrize(
    ("code", "is_wrong"),
    [
        ("from helpers.faces import load_faces", False),
        ("from helpers.images import load_icon", False),
        ("from helpers.nets import chapter, compact", False),
        ("from helpers.faces.loading import load_faces", True),
        ("from helpers.faces import small_square", True),
        ("from helpers.training import _digest", True),
        ("import helpers.training", True),
        ("from helpers.progress import duration", True),
        ("from tests.pictures import flat_pictures", True),
        ("import numpy as np", False),
    ],
)
def test_a_back_door_would_be_found(code, is_wrong):
    assert bool(back_doors(code)) == is_wrong


@pytest.mark.parametrize("module", SITE)
def test_the_site_is_made_without_tests_and_benchmarks(module):
    """It takes what it needs from `helpers`, and is not part of it: no lesson needs the site."""
    targets = [target for target, _ in imports(SITE[module].read_text(encoding="utf-8"))]
    assert {target.split(".")[0] for target in targets} <= {"helpers", "website"}


@pytest.mark.parametrize("module", [*ROOMS, *SITE])
def test_a_room_can_be_read_in_one_go(module):
    code = (ROOMS | SITE)[module].read_text(encoding="utf-8")
    assert len(code.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *[line.lineno for line in node.decorator_list]])
            assert node.end_lineno - first + 1 <= LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda p: p.name)
def test_tests_stand_where_the_room_stands_that_they_try(path):
    """tests/faces/test_download.py tries helpers/faces/download.py, or a part of it."""
    folder = path.parent.name
    if folder in WINGS:
        rooms = [room.stem.strip("_") for room in (ROOT / "helpers" / folder).rglob("*.py")]
        also = {"command_line", "kill_training", "kill_workers", "compact_step", "exercises"}
        assert path.stem.removeprefix("test_") in {*rooms, *also}
