"""Can this computer run the course? A check before the class:

python -m helpers.classroom.check_setup
python -m helpers.classroom.check_setup --computer    before anything is installed

It runs on any Python from 3.6 on, and where nothing is installed, to say just that: so nothing
newer stands in this file and in `setup/lines.py`, and the other checks are imported late.
"""

import argparse
import platform
import subprocess
import sys
import sysconfig

from helpers.classroom.setup.lines import (
    BROWSER,
    RUN_AGAIN,
    Line,
    by_system,
    get_again,
    new_environment,
    other_python,
)

OLDEST, NEWEST = (3, 10), (3, 13)  # TensorFlow has wheels for these
NEWEST_ON_INTEL_MACS = (3, 12)  # for them the last wheel is of TensorFlow 2.16.2
INTEL, ARM = ("x86_64", "amd64"), ("arm64", "aarch64")
SYSTEMS = {"Darwin": "macOS"}  # others are called as they call themselves


def check_setup():
    """Say whether this computer can run the course: one line a check; it raises nothing.

    A line begins with ok, with look (it works, with a limit), or with stop (it will not work); what
    to do stands below it. The last line is for the instructor: it names no person and no folder.
    It downloads nothing. One small training runs in a process of its own, with a time limit.
    """
    _report()


def main(arguments=None):
    """The exit status: 0, or 1 where a check says stop."""
    about = "Check whether this computer can run the course. It takes some ten seconds."
    parser = argparse.ArgumentParser(
        prog="python -m helpers.classroom.check_setup", description=about
    )
    only = "look at Python and the computer only: before anything is installed"
    parser.add_argument("--computer", action="store_true", help=only)
    chosen = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # a terminal may not know all letters of a folder's name
        sys.stdout.reconfigure(errors="replace")
    lines = _say([check_python(), check_computer()]) if chosen.computer else _report()
    return 1 if "stop" in [line.state for line in lines] else 0


def _report():
    """All Lines, printed as they come."""
    lines = _say(_checks())
    print(f"For your instructor: {_summary(lines)}")
    return lines


def _say(checks):
    """The Lines of these checks, printed as they come."""
    lines = []
    for line in checks:
        print(line.text(), flush=True)
        lines.append(line)
    return lines


def _checks():
    """The Lines: where this Python can't do, the others are not tried."""
    first = [check_python(), check_computer()]
    yield from first
    if "stop" in [line.state for line in first]:
        return
    try:
        from helpers.classroom.setup import course, lessons, machine, training
    except ImportError as error:
        yield Line("stop", "files", f"the course's files are not all there: {error}", get_again())
        return
    yield from _guarded_checks(course, lessons, machine, training)


def _guarded_checks(course, lessons, machine, training):
    """The other Lines; those that need the packages only where these are there."""
    yield from _guarded(course.check_files)
    yield from _guarded(course.check_folder)
    packages = _guarded(course.check_packages)
    yield from packages
    yield from _guarded(machine.check_cores)
    yield from _guarded(machine.check_disk)
    yield from _guarded(lessons.check_profile)
    if "stop" in [line.state for line in packages]:
        told = "memory, faces, widgets, training: they need the packages"
        yield Line("look", "not tried", told, "First put the packages right.")
        return
    yield from _guarded(machine.check_memory)
    yield from _guarded(lessons.check_faces)
    yield from _guarded(lessons.check_widgets)
    yield from _guarded(training.check_training)


def _guarded(check):
    """The Lines of a check; where the check itself fails, a Line that says so."""
    try:
        found = check()
    except Exception as error:  # whatever it is, the other checks are wanted, too
        told = f"this check itself failed: {type(error).__name__}: {error}"
        name = check.__name__[len("check_") :]
        return [Line("stop", name, told, "Send all these lines to your instructor.")]
    return found if isinstance(found, list) else [found]


def _summary(lines):
    """What was found, in one line."""
    facts = [line.fact for line in lines if line.fact]
    for state in ("stop", "look"):
        named = [line.check for line in lines if line.state == state]
        if named:
            facts.append(f"{state}: {', '.join(named)}")
    if {line.state for line in lines} == {"ok"}:
        facts.append("all ok")
    return "; ".join(facts)


def check_python():
    """The Line about the version of Python."""
    version, told = sys.version_info[:2], platform.python_version()
    fact = f"Python {told}"
    range_ = "{}.{} to {}.{}".format(*OLDEST, *NEWEST)
    if not OLDEST <= version <= NEWEST:
        why = f"this is {told}, but the course needs {range_}"
    elif platform.python_implementation() != "CPython":
        why = f"this is {platform.python_implementation()}, and TensorFlow needs the usual CPython"
    elif sysconfig.get_config_var("Py_GIL_DISABLED"):
        why = f"this is {told} without its lock (free-threaded); TensorFlow needs the usual one"
    elif sys.maxsize < 2**32:
        why = f"this {told} is a 32-bit one, and TensorFlow needs 64 bits"
    else:
        return Line("ok", "Python", f"{told}, 64 bits", fact=fact)
    return Line("stop", "Python", why, f"{other_python() or _install_python()} {RUN_AGAIN}", fact)


def _install_python():
    get = by_system(
        "Install Python 3.12, for example `sudo apt install python3.12-venv` "
        "(or `uv python install 3.12`)",
        "Install Python 3.12 from python.org, or with `brew install python@3.12`",
        "Install Python 3.12, the 64-bit one: `winget install Python.Python.3.12`",
    )
    remove = "Remove the folder .venv, if there is one, then in the course's folder"
    return f"{get}. {remove}: {new_environment()}."


def check_computer():
    """The Line about system and processor: whether TensorFlow has a wheel for them."""
    system, processor = platform.system(), platform.machine()
    told = f"{SYSTEMS.get(system, system)} {processor}"
    intel, arm = processor.lower() in INTEL, processor.lower() in ARM
    look_or_stop = None
    if system == "Darwin" and intel:
        look_or_stop = _intel_on_mac()
    elif system == "Windows" and sysconfig.get_platform() != "win-amd64":
        look_or_stop = "stop", "TensorFlow has no wheel for Windows on ARM", BROWSER
    elif system == "Windows" and arm:
        why = "Python for x86-64 on an ARM processor: not tried by us, and slow"
        look_or_stop = "look", why, BROWSER
    elif system == "Linux" and "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        why = "TensorFlow has no wheel for a Linux with musl, Alpine for example"
        look_or_stop = "stop", why, f"Use a Linux with glibc, such as Debian or Ubuntu. {BROWSER}"
    elif system == "Linux" and arm:
        look_or_stop = "look", "TensorFlow has a wheel for it, but we have not tried it", BROWSER
    elif system not in ("Linux", "Darwin", "Windows") or not (intel or arm):
        look_or_stop = "stop", "TensorFlow has no wheel for it", BROWSER
    if look_or_stop is None:
        return Line("ok", "computer", told, fact=told)
    state, why, cure = look_or_stop
    return Line(state, "computer", f"{told}: {why}", cure, told)


def _intel_on_mac():
    """(state, why, cure) of Python for Intel: on an Intel Mac, or on Apple silicon by Rosetta."""
    try:
        question = ["sysctl", "-n", "sysctl.proc_translated"]
        answer = subprocess.check_output(question, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):  # an Intel Mac does not know the word
        answer = b"0"
    if answer != b"1":
        last = "TensorFlow 2.16.2 is the last for Macs with Intel"
        if sys.version_info[:2] > NEWEST_ON_INTEL_MACS:
            why = "{}: it needs Python {}.{} to {}.{}".format(last, *OLDEST, *NEWEST_ON_INTEL_MACS)
            return "stop", why, f"{_install_python()} {RUN_AGAIN}"
        return "look", f"{last}: lessons work with it, but we have not tried such a Mac", BROWSER
    why = "this Python is for Intel and runs under Rosetta: TensorFlow needs one for Apple silicon"
    cure = (
        "Install Python 3.12 from python.org, remove the folder .venv, then in the course's "
        "folder: `arch -arm64 python3.12 -m venv .venv`, then "
        f"`.venv/bin/python -m pip install -r requirements.txt`. {RUN_AGAIN}"
    )
    return "stop", why, cure


if __name__ == "__main__":
    sys.exit(main())
