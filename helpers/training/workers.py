"""Several processes that train one pair of nets together: how they meet, and notice who is gone.

Each is started with TensorFlow's own TF_CONFIG, which lists the addresses of all. Worker 0 is the
chief: it alone writes the run's folder. Before TensorFlow connects them they talk to each other
here, in lines of JSON, so that what would be an endless wait becomes a sentence. The connections
stay: when a process ends, however it ends, its system closes them, and the others know at once.
"""

import contextlib
import json
import os
import secrets
import socket
import sys
import threading
import time
from dataclasses import dataclass

from helpers.machine import versions
from helpers.training.run_folder import TrainingError
from helpers.training.worker_links import Link, host_and_port, server_at

FOLDER_SECONDS = 5  # until a network drive must show what the chief wrote
MEETING_SECONDS = 25  # until all must have come
STRANGERS_SECONDS = 3  # until somebody at the port must have said who it is
NEWS_SECONDS = 2  # until it is known why TensorFlow failed
CLOCKS_APART = 10  # seconds that nobody minds
MARK = ".workers"  # the file in the run's folder by which workers see that it is the same one
EXAMPLE = (
    """'{"cluster": {"worker": ["first:12345", "second:12345"]}, """
    """"task": {"type": "worker", "index": 0}}'"""
)


@dataclass(frozen=True)
class Workers:
    """The processes of a training: the `addresses` of all, ("host:port", …), and our `number`."""

    addresses: tuple
    number: int

    @property
    def is_chief(self):
        return self.number == 0


def workers_of(count):
    """The `Workers` in TF_CONFIG. Raises: TrainingError where it can't be used, or lists others."""
    told = os.environ.get("TF_CONFIG")
    if not told:
        raise TrainingError(
            "For --workers each machine needs the addresses of all in the environment variable "
            f"TF_CONFIG: {EXAMPLE}, with another index on each. Or try it here: --local."
        )
    try:
        config = json.loads(told)
        addresses = tuple(config["cluster"]["worker"])
        number = int(config["task"]["index"])
        for address in addresses:
            host_and_port(address)
        if config["task"]["type"] != "worker" or not 0 <= number < len(addresses):
            raise ValueError(f"there is no worker {number}")
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"TF_CONFIG can't be used ({error!r}): {told}. It should look like this: {EXAMPLE}."
        ) from error
    if len(addresses) != count:
        raise TrainingError(
            f"TF_CONFIG lists {len(addresses)} workers, but --workers says {count}. Mend one."
        )
    return Workers(addresses, number)


def local_configs(count):
    """TF_CONFIG for each of `count` processes on this machine, at ports that are free now."""
    with contextlib.ExitStack() as stack:
        servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        addresses = [f"127.0.0.1:{stack.enter_context(s).getsockname()[1]}" for s in servers]
    cluster = {"worker": addresses}
    tasks = [{"type": "worker", "index": number} for number in range(count)]
    return [json.dumps({"cluster": cluster, "task": task}) for task in tasks]


class Meeting:
    """All workers have met, agree, and watch each other until `part`.

    workers: a `Workers`.
    statement: a dict of strings and numbers that must be the same for all.
    folder: the run's; all must see the same one. None for none.
    seconds: until all must have come.

    As a context it watches over the work within: whoever leaves in peace is not missed.

    Raises: TrainingError, some seconds later at most, where a port is taken, a worker does not
    come, a statement differs, or the folder is not the same one.
    """

    def __init__(self, workers, statement, folder=None, seconds=MEETING_SECONDS):
        self.workers = workers
        self.seconds = seconds
        self._ours = {**_flat(versions()), **statement}
        self._folder = folder
        self._links = {}
        self._has_parted = False
        try:
            if workers.is_chief:
                self._receive_all()
            else:
                self._join()
        except BaseException:
            self._close()
            raise
        for number, link in self._links.items():
            threading.Thread(target=self._watch, args=(number, link), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.part()
        elif not issubclass(kind, (TrainingError, ValueError, KeyboardInterrupt)):
            time.sleep(NEWS_SECONDS)  # perhaps TensorFlow only heard first that somebody is gone

    def part(self):
        """The work is done: nobody minds any more who ends."""
        self._has_parted = True
        for link in self._links.values():
            with contextlib.suppress(OSError):
                link.say({"parts": True})

    # ---- the chief

    def _receive_all(self):
        until = time.monotonic() + self.seconds
        missing = set(range(1, len(self.workers.addresses)))
        trouble = []
        with server_at(self.workers.addresses[0]) as server:
            while missing and (left := until - time.monotonic()) > 0:
                server.settimeout(left)
                with contextlib.suppress(OSError, ValueError, KeyError):  # a stranger is not heard
                    link = Link(server.accept()[0])
                    hello = link.hear(wait=STRANGERS_SECONDS)
                    missing.remove(number := hello["worker"])
                    self._links[number] = link
                    trouble += self._differences(number, hello)
        if missing:
            names = [f"worker {n} ({self.workers.addresses[n]})" for n in sorted(missing)]
            trouble.append(
                f"After {self.seconds:g} seconds {' and '.join(names)} did not come. Start the "
                "same command there, look whether a firewall closes the port, and begin again."
            )
        trouble = trouble or self._folders_apart()
        for link in self._links.values():
            with contextlib.suppress(OSError):
                link.say({"trouble": trouble})
        if trouble:
            raise TrainingError(" ".join(trouble))

    def _differences(self, number, hello):
        apart = hello["time"] - time.time()
        if abs(apart) > CLOCKS_APART:
            way = "ahead" if apart > 0 else "behind"
            print(
                f"The clock of worker {number} is {abs(apart):.0f} s {way}. The training does not "
                "mind, but the times of its files may look odd."
            )
        theirs = hello["statement"]
        return [
            f"Worker {number} has {name} = {theirs.get(name)!r}, but the chief "
            f"{self._ours.get(name)!r}. Give both the same, and begin again."
            for name in sorted({*theirs, *self._ours})
            if theirs.get(name) != self._ours.get(name)
        ]

    def _folders_apart(self):
        """Sentences on the workers that don't see what the chief writes in the folder."""
        if self._folder is None:
            return []
        mark, path = secrets.token_hex(8), self._folder / MARK
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(mark, encoding="utf-8")
        except OSError as error:
            return [
                f"The chief can't write {path}: {error.strerror}. Allow writing there, or choose "
                "another folder."
            ]
        try:
            for link in self._links.values():
                link.say({"mark": mark})
            answers = {number: link.hear() for number, link in self._links.items()}
        except (OSError, ValueError) as error:
            return [f"A worker went while all looked for the folder ({error}). Begin again."]
        finally:
            path.unlink(missing_ok=True)
        return [
            f"Worker {number} does not see the chief's folder {self._folder} as "
            f"{answer['folder']}. All need one shared folder: give each the path that it has there."
            for number, answer in answers.items()
            if not answer["sees"]
        ]

    # ---- the others

    def _join(self):
        with server_at(self.workers.addresses[self.workers.number]):
            pass  # the port is free
        link = self._links[0] = self._reach_the_chief()
        me = {"worker": self.workers.number, "statement": self._ours, "time": time.time()}
        try:
            link.say(me)
            answer = link.hear(wait=self.seconds + FOLDER_SECONDS)
            if "mark" in answer:
                sees = self._sees(answer["mark"])
                link.say({"sees": sees, "folder": str(self._folder)})
                answer = link.hear()
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"The chief ({self.workers.addresses[0]}) went before all had met: {error}. Read "
                "what it said there, and begin again on all machines."
            ) from error
        if answer["trouble"]:
            raise TrainingError(f"The chief says: {' '.join(answer['trouble'])}")

    def _reach_the_chief(self):
        host, port = host_and_port(self.workers.addresses[0])
        until = time.monotonic() + self.seconds
        while True:
            try:
                return Link(socket.create_connection((host, port), timeout=self.seconds))
            except OSError as error:
                if time.monotonic() > until:
                    raise TrainingError(
                        f"For {self.seconds:g} seconds the chief ({host}:{port}) did not answer: "
                        f"{error.strerror or error}. Start the same command there, look whether "
                        "a firewall closes the port, and begin again."
                    ) from error
                time.sleep(0.2)

    def _sees(self, mark):
        until = time.monotonic() + FOLDER_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if self._folder and (self._folder / MARK).read_text(encoding="utf-8") == mark:
                    return True
            time.sleep(0.2)
        return False

    # ---- all

    def _watch(self, number, link):
        """Ends this process when that worker is gone: TensorFlow would wait for it."""
        with contextlib.suppress(OSError, ValueError):
            while not link.hear(wait=None).get("parts"):
                pass
            return
        if self._has_parted:
            return
        who = "The chief" if number == 0 else f"Worker {number}"
        print(
            f"{who} ({self.workers.addresses[number]}) is gone: its process was ended, or the "
            "network is. So this one ends, too. The newest checkpoint is whole: go on from it "
            "with --resume, with as many workers or another number.",
            file=sys.stderr,
            flush=True,
        )
        sys.stdout.flush()
        os._exit(1)  # the main thread waits inside TensorFlow, and hears nothing

    def _close(self):
        for link in self._links.values():
            link.close()


def _flat(versions):
    return {f"the version of {name}": version for name, version in versions.items()}
