"""Which file of the course is which page of the site, and links between files as such links.

`python -m website.links` says whether it runs at the course's public home, for GitHub's workflow.
"""

import os
import posixpath
import re
from pathlib import Path

from helpers.files import REPOSITORY_FOLDER, courses_home

LESSONS = sorted((REPOSITORY_FOLDER / "notebooks").glob("[0-9][0-9]_*.ipynb"))
RESULTS = [
    *sorted((REPOSITORY_FOLDER / "benchmarks" / "results").glob("*.md")),
    REPOSITORY_FOLDER / "data" / "recorded_mistakes" / "mistakes.md",
]
# A file of the course, and the source of its page.
PAGES = {
    "README.md": "own_computer.md",
    "TEACHING.md": "teaching.md",
    "CONTRIBUTING.md": "contributing.md",
    "LICENSE": "licence.md",
    "notebooks/glossary.md": "glossary.md",
    "benchmarks/README.md": "benchmarks.md",
    "benchmarks/long_runs.md": "long_runs.md",
    "data/README.md": "data_card.md",
    "helpers/training/README.md": "training.md",
    "website/scripts/generator.js": "generator_in_200_lines.md",
    **{f"notebooks/{path.name}": path.name for path in LESSONS},
    **{
        path.relative_to(REPOSITORY_FOLDER).as_posix(): f"results.md#{path.stem}"
        for path in RESULTS
    },
}
OWN = "website/pages/"  # our own pages; links in there name pages of the site
NO_HOME = "your_account/"  # so begins the address of a course that has no public home yet
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)\)")
# Fenced code, and code in a line: nothing in there is a link.
CODE = re.compile(r"(^ *```.*?^ *```[^\n]*$|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))", re.DOTALL | re.M)


def home():
    """The course's public home as (repository, branch); None as long as it has none."""
    repository, branch = courses_home()
    return None if repository.startswith(NO_HOME) else (repository, branch)


def anchor(heading):
    """What `#…` is called that leads to this heading, as GitHub writes it.

    An anchor as Jupyter writes it, with "-" for blanks, becomes the same.
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def on_github(path, home):
    """The address of the course's file `path`, "helpers/files.py" say, at that home."""
    repository, branch = home
    return f"https://github.com/{repository}/blob/{branch}/{path}"


def launch_links(lesson, home):
    """A list of links, Markdown, to where the lesson at the path `lesson` can be run on the web.

    `home`: the course's (repository, branch); with None there is no such place, and the list is [].
    """
    if home is None:
        return []
    repository, branch = home
    name = name_of(lesson)
    binder = f"https://mybinder.org/v2/gh/{repository}/{branch}?urlpath=lab/tree/{name}"
    colab = f"https://colab.research.google.com/github/{repository}/blob/{branch}/{name}"
    return [f"[on Binder]({binder})", f"[in Colab]({colab})"]


def rewritten(text, source, home, pictures):
    """Markdown of the file `source`, "data/README.md" say, as the site's pages need it.

    Links to files that are pages lead to these, and links to other files to the course's `home`;
    where that is None, only the words stay. Pictures become HTML that names a file of `pictures`.
    Raises: ValueError with a sentence for a link that leads to no file.
    """
    folder = posixpath.dirname(source)

    def link(found):
        mark, words, target = found.groups()
        if re.match(r"[a-z]+:", target) or (source.startswith(OWN) and not mark):
            return found.group()
        file, _, place = target.partition("#")
        path = posixpath.normpath(posixpath.join(folder, file)) if file else source
        if not (REPOSITORY_FOLDER / path).exists():
            raise ValueError(f"{source} links to {target}, and there is no such file.")
        if mark:
            content = (REPOSITORY_FOLDER / path).read_bytes()
            return pictures.image(content, words, still=source.startswith(OWN))
        return _link(words, path if file else "", place, home)

    codes = []

    def hide(found):
        codes.append(found.group())
        return f"\0{len(codes) - 1}\0"

    text = LINK.sub(link, CODE.sub(hide, text))
    return re.sub(r"\0(\d+)\0", lambda found: codes[int(found.group(1))], text)


def _link(words, path, place, home):
    if path in PAGES:
        page = PAGES[path]
        return f"[{words}]({page}#{anchor(place)})" if place else f"[{words}]({page})"
    if not path:
        return f"[{words}](#{anchor(place)})"
    return f"[{words}]({on_github(path, home)})" if home else words


def name_of(path):
    """The path of a file as `PAGES` has it."""
    return Path(path).relative_to(REPOSITORY_FOLDER).as_posix()


def is_home(repository):
    """Whether this repository, "account/name", is the course's public home."""
    here = home()
    return here is not None and here[0] == repository


if __name__ == "__main__":
    print(f"is_home={str(is_home(os.environ.get('GITHUB_REPOSITORY'))).lower()}")
