"""`python -m helpers.faces.cut FOLDER`: large photographs, cut to the face, in a new folder.

Beside the pictures it leaves `before_and_after.html`: the first twelve, whole and cut, and the
names of all in which no face was found, or several.
"""

import argparse
import base64
import html
import sys

import numpy as np

from helpers.faces.cutting import cut_to_faces
from helpers.faces.errors import FacesError
from helpers.files import write_whole
from helpers.images import as_png, contact_sheet

PAGE = "before_and_after.html"
GAP = 4  # pixels between the pictures


def before_and_after(cut):
    """A page, as HTML: two rows of pictures, before and after, and what is to be known of all."""
    pictures = np.concatenate([cut.before, cut.after])
    sheet = as_png(contact_sheet(pictures, columns=len(cut.before), gap=GAP))
    alt = (
        "Two rows of photographs. Above they are whole, with a red frame around the face; below "
        "they are cut to this frame."
    )
    told = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in cut.sentences(shown=10_000))
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Before and after</title>'
        f'<h1>Before and after</h1>{told}<img alt="{html.escape(alt)}" style="max-width: 100%" '
        f'src="data:image/png;base64,{base64.b64encode(sheet).decode()}"></html>'
    )


def main(words=None):
    """The command: cut, say what was done, and leave the page. Returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.faces.cut",
        description="Cut the photographs of a folder to the face. The folder stays as it is.",
    )
    parser.add_argument("folder", help="with photographs of any size")
    parser.add_argument("--into", help="the new folder; by default FOLDER_faces, beside it")
    chosen = parser.parse_args(words)
    try:
        cut = cut_to_faces(chosen.folder, chosen.into)
        write_whole(cut.folder / PAGE, before_and_after(cut))
    except (FacesError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for sentence in cut.sentences():
        print(sentence)
    print(f"Look at them, before and after: {cut.folder / PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
