"""Workers meet before TensorFlow connects them: whatever is wrong is a sentence, and soon."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from helpers.training import workers
from helpers.training.run_folder import TrainingError
from helpers.training.worker_links import Link, host_and_port
from helpers.training.workers import Meeting, Workers, local_configs, workers_of
from tests.lesson_tools import ROOT

SECONDS = 1.5  # that these workers wait for each other


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Versions without an import of TensorFlow, and little patience."""
    monkeypatch.setattr(workers, "versions", lambda: {"keras": "3.15"})
    monkeypatch.setattr(workers, "FOLDER_SECONDS", 0.5)
    monkeypatch.setattr(workers, "STRANGERS_SECONDS", 0.3)


@pytest.fixture
def addresses():
    return tuple(json.loads(local_configs(2)[0])["cluster"]["worker"])


def met(addresses, statements=None, folders=(None, None), coming=(0, 1)):
    """What each worker of two gets: its Meeting, or the sentence of its TrainingError."""
    statements = statements or ({}, {})
    got = {}

    def come(number):
        try:
            team = Workers(addresses, number)
            got[number] = Meeting(team, statements[number], folders[number], seconds=SECONDS)
        except TrainingError as error:
            got[number] = str(error)

    threads = [threading.Thread(target=come, args=(number,)) for number in coming]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return got


def test_workers_that_agree_meet_and_part_in_peace(addresses, tmp_path, capsys):
    got = met(addresses, ({"seed": 0}, {"seed": 0}), (tmp_path, tmp_path))
    assert all(isinstance(meeting, Meeting) for meeting in got.values())
    assert list(tmp_path.iterdir()) == []  # the mark is gone
    for meeting in got.values():
        with meeting:
            pass
    for meeting in got.values():
        meeting._close()
    time.sleep(0.2)
    assert capsys.readouterr().err == ""


def test_what_differs_is_named_to_all(addresses, monkeypatch):
    got = met(addresses, ({"seed": 0}, {"seed": 1}))
    told = "Worker 1 has seed = 1, but the chief 0. Give both the same"
    assert got[0].startswith(told) and told in got[1]
    two = iter([{"keras": "3.15"}, {"keras": "3.13"}])
    monkeypatch.setattr(workers, "versions", lambda: next(two))
    assert "the version of keras" in met(addresses)[0]


def test_a_worker_that_never_comes_is_named(addresses):
    began = time.monotonic()
    told = met(addresses, coming=(0,))[0]
    assert told.startswith(f"After 1.5 seconds worker 1 ({addresses[1]}) did not come. Start the")
    assert time.monotonic() - began < 5


def test_a_chief_that_never_comes_is_named(addresses):
    told = met(addresses, coming=(1,))[1]
    assert told.startswith(f"For 1.5 seconds the chief ({addresses[0]}) did not answer: ")


@pytest.mark.parametrize("number", [0, 1])
def test_a_port_that_is_taken_is_a_sentence(addresses, number):
    with socket.create_server(host_and_port(addresses[number])):
        told = met(addresses, coming=(number,))[number]
    port = addresses[number].split(":")[1]
    assert told.startswith(f"The port {port} of this machine is taken by another program. Write")


def test_an_address_of_another_machine_is_a_sentence(addresses):
    told = met(("192.0.2.1:5", addresses[1]), coming=(0,))[0]
    assert told.startswith("192.0.2.1:5 can't be an address of this machine (")


def test_folders_that_are_not_the_same_one_are_noticed(addresses, tmp_path):
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    got = met(addresses, folders=(there, elsewhere))
    told = f"Worker 1 does not see the chief's folder {there} as {elsewhere}. All need one shared"
    assert got[0].startswith(told) and told in got[1]
    assert list(there.iterdir()) == [] and not elsewhere.exists()


def test_a_folder_that_the_chief_can_not_write_is_a_sentence(addresses, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    got = met(addresses, folders=(tmp_path / "file", tmp_path / "file"))
    assert got[0].startswith(f"The chief can't write {tmp_path / 'file' / '.workers'}: ")


def as_worker_1(addresses, hello, stay=0.0):
    """Say this to the chief as worker 1 would, and leave after some seconds."""

    def talk():
        for _ in range(100):
            try:
                link = Link(socket.create_connection(host_and_port(addresses[0])))
                break
            except OSError:
                time.sleep(0.02)
        link.say(hello)
        link.hear()
        time.sleep(stay)
        link.close()

    thread = threading.Thread(target=talk)
    thread.start()
    return thread


def hello(**changes):
    told = {"worker": 1, "statement": {"the version of keras": "3.15"}, "time": time.time()}
    return {**told, **changes}


@pytest.mark.parametrize(("apart", "way"), [(75, "ahead"), (-75, "behind")])
def test_clocks_apart_are_told_and_nobody_minds(addresses, capsys, apart, way):
    worker = as_worker_1(addresses, hello(time=time.time() + apart), stay=0.5)
    met(addresses, coming=(0,))[0].part()
    worker.join()
    assert f"The clock of worker 1 is 75 s {way}. The training does not" in capsys.readouterr().out


def test_a_stranger_at_the_port_is_not_heard(addresses):
    """Neither one who says nothing, nor one who says what is no worker's."""

    def knock():
        time.sleep(0.3)
        for words in (b"", b"GET / HTTP/1.1\r\n\r\n", b'{"worker": 7}\n'):
            with socket.create_connection(host_and_port(addresses[0])) as stranger:
                stranger.sendall(words)
                time.sleep(0.4)

    thread = threading.Thread(target=knock)
    thread.start()
    told = met(addresses, coming=(0,))[0]
    thread.join()
    assert "worker 1" in told and "did not come" in told


def test_a_worker_that_goes_without_a_word_ends_the_others(addresses, monkeypatch, capsys):
    ended = threading.Event()
    monkeypatch.setattr(workers.os, "_exit", lambda status: ended.set() if status == 1 else None)
    as_worker_1(addresses, hello(), stay=0.2)
    assert isinstance(met(addresses, coming=(0,))[0], Meeting)
    assert ended.wait(5)
    assert f"Worker 1 ({addresses[1]}) is gone: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, "each machine needs the addresses of all in the environment variable TF_CONFIG"),
        ("{", "TF_CONFIG can't be used"),
        ('{"cluster": {}}', "TF_CONFIG can't be used .KeyError"),
        ('{"cluster": {"worker": ["a"]}, "task": {"index": 0}}', "'a' is no host:port"),
        (
            '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 2}}',
            "there is no worker 2",
        ),
        (
            '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}',
            "TF_CONFIG lists 1 workers, but --workers says 2",
        ),
    ],
)
def test_a_tf_config_that_can_not_be_used_is_a_sentence(monkeypatch, told, expected):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if told is not None:
        monkeypatch.setenv("TF_CONFIG", told)
    with pytest.raises(TrainingError, match=expected):
        workers_of(2)


def test_the_example_that_a_sentence_shows_can_be_used(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", workers.EXAMPLE.strip("'"))
    assert workers_of(2) == Workers(("first:12345", "second:12345"), 0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--local"], "--local says where workers are: say how many, --workers 2"),
        (["--workers", "2", "--devices", "2"], "--devices and --workers exclude each other"),
    ],
)
def test_options_that_do_not_fit_together_are_a_sentence(words, expected):
    command = [sys.executable, "-m", "helpers.training", "--recipe", "compact", "--folder", "x"]
    done = subprocess.run(
        [*command, *words], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    assert done.returncode == 2 and expected in done.stderr
