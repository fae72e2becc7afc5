"""Which faces a room gets: the variable, then course.toml, then "auto"."""

import pytest

from helpers.faces import FacesError, choice, chosen_size, load_faces
from tests.faces.noise import noise_jpeg

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def course_toml(tmp_path, monkeypatch):
    """A function that writes course.toml into a folder that stands for the course's."""
    monkeypatch.setattr(choice, "REPOSITORY_FOLDER", tmp_path)
    monkeypatch.setattr(choice, "COURSE_FILE", tmp_path / "course.toml")

    def write(text, encoding="utf-8"):
        (tmp_path / "course.toml").write_text(text, encoding=encoding)

    return write


def test_without_a_file_nobody_asks(course_toml):
    assert choice.chosen_faces() == ("auto", None)


def test_the_file_decides_for_the_room_and_the_sentence_says_so(course_toml, capsys):
    course_toml('# this room\nfaces = "crowd"\n')
    found = load_faces("auto", n=3)
    assert found.source.startswith("3 faces of different people")
    assert found.source.endswith(", as the room's course.toml asks")
    assert found.source in capsys.readouterr().out


def test_the_variable_goes_before_the_file(course_toml, monkeypatch):
    course_toml('faces = "crowd"')
    monkeypatch.setenv("COURSE_FACES", "drawn")
    assert load_faces("auto", n=3).source.endswith(", as COURSE_FACES asks")


def test_a_named_source_needs_no_file_not_even_a_good_one(course_toml):
    course_toml("faces = ")
    assert len(load_faces("drawn", n=3).images) == 3


@pytest.mark.parametrize("text", ["", "# nothing\n", 'faces = "auto"'])
def test_a_file_that_asks_for_nothing_leaves_auto(course_toml, text):
    course_toml(text)
    assert choice.chosen_faces()[0] == "auto"


def test_notepads_mark_before_the_first_letter_is_no_error(course_toml):
    course_toml('faces = "drawn"', encoding="utf-8-sig")
    assert choice.chosen_faces()[0] == "drawn"


def test_a_folder_in_the_file_is_seen_from_the_courses_own(course_toml, tmp_path, monkeypatch):
    (tmp_path / "ours").mkdir()
    (tmp_path / "notebooks").mkdir()
    for number in range(20):
        (tmp_path / "ours" / f"{number}.jpg").write_bytes(noise_jpeg(number))
    course_toml('faces = "ours"')
    monkeypatch.chdir(tmp_path / "notebooks")
    assert len(load_faces("auto").images) == 20


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('face = "drawn"', "'face'"),
        ('faces = "drawn"\nprofile = "full"', "'profile'"),
        ("faces = 3", "3"),
        ('faces = " "', "' '"),
        ('faces = ["drawn"]', "drawn"),
        ("faces = drawn", "can't be read"),
        ("faces", "can't be read"),
    ],
)
def test_a_wrong_line_is_a_sentence_with_the_file_what_was_wrong_and_a_good_line(
    course_toml, tmp_path, text, named
):
    course_toml(text)
    with pytest.raises(FacesError) as found:
        load_faces("auto")
    sentence = str(found.value)
    assert str(tmp_path / "course.toml") in sentence and named in sentence
    assert 'faces = "drawn"' in sentence


def test_a_file_that_is_not_utf_8_is_a_sentence(course_toml):
    course_toml('faces = "drawn"  # für alle', encoding="latin-1")
    with pytest.raises(FacesError, match=r"course\.toml can't be read"):
        load_faces("auto")


def test_a_wrong_word_in_the_file_is_named_with_the_file(course_toml):
    course_toml('faces = "drown"')
    with pytest.raises(FacesError, match=r"^The room's course\.toml is set to .*drown"):
        load_faces("auto")


def test_the_size_is_what_the_variable_asks(monkeypatch):
    monkeypatch.setenv("COURSE_SIZE", " 200 ")
    assert chosen_size(100) == 200


@pytest.mark.parametrize("asked", [None, "", " "])
def test_where_nobody_asks_it_is_the_callers_size(monkeypatch, asked):
    monkeypatch.delenv("COURSE_SIZE", raising=False)
    if asked is not None:
        monkeypatch.setenv("COURSE_SIZE", asked)
    assert chosen_size(100) == 100


@pytest.mark.parametrize("asked", ["large", "1e2", "0", "-50", "5000"])
def test_a_size_that_is_none_is_a_sentence(monkeypatch, asked):
    monkeypatch.setenv("COURSE_SIZE", asked)
    with pytest.raises(FacesError, match=f"COURSE_SIZE is '{asked}'.*50, 100 or 200"):
        chosen_size(100)
