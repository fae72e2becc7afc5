"""A site of two pages in which all is right, for tests that break one thing in it."""

import pytest

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Faces</title><link rel="stylesheet" href="_static/course.css?v=1"></head>
<body>
<h1 id="faces">Faces</h1>
<p><a href="other.html#place">another page</a>, <a href="#faces">this place</a>,
<a href="https://arxiv.org/abs/1406.2661">a paper</a></p>
<img alt="A face that a net drew." src="pictures/face.avif" srcset="pictures/face.avif 2x">
<script src="_static/game.js"></script>
</body>
</html>
"""


@pytest.fixture
def site(tmp_path):
    """Its folder."""
    folder = tmp_path / "site"
    for name in ("_static", "pictures"):
        (folder / name).mkdir(parents=True)
    texts = {
        "index.html": PAGE,
        "other.html": '<h1 id="place">Here</h1>\n<a href="index.html">back</a>',
        "_static/course.css": '@font-face { src: url("font.woff2") }\nbody { color: #111 }',
        "_static/game.js": '"use strict";',
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("_static/font.woff2", "pictures/face.avif"):
        (folder / name).write_bytes(b"bytes")
    return folder
