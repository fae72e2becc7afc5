"""The site's pages that are no lessons, from the course's Markdown files."""

import re

from helpers.files import REPOSITORY_FOLDER
from website import lessons, links

ON_ONES_OWN = (  # the parts of the README that the page "On your own computer" has
    "Get the files",
    "Start",
    "Which machine",
    "If something goes wrong",
    "Which faces, how much",
)
TO_DO = re.compile(r"^( *- )\[ \] ", re.MULTILINE)  # GitHub draws a box, Sphinx none
OWN_COMPUTER = """\
# On your own computer

You need a little Python, no GPU, and no knowledge of neural nets. The site's lessons show what came
out on one computer; on yours you run the cells, change them, and train nets of your own.

"""
NO_HOME = """\
Whoever gave you this site knows where the course's files are. On GitHub one gets them so.
"""
R_TO_PYTHON = """\
# R → Python

The course follows a chapter of a book whose code is in R. These are the tables of all lessons, in
one place. R counts from 1 and includes the end; Python counts from 0 and stops before it.

"""
RESULTS = """\
# All results

What the commands of [What we measured](benchmarks.md) wrote, each in full. That page says what the
words mean.

"""


def texts(home, pictures, notebooks):
    """All pages of the course that are no lessons, as {name of the source: Markdown}.

    `home`: the course's (repository, branch), or None. `pictures`: the site's, a `Pictures`.
    `notebooks`: the lessons' pages by file name. Raises: ValueError with a sentence for a link
    that leads to no file, and for a part of the README that is gone.
    """
    found = {
        "own_computer.md": _own_computer(home, pictures),
        "licence.md": _licence(),
        "results.md": RESULTS + "\n".join(_result(path, home, pictures) for path in links.RESULTS),
        "r_to_python.md": R_TO_PYTHON + _tables(notebooks),
    }
    for source, page in links.PAGES.items():
        if source.endswith(".md") and "#" not in page and page not in found:
            text = TO_DO.sub(r"\1☐ ", _read(source))
            found[page] = links.rewritten(text, source, home, pictures)
    found["benchmarks.md"] += "\n\n```{toctree}\n:hidden:\n\nresults\nlong_runs\n```\n"
    return found


def _read(name):
    return (REPOSITORY_FOLDER / name).read_text(encoding="utf-8")


def _own_computer(home, pictures):
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", _read("README.md"), re.M | re.S))
    missing = [name for name in ON_ONES_OWN if name not in parts]
    if missing:
        raise ValueError(
            f"website/documents.py takes the part “{missing[0]}” of README.md, which has none of "
            "that name. Change the name there."
        )
    where = f"All files are [on GitHub](https://github.com/{home[0]}).\n" if home else NO_HOME
    parts["Get the files"] = f"\n{where}{parts['Get the files']}"
    text = "\n".join(f"## {name}\n{parts[name]}" for name in ON_ONES_OWN)
    return OWN_COMPUTER + links.rewritten(text, "README.md", home, pictures)


def _licence():
    """The licence's text; its addresses become links."""
    text = re.sub(r"(https?://[^\s)]+)", r"<\1>", _read("LICENSE"))
    return f"# Licence\n\n{text.replace('MIT License', '## MIT License')}"


def _result(path, home, pictures):
    name = links.name_of(path)
    return f"## {path.stem}\n\n{links.rewritten(_read(name), name, home, pictures)}\n"


def _tables(notebooks):
    text = []
    for name, notebook in notebooks.items():
        tables = lessons.r_tables(notebook)
        if tables:
            text.append(f"## {lessons.title(notebook)}\n")
        for heading, table in tables:
            text.append(f"From [“{heading}”]({name}#{links.anchor(heading)}):\n\n{table}")
    return "\n".join(text)
