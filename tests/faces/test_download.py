"""Photographs over the network: a real server on loopback that is honest, lies, breaks or drips.

Most tests fetch a small album of 24 noise pictures made here. Only one needs ../shared/lfw.
"""

import hashlib
import http.server
import io
import logging
import os
import subprocess
import sys
import tarfile
import threading
import time
import tracemalloc
import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pooch
import pytest
import requests
from PIL import Image

from helpers.faces import FacesError, choice, download, load_faces, loading
from helpers.faces.download import Album
from helpers.faces.servers import MOST_BYTES, Archive, Files
from helpers.files import cache_folder
from tests.faces.noise import noise_jpeg
from tests.lesson_tools import ROOT
from tests.pictures import PHOTOGRAPHS

NAMES = [f"tiny_{number:04d}.jpg" for number in range(1, 25)]


class Server:
    """A real HTTP server on 127.0.0.1. `bodies`: path → bytes; `asked`: every path of a GET.

    `behave(handler, body)` may answer in its own way; it returns True where it has done so.
    """

    def __init__(self, bodies):
        self.bodies, self.asked, self.behave = bodies, [], lambda handler, body: False
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(200 if self.path in server.bodies else 404)
                self.end_headers()

            def do_GET(self):
                server.asked.append(self.path)
                body = server.bodies.get(self.path)
                if body is None:
                    self.send_error(404)
                elif not server.behave(self, body):
                    send(self, body)

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64
            block_on_close = False

            def handle_error(self, *_):
                """A client that has gone away is no news here."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def send(handler, body, share=1.0):
    """Promises the whole body and sends a share of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: int(len(body) * share)])


PICTURES = {name: noise_jpeg(number) for number, name in enumerate(NAMES)}


def tar_gz(members):
    """A tar.gz of (path, bytes) pairs; a path with bytes None is a symbolic link to /etc/passwd."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for path, content in members:
            member = tarfile.TarInfo(path)
            if content is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content or b""))
    return file.getvalue()


def write_registry(path, pictures):
    lines = [f"{name} sha256:{hashlib.sha256(body).hexdigest()}" for name, body in pictures.items()]
    path.write_text("# a comment\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server({f"/{name}": body for name, body in PICTURES.items()})
    members = [(f"lfw/tiny/{name}", body) for name, body in PICTURES.items()]
    server.bodies["/lfw.tgz"] = tar_gz([("lfw/other/other_0001.jpg", b"other"), *members])
    yield server
    server.close()


@pytest.fixture
def album(server, tmp_path):
    registry = write_registry(tmp_path / "registry.txt", PICTURES)
    return Album((Files(server.address), Archive(server.address + "lfw.tgz")), registry, timeout=2)


@pytest.fixture
def no_waiting(monkeypatch):
    """Pooch waits a second before its first repetition, and two before the next."""
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def at_home(monkeypatch, tmp_path, album):
    """load_faces with its cache in a new folder and the small album in place of the photographs."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_FACES", raising=False)
    monkeypatch.setattr(choice, "COURSE_FILE", tmp_path / "course.toml")
    monkeypatch.setattr(download, "LFW", album)
    monkeypatch.setattr("helpers.faces.drawn_files.write_drawn_faces", draw_noise)
    return album


def draw_noise(folder, n=500, seed=0, album="drawn"):
    for number in range(1, n + 1):
        (Path(folder) / f"{album}_{number:04d}.jpg").write_bytes(noise_jpeg(seed + number))


def closed_port():
    """An address on loopback where nobody listens."""
    server = Server({})
    server.close()
    return server.address


def nobody_there():
    """A source whose server doesn't answer."""
    return Files(closed_port())


def all_right(folder):
    return all((folder / name).read_bytes() == body for name, body in PICTURES.items())


def test_the_registry_names_530_photographs_with_a_digest_each():
    digests = download.LFW.digests()
    assert list(digests) == [f"George_W_Bush_{number:04d}.jpg" for number in range(1, 531)]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests.values())


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw")
def test_the_530_photographs_come_from_an_honest_server(server, monkeypatch, tmp_path, capsys):
    server.bodies = {f"/{path.name}": path.read_bytes() for path in PHOTOGRAPHS.glob("*.jpg")}
    real = replace(download.LFW, servers=(Files(server.address), nobody_there()))
    monkeypatch.setattr(download, "LFW", real)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setenv("COURSE_PROFILE", "smoke")
    photographs = load_faces("lfw")
    assert photographs.images.shape == (530, 50, 50, 3)
    assert photographs.images.dtype == "float32"
    assert 0 <= photographs.images.min() < 0.1 and 0.9 < photographs.images.max() <= 1
    assert photographs.names == sorted(path.name for path in PHOTOGRAPHS.glob("*.jpg"))
    with Image.open(PHOTOGRAPHS / "George_W_Bush_0007.jpg") as picture:
        middle = np.asarray(picture)[2::5, 2::5] / 255  # a second way to the same pixels
    np.testing.assert_allclose(photographs.images[6], middle, atol=1e-6)
    assert "530 photographs" in photographs.source
    assert capsys.readouterr().err == ""

    asked = len(server.asked)
    again = load_faces("lfw", n=3)
    assert len(server.asked) == asked == 530
    np.testing.assert_array_equal(again.images, photographs.images[:3])
    assert "first 3 of 530" in again.source and "from the cache" in again.source


def test_an_honest_server_gives_every_file_and_nothing_else_is_left(album, tmp_path):
    folder = tmp_path / "cache"
    download.download_photographs(folder, album)
    assert all_right(folder)
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in folder.iterdir())


def test_nothing_is_asked_again_once_all_is_there(server, album, tmp_path):
    download.download_photographs(tmp_path / "cache", album)
    asked = len(server.asked)
    download.download_photographs(tmp_path / "cache", album)
    assert len(server.asked) == asked == len(NAMES)


def test_a_server_that_lies_is_found_out_and_nothing_wrong_is_kept(
    server, album, tmp_path, no_waiting
):
    server.bodies["/tiny_0007.jpg"] = noise_jpeg(99)
    with pytest.raises(FacesError, match=r"tiny_0007\.jpg from http.*it has a wrong digest"):
        album.servers[0].fetch(tmp_path / "cache", album)
    assert not (tmp_path / "cache" / "tiny_0007.jpg").exists()
    assert not list((tmp_path / "cache").glob("tmp*"))


def test_a_body_that_stops_half_way_is_found_out(server, album, tmp_path, no_waiting):
    def break_off(handler, body):
        if handler.path == "/tiny_0003.jpg":
            send(handler, body, share=0.5)
            return True

    server.behave = break_off
    with pytest.raises(FacesError, match=r"tiny_0003\.jpg .*broke off"):
        album.servers[0].fetch(tmp_path / "cache", album)
    assert not (tmp_path / "cache" / "tiny_0003.jpg").exists()


def test_a_server_that_fails_twice_is_asked_a_third_time(server, album, tmp_path, no_waiting):
    def fail_twice(handler, body):
        if server.asked.count(handler.path) <= 2:
            handler.send_error(500)
            return True

    server.behave = fail_twice
    album.servers[0].fetch(tmp_path / "cache", album)
    assert all_right(tmp_path / "cache")
    assert len(server.asked) == 3 * len(NAMES)


def test_a_server_without_the_photographs_is_told_by_its_answer(
    server, album, tmp_path, no_waiting
):
    server.bodies.clear()
    with pytest.raises(FacesError) as caught:
        download.download_photographs(tmp_path / "cache", album)
    assert str(caught.value).count("the server answered 404") == 2


def test_a_silent_server_is_left_after_the_timeout(server, album, tmp_path, no_waiting):
    server.behave = lambda handler, body: time.sleep(5) or True
    silent = replace(album, timeout=0.2)
    start = time.monotonic()
    with pytest.raises(FacesError, match="no answer within 0.2 s"):
        silent.servers[0].fetch(tmp_path / "cache", silent)
    assert time.monotonic() - start < 3


def test_a_dripping_server_can_not_hold_the_download_past_its_seconds(server, album, tmp_path):
    def drip(handler, body):
        send(handler, body, share=0)
        for byte in body[:100]:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)
        return True

    server.behave = drip
    start = time.monotonic()
    with pytest.raises(FacesError, match="longer than 0.5 s"):
        album.servers[0].fetch(tmp_path / "cache", album, seconds=0.5)
    assert time.monotonic() - start < 2.5


def test_a_server_that_never_ends_a_file_is_stopped(server, album, tmp_path):
    server.bodies["/tiny_0001.jpg"] = bytes(3 * MOST_BYTES)
    with pytest.raises(FacesError, match=r"tiny_0001\.jpg .*far too much"):
        album.servers[0].fetch(tmp_path / "cache", album)


def test_the_archive_is_used_where_the_first_source_is_down(
    server, album, tmp_path, capsys, no_waiting
):
    half = replace(album, servers=(nobody_there(), album.servers[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        download.download_photographs(tmp_path / "cache", half)
    assert all_right(tmp_path / "cache")
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == NAMES
    told = capsys.readouterr().out
    assert half.servers[0].address in told and "The next is tried: the whole archive." in told


def test_a_third_source_is_one_more_entry(server, album, tmp_path, capsys, no_waiting):
    """Nobody is at the first, and the second breaks off: the third gives what is missing."""
    whole = server.bodies["/lfw.tgz"]
    server.bodies["/half.tgz"] = whole[: len(whole) // 2]
    half = Archive(server.address + "half.tgz", "half an archive")
    third = Files(server.address, "what is still missing")
    download.download_photographs(
        tmp_path / "cache", replace(album, servers=(nobody_there(), half, third))
    )
    assert all_right(tmp_path / "cache")
    half_asked, *names_asked = server.asked
    assert half_asked == "/half.tgz"
    assert 0 < len(names_asked) < len(NAMES)
    first, second = capsys.readouterr().out.splitlines()
    assert "no connection" in first and first.endswith("tried: half an archive.")
    assert half.address in second and second.endswith("tried: what is still missing.")


def test_where_one_source_is_enough_no_other_is_asked(server, album, tmp_path, capsys):
    download.download_photographs(tmp_path / "cache", album)
    assert sorted(server.asked) == [f"/{name}" for name in NAMES]
    assert capsys.readouterr().out == ""


def test_the_archive_is_read_no_further_than_needed(server, album, tmp_path):
    """The server keeps the end of the archive back for ten seconds; nobody waits for it."""
    noise = np.random.default_rng(0).bytes(3_000_000)
    members = [(f"lfw/tiny/{name}", body) for name, body in PICTURES.items()]
    server.bodies["/lfw.tgz"] = tar_gz([*members, ("lfw/zoe/zoe_0001.jpg", noise)])

    def hold_the_end_back(handler, body):
        send(handler, body, share=0.5)
        time.sleep(10)
        return True

    server.behave = hold_the_end_back
    start = time.monotonic()
    album.servers[1].fetch(tmp_path / "cache", album)
    assert time.monotonic() - start < 1.5
    assert all_right(tmp_path / "cache")


def test_an_archive_can_write_only_registered_names_into_the_folder(server, album, tmp_path):
    inside = tmp_path / "deep" / "cache"
    evil = [
        ("../../escaped.jpg", b"evil"),
        ("/tiny_evil.jpg", b"evil"),
        ("lfw/tiny/tiny_0001.jpg", b"a lie under a good name"),
        ("lfw/tiny/tiny_0002.jpg", None),  # a link to /etc/passwd
        ("lfw/tiny/tiny_0003.jpg", bytes(2 * MOST_BYTES)),
    ]
    good = [(f"../../../{name}", body) for name, body in PICTURES.items()]
    server.bodies["/lfw.tgz"] = tar_gz(evil + good)
    album.servers[1].fetch(inside, album)
    assert all_right(inside)
    assert sorted(path.name for path in inside.iterdir()) == NAMES
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"registry.txt", *NAMES}


def test_a_giant_under_a_good_name_is_never_held_in_memory(server, album, tmp_path):
    giant = ("lfw/tiny/tiny_0001.jpg", np.random.default_rng(0).bytes(8_000_000))
    server.bodies["/lfw.tgz"] = tar_gz([giant, *PICTURES.items()])
    tracemalloc.start()
    try:
        album.servers[1].fetch(tmp_path / "cache", album)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert all_right(tmp_path / "cache")
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda good: good[: len(good) // 2], "damaged or ends too early"),
        (lambda good: b"<html>Please log in</html>", "damaged or ends too early"),
        (lambda good: tar_gz([("lfw/x/x_0001.jpg", b"x")]), r"tiny_0001\.jpg is not in it"),
        (
            lambda good: tar_gz(
                [(name, b"lie" if "0005" in name else body) for name, body in PICTURES.items()]
            ),
            r"tiny_0005\.jpg has a wrong digest",
        ),
    ],
)
def test_a_bad_archive_is_told_by_its_fault(server, album, tmp_path, make, reason):
    server.bodies["/lfw.tgz"] = make(server.bodies["/lfw.tgz"])
    with pytest.raises(FacesError, match=reason):
        album.servers[1].fetch(tmp_path / "cache", album)


def test_an_archive_that_breaks_off_is_told_and_its_photographs_are_kept(server, album, tmp_path):
    def break_off(handler, body):
        send(handler, body, share=0.5)
        return True

    server.behave = break_off
    with pytest.raises(FacesError, match="broke off"):
        album.servers[1].fetch(tmp_path / "cache", album)
    assert 0 < len(list((tmp_path / "cache").iterdir())) < len(NAMES)


def test_both_servers_down_is_one_sentence_with_both_reasons_and_a_way_out(tmp_path, no_waiting):
    registry = write_registry(tmp_path / "registry.txt", PICTURES)
    down = Album((nobody_there(), Archive(closed_port() + "lfw.tgz")), registry)
    with pytest.raises(FacesError) as caught:
        download.download_photographs(tmp_path / "cache", down)
    sentence = str(caught.value)
    addresses = [server.address for server in down.servers]
    for part in (*addresses, 'load_faces("drawn")', "no connection"):
        assert part in sentence
    assert str(tmp_path / "cache") in sentence
    assert "\n" not in sentence


def test_a_wrong_digest_in_the_registry_names_the_file(server, album, tmp_path, no_waiting):
    text = album.registry.read_text(encoding="utf-8")
    digest = hashlib.sha256(PICTURES["tiny_0009.jpg"]).hexdigest()
    album.registry.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    with pytest.raises(FacesError) as caught:
        download.download_photographs(tmp_path / "cache", album)
    assert str(caught.value).count("tiny_0009.jpg") == 2  # at both servers


def test_a_damaged_file_in_the_cache_is_fetched_again_with_a_sentence(
    server, album, tmp_path, capsys
):
    folder = tmp_path / "cache"
    download.download_photographs(folder, album)
    (folder / "tiny_0004.jpg").write_bytes(b"damaged")
    server.asked.clear()
    download.download_photographs(folder, album)
    assert all_right(folder)
    assert server.asked == ["/tiny_0004.jpg"]
    assert "fetched again: tiny_0004.jpg." in capsys.readouterr().out


def test_each_thread_has_a_session_of_its_own_and_all_are_closed(
    server, album, tmp_path, monkeypatch
):
    sessions = []

    class Watched(requests.Session):
        def __init__(self):
            super().__init__()
            self.threads, self.is_closed = set(), False
            sessions.append(self)

        def get(self, *words, **more):
            self.threads.add(threading.get_ident())
            return super().get(*words, **more)

        def close(self):
            self.is_closed = True
            super().close()

    def slowly(handler, body):
        time.sleep(0.1)
        send(handler, body)

    monkeypatch.setattr(requests, "Session", Watched)
    server.behave = slowly
    album.servers[0].fetch(tmp_path / "faces", album)
    used = [session for session in sessions if session.threads]
    assert len(used) > 1  # else this test would show nothing
    assert all(len(session.threads) == 1 for session in used)
    assert all(session.is_closed for session in sessions)


def test_a_killed_download_goes_on_with_the_missing_files_only(server, album, tmp_path):
    folder = tmp_path / "cache"
    held = NAMES[10:]
    release = threading.Event()

    def hold(handler, body):
        if handler.path.strip("/") in held:
            send(handler, body, share=0.5)
            release.wait(20)
            return True

    server.behave = hold
    code = (
        "import sys; from helpers.faces.download import Album, download_photographs;"
        "from helpers.faces.servers import Files;"
        "album = Album((Files(sys.argv[2]),), sys.argv[3], timeout=20);"
        "download_photographs(sys.argv[1], album)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, folder, album.servers[0].address, album.registry],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 15
        while len(list(folder.glob("tiny*"))) < 10 or not list(folder.glob("tmp*")):
            assert child.poll() is None and time.monotonic() < end, "the download never began"
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
        release.set()
    leftovers = list(folder.glob("tmp*"))
    assert leftovers and album.missing(folder) == held

    for path in leftovers:
        os.utime(path, (0, 0))
    again = Server(server.bodies)  # the killed one's last questions may still reach the first
    download.download_photographs(folder, replace(album, servers=(Files(again.address),)))
    again.close()
    assert sorted(again.asked) == [f"/{name}" for name in held]
    assert sorted(path.name for path in folder.iterdir()) == NAMES


def test_a_cache_that_can_not_be_written_is_told_with_the_way_out(album, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(FacesError, match="COURSE_CACHE"):
        download.download_photographs(tmp_path / "file" / "cache", album)


def test_progress_is_silent_where_that_is_asked_for_and_pooch_always(
    album, tmp_path, monkeypatch, capfd
):
    words = []
    listener = logging.Handler()
    listener.emit = words.append
    pooch.get_logger().addHandler(listener)
    try:
        pooch.get_logger().info("pooch may have spoken before")
        assert len(words) == 1
        capfd.readouterr()

        monkeypatch.setenv("TQDM_DISABLE", "1")
        album.servers[0].fetch(tmp_path / "one", album)
        album.servers[1].fetch(tmp_path / "two", album)
        assert capfd.readouterr() == ("", "")

        monkeypatch.delenv("TQDM_DISABLE")
        album.servers[0].fetch(tmp_path / "three", album)
        assert f"{len(NAMES)}/{len(NAMES)}" in capfd.readouterr().err
        assert len(words) == 1

        pooch.get_logger().info("and may speak after")
        assert len(words) == 2
    finally:
        pooch.get_logger().removeHandler(listener)


def test_auto_takes_the_cache_first_and_asks_no_network(server, at_home, capsys):
    load_faces("lfw")
    server.close()
    server.asked.clear()
    capsys.readouterr()
    found = load_faces()
    assert found.source.startswith("24 photographs") and "from the cache" in found.source
    assert capsys.readouterr().out == found.source + "\n"
    assert server.asked == []


def test_auto_downloads_where_the_network_answers(server, at_home, capsys):
    found = load_faces("auto")
    assert found.source.startswith("24 photographs") and "just downloaded" in found.source
    assert found.source in capsys.readouterr().out
    assert found.names == NAMES


def check_drawn_because(found, reason, printed):
    assert found.source.startswith("25 pictures of one person, drawn by the course (seed 0)")
    assert reason in found.source
    assert found.source in printed
    assert found.images.shape == (25, 50, 50, 3)


def test_auto_draws_where_nobody_answers(at_home, monkeypatch, capsys):
    monkeypatch.setattr(download, "LFW", replace(at_home, servers=(nobody_there(),)))
    found = load_faces("auto", n=25)
    check_drawn_because(found, "no connection", capsys.readouterr().out)


def test_auto_draws_where_the_server_is_silent(server, at_home, monkeypatch, capsys):
    monkeypatch.setattr(loading, "PROBE_SECONDS", 0.3)
    monkeypatch.setattr(server.http.RequestHandlerClass, "do_HEAD", lambda self: time.sleep(5))
    start = time.monotonic()
    found = load_faces("auto", n=25)
    assert time.monotonic() - start < 2
    check_drawn_because(found, "no answer within 0.3 s", capsys.readouterr().out)


def test_auto_is_not_held_by_a_name_that_is_looked_up_for_ever(at_home, monkeypatch, capsys):
    monkeypatch.setattr(loading, "PROBE_SECONDS", 0.3)
    release = threading.Event()

    def look_up_for_ever(*_, **__):
        release.wait(20)
        raise OSError("the name was not found")

    monkeypatch.setattr("socket.getaddrinfo", look_up_for_ever)
    start = time.monotonic()
    found = load_faces("auto", n=25)
    assert time.monotonic() - start < 2
    release.set()
    check_drawn_because(found, "no answer within 0.3 s", capsys.readouterr().out)


def test_auto_draws_where_the_photographs_come_too_slowly(server, at_home, monkeypatch, capsys):
    monkeypatch.setattr(loading, "FETCH_SECONDS", 0.5)
    server.behave = lambda handler, body: time.sleep(0.3)
    start = time.monotonic()
    found = load_faces("auto", n=25)
    assert time.monotonic() - start < 3
    check_drawn_because(found, "longer than 0.5 s", capsys.readouterr().out)
    assert list((cache_folder() / "lfw").glob("tiny*"))  # kept for the next time


def test_auto_draws_where_the_server_has_lost_the_photographs(server, at_home, capsys):
    server.bodies.clear()
    found = load_faces("auto", n=25)
    check_drawn_because(found, "answered 404", capsys.readouterr().out)
    assert server.asked == []  # the first question was enough


def test_auto_draws_where_the_server_lies(server, at_home, capsys, no_waiting):
    server.bodies["/tiny_0001.jpg"] = b"<html>Please log in</html>"
    found = load_faces("auto", n=25)
    check_drawn_because(found, "wrong digest", capsys.readouterr().out)


@pytest.mark.parametrize("word", ["drawn", "crowd", "lfw", "folder"])
def test_course_faces_decides_for_auto(server, at_home, monkeypatch, tmp_path, capsys, word):
    mine = tmp_path / "mine"
    mine.mkdir()
    draw_noise(mine, n=30)
    monkeypatch.setenv("COURSE_FACES", str(mine) if word == "folder" else word)
    found = load_faces("auto")
    start = {
        "drawn": "500 pictures of one person",
        "crowd": "500 faces of different people",
        "lfw": "24 photographs",
        "folder": "30 pictures",
    }[word]
    assert found.source.startswith(start) and "as COURSE_FACES asks" in found.source
    assert found.source in capsys.readouterr().out
    assert (server.asked == []) == (word != "lfw")


def test_course_faces_leaves_an_explicit_source_alone(server, at_home, monkeypatch):
    monkeypatch.setenv("COURSE_FACES", "lfw")
    assert (
        load_faces("drawn", n=25).source
        == "25 pictures of one person, drawn by the course (seed 0)"
    )
    assert server.asked == []


def test_a_wrong_word_in_course_faces_is_named_with_its_variable(at_home, monkeypatch):
    monkeypatch.setenv("COURSE_FACES", "lwf")
    with pytest.raises(FacesError, match="COURSE_FACES is set to 'lwf'"):
        load_faces()
