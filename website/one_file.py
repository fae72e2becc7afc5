"""The games alone, as one HTML file: for a stick, or as an attachment of a mail.

It holds one generator, which learned from the painted person; so what it draws is nobody, and may
be sent to anyone. All is in the file, and its own rule (Content-Security-Policy) forbids the
browser to fetch anything.
"""

from pathlib import Path

from website.generators import GENERATORS, manifest, painted_faces, scripts_of
from website.weights import as_text

OWN = Path(__file__).parent
PAINTED = 16  # faces of the game: fewer than on the site, so that the file stays small
LARGEST = 1_500_000  # bytes
SCRIPTS = (  # in the order in which they need each other
    "parts.js",
    "generator.js",
    "weights.js",
    "chance.js",
    "gifenc.js",
    "drawing.js",
    "the weights",
    "faces.js",
    "generators.js",
    "draw.js",
    "walk.js",
    "latents.js",
    "spot_the_fake.js",
    "two_numbers_game.js",
    "two_numbers_picture.js",
    "two_numbers.js",
)
STYLES = ("course.css", "widgets.css", "draw.css", "two_numbers.css", "one_file.css")
RULE = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; "
    "style-src 'unsafe-inline'; img-src blob: data:"
)
WIDGETS = (  # what stands above each, in the order of the file
    (
        "The game of two numbers",
        "two-numbers",
        "A forger and an inspector teach each other, as a generator and a discriminator do. Press "
        "Run. Then try the collapse, and its cure.",
    ),
    (
        "Spot the fake",
        "spot-the-fake",
        "One of the two was painted by a program, the other one drawn by a net that learned from "
        "such paintings. Which one is the fake?",
    ),
    ("Draw", "face", "Each press draws a face from a hundred random numbers, a latent."),
    (
        "Walk between four faces",
        "walk",
        "Each point of the square is a mixture of four latents. Is there a jump somewhere?",
    ),
    (
        "Ten directions that change most",
        "latents",
        "Each slider moves the latent along a direction, named after what changes most.",
    ),
)


class OneFileError(ValueError):
    """The one file can't be made; the message says why and what to do."""


def one_file(drawing, home=None):
    """The bytes of the HTML file: UTF-16 with its mark, since packed weights are shortest so.

    `drawing`: the folder that `generators.write_scripts` wrote, with gifenc.js; `home`: the
    course's (repository, branch), for the last line. Raises: OneFileError where the file becomes
    too large, or a script holds what would end it.
    """
    [generator] = [one for one in GENERATORS if one.is_for_the_game]
    about, weights = scripts_of(generator)
    content, faces = painted_faces(GENERATORS, PAINTED)
    faces |= {"packed": as_text(content), "bytes": len(content)}
    [weights_script] = weights.values()
    texts = {
        "gifenc.js": (drawing / "gifenc.js").read_text(encoding="utf-8"),
        "generators.js": manifest([about], faces),
        "the weights": weights_script.decode("utf-16"),
    }
    scripts = [
        texts[name] if name in texts else (OWN / "scripts" / name).read_text(encoding="utf-8")
        for name in SCRIPTS
    ]
    styles = [(OWN / "styles" / name).read_text(encoding="utf-8") for name in STYLES]
    page = _page(scripts, styles, f"https://github.com/{home[0]}" if home else None)
    file = b"\xff\xfe" + page.encode("utf-16-le")
    if len(file) > LARGEST:
        raise OneFileError(
            f"The file to mail has {len(file):,} bytes, more than {LARGEST:,}: take fewer painted "
            "faces (PAINTED in website/one_file.py)."
        )
    return file


def _page(scripts, styles, address):
    for text in scripts:
        if "</script" in text.lower() or "<!--" in text:
            raise OneFileError(f"This script would end too early in a page: {text[:60]}")
    widgets = "\n".join(
        f'<section><h2>{title}</h2><p>{words}</p><div class="course-widget" data-widget="{name}">'
        "<p>This part needs JavaScript.</p></div></section>"
        for title, name, words in WIDGETS
    )
    home = f'The whole course: <a href="{address}">{address}</a>. ' if address else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-16">
<meta http-equiv="Content-Security-Policy" content="{RULE}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>GANs for faces: the games</title>
<style>
{"".join(styles)}
</style>
</head>
<body>
<main>
<h1>GANs for faces: the games</h1>
<p>A net draws faces in this page, on your machine. Nothing is sent, nothing fetched. The person
does not exist: the net learned from paintings by a program. {home}</p>
{widgets}
</main>
{"".join(f"<script>{text}</script>" for text in scripts)}
</body>
</html>
"""
