"""Sphinx's settings for the site. `website/build.py` gathers the sources and calls Sphinx."""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

FOLDER = Path(__file__).parent
# Which scripts and styles a page needs that has `<div class="course-widget" data-widget="…">`.
COMMON = ["widgets.css", "parts.js"]
DRAWING = [*COMMON, "draw.css", "generator.js", "weights.js", "chance.js", "gifenc.js"]
DRAWING += ["drawing.js", "faces.js", "generators.js", "draw.js"]
WIDGETS = {
    "two-numbers": [
        *COMMON,
        "two_numbers.css",
        "chance.js",
        "two_numbers_game.js",
        "two_numbers_picture.js",
        "two_numbers.js",
    ],
    "face": DRAWING,
    "grow": [*DRAWING, "grow.js"],
    "walk": [*DRAWING, "walk.js"],
    "latents": [*DRAWING, "latents.js"],
    "stages": [*DRAWING, "stages.js"],
    "spot-the-fake": [*DRAWING, "spot_the_fake.js"],
    "answer": [*COMMON, "answers.css", "typed_values.js", "answers.js", "questions.js"],
    "guess": [*COMMON, "answers.css", "guesses.js"],
}
MADE = {"gifenc.js", "generators.js"}  # by the build; the others are our own files
EVERYWHERE = ["course.css"]

project = "GANs for faces"
language = "en"
extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # lessons keep no widgets, and nothing comes from other hosts
myst_heading_anchors = 6
myst_heading_slug_func = "website.links.anchor"
# The course's texts are plain Markdown: what else MyST reads would be an accident there.
myst_disable_syntax = ["myst_line_comment", "myst_block_break", "myst_target", "myst_role"]
highlight_language = "none"

html_theme = "pydata_sphinx_theme"
html_title = project
html_favicon = "../data/alarm_clock_icon.png"
html_static_path = ["scripts", "styles"]
html_css_files = EVERYWHERE
templates_path = ["templates"]
html_use_index = False
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
html_permalinks_icon = "#"
html_sidebars = {"**": ["course_nav.html"]}
html_theme_options = {
    "navbar_center": [],
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "article_header_start": [],
    "footer_start": ["course_footer.html"],
    "footer_end": [],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "search_bar_text": "Search the course",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "logo": {"text": project},
}


def add_scripts(app, page, template, context, doctree):
    """Give a page what its widgets need, and nothing else.

    Raises: ExtensionError with a sentence for a widget that `WIDGETS` doesn't have, and for a
    file that isn't there.
    """
    wanted = ["search_on_a_disk.js"] if page == "search" else []
    for widget in dict.fromkeys(re.findall(r'data-widget="([^"]*)"', context.get("body", ""))):
        if widget not in WIDGETS:
            raise ExtensionError(
                f"The page {page} has a widget “{widget}”, which the table WIDGETS in "
                f"website/conf.py doesn't know. It knows {', '.join(WIDGETS)}."
            )
        for name in WIDGETS[widget]:
            if not any(
                (Path(app.confdir) / folder / name).exists()
                for folder in app.config.html_static_path
            ):
                raise ExtensionError(
                    f"The page {page} needs {name} for its widget “{widget}”, and it is in none of "
                    f"the folders {', '.join(app.config.html_static_path)}."
                )
        wanted += WIDGETS[widget]
    for name in dict.fromkeys(wanted):  # in order: a script may need those before it
        (app.add_css_file if name.endswith(".css") else app.add_js_file)(name)


def setup(app):
    app.connect("html-page-context", add_scripts)
