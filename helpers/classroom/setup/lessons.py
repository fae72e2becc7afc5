"""What the lessons are asked to do and to show: profile, faces, widgets."""

import site
import sys
from pathlib import Path

from helpers.classroom.profiles import chosen_profile
from helpers.classroom.setup.lines import (
    RUN_AGAIN,
    Line,
    course_python,
    forget,
    install_again,
    set_to,
)
from helpers.files import cached

EXTENSION = "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager/package.json"


def check_profile():
    """Whether COURSE_PROFILE holds a profile."""
    try:
        return Line("ok", "profile", chosen_profile().name, fact=chosen_profile().name)
    except ValueError as error:
        return Line("stop", "profile", str(error), f"`{forget('COURSE_PROFILE')}`. {RUN_AGAIN}")


def check_faces():
    """Which faces the lessons will take, and whether they are there. Nothing is downloaded."""
    from helpers.faces import FacesError
    from helpers.faces.choice import chosen_faces
    from helpers.faces.download import LFW
    from helpers.faces.folders import BATCH, look_into, offer_of_folders
    from helpers.faces.traits import ALBUMS

    keep = f"`{forget('COURSE_FACES')}`, or `{set_to('COURSE_FACES', 'drawn')}`. {RUN_AGAIN}"
    try:
        faces, by = chosen_faces()
    except FacesError as error:
        return Line("stop", "faces", str(error), keep)
    asked = f", as {by} asks" if by else ""
    if faces in ALBUMS:
        return Line("ok", "faces", f"{faces}{asked}: no network is needed", fact=f"faces {faces}")
    if faces in ("auto", "lfw"):
        fact, count = f"faces {faces}", len(LFW.digests())
        here = count - len(LFW.missing(cached("lfw")))
        told = f"{faces}{asked}: {here} of {count} photographs are in the cache"
        if here == count:
            return Line("ok", "faces", told, fact=f"{fact}, in the cache")
        if faces == "auto":
            told += "; a lesson fetches them, or draws faces where no network is"
            return Line("ok", "faces", told, fact=f"{fact}, not in the cache")
        fetch = (
            f"""{course_python()} -c "from helpers.faces import load_faces; load_faces('lfw')\""""
        )
        cure = f"While there is a network, in the course's folder: `{fetch}` (8 MB). {RUN_AGAIN}"
        return Line("look", "faces", told, cure, f"{fact}, not in the cache")
    try:
        contents = look_into(faces)
    except FacesError as error:
        return Line("stop", "faces", f"{faces}{asked}: {error}", keep, "faces of a folder")
    count, name = len(contents.pictures), contents.folder.name
    told = f"{count} pictures in {name}{asked}; a lesson needs {BATCH} or more"
    if count >= BATCH:
        return Line("ok", "faces", told, fact="faces of a folder")
    more = filter(None, [*contents.sentences(), offer_of_folders(contents.folder)])
    told = ". ".join([told, *more])
    return Line("stop", "faces", told, f"Put more in, or {keep}", "faces of a folder")


def check_widgets():
    """Whether sliders and buttons can be made, and whether JupyterLab can show them."""
    import ipywidgets

    ipywidgets.IntSlider().close()
    told = f"ipywidgets {ipywidgets.__version__}"
    places = [Path(place) / EXTENSION for place in (sys.prefix, site.getuserbase())]
    if "google.colab" in sys.modules or any(place.is_file() for place in places):
        return Line("ok", "widgets", told)
    told += ": its part for JupyterLab is not beside this Python; pictures without sliders stay"
    again = install_again("--force-reinstall --no-deps jupyterlab_widgets ipywidgets ")
    return Line("look", "widgets", told, again)
