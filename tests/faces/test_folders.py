"""What lies in a folder: each kind of thing that is left out is named, counted, and has a cure."""

import shlex
import sys

import pytest
from PIL import Image

from helpers.faces import FacesError, folders
from helpers.faces.folders import (
    KIND_OF,
    Kind,
    counted,
    folders_with_pictures,
    line_for,
    look_into,
    named,
    offer_of_folders,
)
from helpers.faces.photographs import AVIF_TYPES, HEIC_TYPES, PICTURE_TYPES
from tests.faces.noise import noise

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture(autouse=True)
def no_heic_reader(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # an import of it fails


def put(folder, *names):
    """Files with some bytes; nobody opens them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"something")


def test_pictures_are_found_by_name_and_nothing_else_is_told(tmp_path):
    put(tmp_path, "b.jpg", "a.PNG", "notes.txt", "film.mov", "Makefile")
    (tmp_path / "inside").mkdir()
    found = look_into(tmp_path)
    assert [path.name for path in found.pictures] == ["a.PNG", "b.jpg"]
    assert (found.left_out, found.sentences(), found.unreadable()) == ({}, [], 0)


@pytest.mark.parametrize("ending", [ending for ending in KIND_OF if ending not in AVIF_TYPES])
def test_each_ending_that_is_not_read_is_named_counted_and_has_a_cure(tmp_path, ending):
    put(tmp_path, f"one{ending}", f"two{ending.upper()}", "good.jpg")
    found = look_into(tmp_path)
    assert [path.name for path in found.pictures] == ["good.jpg"]
    [sentence] = found.sentences()
    kind = KIND_OF[ending]
    assert sentence == f"Left out: 2 {kind.many} (one{ending}, two{ending.upper()}). {kind.cure}"
    assert found.unreadable() == 2


def test_no_ending_is_of_two_kinds_and_none_that_every_computer_reads_is_left_out():
    assert not set(KIND_OF) & set(PICTURE_TYPES)
    assert len(KIND_OF) == sum(map(len, folders.ENDINGS.values()))
    assert all(ending == ending.lower() for ending in KIND_OF)


@pytest.mark.parametrize("reader", ["HEIF", "AVIF"])
def test_what_this_computer_reads_is_a_picture(tmp_path, monkeypatch, reader):
    endings = {"HEIF": HEIC_TYPES, "AVIF": AVIF_TYPES}[reader]
    put(tmp_path, *[f"a{ending}" for ending in endings])
    monkeypatch.setattr(folders, "readable_types", lambda: PICTURE_TYPES)
    assert look_into(tmp_path).unreadable() == len(endings)
    monkeypatch.setattr(folders, "readable_types", lambda: PICTURE_TYPES + endings)
    assert len(look_into(tmp_path).pictures) == len(endings)


def test_empty_files_hidden_ones_folders_and_broken_links_are_told(tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    put(tmp_path, "._a.jpg", "good.jpg")
    (tmp_path / "album.png").mkdir()
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "whole.jpg").symlink_to(tmp_path / "good.jpg")
    found = look_into(tmp_path)
    assert [path.name for path in found.pictures] == ["good.jpg", "whole.jpg"]
    assert found.left_out == {
        folders.HIDDEN: ["._a.jpg"],
        folders.FOLDER: ["album.png"],
        folders.EMPTY: ["empty.jpg"],
        folders.LINK: ["gone.jpg"],
    }
    assert found.unreadable() == 2  # a folder and a hidden file are no pictures
    assert len(found.sentences()) == 4


def test_every_kind_says_what_to_do_in_whole_sentences():
    kinds = [kind for kind in vars(folders).values() if isinstance(kind, Kind)]
    assert len(kinds) == 9
    for kind in kinds:
        assert kind.cure.endswith(".") and kind.cure[0].isupper() and len(kind.cure) > 20
        assert kind.one != kind.many


def test_the_first_names_are_told_and_how_many_more():
    assert counted(["a"], "empty file", "empty files") == "1 empty file (a)"
    assert counted(list("abc"), "x", "files") == "3 files (a, b, c)"
    assert counted(list("abcdef"), "x", "files") == "6 files (a, b, c and 3 more)"
    assert named(list("abc"), 1) == "a and 2 more"


def test_a_folder_that_can_not_be_listed_is_a_sentence(tmp_path, monkeypatch):
    with pytest.raises(FacesError, match=r"nowhere can't be listed: .*Check its spelling"):
        look_into(tmp_path / "nowhere")
    put(tmp_path, "a.jpg")
    with pytest.raises(FacesError, match=r"a\.jpg is a file, but load_faces needs the folder"):
        look_into(tmp_path / "a.jpg")


# ---- folders inside


def test_folders_inside_are_counted_however_deep_and_the_fullest_comes_first(tmp_path):
    put(tmp_path, "a.jpg")
    put(tmp_path / "school", "a.jpg", "b.HEIC", "notes.txt", ".hidden.jpg")
    put(tmp_path / "years" / "2024", "a.jpg", "b.png", "c.avif")
    put(tmp_path / ".trash", "a.jpg")
    put(tmp_path / "letters", "a.txt")
    found = folders_with_pictures(tmp_path)
    assert list(found.items()) == [(tmp_path / "years" / "2024", 3), (tmp_path / "school", 2)]


def test_a_tree_of_thousands_is_not_walked_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "FOLDERS_OPENED", 4)
    for number in range(9):
        put(tmp_path / f"{number}", "a.jpg")
    assert len(folders_with_pictures(tmp_path)) == 4


def test_the_offer_names_folders_numbers_and_the_very_line(tmp_path):
    home = tmp_path / "photos"
    assert offer_of_folders(tmp_path) == ""
    put(home / "my holiday", *[f"{number}.jpg" for number in range(34)])
    put(home / "one", "a.jpg")
    assert offer_of_folders(home) == (
        "Folders inside photos hold pictures and are not read: my holiday (34 pictures), one "
        f"(1 picture). To take the first: {line_for(home / 'my holiday')}"
    )


def test_many_folders_do_not_flood_the_page_and_small_ones_are_not_advised(tmp_path):
    for number in range(8):
        put(tmp_path / f"person {number}", "a.jpg", "b.jpg")
    offer = offer_of_folders(tmp_path)
    assert offer.count("person") == 5 and "and 3 more" in offer
    assert "COURSE_FACES" not in offer and "None of them has the 20" in offer


def test_the_line_survives_a_shell(tmp_path, monkeypatch):
    folder = tmp_path / "Anna's pictures"
    assert shlex.split(line_for(folder)) == [f"COURSE_FACES={folder}"]
    monkeypatch.setattr("platform.system", lambda: "Windows")
    assert line_for("C:\\my pictures") == '$env:COURSE_FACES = "C:\\my pictures"'


def test_a_picture_that_is_found_is_not_opened(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a picture was opened")

    Image.fromarray(noise(1)).save(tmp_path / "a.jpg")
    monkeypatch.setattr(Image, "open", refuse)
    assert len(look_into(tmp_path).pictures) == 1
