"""The game of two numbers in the site, played as a visitor plays it: by keyboard, by its games.

Each function takes a Playwright page in which the game is open, and leaves it at another turn.
`tests/doors/site.py` opens such pages, and listens to their consoles.
"""

import re

from playwright.sync_api import expect

WIDGET = "[data-widget='two-numbers']"
FASTEST = "ArrowRight", 2  # the key, and how often, from 20 to 100 turns in a second
LONGEST = 60_000  # milliseconds that a game of 400 turns may take
# What the sentence must say where a game has ended.
ENDINGS = {
    "The lesson's game": r"Turn 400: .* Both numbers are right",
    "The collapse": r"Turn 50: .* this is mode collapse",
    "Its cure": r"Turn 400: .* Both numbers are right: the collapse of turn \d+ .* is cured",
    "A blind inspector": r"Turn 400: .* The mean is right, and the fakes are too much alike",
    "In circles": r"Turn 400: .* The game does not come to rest",
}


def everything(page):
    """All of it: about fifteen seconds."""
    play_by_keyboard(page)
    play_games(page)
    listen_to_a_game(page)
    bring_a_seed_back(page)
    cure_the_blind_inspector(page)
    lose_the_forger(page)


def tab_to(page, name, kind="button", presses=40):
    """Press Tab until the control of this name has focus, which must be seen; return it."""
    control = page.locator(WIDGET).get_by_role(kind, name=name, exact=True)
    for _ in range(presses):
        if control.evaluate("control => control === document.activeElement"):
            outline = control.evaluate("control => getComputedStyle(control).outlineStyle")
            assert outline != "none", f"“{name}” has focus, and nobody can see it."
            return control
        page.keyboard.press("Tab")
    raise AssertionError(f"{presses} times Tab don't lead to “{name}”.")


def begin(page):
    """Stand before the game's first control, with the game at its fastest."""
    page.locator(WIDGET).get_by_role("button").first.focus()
    tab_to(page, "Turns in a second", "slider")
    key, times = FASTEST
    for _ in range(times):
        page.keyboard.press(key)
    expect(page.get_by_label("Turns in a second")).to_have_attribute("aria-valuetext", "100")
    page.locator(WIDGET).get_by_role("button").first.focus()


def wait_for_the_end(page):
    """Wait until the game stands still; return what a screen reader is told."""
    run = page.locator(WIDGET).get_by_role("button", name="Run", exact=True)
    expect(run).to_be_visible(timeout=LONGEST)
    return page.locator(f"{WIDGET} [role=status]").inner_text()


def play_by_keyboard(page):
    """From turn 0: a step with Space, the rest with Enter; pause on the way, and go on."""
    begin(page)
    spoken = page.locator(f"{WIDGET} [role=status]")
    tab_to(page, "Start again")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text("Turn 0:")
    page.keyboard.press("Shift+Tab")  # to Run
    page.keyboard.press("Shift+Tab")  # to Step
    page.keyboard.press("Space")
    expect(spoken).to_contain_text("Turn 1:")
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    expect(page.locator(f"{WIDGET} .turn")).not_to_have_text("Turn 1")
    page.keyboard.press("Enter")  # the same button pauses
    turn = int(re.match(r"Turn (\d+):", wait_for_the_end(page)).group(1))
    assert 1 < turn < 400, f"Pause came at turn {turn}."
    page.keyboard.press("Enter")
    assert re.search(ENDINGS["The lesson's game"], wait_for_the_end(page))


def play_games(page):
    """Each game with a name ends as its name says."""
    begin(page)
    for name, ending in ENDINGS.items():
        page.locator(WIDGET).get_by_role("button", name=name, exact=True).click()
        told = wait_for_the_end(page)
        assert re.search(ending, told), f"“{name}” ends with: {told}"
        words = page.locator(f"{WIDGET} svg.heaps").get_attribute("aria-label")
        fakes = re.search(r"lie at (.*?) mm", told).group(1)
        assert f"Fakes: {fakes} mm" in words, f"“{name}”: the picture's words are {words}"


def listen_to_a_game(page):
    """While a game runs, a screen reader is told nothing; at its end one thing."""
    begin(page)
    page.evaluate(
        """widget => {
          window.told = [];
          const spoken = document.querySelector(`${widget} [role=status]`);
          new MutationObserver(() => window.told.push(spoken.textContent))
            .observe(spoken, { childList: true, characterData: true, subtree: true });
        }""",
        WIDGET,
    )
    page.locator(WIDGET).get_by_role("button", name="Its cure").click()
    end = wait_for_the_end(page)
    assert page.evaluate("window.told") == [end]


def bring_a_seed_back(page):
    """Another seed plays another game; "Start again" plays the same one."""
    begin(page)
    buttons = page.locator(WIDGET).get_by_role("button")
    ends = []
    for name in ("Start again", "Another seed", "Start again"):
        buttons.filter(has_text=name).click()
        for _ in range(5):
            buttons.filter(has_text="Step").click()
        ends.append(page.locator(f"{WIDGET} svg.heaps").get_attribute("aria-label"))
    assert ends[0] != ends[1] == ends[2], ends


def cure_the_blind_inspector(page):
    """A blind inspector's game, in which the square comes back: the spread comes right."""
    begin(page)
    page.locator(WIDGET).get_by_role("button", name="A blind inspector").click()
    assert re.search(ENDINGS["A blind inspector"], wait_for_the_end(page))
    tab_to(page, re.compile("The inspector sees the square"), "checkbox")
    page.keyboard.press("Space")
    page.locator(WIDGET).get_by_role("button", name="Run", exact=True).click()
    assert re.search(r"Turn 800: .* Both numbers are right", wait_for_the_end(page))


def lose_the_forger(page):
    """Both learning rates at their ends: the game stops by itself, and nothing breaks."""
    page.locator(WIDGET).get_by_role("button", name="The lesson's game").click()
    for name in ("Inspector's learning rate", "Forger's learning rate"):
        page.get_by_label(name).focus()
        page.keyboard.press("End")
        expect(page.get_by_label(name)).to_have_attribute("aria-valuetext", "5")
    told = wait_for_the_end(page)
    assert "The forger has run away" in told, told
