"""Two kinds of servers that photographs come from: files one by one, and one large archive.

Which servers are asked stands in `download.py`, in `LFW`. No file is kept before its SHA-256 digest
is the one in the album's registry.
"""

import contextlib
import hashlib
import logging
import tarfile
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pooch
import requests
import urllib3
from tqdm.auto import tqdm

from helpers.faces.errors import FacesError
from helpers.files import write_whole
from helpers.progress import progress_bar, progress_is_silent

AT_ONCE = 8  # files under way at the same time
MOST_BYTES = 1_000_000  # of one photograph; the largest real one has 23,000
OLD_SECONDS = 3600  # a file set aside that long ago belongs to a download that was killed
AS_IT_IS = {"Accept-Encoding": "identity"}  # not packed once more on its way


@dataclass(frozen=True)
class Files:
    """A server that gives the photographs one by one, each at `address` + its name."""

    address: str
    what_comes: str = "each photograph by itself"

    def first_address(self, album):
        """What to ask for, to see whether the server answers."""
        return self.address + next(iter(album.digests()))

    def fetch(self, folder, album, seconds=float("inf")):
        """Fetch what `folder` lacks of the album, several files at once.

        Raises: FacesError where a file fails three times or `seconds` are over; what has arrived
        by then stays in `folder`, and the next call goes on from there.
        """
        missing = album.missing(folder)
        prepare(folder)
        damaged = [name for name in missing if (Path(folder) / name).exists()]
        if damaged:
            print(f"Damaged in the cache, so fetched again: {', '.join(damaged)}.")

        stop = threading.Event()
        own = threading.local()
        keeper = pooch.create(folder, self.address, registry=album.digests(), retry_if_failed=2)

        def open_session():
            """A session for each thread: requests doesn't promise that threads can share one."""
            own.session = sessions.enter_context(requests.Session())
            own.session.headers.update(AS_IT_IS)

        def fetch(name):
            if not stop.is_set():
                downloader = _Downloader(own.session, album.timeout, began + seconds, seconds, stop)
                path = keeper.fetch(name, downloader=downloader)
                Path(path).chmod(0o644)  # for a shared cache

        began = time.monotonic()
        with (
            _quiet_pooch(),
            contextlib.ExitStack() as sessions,
            progress_bar(total=len(missing), desc="Photographs", unit="photo") as bar,
        ):
            pool = ThreadPoolExecutor(AT_ONCE, initializer=open_session)
            try:
                jobs = {pool.submit(fetch, name): name for name in missing}
                for job in as_completed(jobs):
                    if error := job.exception():
                        reason = reason_of(error, album.timeout)
                        raise FacesError(f"{jobs[job]} from {self.address}: {reason}.") from error
                    bar.update()
            finally:
                stop.set()
                pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Downloader:
    """Pooch's way to let others fetch: pooch checks the digest and renames the file."""

    session: requests.Session
    timeout: float
    deadline: float
    seconds: float
    stop: threading.Event

    def __call__(self, address, path, _):
        with self.session.get(address, timeout=self.timeout, stream=True) as response:
            check_status(response)
            with Path(path).open("wb") as file:
                for chunk in _chunks(response):
                    file.write(chunk)
                    if self.stop.is_set() or time.monotonic() > self.deadline:
                        raise FacesError(f"it took longer than {self.seconds:g} s")
                    if file.tell() > MOST_BYTES:
                        raise FacesError("the server sent far too much")


@dataclass(frozen=True)
class Archive:
    """A tar.gz at `address` that holds the photographs among others; read as it comes."""

    address: str
    what_comes: str = "the whole archive"

    def first_address(self, album):
        """What to ask for, to see whether the server answers."""
        return self.address

    def fetch(self, folder, album, seconds=float("inf")):
        """Fetch what `folder` lacks of the album; stop reading when nothing is missing any more.

        Only files with a name and a digest of the registry are written, under that bare name: a
        path inside the archive can't lead out of `folder`.

        Raises: FacesError where the archive doesn't come, breaks off, lacks photographs, or is not
        read when `seconds` are over; what has arrived by then stays in `folder`.
        """
        deadline = time.monotonic() + seconds
        missing = set(album.missing(folder))
        prepare(folder)
        try:
            wrong = self._read(folder, album, missing, deadline)
        except (
            OSError,
            urllib3.exceptions.HTTPError,
            tarfile.TarError,
            EOFError,
            zlib.error,
        ) as error:
            reason = reason_of(error, album.timeout)
            raise FacesError(f"the archive {self.address}: {reason}.") from error
        if missing and time.monotonic() > deadline:
            raise FacesError(f"the archive {self.address}: it took longer than {seconds:g} s.")
        wrong = sorted(missing.intersection(wrong))
        if wrong:
            raise FacesError(f"the archive {self.address}: {wrong[0]} has a wrong digest.")
        if missing:
            raise FacesError(f"the archive {self.address}: {min(missing)} is not in it.")

    def _read(self, folder, album, missing, deadline):
        """Take names out of `missing` as they arrive; return those whose digest was wrong."""
        digests, wrong = album.digests(), []
        with requests.get(
            self.address, headers=AS_IT_IS, timeout=album.timeout, stream=True
        ) as response:
            check_status(response)
            size = int(response.headers.get("Content-Length", 0)) or None
            bar = {"desc": "Archive", "total": size, "disable": progress_is_silent()}
            with (
                tqdm.wrapattr(response.raw, "read", **bar) as stream,
                tarfile.open(fileobj=stream, mode="r|gz") as archive,
            ):
                for member in archive:
                    if not missing or time.monotonic() > deadline:
                        break
                    name = PurePosixPath(member.name).name
                    if name not in missing or not member.isfile() or member.size > MOST_BYTES:
                        continue
                    content = archive.extractfile(member).read()
                    if hashlib.sha256(content).hexdigest() != digests[name]:
                        wrong.append(name)
                        continue
                    write_whole(Path(folder) / name, content)
                    missing.remove(name)
        return wrong


def check_status(response):
    """Raises: requests.HTTPError for every answer but 200."""
    if response.status_code != 200:
        raise requests.HTTPError(f"the server answered {response.status_code}")


def reason_of(error, timeout):
    """What went wrong, in a few plain words."""
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return f"there was no answer within {timeout:g} s"
    if isinstance(error, requests.exceptions.SSLError):
        return "the secure connection failed"
    if isinstance(error, (requests.ConnectionError, urllib3.exceptions.HTTPError)):
        return "there is no connection, or it broke off"
    if isinstance(error, ValueError) and "hash" in str(error):  # pooch's word for a digest
        return "it has a wrong digest"
    if isinstance(error, (tarfile.TarError, EOFError, zlib.error)):
        return f"it is damaged or ends too early ({error})"
    return str(error)


def prepare(folder):
    """Make the folder, and clear away what a killed download had set aside there.

    Raises: FacesError where the folder can't be used.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for pattern in ("tmp*", "*.part"):  # pooch's, and those of write_whole
            for path in Path(folder).glob(pattern):
                if time.time() - path.stat().st_mtime > OLD_SECONDS:
                    path.unlink(missing_ok=True)
    except OSError as error:
        raise FacesError(
            f"The folder {folder} cannot be used ({error.strerror}). Set the environment variable "
            "COURSE_CACHE to a folder that you may write to."
        ) from error


def _chunks(response):
    """The body as it arrives, so that a server that only drips can't hold us past a deadline."""
    try:
        while chunk := response.raw.read1(65536):
            yield chunk
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error


@contextlib.contextmanager
def _quiet_pooch():
    """Pooch tells of each file on stderr, red in a notebook; the progress bar says enough.

    A filter, not a level: pooch's logger stands alone and never forgets a level it has looked up.
    """
    logger = pooch.get_logger()

    def errors_only(record):
        return record.levelno >= logging.ERROR

    logger.addFilter(errors_only)
    try:
        yield
    finally:
        logger.removeFilter(errors_only)
