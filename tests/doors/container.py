"""A container without docker: one core, and so much memory, for the processes started in it."""

import contextlib
import os
import re
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

CGROUP = Path("/sys/fs/cgroup")
PREFIX = "gans_for_faces_door_"  # of the control groups


class ControlGroups:
    """A container's limits as Linux's control groups set them, of version 1 or 2.

    A command that `wrapped` starts is in the groups from its first moment, with all its children,
    and sees them at `/sys/fs/cgroup`, as in a container. This process is not.
    """

    are_seen = True  # by those inside

    def __init__(self, memory, cores=1):
        name = f"{PREFIX}{os.getpid()}_{time.monotonic_ns()}"
        self.newer = (CGROUP / "cgroup.controllers").exists()
        if self.newer:
            self.memory = self.cpu = CGROUP / name
            self.places = {self.memory: CGROUP}
            limits = {"memory.max": memory, "memory.swap.max": 0}
            quota = {"cpu.max": f"{cores * 100_000} 100000"}
        else:
            self.memory, self.cpu = CGROUP / "memory" / name, CGROUP / "cpu" / name
            self.places = {self.memory: CGROUP / "memory", self.cpu: CGROUP / "cpu"}
            limits = {"memory.limit_in_bytes": memory, "memory.swappiness": 0}
            quota = {"cpu.cfs_period_us": 100_000, "cpu.cfs_quota_us": cores * 100_000}
        self.described = f"control groups, version {2 if self.newer else 1}"
        try:
            if self.newer:
                (CGROUP / "cgroup.subtree_control").write_text("+memory +cpu", encoding="utf-8")
            for place in self.places:
                self._remove_leftovers(place.parent)
                place.mkdir()
            for folder, values in ((self.memory, limits), (self.cpu, quota)):
                for file, value in values.items():
                    if (folder / file).exists() or "swap" not in file:
                        (folder / file).write_text(str(value), encoding="utf-8")
            subprocess.run(self.wrapped(["true"]), check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.remove()
            raise

    @staticmethod
    def _remove_leftovers(folder):
        """Groups of a run that was killed: their names begin with its number, which is free."""
        for group in folder.glob(f"{PREFIX}*"):
            if not psutil.pid_exists(int(group.name.removeprefix(PREFIX).split("_")[0])):
                with contextlib.suppress(OSError):
                    group.rmdir()

    def wrapped(self, command):
        entered = [f"echo $$ > {group}/cgroup.procs" for group in self.places]
        seen = [f"mount --bind {group} {place}" for group, place in self.places.items()]
        steps = " && ".join([*entered, *seen, 'exec "$@"'])
        return ["unshare", "--mount", "sh", "-c", steps, "sh", *map(str, command)]

    def used(self):
        """Bytes that can't be dropped: of the processes' own, not those of files."""
        words = (self.memory / "memory.stat").read_text(encoding="utf-8").split()
        sizes = dict(zip(words[::2], words[1::2], strict=True))
        return int(sizes["anon" if self.newer else "total_rss"])

    def killed(self):
        """How many processes the system killed because the memory was full."""
        file = "memory.events" if self.newer else "memory.oom_control"
        return int(
            re.search(r"oom_kill (\d+)", (self.memory / file).read_text(encoding="utf-8"))[1]
        )

    def processes(self):
        with contextlib.suppress(OSError):
            return [
                int(word)
                for word in (self.memory / "cgroup.procs").read_text(encoding="utf-8").split()
            ]
        return []

    def remove(self):
        """End what still runs in the groups (only what was started through them), delete them."""
        for _ in range(100):
            for process in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, 9)
            with contextlib.suppress(OSError):
                for place in filter(Path.exists, self.places):
                    place.rmdir()
                return
            time.sleep(0.1)
        raise RuntimeError(f"The control groups {list(self.places)} can't be removed.")


def read_only(command, folder):
    """The command's words, so that it and its children can read this folder, and not write it."""
    steps = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", steps, str(folder), *map(str, command)]


class NearestLimits:
    """Where no control group can be made: one core, and a limit for each process's own data.

    Nothing limits their sum, so it is only measured here.
    """

    are_seen = False
    described = "taskset and prlimit --data, since no control group can be made here"

    def __init__(self, memory, cores=1):
        self.limit, self.cores = memory, cores

    def wrapped(self, command):
        cores = ",".join(map(str, sorted(os.sched_getaffinity(0))[: self.cores]))
        limits = ["taskset", "--cpu-list", cores, "prlimit", f"--data={self.limit}"]
        return [*limits, *map(str, command)]

    def used(self):
        total = 0
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().uss
        return total

    def killed(self):
        return 0

    def remove(self):
        pass


@contextlib.contextmanager
def container(memory):
    """A container of one core with so many bytes of memory; it is gone at the end."""
    try:
        made = ControlGroups(memory)
    except (OSError, subprocess.CalledProcessError):
        made = NearestLimits(memory)
    try:
        yield made
    finally:
        made.remove()


@contextlib.contextmanager
def seen_container(memory):
    """The same; where its limits can't be seen from inside, the test is skipped."""
    with container(memory) as place:
        if not place.are_seen:
            pytest.skip(f"The limits are only {place.described}.")
        yield place


@contextlib.contextmanager
def largest_use(place):
    """A list whose only number is the most memory that the container's processes took so far."""
    largest, stop = [0], threading.Event()

    def watch():
        while not stop.wait(0.25):
            largest[0] = max(largest[0], place.used())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield largest
    finally:
        stop.set()
        watcher.join()
