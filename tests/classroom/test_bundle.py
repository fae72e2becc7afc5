"""The folder for a stick: the course's files, faces, pages and a start; whole, or not there."""

import json
import re
import subprocess

import pytest

from helpers.classroom import bundle
from helpers.classroom.stick.wheels import PLATFORMS, BundleError
from helpers.faces import choice, loading
from helpers.files import REPOSITORY_FOLDER

PARTS = ["READ_ME.txt", "bundle.json", "course", "html", "python", "start.bat", "start.command"]
PARTS += ["start.sh", "wheels"]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """What takes long is small: three drawn faces, one page, and wheels that are only names."""
    names = ("some-1.0-py3-none-any.whl", "some-1.0-cp312-cp312-win_amd64.whl")
    wheels = [tmp_path / name for name in names]
    for wheel in wheels:
        wheel.write_text(wheel.name, encoding="utf-8")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(bundle, "DRAWN_FACES", ((3, 0, "drawn"),))
    monkeypatch.setattr(bundle, "download_wheels", lambda *asked: wheels)
    monkeypatch.setattr(bundle, "write_html", lambda place: place.mkdir())
    return tmp_path


def files_of(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_parts_are_there_and_wheels_for_every_platform_only_once(small):
    stick = small / "stick"
    assert bundle.main([str(stick), "--platforms", "windows-x86-64", "--pythons", "3.12"]) == 0
    assert files_of(stick) == PARTS
    assert files_of(stick / "wheels" / "any") == ["some-1.0-py3-none-any.whl"]
    assert files_of(stick / "wheels" / "windows-x86-64") == ["some-1.0-cp312-cp312-win_amd64.whl"]
    contents = json.loads((stick / "bundle.json").read_text(encoding="utf-8"))
    assert contents["wheels"] == {"windows-x86-64": ["3.12"]}


def test_the_page_to_read_names_the_pythons_and_the_computers(small):
    assert bundle.main([str(small / "stick"), "--pythons", "3.11", "3.13"]) == 0
    page = (small / "stick" / "READ_ME.txt").read_text(encoding="utf-8")
    assert "3.11 or 3.13" in page and "{" not in page
    assert all(platform.told in page for platform in PLATFORMS.values())
    assert b"\r\n" in (small / "stick" / "start.bat").read_bytes()
    assert b"\r" not in (small / "stick" / "start.sh").read_bytes()


def test_the_course_is_what_git_knows_and_nothing_else(small):
    listed = subprocess.run(
        ["git", "-C", str(REPOSITORY_FOLDER), "ls-files", "-z"], capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout, so there is no list of committed files")
    bundle.copy_course(small / "course")
    there = {path for path in (small / "course").rglob("*") if path.is_file()}
    names = {path.relative_to(small / "course").as_posix() for path in there}
    assert names == set(listed.stdout.split("\0")) - {""}


@pytest.fixture
def other_course(tmp_path, monkeypatch):
    """A folder that stands for the course, with a file of each kind."""
    place = tmp_path / "other"
    for name in ("lessons/00_a.ipynb", "my_faces/me.jpg", "data/cache/lfw/him.jpg", ".venv/x"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(name, encoding="utf-8")
    (place / ".gitignore").write_text(".venv/\ndata/cache/\n", encoding="utf-8")
    monkeypatch.setattr(bundle, "REPOSITORY_FOLDER", place)
    return place


def git(place, *words):
    subprocess.run(["git", "-C", str(place), *words], check=True, capture_output=True)


def test_an_instructors_own_pictures_do_not_go_on_the_stick(other_course, tmp_path):
    git(other_course, "init")
    git(other_course, "add", "lessons", ".gitignore")
    bundle.copy_course(tmp_path / "course")
    assert files_of(tmp_path / "course") == [".gitignore", "lessons"]


def test_without_git_what_it_ignores_stays_behind(other_course, tmp_path):
    bundle.copy_course(tmp_path / "course")
    assert files_of(tmp_path / "course") == [".gitignore", "data", "lessons", "my_faces"]
    assert files_of(tmp_path / "course" / "data") == []


def test_a_file_that_is_missing_is_named(other_course, tmp_path):
    git(other_course, "init")
    git(other_course, "add", "lessons")
    (other_course / "lessons" / "00_a.ipynb").unlink()
    with pytest.raises(BundleError, match=r"00_a\.ipynb is missing"):
        bundle.copy_course(tmp_path / "course")


@pytest.mark.parametrize("faces", ["drawn", "crowd"])
def test_the_room_gets_its_faces_and_they_are_drawn_already(small, monkeypatch, capsys, faces):
    monkeypatch.setattr(bundle, "DRAWN_FACES", ((3, 0, "drawn"), (3, 0, "crowd")))
    assert bundle.main([str(small / "stick"), "--faces", faces]) == 0
    course = small / "stick" / "course"
    monkeypatch.setattr(choice, "COURSE_FILE", course / "course.toml")
    monkeypatch.setenv("COURSE_CACHE", str(course / "data" / "cache"))
    monkeypatch.delenv("COURSE_FACES", raising=False)
    capsys.readouterr()
    assert loading.load_faces("auto", n=3).folder.name == f"{faces}_n3_seed0"
    said = capsys.readouterr().out
    assert "as the room's course.toml asks" in said and "Drawing" not in said


def test_an_older_folder_stays_unless_one_asks(small, capsys):
    assert bundle.main([str(small / "stick")]) == 0
    (small / "stick" / "mark").touch()
    assert bundle.main([str(small / "stick")]) == 1
    assert "exists already" in capsys.readouterr().err
    assert (small / "stick" / "mark").exists()
    assert bundle.main([str(small / "stick"), "--replace"]) == 0
    assert files_of(small / "stick") == PARTS


def test_a_folder_that_is_no_bundle_is_never_replaced(small, capsys):
    (small / "letters").mkdir()
    (small / "letters" / "mark").touch()
    assert bundle.main([str(small / "letters"), "--replace"]) == 1
    assert "is not a bundle" in capsys.readouterr().err
    assert files_of(small / "letters") == ["mark"]


@pytest.mark.parametrize("error", [BundleError("no wheel"), OSError(28, "No space left")])
def test_what_fails_leaves_the_older_bundle_and_nothing_half(small, monkeypatch, capsys, error):
    def fail(*asked):
        raise error

    assert bundle.main([str(small / "out" / "stick")]) == 0
    monkeypatch.setattr(bundle, "download_wheels", fail)
    assert bundle.main([str(small / "out" / "stick"), "--replace"]) == 1
    assert bundle.main([str(small / "out" / "other")]) == 1
    assert str(error) in capsys.readouterr().err
    assert files_of(small / "out") == ["stick"] and files_of(small / "out" / "stick") == PARTS


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The course's lessons as HTML, by name."""
    place = tmp_path_factory.mktemp("stick") / "html"
    bundle.write_html(place)
    return {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()}


def test_every_lesson_and_the_glossary_is_a_page(pages):
    notebooks = (REPOSITORY_FOLDER / "notebooks").glob("[0-9][0-9]_*.ipynb")
    assert set(pages) == {f"{path.stem}.html" for path in notebooks} | {"glossary.html"}


def test_a_page_fetches_nothing_when_it_is_opened(pages):
    """An `import(…)` in a script stands for diagrams, of which there are none."""
    for name, page in pages.items():
        fetched = re.findall(r"<(?:script|img|link|iframe|video)[^>]*?(?:src|href)=\"(.*?)\"", page)
        assert [address for address in fetched if address and address[:5] != "data:"] == [], name
        assert not re.search(r"@import|url\(\"?https?:|<pre class=\"mermaid", page), name


def test_links_between_pages_lead_to_files_of_the_bundle(pages):
    for name, page in pages.items():
        for target in re.findall(r'<a[^>]*? href="(?!https?:|#|mailto:)([^"#]+)', page):
            is_page = target in pages
            is_file = (
                target.startswith("../course/")
                and (REPOSITORY_FOLDER / target.removeprefix("../course/")).is_file()
            )
            assert is_page or is_file, f"{name}: {target}"
    assert 'href="01_images_as_matrices.html"' in pages["00_start_here.html"]
    assert 'href="glossary.html"' in pages["00_start_here.html"]


def test_a_page_shows_the_stored_pictures_with_their_alt_texts(pages):
    pictures = re.findall(r"<img[^>]*>", pages["05_training_loop.html"])
    assert len(pictures) > 10
    assert all("data:image" in picture and 'alt="' in picture for picture in pictures)


def test_nbconvert_that_fails_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", "false")
    with pytest.raises(BundleError, match="nbconvert could not write"):
        bundle.write_html(tmp_path / "html")
