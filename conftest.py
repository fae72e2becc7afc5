"""Tests and lessons run small, on drawn faces and without progress bars, wherever pytest starts."""

import gc
import os
import sys

import pytest

os.environ.setdefault("COURSE_PROFILE", "smoke")
os.environ.setdefault("COURSE_FACES", "drawn")
os.environ.setdefault("TQDM_DISABLE", "1")
os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")


@pytest.fixture(scope="module", autouse=True)
def nets_of_a_file_go_with_it():
    """Give back what the nets of these tests held.

    A net and its graphs are circles of objects. Python looks for those the more seldom, the more
    objects there are: they grew to 6 GiB, and one look took half a minute.
    """
    yield
    if "tensorflow" in sys.modules:
        gc.collect()
        gc.freeze()  # what is left, TensorFlow's own objects above all, is not looked at again
