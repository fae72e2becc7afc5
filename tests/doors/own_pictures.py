"""A folder of one's own, as people have it: twenty pictures, and every lesson runs to its end."""

import sys

import pytest
from PIL import Image

from helpers.faces import paint_faces
from tests import lesson_tools
from tests.doors.kernels import client_of, environment_variables, faults

ENOUGH = 20


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    """A folder with twenty small pictures, tall and wide, and with what lies beside them."""
    folder = tmp_path_factory.mktemp("own") / "my pictures"
    folder.mkdir()
    pictures, _ = paint_faces(ENOUGH, seed=3, size=120)
    for number, picture in enumerate(pictures):
        cut = picture[:, 10:110] if number % 2 else picture[5:115]
        ending = ("jpg", "png", "JPEG", "webp")[number % 4]
        Image.fromarray(cut).save(folder / f"face {number:02}.{ending}")
    (folder / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "broken.png").write_text("I was a picture once.", encoding="utf-8")
    (folder / "album.jpg").mkdir()
    return folder


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.stem)
def test_twenty_pictures_are_enough_for_every_lesson(path, twenty):
    client = client_of(path, [sys.executable], lesson_tools.NOTEBOOKS, timeout=300)
    variables = {"COURSE_PROFILE": "smoke", "COURSE_FACES": twenty, "TQDM_DISABLE": 1}
    client.execute(env=environment_variables(**variables))
    assert faults(client.nb) == []
