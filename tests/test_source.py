"""What holds for every file of code: it can be imported everywhere, and reads text as UTF-8."""

import ast
import re

import nbformat
import pytest

from tests import lesson_tools
from tests.lesson_tools import ROOT

FOLDERS = ("helpers", "benchmarks", "tests", "website")
PROGRAMS = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
NOT_ON_WINDOWS = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
NOT_EVERYWHERE = {"SIGKILL", "SIGSTOP", "SIGCONT", "fork", "getuid", "killpg", "sched_getaffinity"}
OTHER_OPENERS = {"Image", "os", "tarfile"}  # their `open` takes no encoding


def without_encoding(code):
    """The lines of `code` that open a file as text and leave the encoding to the computer."""
    return sorted(
        call.lineno
        for call in ast.walk(ast.parse(code))
        if isinstance(call, ast.Call)
        and _opens_text(call)
        and "encoding" not in {keyword.arg for keyword in call.keywords}
    )


def _opens_text(call):
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    name = call.func.attr if of else getattr(call.func, "id", "")
    if name in ("read_text", "write_text", "fdopen"):
        return True
    if name != "open" or (isinstance(of, ast.Name) and of.id in OTHER_OPENERS):
        return False
    modes = [*call.args[0 if of else 1 :][:1], *(k.value for k in call.keywords if k.arg == "mode")]
    return not any("b" in getattr(mode, "value", "") for mode in modes)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_file_is_opened_with_an_encoding(path):
    """Else Windows takes its code page, and the ≥ of a README or the … of a run ends a lesson.

    Ruff's PLW1514 finds only the calls where it can tell that the object is a path.
    """
    assert without_encoding(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("path.read_text()", True),
        ("(folder / name).write_text(text)", True),
        ("open(name)", True),
        ("open(name, 'w')", True),
        ("path.open()", True),
        ("path.open('w', newline='')", True),
        ("path.open(mode='a')", True),
        ("os.fdopen(1, 'w')", True),
        ("path.read_text(encoding='utf-8')", False),
        ("path.open('w', encoding='utf-8')", False),
        ("path.open('rb')", False),
        ("open(name, 'wb')", False),
        ("open(name, mode='rb')", False),
        ("Image.open(path)", False),
    ],
)
def test_a_missing_encoding_would_be_found(code, found):
    assert without_encoding(code) == ([1] if found else [])


def only_on_some_systems(code):
    """What runs where `code` is imported, and is missing on Windows or macOS."""
    found, open_nodes = [], [ast.parse(code)]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Import):
            found += NOT_ON_WINDOWS & {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found += NOT_ON_WINDOWS & {node.module}
        elif isinstance(node, ast.Attribute):
            found += NOT_EVERYWHERE & {node.attr}
        if isinstance(node, ast.FunctionDef):  # its body runs later
            open_nodes += [*node.decorator_list, node.args]
        elif not isinstance(node, ast.Lambda):
            open_nodes += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_can_be_imported_on_every_system(path):
    """Else pytest can't even collect the tests there, those that would pass among them."""
    assert only_on_some_systems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import pty", ["pty"]),
        ("from resource import getrusage", ["resource"]),
        ("class A:\n    import fcntl", ["fcntl"]),
        ("@skipif(os.sched_getaffinity(0))\ndef f(): pass", ["sched_getaffinity"]),
        ("def f(number=signal.SIGKILL): pass", ["SIGKILL"]),
        ("def f():\n    import pty\n    os.killpg(1, signal.SIGKILL)", []),
        ("kill = lambda: os.fork()", []),
    ],
)
def test_what_is_not_everywhere_would_be_found(code, found):
    assert only_on_some_systems(code) == found


NAMED = re.compile(
    r"\b(?:helpers|benchmarks|tests|website|notebooks|data|binder)/"
    r"[\w./]+\.(?:py|md|json|txt|gif|png|ipynb)\b"
)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_the_course_that_code_speaks_of_exists(path):
    for name in NAMED.findall(path.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


def test_the_name_of_a_file_would_be_found():
    folder = "data"
    assert NAMED.findall(f"Measured: `{folder}/a.md`, {folder}/b.gif.") == [
        f"{folder}/a.md",
        f"{folder}/b.gif",
    ]


ABSOLUTE = re.compile(r"(/|[A-Za-z]:[\\/])\w")
OF_THE_SYSTEM = ("/proc/", "/sys/")
ONLY_TOLD = {"/another/folder", "D:\\faces", "/blob/"}  # examples, and a part of an address
COURSE = [path for path in PROGRAMS if path.relative_to(ROOT).parts[0] != "tests"]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *lesson_tools.lessons()]
SOMEBODYS = re.compile(r"(?<![\w.])(/home/|/Users/|/root/|/tmp/)\w|[A-Za-z]:\\+Users\b")


def absolute_paths(code):
    """The texts in `code` that are the path of a place on one computer, sorted."""
    texts = {
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    paths = {text for text in texts if ABSOLUTE.match(text)} - ONLY_TOLD
    return sorted(path for path in paths if not path.startswith(OF_THE_SYSTEM))


@pytest.mark.parametrize("path", COURSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_program_names_a_place_that_only_one_computer_has(path):
    """No door would notice it here: on the computer where it was written the place is there."""
    assert absolute_paths(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.stem)
def test_no_lesson_opens_a_place_that_only_one_computer_has(path):
    cells = lesson_tools.code_cells(nbformat.read(path, as_version=4))[1:]  # the first is no Python
    assert [name for cell in cells for name in absolute_paths(cell.source)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_and_no_output_shows_where_its_maker_keeps_the_course(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(rf"(?<![\w.]){re.escape(str(ROOT))}", text)  # it may be /gans-for-faces
    assert not SOMEBODYS.search(text)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("np.load('/faces/icon')", ["/faces/icon"]),
        (r"read('C:\\course\\icon', 'D:/icon')", [r"C:\course\icon", "D:/icon"]),
        ("read('/proc/cpuinfo', 'faces/icon', '/', 'a / b', '../shared')", []),
    ],
)
def test_an_absolute_path_would_be_found(code, found):
    assert absolute_paths(code) == found


@pytest.mark.parametrize(
    "text", ["see /home/ann/faces", '"/tmp/x.png"', r"C:\Users\Ann", r"in C:\\Users\\Ann"]
)
def test_somebodys_folder_would_be_found(text):
    assert SOMEBODYS.search(text)
