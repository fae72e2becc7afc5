"""Tests and lessons run small, on drawn faces and without progress bars, wherever pytest starts."""

import os

os.environ.setdefault("COURSE_PROFILE", "smoke")
os.environ.setdefault("COURSE_FACES", "drawn")
os.environ.setdefault("TQDM_DISABLE", "1")
os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
