"""What people are told to type runs in the shell that they are told to type it in.

The shell of Linux and macOS is asked itself (`bash -n`). PowerShell can't be had everywhere: its
own parser reads its lines where it is there, as on GitHub, and the rules below read them always.
"""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests import shells
from tests.shells import ROOT, Command

TEXTS = shells.texts()
COMMANDS = shells.commands()
POWERSHELL = shutil.which("pwsh") or shutil.which("powershell")
PARSE = (
    "$tokens = $errors = $null; $null = [System.Management.Automation.Language.Parser]::ParseFile("
    "$env:COMMANDS, [ref]$tokens, [ref]$errors); $errors | ForEach-Object { $_.Message }"
)
FORBIDDEN = {  # by shell: what may not stand in a line, and why
    "bash": {
        r"\$env:|^Remove-Item|^Expand-Archive": "it is PowerShell's",
        r"\\": "only Windows has this sign in paths",
        r"^py -": "only Windows has py",
        r"^set [A-Z_]+=": "it is cmd's",
    },
    "powershell": {
        r"&&|\|\|": "Windows PowerShell 5.1 does not know it",
        r"^(?:export|unset|source|set|sudo|sh|make|taskset|python3?)\b": "Windows has it not so",
        r"^[A-Za-z_]\w*=": "no variable can stand before a command",
        r"\.venv/|/bin/|\\bin\\|\\$": "it is bash's",
        r"\.venv\\(?!Scripts\\)": "an environment's programs are in Scripts",
        r'^\$env:(?!\w+ = "[^"]*"$)': 'a variable is set so: $env:NAME = "value"',
    },
    "cmd": {
        r"\$env:|/bin/|^export": "it is another shell's",
        r'^set (?![A-Z_]+=[^\s"]+$)': "quotes and blanks would be part of the value",
    },
}
# Who changes the course has Linux or macOS, and is told so at the top.
ONLY_THERE = {"CONTRIBUTING.md": "All commands are for Linux or macOS"}
THE_PLACE = "lesson 00"  # shows for all three shells how a variable is set
SYSTEMS = {  # who may tell a path of bash's, since each system is told its own there
    *("lines.py", "editions.py"),
    "check_setup.py",  # to macOS only
}
SET = re.compile(r"(?:^|`)(?:export )?((?:COURSE|TF)_\w+)=", re.MULTILINE)


def faults(command):
    """What is wrong with a command, as sentences; of its lines, one after the other."""
    wrong = [
        f"{command.place}: {line!r} is for {command.shell}, but {why}."
        for line in shells.typed(command)
        for pattern, why in FORBIDDEN[command.shell].items()
        if re.search(pattern, line)
    ]
    if command.lines.count('"') % 2:
        wrong.append(f"{command.place}: {command.lines!r} has a quote that doesn't end.")
    return wrong


def notebook_or_page(place):
    """All that the page says, or the lesson that this text cell is part of."""
    name = place.partition(",")[0]
    return "\n".join(text for other, text in TEXTS.items() if other.partition(",")[0] == name)


def test_commands_of_every_shell_are_found():
    told = [(command.place, command.shell) for command in COMMANDS]
    assert told.count(("README.md", "bash")) >= 5
    assert told.count(("benchmarks/long_runs.md", "powershell")) >= 2
    assert {shell for _, shell in told} == set(FORBIDDEN)
    lines = [line for command in COMMANDS for line in shells.typed(command)]
    assert r".venv\Scripts\python -m pytest" in lines and "make lab" in lines


def test_every_command_is_one_of_its_own_shell():
    assert [fault for command in COMMANDS for fault in faults(command)] == []


@pytest.mark.parametrize(
    ("shell", "line", "is_wrong"),
    [
        ("bash", "COURSE_FACES=drawn make lab", False),
        ("bash", '$env:COURSE_FACES = "drawn"', True),
        ("bash", r".venv\Scripts\python -m pytest", True),
        ("bash", "py -3.12 -m venv .venv", True),
        ("bash", "set COURSE_FACES=drawn", True),
        ("bash", 'make lessons LESSONS="05 06', True),
        ("powershell", '$env:COURSE_PROFILE = "full"', False),
        ("powershell", "py -3.12 -m venv .venv  # or another", False),
        ("powershell", r".venv\Scripts\pip install -r tests/requirements.txt", False),
        ("powershell", "COURSE_PROFILE=full jupyter lab", True),
        ("powershell", "export COURSE_PROFILE=full", True),
        ("powershell", "$env:COURSE_PROFILE=full", True),
        ("powershell", "cd course && make lab", True),
        ("powershell", "python3 -m venv .venv", True),
        ("powershell", ".venv/bin/python -m pytest", True),
        ("powershell", ".venv/Scripts/python -m pytest", True),
        ("powershell", r".venv\bin\python -m pytest", True),
        ("powershell", "set COURSE_PROFILE=full", True),
        ("cmd", "set COURSE_PROFILE=full", False),
        ("cmd", 'set COURSE_PROFILE="full"', True),
        ("cmd", "set COURSE_PROFILE = full", True),
    ],
)
def test_a_line_in_another_shells_words_would_be_found(shell, line, is_wrong):
    assert bool(faults(Command("a page", shell, line))) == is_wrong


def test_a_block_belongs_to_the_shell_that_the_line_above_it_names():
    page = (
        "On Linux:\n\n    make lab  # now\n\nIn PowerShell:\n\n    # first\n    py -3.12\n\nEnd.\n"
    )
    page += "```python\nx = 1\n\n    make = 2\n```\n\n    no = command\n"
    assert shells.blocks("p", page) == [
        Command("p", "bash", "make lab  # now"),
        Command("p", "powershell", "# first\npy -3.12"),
    ]
    assert shells.typed(shells.blocks("p", page)[0]) == ["make lab"]


@pytest.mark.skipif(sys.platform == "win32", reason="bash is for Linux and macOS")
def test_bash_itself_can_read_every_command_of_its_own():
    for command in COMMANDS:
        if command.shell == "bash":
            assert bash_says(command.lines) == "", command


@pytest.mark.skipif(sys.platform == "win32", reason="bash is for Linux and macOS")
def test_bash_says_what_it_can_not_read():
    assert bash_says('echo "a') and bash_says("a && ") and bash_says("make lab") == ""


def bash_says(lines):
    """What bash has against these lines, which it reads and does not run; "" where all is well."""
    said = subprocess.run(["bash", "-n"], input=lines, capture_output=True, text=True)
    return said.stderr


@pytest.mark.skipif(
    POWERSHELL is None and "GITHUB_ACTIONS" not in os.environ,
    reason="PowerShell is not here; on GitHub it is",
)
def test_powershells_own_parser_can_read_every_command_of_its_own(tmp_path):
    assert POWERSHELL, "GitHub's machines have PowerShell; this one has lost it."
    for number, command in enumerate(COMMANDS):
        if command.shell == "powershell":
            script = tmp_path / f"{number}.ps1"
            script.write_text(command.lines, encoding="utf-8")
            assert powershell_says(script) == "", command
    script.write_text('$env:COURSE_PROFILE = "full', encoding="utf-8")
    assert powershell_says(script) != ""


def powershell_says(script):
    """What PowerShell's parser has against a script, which it does not run."""
    call = [POWERSHELL, "-NoProfile", "-NonInteractive", "-Command", PARSE]
    environment = {**os.environ, "COMMANDS": str(script)}
    said = subprocess.run(call, env=environment, check=True, capture_output=True, text=True)
    return said.stdout.strip()


@pytest.mark.parametrize("place", [place for place in TEXTS if ".venv/bin/" in TEXTS[place]])
def test_who_tells_linuxs_path_of_a_program_tells_that_of_windows_too(place):
    if place in ONLY_THERE:
        assert ONLY_THERE[place] in TEXTS[place]
    else:
        assert ".venv\\Scripts\\" in TEXTS[place]


@pytest.mark.parametrize("place", [place for place in TEXTS if SET.search(TEXTS[place])])
def test_who_sets_a_variable_for_linux_tells_how_powershell_does_or_where_it_is_told(place):
    assert "$env:" in notebook_or_page(place) or THE_PLACE in TEXTS[place].lower()


def test_the_place_shows_how_each_shell_sets_a_variable():
    told = notebook_or_page("00_start_here.ipynb, cell 0")
    for start in ("`COURSE_PROFILE=", "`$env:COURSE_PROFILE = ", "`set COURSE_PROFILE="):
        assert start in told


def test_a_program_of_the_courses_own_environment_is_called_by_its_path():
    """`python` and `jupyter` alone are another Python's, or nobody's, in a new terminal."""
    bare = re.compile(r"(?:python|jupyter|pip) ")
    for command in COMMANDS:
        for line in shells.typed(command):
            if bare.match(re.sub(r"^(?:[A-Z_]+=\S* )+", "", line)):
                assert ".venv\\Scripts\\python" in TEXTS[command.place], command


def bash_only(code):
    """What a helper's code says, in words for people, that only bash would understand."""
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bash = re.compile(r"\.venv/bin/|(?<!-m )(?<!%)pip install")
    told = [node for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    docstrings = {id(getattr(node.body[0], "value", None)) for node in told}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in docstrings and bash.search(node.value)
    ]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "helpers").rglob("*.py")), ids=lambda path: path.stem
)
def test_what_a_helper_says_follows_the_learners_system(path):
    """`setup/lines.py` has the words of each: course_python(), set_to(), forget(), by_system()."""
    if path.name not in SYSTEMS:
        assert bash_only(path.read_text(encoding="utf-8")) == []


def test_words_that_only_bash_understands_would_be_found():
    assert bash_only('"""Or `.venv/bin/python`."""\nx = f"{a} -m pip install b"') == []
    assert bash_only('cell = "%pip install b"') == []
    for said in ("Type .venv/bin/python.", "First pip install b"):
        assert bash_only(f"def f():\n    raise E({said!r})") == [said]


def test_every_option_that_a_command_gives_to_a_module_of_the_course_is_one_of_its_own():
    seen = 0
    for command in COMMANDS:
        for module, given in re.findall(
            r"-m ((?:helpers|benchmarks|tests)[\w.]+)(.*)", command.lines
        ):
            path = ROOT / module.replace(".", "/")
            folder = path if path.is_dir() else path.parent
            code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
            for option in set(re.findall(r"--[a-z][\w-]*", given)) - {"--help"}:
                assert f'"{option}"' in code, f"{command.place}: {module} has no {option}"
                seen += 1
    assert seen > 10
