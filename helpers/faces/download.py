"""The photographs, fetched once and kept on disk: what they are, and where they come from."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests

from helpers.faces.errors import FacesError
from helpers.faces.servers import Archive, Files, check_status, reason_of
from helpers.files import DATA_FOLDER, file_digest


@dataclass(frozen=True)
class Album:
    """One set of photographs.

    `servers`: where they come from, in the order in which they are tried. `registry`: a file of
    lines `name sha256:digest`. `timeout`: how long one wait for a server may last, in seconds.
    """

    servers: tuple
    registry: Path
    timeout: float = 10.0

    def digests(self):
        """A dict from file name to SHA-256 in hexadecimal, in name order."""
        reader = pooch.create(path=".", base_url="")
        reader.load_registry(self.registry)
        pairs = sorted(reader.registry.items())
        return {name: digest.removeprefix("sha256:") for name, digest in pairs}

    def missing(self, folder):
        """Names of those that `folder` lacks or holds with a wrong digest, in name order."""
        return [
            name
            for name, digest in self.digests().items()
            if file_digest(Path(folder) / name) != digest
        ]


LFW = Album(
    servers=(  # another one is another line; load_faces("auto") has only time for the first
        Files(
            "https://raw.githubusercontent.com/PacktPublishing/Hands-on-Deep-Learning-with-R/"
            "6e3766377395d4e2a853f787d1f595e4d8d28fa5/Chapter09/data/faces/"
        ),
        Archive(  # as scikit-learn's fetcher
            "https://ndownloader.figshare.com/files/5976018", "the whole archive, 180 MB"
        ),
    ),
    registry=DATA_FOLDER / "lfw_registry.txt",
)


def download_photographs(folder, album=LFW):
    """Fetch what `folder` lacks of the album, from the first server that can give it.

    Raises: FacesError where all servers fail; what has arrived by then stays in `folder`.
    """
    failures = []
    for server in album.servers:
        if failures:
            print(f"A server failed: {failures[-1]} The next is tried: {server.what_comes}.")
        try:
            server.fetch(folder, album)
            return
        except FacesError as error:
            failures.append(str(error))
    told = " ".join(f"{number}. {failure}" for number, failure in enumerate(failures, start=1))
    raise FacesError(
        f"The photographs could not be fetched. Tried in this order: {told} You can go on with "
        'load_faces("drawn"), which needs no network, or run this again later: what has arrived '
        f"is kept. If you have the photographs on a disk, put them into {folder}."
    )


def why_no_answer(album=LFW, seconds=3.0):
    """Why the first server can't be used, in words; None where it answers within `seconds`.

    The question is put in a thread of its own, because looking up a host's name has no time limit.
    """
    answers = []

    def ask():
        address = album.servers[0].first_address(album)
        try:
            check_status(requests.head(address, timeout=seconds, allow_redirects=True))
            answers.append(None)
        except Exception as error:  # nobody waits above this thread: whatever it is, is an answer
            answers.append(reason_of(error, seconds))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else f"there was no answer within {seconds:g} s"
