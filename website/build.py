"""Make the site: `python -m website.build [folder]`, by default in dist/site.

The sources are gathered in a folder that is thrown away. The site takes its place when it is whole
and `website/checks.py` finds nothing wrong with it.
"""

import argparse
import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from helpers.classroom.growing_generator import GrowingGeneratorError
from helpers.classroom.lesson_editions import EditionError
from helpers.files import REPOSITORY_FOLDER, write_whole
from website import checks, documents, generators, lessons, links, packages
from website.one_file import one_file
from website.pictures import FOLDER as PICTURES
from website.pictures import Pictures
from website.slimming import slim

WEBSITE = Path(__file__).parent
SITE = REPOSITORY_FOLDER / "dist" / "site"
AS_THEY_ARE = (PICTURES, "weights")  # folders among the sources that Sphinx need not read


def build(folder=SITE, home=None):
    """Make the site in `folder`, which is made anew; returns that path.

    `home`: the course's public home as (repository, branch); by default what pyproject.toml says.
    Raises: ValueError with a sentence where `folder` holds something else, where a source is
    wrong, and where the site is; `folder` is then as it was before.
    """
    folder = Path(folder).absolute()
    is_in_use = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if is_in_use and not (folder / "searchindex.js").exists():
        raise ValueError(f"{folder} is, or holds, something that is no site. Name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site_", dir=folder.parent) as place:
        sources, made = Path(place) / "sources", Path(place) / "made"
        home = home or links.home()
        drawing = Path(place) / "drawing"  # what the widgets load that draw
        generators.write_scripts(drawing)
        write_whole(drawing / "gifenc.js", packages.gif_encoder())
        game = one_file(drawing, home)
        gather(sources, home, numbers(game))
        run_sphinx(sources, made, drawing)
        slim(made)
        write_whole(made / "game.html", game)
        problems = checks.problems(made)
        if problems:
            raise ValueError("The site is not right:\n" + "\n".join(problems))
        if folder.exists():
            folder.rename(Path(place) / "older")
        made.rename(folder)
    return folder


def numbers(game):
    """What our own pages say in numbers: {name: words}. `game`: the bytes of game.html."""
    from helpers.nets.compact import build_generator
    from helpers.nets.costs import layer_costs
    from website.directions import MEASURES

    costs = layer_costs(build_generator(size=100))
    return {
        "measure_count": str(len(MEASURES)),
        "million_multiplications": str(round(sum(cost.multiply_adds for cost in costs) / 1e6)),
        "game_megabytes": f"{len(game) / 1e6:.1f}",
    }


def gather(sources, home, numbers):
    """Write the sources of all pages, and their pictures, into the new folder `sources`.

    `numbers`: {name: words}, what stands in our own pages in place of `{{ name }}`.
    """
    shutil.copytree(WEBSITE / "pages", sources)
    shutil.copy(WEBSITE / "scripts" / "generator.js", sources)  # a page shows it
    pictures = Pictures(sources)
    notebooks = {path.name: lessons.as_page(path, home, pictures) for path in links.LESSONS}
    for name, notebook in notebooks.items():
        write_whole(sources / name, nbformat.writes(notebook))
    for name, text in documents.texts(home, pictures, notebooks).items():
        write_whole(sources / name, text)
    for path in sorted((WEBSITE / "pages").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        for name, words in numbers.items():
            text = text.replace(f"{{{{ {name} }}}}", words)
        text = links.rewritten(text, links.name_of(path), home, pictures)
        write_whole(sources / path.relative_to(WEBSITE / "pages"), text)


def run_sphinx(sources, made, drawing=None):
    """Make the site's HTML of `sources` in `made`. Raises: ValueError with what Sphinx warns of.

    `drawing`: a folder with what the widgets load that draw, for pages that have one.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

    warnings = io.StringIO()
    nocolor()
    trees = sources.parent / "doctrees"
    options = {"status": None, "warning": warnings, "freshenv": True}
    if drawing:
        options["confoverrides"] = {"html_static_path": ["scripts", "styles", str(drawing)]}
    try:
        Sphinx(sources, WEBSITE, made, trees, "html", **options).build()
    except SphinxError as error:
        raise ValueError(f"Sphinx can't go on:\n{error}") from error
    if warnings.getvalue():
        raise ValueError(f"Sphinx warns of this:\n{warnings.getvalue()}")
    for name in AS_THEY_ARE:
        if (sources / name).is_dir():
            shutil.copytree(sources / name, made / name)


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SITE)
    folder = parser.parse_args(words).folder
    began = time.monotonic()
    try:
        build(folder)
    except (ValueError, OSError, GrowingGeneratorError, EditionError) as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        needs = "The site needs more packages: pip install -r website/requirements.txt"
        print(f"{error}. {needs}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    seconds = time.monotonic() - began
    print(f"{folder}: {size / 1e6:.1f} MB, in {seconds:.0f} seconds. Open {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
