"""The guesses and the fields of a lesson's page, tried as a reader does; `site.py` calls these.

Each function gets a playwright page on which a lesson of the built site is open, and asserts. It
leaves the page open; `on_a_fresh_page` loads it anew first, so that all is hidden again.
"""

import base64
import json

from helpers.classroom.exercises.checking import find
from helpers.classroom.exercises.kinds import Value
from helpers.classroom.exercises.sentences import IN_A_PAGE

GUESS, FIELD = '[data-widget="guess"]', '[data-widget="answer"]'
PART = ".course-guess-part"
PLAIN = "Show without guessing"
SMALLEST = 24  # pixels that a finger needs, WCAG 2.2


def on_a_fresh_page(page, *checks):
    """Load the page anew before each of the checks, and call it."""
    for check in checks:
        page.reload()
        check(page)


def everything(page):
    """All that a page can show as it is: about ten seconds for a lesson."""
    on_a_fresh_page(
        page,
        nothing_is_told_before_a_guess,
        a_guess_shows_what_came_out,
        who_does_not_guess_sees_it_too,
        the_keyboard_is_enough,
        a_link_opens_what_is_hidden,
        a_search_opens_what_is_hidden,
        paper_shows_everything,
        fields_say_what_check_says,
        a_finger_finds_the_buttons,
        nothing_moves,
    )


def the_main_things(page):
    """What each lesson's page must do: some seconds."""
    on_a_fresh_page(
        page,
        nothing_is_told_before_a_guess,
        a_guess_shows_what_came_out,
        fields_say_what_check_says,
    )


def told(page, place):
    return page.locator(f"{place} .course-told").inner_text()


def names(page, kind):
    """The ids of all guesses, or of all fields, in their order."""
    return [f"#{name}" for name in page.locator(kind).evaluate_all("all => all.map(e => e.id)")]


def part_of(page, place):
    """The first box that a guess hides."""
    return page.locator(f"{place} ~ {PART}").first


def is_readable(part):
    """Whether any of a part can be seen: `until-found` leaves a box that is drawn empty."""
    return part.evaluate(
        "box => box.firstElementChild.checkVisibility({contentVisibilityAuto: true}) "
        "&& box.getBoundingClientRect().height > 1"
    )


def data_of(page, place, kind):
    return json.loads(base64.b64decode(page.locator(place).get_attribute(f"data-{kind}")))


def nothing_is_told_before_a_guess(page):
    places = names(page, GUESS)
    assert places
    for place in places:
        assert not is_readable(part_of(page, place)), place
        assert told(page, place) == ""
    read_aloud = page.locator("main").aria_snapshot()
    assert "Answer a" not in read_aloud and "Answer b" not in read_aloud


def a_guess_shows_what_came_out(page):
    for place in names(page, GUESS):
        data = data_of(page, place, "guess")
        widget = page.locator(place)
        if data["choices"]:
            right = data["right"] or data["choices"][0][0]
            wrong = next(choice for choice, _ in data["choices"] if choice != right)
            for choice in (wrong, right):
                button = widget.locator(f'button[data-choice="{choice}"]')
                button.click()
                assert button.get_attribute("aria-pressed") == "true"
                assert choice in told(page, place) and right in told(page, place) + right
            assert widget.locator('[aria-pressed="true"]').count() == 1
        else:
            widget.get_by_role("textbox").fill("7, <b>7</b>")
            widget.get_by_role("button", name="See").click()
            assert "7, <b>7</b>" in told(page, place), "what is typed is text, and never HTML"
        assert is_readable(part_of(page, place)), place


def who_does_not_guess_sees_it_too(page):
    for place in names(page, GUESS):
        page.locator(place).get_by_role("button", name=PLAIN).click()
        assert is_readable(part_of(page, place)) and told(page, place)
        page.locator(place).get_by_role("button", name="Hide again").click()
        assert not is_readable(part_of(page, place)) and not told(page, place)


def the_keyboard_is_enough(page):
    """From the first button on: Tab to the next one, Space to press it; and the focus is seen."""
    place = names(page, GUESS)[0]
    page.locator(f"{place} button").first.focus()
    page.keyboard.press("Tab")
    focus = page.evaluate(
        "() => { const e = document.activeElement, s = getComputedStyle(e);"
        " return {choice: e.dataset.choice, width: parseFloat(s.outlineWidth)}; }"
    )
    assert focus["choice"] == data_of(page, place, "guess")["choices"][1][0]
    assert focus["width"] >= 2, "a button that has the focus does not show it"
    page.keyboard.press("Space")
    assert is_readable(part_of(page, place)) and focus["choice"] in told(page, place)
    for place in names(page, FIELD):
        field = page.locator(place).locator("input, textarea")
        field.focus()
        page.keyboard.type("...")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert told(page, place) == IN_A_PAGE["open"]


def a_link_opens_what_is_hidden(page):
    place = names(page, GUESS)[-1]
    part = part_of(page, place)
    part.evaluate("box => { box.lastElementChild.id = 'somewhere-hidden'; }")
    page.evaluate("window.location.hash = '#somewhere-hidden'")
    page.wait_for_function(f"!document.querySelector('{place} ~ {PART}').hasAttribute('hidden')")
    assert is_readable(part) and told(page, place)


def a_search_opens_what_is_hidden(page):
    """The browser's own search fires `beforematch`; Sphinx marks what its search has found."""
    first, *_, last = names(page, GUESS)
    part = part_of(page, first)
    assert part.get_attribute("hidden") == "until-found", "Chromium can search what is hidden so"
    part.dispatch_event("beforematch")
    assert is_readable(part) and told(page, first)
    part_of(page, last).evaluate(
        "box => { const mark = document.createElement('span'); mark.className = 'highlighted';"
        " box.append(mark); window.dispatchEvent(new Event('load')); }"
    )
    assert is_readable(part_of(page, last))


def paper_shows_everything(page):
    page.emulate_media(media="print")
    for place in names(page, GUESS):
        assert is_readable(part_of(page, place)), place
        assert not page.locator(place).is_visible()
    for place in names(page, FIELD):
        assert not page.locator(f"{place} form").is_visible()
    page.emulate_media(media="screen")


def fields_say_what_check_says(page):
    """A typical mistake gets its hint, and after some the solution is offered; then the reason."""
    for place in names(page, FIELD):
        key = place.removeprefix("#exercise-").replace("-", ".")
        exercise = find(key)
        assert isinstance(exercise, Value)
        field = page.locator(place).locator("input, textarea")
        wrong, hint = exercise.hints[0]
        for tries in range(1, 4):
            answer(field, wrong)
            assert told(page, place).startswith(f"Not yet. {hint}")
            assert told(page, place).endswith(IN_A_PAGE["enough"]) == (tries == 3)
            assert field.get_attribute("aria-invalid") == "true"
        answer(field, exercise.right)
        assert told(page, place) == f"Right. {exercise.reason}"
        assert field.get_attribute("aria-invalid") == "false"


def answer(field, value):
    """Type a value as one does in Python, and press the button."""
    if hasattr(value, "dtype") and value.ndim:
        value = f'np.array({value.tolist()}, dtype="{value.dtype}")'
    elif isinstance(value, float):
        value = float(value)
    field.fill(str(value))
    field.locator("xpath=ancestor::form").get_by_role("button", name="Check").click()


def a_finger_finds_the_buttons(page):
    """No control is smaller than a finger needs, and nothing is wider than the page."""
    for control in page.locator(".course-question :is(button, input, textarea)").all():
        box = control.bounding_box()
        assert box["width"] >= SMALLEST and box["height"] >= SMALLEST, control.inner_text()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def nothing_moves(page):
    """Whoever asks for less motion gets none: showing and hiding is at once."""
    page.emulate_media(reduced_motion="reduce")
    place = names(page, GUESS)[0]
    page.locator(place).get_by_role("button", name=PLAIN).click()
    moving = "document.querySelectorAll('.course-widget, .course-guess-part')"
    assert page.evaluate(f"[...{moving}].flatMap(e => e.getAnimations({{subtree: true}}))") == []
    page.emulate_media(reduced_motion="no-preference")


def all_is_there_without_scripts(page):
    """On a page of a browser without JavaScript: what came out stands there, and a sentence."""
    places = page.locator(f"{GUESS}, {FIELD}").count()
    assert places and page.locator(f"{GUESS} > p, {FIELD} > p").count() == places
    assert page.locator(f"{GUESS} button, {FIELD} button").count() == 0
    assert page.locator(PART).count() == 0
    assert page.get_by_text("Make your guess.").first.is_visible()
