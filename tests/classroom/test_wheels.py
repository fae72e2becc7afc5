"""The lock, read for other platforms; wheels found by name and digest, and downloaded."""

import hashlib
import zipfile
from dataclasses import replace

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.version import Version

from helpers.classroom.stick.wheels import (
    LOCK,
    PLATFORMS,
    PYTHONS,
    BundleError,
    download_wheels,
    find_wheels,
    locked,
)
from tests.doors import platforms
from tests.lesson_tools import ROOT

LINUX, MAC, WINDOWS = PLATFORMS
each_platform = pytest.mark.parametrize("platform", PLATFORMS)
each_python = pytest.mark.parametrize("python", PYTHONS)


def requirements():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.split("#")[0].strip() for line in lines]
    return [Requirement(text) for text in texts if text]


@each_platform
@each_python
def test_every_line_of_the_requirements_is_satisfied_by_the_lock(platform, python):
    pins = {pin.name: pin.version for pin in locked(platform, python)}
    there = {"python_version": python, "python_full_version": f"{python}.1"}
    there |= {**default_environment(), **PLATFORMS[platform].markers, **there}
    for wanted in requirements():
        if wanted.marker is None or wanted.marker.evaluate(there):
            name = wanted.name.replace("_", "-")
            assert pins.get(name) and wanted.specifier.contains(pins[name]), wanted


@each_platform
@each_python
def test_every_package_is_there_once_and_has_digests(platform, python):
    pins = locked(platform, python)
    assert len(pins) > 100
    assert all(pin.digests for pin in pins)
    twice = {pin.name for pin in pins if sum(other.name == pin.name for other in pins) > 1}
    # Python 3.11.4 and 3.11.5 may get different versions of one.
    assert all("python_full_version" in str(p.requirement.marker) for p in pins if p.name in twice)


@pytest.mark.parametrize("python", [python for python in PYTHONS if python <= "3.12"])
def test_intel_macs_have_versions_of_their_own_in_the_lock(python, monkeypatch):
    markers = PLATFORMS[MAC].markers | {"platform_machine": "x86_64"}
    monkeypatch.setitem(PLATFORMS, "intel", replace(PLATFORMS[MAC], markers=markers))
    test_every_line_of_the_requirements_is_satisfied_by_the_lock("intel", python)
    ours, others = (
        {pin.name: pin.version for pin in locked(platform, python)} for platform in ("intel", MAC)
    )
    assert ours["tensorflow"] == "2.16.2" and ours["numpy"] == "1.26.4"
    assert Version(others["tensorflow"]) >= Version("2.21") and others["numpy"] > "2"


def test_the_stick_is_for_the_platforms_whose_download_the_readme_tells():
    table = platforms.rows((ROOT / "README.md").read_text(encoding="utf-8"))
    told = {name: cells[1] for name, cells in table.items() if cells[4].endswith("MB")}
    assert list(told) == ["Linux, x86-64", "macOS, Apple silicon", "Windows, x86-64"]
    assert set(told.values()) == {f"{PYTHONS[0]}–{PYTHONS[-1]}"}
    assert len(told) == len(PLATFORMS)


def test_the_locks_head_tells_how_it_was_made():
    assert "make lock" in LOCK.read_text(encoding="utf-8").partition("==")[0]


def write_lock(place, *lines, digest="0" * 64):
    lock = place / "test.lock"
    ends = f" \\\n    --hash=sha256:{digest} \\\n    --hash=sha256:{'f' * 64}\n    # via other\n"
    lock.write_text("# made by hand\n" + "".join(line + ends for line in lines), encoding="utf-8")
    return lock


def test_markers_are_read_for_the_other_platform(tmp_path):
    lock = write_lock(
        tmp_path,
        "everywhere==1.0",
        "on-windows==1.0 ; sys_platform == 'win32'",
        "on-mac==1.0 ; platform_system == 'Darwin' and platform_machine == 'arm64'",
        "not-on-windows==1.0 ; os_name != 'nt'",
        "old==1.0 ; python_full_version < '3.11'",
        "third==1.0 ; python_full_version < '3.11.5'",
        "third==2.0 ; python_full_version >= '3.11.5'",
    )

    def told(platform, python):
        return [f"{pin.name} {pin.version}" for pin in locked(platform, python, lock)]

    assert told(LINUX, "3.12") == ["everywhere 1.0", "not-on-windows 1.0", "third 2.0"]
    assert told(MAC, "3.12") == ["everywhere 1.0", "on-mac 1.0", "not-on-windows 1.0", "third 2.0"]
    assert told(WINDOWS, "3.11") == ["everywhere 1.0", "on-windows 1.0", "third 1.0", "third 2.0"]
    assert "old 1.0" in told(WINDOWS, "3.10") and "third 2.0" not in told(WINDOWS, "3.10")


def write_wheel(folder, tags, name="a_package", content="x = 1"):
    """A small but real wheel; returns its path and its digest."""
    folder.mkdir(exist_ok=True)
    path, info = folder / f"{name}-1.0-{tags}.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tags}\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        ("py3-none-any", [LINUX, MAC, WINDOWS]),
        ("py2.py3-none-any", [LINUX, MAC, WINDOWS]),
        ("cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [LINUX]),
        ("cp312-cp312-manylinux2014_x86_64", [LINUX]),
        ("cp38-abi3-manylinux_2_17_x86_64", [LINUX]),
        ("cp312-cp312-manylinux_2_34_x86_64", []),
        ("cp312-cp312-manylinux_2_17_aarch64", []),
        ("cp311-cp311-manylinux_2_17_x86_64", []),
        ("cp312-cp312-macosx_12_0_arm64", [MAC]),
        ("cp312-cp312-macosx_10_9_universal2", [MAC]),
        ("cp312-cp312-macosx_14_0_arm64", []),
        ("cp312-cp312-macosx_11_0_x86_64", []),
        ("cp312-none-win_amd64", [WINDOWS]),
        ("cp312-cp312-win_arm64", []),
        ("cp312-cp312-win32", []),
    ],
)
def test_a_wheel_is_taken_where_its_name_fits(tmp_path, tags, fits):
    path, digest = write_wheel(tmp_path / "wheels", tags)
    pins = locked(LINUX, "3.12", write_lock(tmp_path, "a-package==1.0", digest=digest))
    for platform in PLATFORMS:
        found = find_wheels(pins, platform, "3.12", path.parent)
        assert found == ({pins[0]: path} if platform in fits else {})


def test_of_two_wheels_that_fit_the_nearer_one_is_taken(tmp_path):
    write_wheel(tmp_path / "wheels", "py3-none-any")
    near, digest = write_wheel(tmp_path / "wheels", "cp312-cp312-win_amd64")
    (any_digest,) = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in near.parent.glob("*any.whl")
    }
    lock = write_lock(tmp_path, "a-package==1.0", digest=digest)
    text = lock.read_text(encoding="utf-8").replace("f" * 64, any_digest)
    lock.write_text(text, encoding="utf-8")
    pins = locked(WINDOWS, "3.12", lock)
    assert find_wheels(pins, WINDOWS, "3.12", near.parent) == {pins[0]: near}


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that stands for the index of packages: pip reads it, and asks no network."""
    for name in ("PIP_CONSTRAINT", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return tmp_path / "index"


@each_platform
def test_wheels_are_downloaded_once_for_their_platform(tmp_path, index, monkeypatch, platform):
    tags = {
        LINUX: "cp310-cp310-manylinux_2_28_x86_64",
        MAC: "cp310-cp310-macosx_11_0_arm64",
        WINDOWS: "cp310-cp310-win_amd64",
    }
    digests = {name: write_wheel(index, tags[name])[1] for name in PLATFORMS}
    lock = write_lock(tmp_path, "a-package==1.0", digest=digests[platform])
    for _ in range(2):
        (wheel,) = download_wheels(platform, "3.10", tmp_path / "cache", lock)
        assert wheel == tmp_path / "cache" / f"a_package-1.0-{tags[platform]}.whl"
        monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))  # the second asks nobody


def test_a_half_wheel_is_downloaded_again(tmp_path, index):
    good, digest = write_wheel(index, "py3-none-any")
    lock = write_lock(tmp_path, "a-package==1.0", digest=digest)
    (tmp_path / "cache").mkdir()
    half = tmp_path / "cache" / good.name
    half.write_bytes(good.read_bytes()[:100])
    assert download_wheels(LINUX, "3.12", tmp_path / "cache", lock) == [half]
    assert half.read_bytes() == good.read_bytes()


def test_a_wheel_that_can_not_be_had_is_a_sentence(tmp_path, index):
    _, digest = write_wheel(index, "cp312-cp312-win_amd64")
    lock = write_lock(tmp_path, "a-package==1.0", digest=digest)
    with pytest.raises(BundleError, match=r"macOS 12.*Python 3\.12.*a-package"):
        download_wheels(MAC, "3.12", tmp_path / "cache", lock)


def test_a_wheel_with_another_digest_is_not_taken(tmp_path, index):
    write_wheel(index, "py3-none-any")
    lock = write_lock(tmp_path, "a-package==1.0")
    with pytest.raises(BundleError, match="pip could not download"):
        download_wheels(LINUX, "3.12", tmp_path / "cache", lock)
