"""Pictures that memory can't hold: they stay on disk, and rows are read when they are asked for."""

import hashlib
from pathlib import Path

import numpy as np

from helpers.faces.errors import FacesError
from helpers.progress import progress_bar

BLOCK = 512  # pictures in memory at once, where all are wanted one after the other


class StoredPictures:
    """Small pictures in a file, to be used as an array: float32 (n, size, size, 3) in [0, 1].

    `stored[rows]` reads these rows and gives a real array, the same bits as in memory; `rows` is
    what numpy takes for one dimension: a number, a slice, an array of numbers or of truths. Of the
    rest of numpy there is `shape`, `dtype`, `ndim`, `nbytes`, `len`, `min` and `max`.
    `np.asarray(stored)` and most functions of numpy read all of it into memory.

    path: a file of uint8, size * size * 3 bytes a picture. rows: their numbers in the file, (n,),
    in any order. digest: what `digest()` gives, if it is known.

    Rows are read at their place in the file, not through np.memmap: what a map has touched counts
    as memory of the process, in the end the whole file. The file is opened for each reading, 20
    microseconds, so that threads, copies and other processes have nothing in common.

    Raises: FacesError where the file is gone, or too short.
    """

    dtype = np.dtype("float32")
    ndim = 4

    def __init__(self, path, size, rows, digest=None):
        self._path = Path(path)
        self._rows = np.asarray(rows)
        self._digest = digest
        self.shape = (len(self._rows), size, size, 3)

    def __len__(self):
        return len(self._rows)

    def __repr__(self):
        return f"StoredPictures({self.dtype} {self.shape} in {self._path})"

    def __getitem__(self, key):
        pictures = self.pixels(key).astype("float32")
        pictures /= np.float32(255)
        return pictures

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("Stored pictures can't become an array without a copy.")
        return self[:].astype(dtype or self.dtype, copy=False)

    @property
    def nbytes(self):
        """The bytes that they would need in memory."""
        return int(np.prod(self.shape)) * self.dtype.itemsize

    def subset(self, rows):
        """Some of these pictures, still on disk: `rows` as in `stored[rows]`, but not read."""
        return StoredPictures(self._path, self.shape[1], self._rows[rows])

    def blocks(self):
        """All pictures in order, a few hundred at once: float32 (m, size, size, 3) each."""
        for first in range(0, len(self), BLOCK):
            yield self[first : first + BLOCK]

    def min(self):
        """The smallest of all numbers; the whole file is read."""
        return min(block.min() for block in self.blocks())

    def max(self):
        """The largest of all numbers; the whole file is read."""
        return max(block.max() for block in self.blocks())

    def digest(self):
        """The SHA-256 of the array in memory, so that a run knows its pictures in both places.

        It is noted when pictures are stored; of a subset it is computed, 20 seconds for 100,000
        pictures of 100 x 100.
        """
        if self._digest is None:
            digest = hashlib.sha256()
            for block in progress_bar(
                iterable=self.blocks(),
                total=-(-len(self) // BLOCK),
                desc="Taking a digest of the pictures",
                delay=2,
                leave=False,
            ):
                digest.update(block)
            self._digest = digest.hexdigest()
        return self._digest

    def pixels(self, key):
        """As `stored[key]`, but uint8 as in the file."""
        if isinstance(key, tuple):
            raise IndexError(
                f"Stored pictures are read by rows alone, but this asks for {len(key)} axes. Read "
                "first, then cut: images[rows][:, 10:20]."
            )
        rows = self._rows[key]
        pictures = np.empty((rows.size, *self.shape[1:]), "uint8")
        try:
            with self._path.open("rb", buffering=0) as file:
                for row, picture in zip(rows.ravel().tolist(), pictures, strict=True):
                    file.seek(row * picture.nbytes)
                    if file.readinto(picture) != picture.nbytes:
                        raise OSError(0, "the file ends too early")
        except OSError as error:
            raise FacesError(
                f"The stored pictures in {self._path} can't be read: {error.strerror}. Load the "
                "faces again: what is missing is stored anew."
            ) from error
        return pictures.reshape(*rows.shape, *self.shape[1:])
