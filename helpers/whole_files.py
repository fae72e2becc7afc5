"""Files that are whole or not there: written aside, then renamed."""

import os
from pathlib import Path


def write_whole(path, content):
    """Write `content` (bytes or text) to `path`, so that nobody ever reads half of it.

    It goes to a file beside it first, which is on the disk before it takes the place of an older
    one. Raises: OSError where the disk is full or the folder can't be written; `path` is then as
    it was before.
    """
    if isinstance(content, str):
        content = content.encode()
    path = Path(path)
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
