"""The photographs, fetched once and kept on disk.

They come one by one from the book's repository, or, where that fails, out of the archive of Labeled
Faces in the Wild. No file is kept before its SHA-256 digest is the one in the registry.
"""

import contextlib
import hashlib
import logging
import tarfile
import tempfile
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

from helpers.runtime import progress_is_silent

AT_ONCE = 8  # files under way at the same time
MOST_BYTES = 1_000_000  # of one photograph; the largest real one has 23,000
OLD_SECONDS = 3600  # a file set aside that long ago belongs to a download that was killed


class FacesError(RuntimeError):
    """No faces; the message is a sentence that says what was wrong, where, and what to do."""


@dataclass(frozen=True)
class Album:
    """Where one set of photographs comes from.

    `registry` is a file of lines `name sha256:digest`. `timeout` is how long one wait for the
    server may last, in seconds.
    """

    files_address: str
    archive_address: str
    registry: Path
    timeout: float = 10.0


LFW = Album(
    files_address=(
        "https://raw.githubusercontent.com/PacktPublishing/Hands-on-Deep-Learning-with-R/"
        "6e3766377395d4e2a853f787d1f595e4d8d28fa5/Chapter09/data/faces/"
    ),
    archive_address="https://ndownloader.figshare.com/files/5976018",  # as scikit-learn's fetcher
    registry=Path(__file__).parent.parent / "data" / "lfw_registry.txt",
)


def registered(album=LFW):
    """The album's digests: a dict from file name to SHA-256 in hexadecimal, in name order."""
    lines = Path(album.registry).read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {name: digest.removeprefix("sha256:").lower() for name, digest in sorted(pairs)}


def missing_photographs(folder, album=LFW):
    """Names of the photographs that `folder` lacks or holds with a wrong digest, in name order."""
    paths = {Path(folder) / name: digest for name, digest in registered(album).items()}
    return [path.name for path, digest in paths.items() if _digest_of_file(path) != digest]


def why_no_answer(album=LFW, seconds=3.0):
    """Why the first source can't be used, in words; None where it answers within `seconds`.

    The question is put in a thread of its own, because looking up a host's name has no time limit.
    """
    answers = []

    def ask():
        address = album.files_address + next(iter(registered(album)))
        try:
            _check_status(requests.head(address, timeout=seconds, allow_redirects=True))
            answers.append(None)
        except Exception as error:  # nobody waits above this thread: whatever it is, is an answer
            answers.append(_reason(error, seconds))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else f"there was no answer within {seconds:g} s"


def download_photographs(folder, album=LFW):
    """Fetches what `folder` lacks of the album, from the first source that can give it.

    Raises: FacesError where both sources fail; what has arrived by then stays in `folder`.
    """
    try:
        download_files(folder, album)
        return
    except FacesError as error:
        first = str(error)
    print(f"The first source failed: {first} The second is tried: the whole archive, 180 MB.")
    try:
        download_archive(folder, album)
    except FacesError as error:
        raise FacesError(
            f"The photographs could not be fetched. Tried first: {first} Tried second: {error} "
            'You can go on with load_faces("drawn"), which needs no network, or run this again '
            "later: what has arrived is kept. If you have the photographs on a disk, "
            f"put them into {folder}."
        ) from error


def download_files(folder, album=LFW, seconds=float("inf")):
    """Fetches what `folder` lacks from the first source, several files at once.

    Raises: FacesError where a file fails three times or `seconds` are over; what has arrived by
    then stays in `folder`, and the next call goes on from there.
    """
    missing = missing_photographs(folder, album)
    _prepare(folder)
    damaged = [name for name in missing if (Path(folder) / name).exists()]
    if damaged:
        print(f"Damaged in the cache, so fetched again: {', '.join(damaged)}.")

    deadline = time.monotonic() + seconds
    stop = threading.Event()
    keeper = pooch.create(
        path=folder,
        base_url=album.files_address,
        registry=registered(album),
        retry_if_failed=2,
    )

    own = threading.local()

    def open_session():
        """A session for each thread: requests doesn't promise that threads can share one."""
        own.session = sessions.enter_context(requests.Session())
        own.session.headers["Accept-Encoding"] = "identity"

    def download(address, path, _):
        """Pooch's way to let others fetch: pooch checks the digest and renames the file."""
        with own.session.get(address, timeout=album.timeout, stream=True) as response:
            _check_status(response)
            with Path(path).open("wb") as file:
                for chunk in _chunks(response):
                    file.write(chunk)
                    if stop.is_set() or time.monotonic() > deadline:
                        raise FacesError(f"it took longer than {seconds:g} s")
                    if file.tell() > MOST_BYTES:
                        raise FacesError("the server sent far too much")

    def fetch(name):
        if not stop.is_set():
            Path(keeper.fetch(name, downloader=download)).chmod(0o644)  # for a shared cache

    with (
        _quiet_pooch(),
        contextlib.ExitStack() as sessions,
        tqdm(
            total=len(missing),
            desc="Photographs",
            unit="photo",
            disable=progress_is_silent(),
        ) as bar,
    ):
        pool = ThreadPoolExecutor(AT_ONCE, initializer=open_session)
        try:
            jobs = {pool.submit(fetch, name): name for name in missing}
            for job in as_completed(jobs):
                if error := job.exception():
                    raise FacesError(
                        f"{jobs[job]} from {album.files_address}: {_reason(error, album.timeout)}."
                    ) from error
                bar.update()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def download_archive(folder, album=LFW):
    """Fetches what `folder` lacks out of the second source, a tar.gz that is read as it comes.

    Only files with a name and a digest of the registry are written, under that bare name: a path
    inside the archive can't lead out of `folder`. Stops reading when nothing is missing any more.

    Raises: FacesError where the archive doesn't come, breaks off, or lacks photographs.
    """
    digests = registered(album)
    missing = set(missing_photographs(folder, album))
    wrong = []
    _prepare(folder)
    try:
        with requests.get(
            album.archive_address,
            headers={"Accept-Encoding": "identity"},  # a tar.gz as it is, not packed once more
            timeout=album.timeout,
            stream=True,
        ) as response:
            _check_status(response)
            size = int(response.headers.get("Content-Length", 0)) or None
            bar = {"desc": "Archive", "total": size, "disable": progress_is_silent()}
            with (
                tqdm.wrapattr(response.raw, "read", **bar) as stream,
                tarfile.open(fileobj=stream, mode="r|gz") as archive,
            ):
                for member in archive:
                    name = PurePosixPath(member.name).name
                    if name not in missing or not member.isfile() or member.size > MOST_BYTES:
                        continue
                    content = archive.extractfile(member).read()
                    if hashlib.sha256(content).hexdigest() != digests[name]:
                        wrong.append(name)
                        continue
                    _write(Path(folder) / name, content)
                    missing.remove(name)
                    if not missing:
                        return
    except (OSError, urllib3.exceptions.HTTPError, tarfile.TarError, EOFError, zlib.error) as error:
        reason = _reason(error, album.timeout)
        raise FacesError(f"the archive {album.archive_address}: {reason}.") from error
    wrong = sorted(missing.intersection(wrong))
    if wrong:
        raise FacesError(f"the archive {album.archive_address}: {wrong[0]} has a wrong digest.")
    if missing:
        raise FacesError(f"the archive {album.archive_address}: {min(missing)} is not in it.")


def _chunks(response):
    """The body as it arrives, so that a server that only drips can't hold us past a deadline."""
    try:
        while chunk := response.raw.read1(65536):
            yield chunk
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error


def _check_status(response):
    if response.status_code != 200:
        raise requests.HTTPError(f"the server answered {response.status_code}")


def _reason(error, timeout):
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


def _prepare(folder):
    """Makes the folder, and clears away what a killed download had set aside there."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for path in Path(folder).glob("tmp*"):
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise FacesError(
            f"The folder {folder} cannot be used ({error.strerror}). Set the environment variable "
            "COURSE_CACHE to a folder that you may write to."
        ) from error


def _write(path, content):
    """Writes aside and renames, so that a half-written file never has a photograph's name."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="tmp", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _digest_of_file(path):
    """The file's SHA-256 in hexadecimal; None where there is no such file."""
    with contextlib.suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return hashlib.sha256(path.read_bytes()).hexdigest()


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
