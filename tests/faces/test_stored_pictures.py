"""Pictures on disk: an array like that in memory, made once, mended where it was broken."""

import hashlib
import json
import os
import shutil
import threading
import time

import numpy as np
import pytest
from PIL import Image

from helpers.faces import FacesError, load_faces, storing
from helpers.faces.stored_pictures import StoredPictures
from helpers.judging import split
from tests.faces.noise import noise

pytestmark = pytest.mark.usefixtures("strict")
COUNT, SIZE = 50, 16


@pytest.fixture
def folder(tmp_path):
    """A folder with 50 pictures, and blocks so small that they make several."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(COUNT):
        Image.fromarray(noise(number, 20, 24)).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(storing, "BLOCK", 8)


@pytest.fixture
def made(monkeypatch):
    """The names of the pictures that are made small, in whatever order."""
    names = []

    def made_small(path, size, _make=storing.small_square):
        names.append(path.name)
        return _make(path, size)

    monkeypatch.setattr(storing, "small_square", made_small)
    monkeypatch.setattr(storing, "COMPARED", 0)
    monkeypatch.setattr(storing, "TRIED", 1)  # the first picture tells how long it takes
    return names


def stored(folder, **options):
    return load_faces(folder, SIZE, memory=0, **options)


def in_memory(folder, **options):
    return load_faces(folder, SIZE, memory=1, **options)


def home_of(faces):
    return faces.images._path.parent


def assert_same(faces, others):
    assert isinstance(faces.images, StoredPictures) and isinstance(others.images, np.ndarray)
    assert (faces.names, faces.folder) == (others.names, others.folder)
    assert faces.source == others.source
    np.testing.assert_array_equal(np.asarray(faces.images), others.images)
    assert faces.images.digest() == hashlib.sha256(others.images.tobytes()).hexdigest()


# ---- an array


@pytest.mark.parametrize(
    "key",
    [3, -1, np.int64(4), slice(5), slice(None, None, -7), slice(40, 99), [3, 1, 1], [], ...]
    + [np.array([[1, 2], [3, 4]]), np.arange(COUNT) % 3 == 0],
    ids=str,
)
def test_rows_are_those_of_the_array_in_memory(folder, key):
    ours, theirs = stored(folder).images[key], in_memory(folder).images[key]
    assert type(ours) is np.ndarray and ours.dtype == np.float32
    np.testing.assert_array_equal(ours, theirs, strict=True)


def test_it_looks_like_an_array(folder):
    ours, theirs = stored(folder).images, in_memory(folder).images
    for name in ("shape", "dtype", "ndim", "nbytes"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert len(ours) == COUNT and str((COUNT, SIZE, SIZE, 3)) in repr(ours)
    assert (ours.min(), ours.max()) == (theirs.min(), theirs.max())
    np.testing.assert_array_equal(np.asarray(ours, "float64"), theirs.astype("float64"))
    np.testing.assert_array_equal([picture.mean() for picture in ours], theirs.mean((1, 2, 3)))


@pytest.mark.parametrize("key", [COUNT, -COUNT - 1, [0, COUNT]], ids=str)
def test_a_row_that_is_not_there_is_an_index_error(folder, key):
    with pytest.raises(IndexError, match="out of bounds"):
        stored(folder).images[key]


def test_more_axes_than_rows_are_refused_with_the_cure(folder):
    with pytest.raises(IndexError, match=r"asks for 2 axes.*images\[rows\]\[:, 10:20\]"):
        stored(folder).images[:, 0]


def test_a_part_stays_on_disk_and_has_the_digest_of_its_array(folder):
    ours, theirs = stored(folder).images, in_memory(folder).images
    for part, whole in zip(split(ours, 20, seed=3), split(theirs, 20, seed=3), strict=True):
        assert isinstance(part, StoredPictures)
        np.testing.assert_array_equal(part[:], whole)
        assert part.digest() == hashlib.sha256(whole.tobytes()).hexdigest()
        np.testing.assert_array_equal(part.subset([2, 1])[:], whole[[2, 1]])


def test_rows_are_read_by_several_threads_at_once(folder):
    images, expected = stored(folder).images, in_memory(folder).images
    wrong = []

    def read(seed):
        random = np.random.default_rng(seed)
        for _ in range(50):
            rows = random.integers(0, COUNT, 16)
            if not np.array_equal(images[rows], expected[rows]):
                wrong.append(rows)

    threads = [threading.Thread(target=read, args=[seed]) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# ---- the door


def test_pictures_are_stored_where_they_need_more_than_they_may_take(folder, capsys):
    needed = COUNT * SIZE * SIZE * 3 * 4 / 2**30
    assert isinstance(load_faces(folder, SIZE, memory=needed).images, np.ndarray)
    assert capsys.readouterr().out == ""
    assert isinstance(load_faces(folder, SIZE, memory=0.99 * needed).images, StoredPictures)
    told = capsys.readouterr().out
    assert "50 pictures of 16 x 16 need 0.00014 GiB of memory, more than" in told
    assert "50 pictures are made small and stored, once: about " in told
    assert isinstance(load_faces(folder, SIZE, 20, memory=0.5 * needed).images, np.ndarray)


def test_without_a_number_it_is_a_quarter_of_what_is_left(folder, monkeypatch):
    needed = COUNT * SIZE * SIZE * 3 * 4
    for left, kind in ((4 * needed, np.ndarray), (4 * needed - 1, StoredPictures)):
        monkeypatch.setattr("helpers.faces.loading.memory_left", lambda left=left: left)
        assert isinstance(load_faces(folder, SIZE).images, kind)


@pytest.mark.parametrize("wrong", [-1, "much", float("nan"), True])
def test_memory_that_can_not_be_is_refused_by_name(folder, wrong):
    with pytest.raises(ValueError, match="^memory is .*, but it must be a number 0 or more"):
        load_faces(folder, memory=wrong)


def test_the_first_n_are_taken(folder):
    assert_same(stored(folder, n=30), in_memory(folder, n=30))


def test_damaged_pictures_are_named_each_time_and_left_out(folder, capsys, small_blocks):
    for name in ("00.png", "31.png"):
        (folder / name).write_bytes(b"dear diary")
    for _ in range(2):
        faces = stored(folder)
        told = capsys.readouterr().out
        for name in ("00.png", "31.png"):
            assert f"Left out: {name} cannot be read: it is not a picture" in told
    assert_same(faces, in_memory(folder))
    assert len(faces.images) == COUNT - 2


def test_a_damaged_picture_is_tried_again(folder, monkeypatch):
    def refuse(path, size, _make=storing.small_square):
        if path.name == "07.png":
            raise FacesError("07.png cannot be read: this computer does not let you read the file.")
        return _make(path, size)

    with monkeypatch.context() as patch:
        patch.setattr(storing, "small_square", refuse)
        assert "07.png" not in stored(folder).names
    assert_same(stored(folder), in_memory(folder))


# ---- once, and what changed


def test_pictures_are_made_small_once(folder, made, capsys):
    stored(folder)
    assert set(made) == {f"{number:02}.png" for number in range(COUNT)}
    made.clear()
    capsys.readouterr()
    assert_same(stored(folder), in_memory(folder))
    assert made == [] and "made small" not in capsys.readouterr().out


def test_each_folder_and_each_size_has_its_own(folder, tmp_path):
    other = tmp_path / "elsewhere" / "mine"
    shutil.copytree(folder, other)
    homes = {home_of(stored(folder)), home_of(stored(other))}
    homes.add(home_of(load_faces(folder, SIZE + 1, memory=0)))
    assert len(homes) == 3
    assert_same(stored(other), in_memory(other))


def test_what_was_added_changed_or_removed_is_brought_up_to_date(
    folder, made, capsys, small_blocks
):
    before = stored(folder)
    Image.fromarray(noise(100)).save(folder / "0_first.png")
    Image.fromarray(noise(101)).save(folder / "20.png")
    (folder / "49.png").unlink()
    (folder / "10.png").unlink()
    made.clear()
    capsys.readouterr()
    faces = stored(folder)
    assert set(made) == {"0_first.png", "20.png"}
    assert "1 are new, 1 changed, and 2 are gone" in capsys.readouterr().out
    assert_same(faces, in_memory(folder))
    with pytest.raises(FacesError, match="can't be read.*Load the faces again"):
        before.images[0]
    files = {path.name for path in home_of(faces).iterdir()}
    assert files == {".lock", "record.json", faces.images._path.name}


def test_a_picture_of_another_time_and_the_same_length_is_made_anew(folder):
    stored(folder)
    picture = noise(0, 20, 24)
    for name in ("05.bmp", "06.bmp"):  # as long as each other, whatever they show
        Image.fromarray(picture).save(folder / name)
    stored(folder)
    told = (folder / "05.bmp").stat()
    Image.fromarray(255 - picture).save(folder / "05.bmp")
    os.utime(folder / "05.bmp", ns=(told.st_atime_ns, told.st_mtime_ns + 1))
    assert (folder / "05.bmp").stat().st_size == told.st_size
    assert_same(stored(folder), in_memory(folder))


# ---- what breaks


def interrupt_after(count, monkeypatch):
    """Ctrl-C comes when so many pictures are made small."""
    left = [count]

    def made_small(path, size, _make=storing.small_square):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return _make(path, size)

    monkeypatch.setattr(storing, "small_square", made_small)


@pytest.mark.parametrize("damage", ["none", "half a line", "short file", "no file", "changed", "?"])
def test_an_interrupted_filling_is_never_read_and_goes_on_where_it_stopped(
    folder, monkeypatch, small_blocks, made, capsys, damage
):
    (folder / "02.png").write_bytes(b"dear diary")
    with monkeypatch.context() as patch:
        interrupt_after(30, patch)
        with pytest.raises(KeyboardInterrupt):
            stored(folder)
    [home] = (folder.parent / "cache").iterdir()
    assert not (home / "record.json").exists()
    part, journal = home / "filling.bin", home / "filling.jsonl"
    done = len(journal.read_text(encoding="utf-8").splitlines())
    assert done in (24, 16)  # whole blocks of 8; the first picture is tried before
    first = done
    if damage == "half a line":
        journal.write_text(journal.read_text(encoding="utf-8")[:-20], encoding="utf-8")
        first = done - 1
    elif damage == "short file":
        os.truncate(part, part.stat().st_size - 1)
        first = 0
    elif damage == "no file":
        part.unlink()
        first = 0
    elif damage == "changed":
        Image.fromarray(noise(77)).save(folder / "09.png")
        first = 9
    elif damage == "?":
        journal.write_bytes(b"\xff\xfe{[")
        first = 0
    made.clear()
    capsys.readouterr()
    faces = stored(folder)
    assert set(made) == {f"{number:02}.png" for number in range(first, COUNT)}
    told = f"{first} of 50 pictures were stored before an interruption."
    assert (told in capsys.readouterr().out) == (first > 0)
    assert_same(faces, in_memory(folder))


def break_record(change):
    def broken(home):
        record = json.loads((home / "record.json").read_text(encoding="utf-8"))
        change(record)
        (home / "record.json").write_text(json.dumps(record), encoding="utf-8")

    return broken


def short_file(home):
    [path] = home.glob("pictures_*.bin")
    os.truncate(path, path.stat().st_size - 1)


def other_pictures(home):
    """Of the right length, but of something else."""
    [path] = home.glob("pictures_*.bin")
    path.write_bytes(bytes(path.stat().st_size))


BREAKS = {
    "short file": short_file,
    "other pictures": other_pictures,
    "no file": lambda home: next(home.glob("pictures_*.bin")).unlink(),
    "half a record": lambda home: os.truncate(home / "record.json", 100),
    "no object": lambda home: (home / "record.json").write_text("[1]", encoding="utf-8"),
    "another version": break_record(lambda record: record.update(format=0)),
    "no digest": break_record(lambda record: record.update(digest=None)),
    "a source more": break_record(lambda record: record["sources"].append(["z", 1, 1, None])),
    "a number for a source": break_record(lambda record: record["sources"].insert(0, 7)),
    "no sources": break_record(lambda record: record.pop("sources")),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_what_is_broken_is_told_and_made_anew(folder, capsys, kind):
    BREAKS[kind](home_of(stored(folder)))
    capsys.readouterr()
    faces = stored(folder)
    assert "made anew." in capsys.readouterr().out
    assert_same(faces, in_memory(folder))
    stored(folder)
    assert "made anew." not in capsys.readouterr().out


def test_a_file_that_grows_too_short_while_it_is_read_is_a_sentence(folder):
    images = stored(folder).images
    os.truncate(images._path, images._path.stat().st_size - 1)
    np.testing.assert_array_equal(images[0], in_memory(folder).images[0])
    with pytest.raises(FacesError, match=r"can't be read: the file ends too early\. Load"):
        images[-1]


@pytest.mark.parametrize("reason", ["no room", "full at the end", "a file in the way"])
def test_a_cache_that_can_not_be_written_is_a_sentence(folder, monkeypatch, tmp_path, reason):
    if reason == "no room":
        usage = shutil.disk_usage(tmp_path)._replace(free=1000)
        monkeypatch.setattr(storing.shutil, "disk_usage", lambda path: usage)
    elif reason == "full at the end":

        def full(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(storing.os, "fsync", full)
    else:
        (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    with pytest.raises(FacesError, match=r"can't be stored in .*cache.* \(.+\)\. .*COURSE_CACHE"):
        stored(folder)


def test_a_second_program_waits_for_the_first_and_takes_what_it_has_stored(
    folder, made, monkeypatch, capsys
):
    monkeypatch.setattr(storing, "WAIT_SECONDS", 0.01)
    begun, may_end = threading.Event(), threading.Event()

    def slow(*arguments, _fill=storing._fill):
        begun.set()
        may_end.wait(10)
        return _fill(*arguments)

    monkeypatch.setattr(storing, "_fill", slow)
    results = []
    threads = [threading.Thread(target=lambda: results.append(stored(folder))) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    time.sleep(0.2)
    may_end.set()
    for thread in threads:
        thread.join()
    assert len(made) == COUNT + 1  # the first is tried before
    told = capsys.readouterr().out
    assert "waiting for it" in told and "brought up to date" not in told
    for faces in results:
        assert_same(faces, in_memory(folder))
