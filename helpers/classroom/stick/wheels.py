"""The wheels that `requirements.lock` asks for, for each platform and Python of the README.

pip reads a lock's markers (`; sys_platform == "win32"`) as if they spoke of the computer that it
runs on, even where it downloads for another one. So they are read here, and pip gets only what
the other platform needs.
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

from helpers.files import REPOSITORY_FOLDER, file_digest, users_cache

LOCK = REPOSITORY_FOLDER / "requirements.lock"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
OLDEST_GLIBC, NEWEST_GLIBC = 5, 28  # 2.28: Debian 10, Ubuntu 18.10, RHEL 8, and what came later
# Older names for three of these.
MANYLINUX = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")


class BundleError(RuntimeError):
    """No bundle; the message is a sentence that says what was wrong, where, and what to do."""


@dataclass(frozen=True)
class Platform:
    """A kind of computer, as the lock's markers and the names of wheels see it."""

    told: str  # its name in a sentence
    markers: dict[str, str]
    tags: tuple[str, ...]  # the wheels it takes, best first


PLATFORMS = {
    "linux-x86-64": Platform(
        "Linux, x86-64",
        {
            "sys_platform": "linux",
            "platform_system": "Linux",
            "os_name": "posix",
            "platform_machine": "x86_64",
        },
        (
            *(f"manylinux_2_{n}_x86_64" for n in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)),
            *MANYLINUX,
            "linux_x86_64",
        ),
    ),
    "macos-arm64": Platform(
        "macOS 12 and newer, Apple silicon",
        {
            "sys_platform": "darwin",
            "platform_system": "Darwin",
            "os_name": "posix",
            "platform_machine": "arm64",
        },
        tuple(mac_platforms((12, 0), "arm64")),
    ),
    "windows-x86-64": Platform(
        "Windows, x86-64",
        {
            "sys_platform": "win32",
            "platform_system": "Windows",
            "os_name": "nt",
            "platform_machine": "AMD64",
        },
        ("win_amd64",),
    ),
}


@dataclass(frozen=True)
class Pin:
    """One line of the lock: a package in one version, and the digests that its files may have."""

    requirement: Requirement
    digests: frozenset[str]  # SHA-256, in hexadecimal

    @property
    def name(self):
        return canonicalize_name(self.requirement.name)

    @property
    def version(self):
        return next(iter(self.requirement.specifier)).version

    def line(self):
        """The line as pip takes it, without the marker."""
        digests = " ".join(f"--hash=sha256:{digest}" for digest in sorted(self.digests))
        return f"{self.name}=={self.version} {digests}"


def locked(platform, python, lock=LOCK):
    """The Pins that `lock` installs on a platform (a name of PLATFORMS) with a Python ("3.12").

    Where a marker asks for a Python's third number, both sides of it are there.
    """
    here = {
        **default_environment(),
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        **PLATFORMS[platform].markers,
    }
    environments = [{**here, "python_full_version": f"{python}.{third}"} for third in (0, 99)]
    return [
        pin
        for pin in _pins(lock)
        if pin.requirement.marker is None or any(map(pin.requirement.marker.evaluate, environments))
    ]


def _pins(lock):
    for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        words, _, digests = line.partition(" --hash=")
        if words.strip() and not words.lstrip().startswith("#"):
            found = re.findall(r"sha256:([0-9a-f]{64})", digests)
            yield Pin(Requirement(words.strip()), frozenset(found))


def wheels_cache():
    """Where wheels are kept between two bundles."""
    return users_cache("wheels")


def find_wheels(pins, platform, python, folder):
    """The wheel of each Pin in `folder` that fits there and has one of the Pin's digests.

    Returns: a dict from Pin to path; a Pin without such a wheel isn't in it.
    """
    order = {tag: place for place, tag in enumerate(_tags(platform, python))}
    wanted = {(pin.name, pin.version): pin for pin in pins}
    found = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _, tags = parse_wheel_filename(path.name)
        pin, fits = wanted.get((name, str(version))), [order[tag] for tag in tags if tag in order]
        if pin and fits and file_digest(path) in pin.digests:
            found.setdefault(pin, []).append((min(fits), path))
    return {pin: min(paths)[1] for pin, paths in found.items()}


def _tags(platform, python):
    """The tags of the wheels that fit there, best first."""
    version, platforms = tuple(map(int, python.split("."))), PLATFORMS[platform].tags
    yield from cpython_tags(version, platforms=platforms)
    yield from compatible_tags(version, f"cp{python.replace('.', '')}", platforms)


def download_wheels(platform, python, folder, lock=LOCK):
    """The paths of all wheels that the lock needs there; those that `folder` lacks are downloaded.

    Raises: BundleError where one of them can't be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pins = locked(platform, python, lock)
    there = find_wheels(pins, platform, python, folder)
    missing = [pin for pin in pins if pin not in there]
    if missing:
        _download(missing, platform, python, folder)
        there |= find_wheels(missing, platform, python, folder)
    if missing := [pin for pin in pins if pin not in there]:
        raise BundleError(
            f"{folder} has no whole wheel of {', '.join(pin.name for pin in missing)} for "
            f"{PLATFORMS[platform].told} and Python {python}. Remove the half ones, and try again."
        )
    return [there[pin] for pin in pins]


def _download(pins, platform, python, folder):
    with tempfile.TemporaryDirectory() as aside:
        asked = Path(aside) / "requirements.txt"
        asked.write_text("\n".join(pin.line() for pin in pins), encoding="utf-8")
        kinds = [f"--platform={tag}" for tag in PLATFORMS[platform].tags]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--require-hashes", "--implementation=cp"]
        command += [
            f"--python-version={python}",
            *kinds,
            f"--dest={folder}",
            f"--requirement={asked}",
        ]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise BundleError(
            f"pip could not download the wheels for {PLATFORMS[platform].told} and Python {python}."
            f" Is there a network? It said: {' '.join(said) or done.stderr[-500:]}"
        )
