"""What several tests of benchmarks need."""

import pytest

from benchmarks import common, growing_faces, mistakes
from helpers.faces.drawn_files import write_drawn_faces


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """A folder with 28 drawn faces: 21 to train on, one more than the chapter's batch."""
    folder = tmp_path_factory.mktemp("faces")
    write_drawn_faces(folder, n=28, album="crowd")
    return folder


@pytest.fixture(autouse=True)
def results_stay():
    """No benchmark in a test may write over what was measured."""
    files = [*common.RESULTS.iterdir(), growing_faces.PATH, *mistakes.FOLDER.iterdir()]
    before = {path: path.stat().st_mtime_ns for path in files}
    yield
    assert {path: path.stat().st_mtime_ns for path in files} == before
