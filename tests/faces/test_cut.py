"""The command that cuts photographs: what it says, and the page it leaves."""

import numpy as np
import pytest
from PIL import Image

from helpers.faces import cut
from tests.faces.noise import noise
from tests.faces.test_cutting import NONE, ONE
from tests.fresh_python import run_python
from tests.pictures import images_of

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mine & yours"
    folder.mkdir()
    Image.fromarray(ONE).save(folder / "one.jpg")
    for number in range(14):
        Image.fromarray(NONE[::20, ::20]).save(folder / f"none_{number:02}.png")
    return folder


def test_the_command_cuts_says_so_and_leaves_a_page_with_all_names(folder, capsys):
    assert cut.main([str(folder)]) == 0
    new = folder.with_name("mine & yours_faces")
    assert sorted(path.name for path in new.iterdir()) == ["before_and_after.html", "one.jpg"]
    told = capsys.readouterr().out
    assert f"1 picture cut to the face is in {new}." in told
    assert "14 pictures (none_00.png" in told and "and 4 more" in told
    assert told.rstrip().endswith(str(new / "before_and_after.html"))
    page = (new / "before_and_after.html").read_text(encoding="utf-8")
    assert "none_13.png" in page and "mine &amp; yours" in page
    [(pixels, alt)] = images_of(page)
    assert pixels.shape[:2] == (2 * 100 + 3 * 4, 100 + 2 * 4) and "red frame" in alt
    assert np.asarray(pixels).std() > 10


def test_what_can_not_be_is_a_sentence_and_a_status(folder, tmp_path, capsys):
    assert cut.main([str(folder), "--into", str(folder)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert cut.main([str(tmp_path / "nowhere")]) == 1
    assert "can't be listed" in capsys.readouterr().err
    Image.fromarray(noise(1)).save(tmp_path / "noise.png")
    assert cut.main([str(tmp_path), "--into", str(tmp_path / "noise.png" / "new")]) == 1
    assert capsys.readouterr().err


def test_it_runs_as_the_handbook_says_without_a_warning(tmp_path):
    process = run_python(
        "import runpy, sys\n"
        "sys.argv = ['cut', '--help']\n"
        "import warnings; warnings.simplefilter('error')\n"
        "runpy.run_module('helpers.faces.cut', run_name='__main__', alter_sys=True)\n"
    )
    assert process.returncode == 0, process.stderr
    assert "--into" in process.stdout and process.stderr == ""
