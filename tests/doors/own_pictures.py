"""A folder of one's own, as people have it: just enough pictures, and what lies beside them."""

from PIL import Image

from helpers.faces import paint_faces

ENOUGH = 20


def fill(folder):
    """Twenty small pictures, tall and wide, of four types, and four things that are none."""
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
