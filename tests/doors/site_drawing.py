"""The page that draws, tried as a visitor does; `site.py` calls these.

Each function gets a playwright page on which the page "draw", or the one file of the games, is
open, and asserts.
"""

import base64
import io

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from helpers.classroom import load_growing_generator
from helpers.images import DRAWN_BY_A_NET
from website.generators import GENERATORS

LATENTS = np.random.default_rng(21).standard_normal((100, 100)).astype("float32")
ROUNDS = 6  # of "spot the fake"
DRAWN = "canvas => canvas.width > 1"
# What the page's own worker draws, as one long list; 10 latents a time, so that nothing waits long.
DRAW = """async ([name, seconds, latents]) => {
  const generator = course.generators.find((one) => one.name === name);
  const moment = generator.moments.find((one) => one.seconds === seconds);
  const { pictures } = await course.studio.draw(
    latents.map((latent) => Float64Array.from(latent)), moment, generator);
  return pictures.map((picture) => btoa(String.fromCharCode(...picture)));
}"""


def widget(page, name):
    """The widget of that name, scrolled to, with its faces drawn."""
    place = page.locator(f'[data-widget="{name}"]')
    place.scroll_into_view_if_needed()
    for canvas in place.locator("canvas").all():
        page.wait_for_function(DRAWN, arg=canvas.element_handle(), timeout=30_000)
    return place


def pixels(place, number=0):
    """What one canvas shows, as a text that can be compared."""
    return place.locator("canvas").nth(number).evaluate("canvas => canvas.toDataURL()")


def becomes_another(page, place, former, number=0):
    """Wait until a canvas shows something else than `former`."""
    page.wait_for_function(
        "([canvas, former]) => canvas.toDataURL() !== former",
        arg=[place.locator("canvas").nth(number).element_handle(), former],
        timeout=30_000,
    )


def press(page, place, name, key="Enter"):
    """Press a button as someone without a pointer does."""
    button = place.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press(key)


def the_first_face_comes_by_itself(page):
    place = widget(page, "face")
    told = place.get_by_role("status")
    expect(told).to_contain_text("milliseconds on this machine")
    former = pixels(place)
    press(page, place, "Another face", "Space")
    becomes_another(page, place, former)


def each_generator_draws_what_keras_draws(draw_all):
    """At each moment, 100 latents, at most 2/255 apart at any pixel.

    `draw_all(wishes)` gives what the page's function `DRAW` answers to each wish.
    """
    moments = [(generator, seconds) for generator in GENERATORS for seconds in generator.seconds]
    tens = [LATENTS[first : first + 10].tolist() for first in range(0, len(LATENTS), 10)]
    wishes = [[generator.name, seconds, ten] for generator, seconds in moments for ten in tens]
    texts = [text for answer in draw_all(wishes) for text in answer]
    grown = {one: load_growing_generator(one.side, one.source) for one in GENERATORS}
    drawn = {one: grown[one].generate(LATENTS) for one in GENERATORS}
    farthest = {}
    for number, (generator, seconds) in enumerate(moments):
        mine = texts[number * len(LATENTS) : (number + 1) * len(LATENTS)]
        pictures = np.stack([np.frombuffer(base64.b64decode(text), "uint8") for text in mine])
        pictures = pictures.reshape(-1, generator.side, generator.side, 4)[..., :3]
        keras = drawn[generator][grown[generator].seconds.index(seconds)]
        farthest[generator.name, seconds] = np.abs(pictures - 255.0 * keras).max()
    print("farthest from Keras, in 1/255:", farthest)
    assert max(farthest.values()) <= 2


def the_slider_grows_faces(page):
    place = widget(page, "grow")
    slider = place.get_by_role("slider", name="Training")
    ends, former = slider.get_attribute("aria-valuetext"), pixels(place)
    slider.focus()
    page.keyboard.press("Home")
    becomes_another(page, place, former)
    expect(slider).to_have_attribute("aria-valuetext", "untrained")
    untrained = pixels(place)
    page.keyboard.press("ArrowRight")
    becomes_another(page, place, untrained)
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", ends)
    page.wait_for_function(
        "([canvas, former]) => canvas.toDataURL() === former",
        arg=[place.locator("canvas").first.element_handle(), former],
    )  # the same latents, the same weights: the same picture
    press(page, place, "Six other latents")
    becomes_another(page, place, former)


def one_walks_between_four_faces(page):
    place = widget(page, "walk")
    face = 0
    former = pixels(place, face)
    slider = place.get_by_role("slider", name="across")
    slider.focus()
    page.keyboard.press("End")
    becomes_another(page, place, former, face)
    former, corner = pixels(place, face), pixels(place, 2)
    press(page, place, "Another upper right")
    becomes_another(page, place, corner, 2)
    press(page, place, "Walk around")
    expect(place.get_by_role("button", name="Stop")).to_be_visible()
    becomes_another(page, place, former, face)
    press(page, place, "Stop")
    expect(place.get_by_role("button", name="Walk around")).to_be_visible()


def each_of_ten_sliders_changes_the_face(page):
    place = widget(page, "latents")
    sliders = place.get_by_role("slider").all()
    assert len(sliders) == 10
    for slider in sliders:
        former = pixels(place)
        slider.focus()
        page.keyboard.press("End")
        becomes_another(page, place, former)
    moved = pixels(place)
    press(page, place, "All to zero")
    becomes_another(page, place, moved)
    assert all(slider.input_value() == "0" for slider in sliders)


def shown(place):
    """Both pictures as one sees them: on a disk a page can't read what it took from a file."""
    return [place.locator("canvas").nth(number).screenshot() for number in (0, 1)]


def each_stage_is_seen(page):
    """From 4 x 4 to 100 x 100, and a face at the end; another latent changes all."""
    place = widget(page, "stages")
    expect(place.locator("figcaption")).to_have_count(6)
    sides = [int(words.split(" ")[0]) for words in place.locator("figcaption").all_inner_texts()]
    assert sides == [4, 7, 13, 25, 50, 100]
    before = [pixels(place, number) for number in range(7)]
    press(page, place, "Another latent")
    becomes_another(page, place, before[-1], 6)
    assert all(pixels(place, number) != before[number] for number in range(7))


def the_game_counts(page):
    """By keyboard only; what a round's truth was stands below the pictures."""
    place = widget(page, "spot-the-fake")
    score = place.locator(".course-score")
    found = 0
    for number in range(1, ROUNDS + 1):
        before = shown(place)
        press(page, place, "A is the fake")
        expect(place.get_by_role("button", name="Next pair")).to_be_focused()
        truths = place.locator(".course-truth").all_inner_texts()
        assert sorted(truths) == ["drawn by a net", "painted by the program"]
        found += truths[0] == "drawn by a net"
        expect(score).to_contain_text(f"{found} of {number} found")
        press(page, place, "Next pair")
        expect(place.get_by_role("button", name="A is the fake")).to_be_focused()
        assert shown(place) != before
    expect(score).to_contain_text("of all games")


def pictures_can_be_saved(page, films=True):
    """PNGs are read back as what the page shows, and a GIF as a film of several pictures."""
    place = widget(page, "face")
    picture = saved(page, place, "Save as PNG", ".png")
    assert picture.size == (400, 400) and picture.format == "PNG"
    assert picture.info["Description"] == DRAWN_BY_A_NET
    assert np.asarray(picture.convert("RGB")).std() > 5
    for name, frames in (("grow", len(GENERATORS[0].seconds) + 1), ("walk", 32)) if films else ():
        film = saved(page, widget(page, name), "Save as GIF", ".gif")
        assert film.format == "GIF" and film.n_frames == frames
        assert film.info["comment"].decode() == DRAWN_BY_A_NET
        first = np.asarray(film.convert("RGB")).astype(float)
        film.seek(frames // 2)
        assert np.abs(np.asarray(film.convert("RGB")) - first).mean() > 1


def saved(page, place, button, ending):
    """The picture that a button saves, by its name."""
    with page.expect_download(timeout=60_000) as waiting:
        press(page, place, button)
    download = waiting.value
    assert download.suggested_filename.endswith(ending)
    return Image.open(io.BytesIO(download.path().read_bytes()))
