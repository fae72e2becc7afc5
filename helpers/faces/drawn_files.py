"""The drawn faces on disk: 250 x 250 JPEGs, and a table of their traits and digests."""

import csv
import hashlib
import io
import tempfile
from pathlib import Path

from helpers.arguments import LARGEST_SEED, whole_number
from helpers.faces import brushes, hair, painting, traits
from helpers.faces.errors import FacesError
from helpers.files import cached

TABLE = "factors.csv"
MARK = ".fingerprint"  # a digest of the pictures, their table and the code that has drawn them
SECONDS_A_FACE = 0.06  # to draw one, measured on two cores


def drawn_folder(n, seed, album="drawn"):
    """The folder with n faces of an album as JPEGs, in the cache.

    They are drawn where it lacks them, where one of them is damaged, or where an older version of
    the drawing code has made them. Raises: FacesError where they can't be written.
    """
    folder = cached(f"{album}_n{n}_seed{seed}")
    if _is_complete(folder):
        return folder
    print(f"Drawing {n} faces, once: about {1 + n * SECONDS_A_FACE:.0f} s.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="tmp") as aside:
            fresh = Path(aside) / "faces"
            fresh.mkdir()
            write_drawn_faces(fresh, n=n, seed=seed, album=album)
            (fresh / MARK).write_text(_fingerprint(fresh), encoding="utf-8")
            if folder.exists() and not _is_complete(folder):
                folder.rename(Path(aside) / "older")
            try:
                fresh.rename(folder)
            except OSError:
                if not _is_complete(folder):  # else another lesson has drawn the same meanwhile
                    raise
    except OSError as error:
        raise FacesError(
            f"The faces cannot be written into {folder.parent} ({error.strerror}). Set the "
            "environment variable COURSE_CACHE to a folder that you may write to."
        ) from error
    return folder


def write_drawn_faces(folder, n=500, seed=0, album="drawn"):
    """The paths of n 250 x 250 JPEGs of an album in `folder`: `drawn_0001.jpg` and on, in order.

    `factors.csv` beside them holds each file's digest (SHA-256), seed and traits.
    Raises: ValueError for a number that can't be, an album that there is not, or where the folder
    holds anything: it stays as it is.
    """
    n, seed = whole_number("n", n, 1), whole_number("seed", seed, 0, LARGEST_SEED)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if there := next(folder.iterdir(), None):
        raise ValueError(f"{folder} holds {there.name}: give a folder that is empty or not there.")
    rows = []
    for index in range(n):
        face = traits.face_traits(index, seed, album)
        path = folder / f"{album}_{index + 1:04d}.jpg"
        jpeg = _as_jpeg(painting.paint_face(face))
        path.write_bytes(jpeg)
        digest = hashlib.sha256(jpeg).hexdigest()
        rows.append({"file": path.name, "sha256": digest, "seed": seed} | face)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return [folder / row["file"] for row in rows]


def _as_jpeg(picture):
    """The bytes of the picture as a JPEG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="JPEG", quality=92)
    return buffer.getvalue()


def _is_complete(folder):
    mark = folder / MARK
    return mark.is_file() and mark.read_text(encoding="utf-8") == _fingerprint(folder)


def _fingerprint(folder):
    digest = hashlib.sha256()
    code = [Path(module.__file__) for module in (traits, brushes, hair, painting)]
    for path in (*code, Path(__file__), *sorted(folder.glob("*.jpg")), *folder.glob(TABLE)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
