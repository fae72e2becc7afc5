"""The handout: the course on one sheet of paper, as an HTML file that prints on two pages A4.

Its shapes come from the nets, its tables from the lessons, and its words from the glossary.
"""

import re
from pathlib import Path

import nbformat

from helpers.classroom.lesson_editions import EditionError

TEMPLATE = Path(__file__).with_name("handout.html.j2")
WORDS = 20
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: (.+?) \[", re.MULTILINE)
TRAPS = "| trap | what you see | cure |"  # the head of a table of lesson 05
MEASURES = "| number | it sees | it is blind to |"  # and of one of lesson 06
KINDS = {
    "InputLayer": "what goes in",
    "Dense": "dense",
    "Reshape": "reshape",
    "Flatten": "flatten",
    "Conv2D": "convolution",
    "Conv2DTranspose": "transposed convolution",
}  # all other kinds leave the shape as it is, and are told below the table


def handout(notebooks):
    """The text of the HTML file. `notebooks`: the folder of the lessons and the glossary.

    Raises: EditionError where a lesson's table is missing.
    """
    from jinja2 import Environment, StrictUndefined
    from nbconvert.filters import markdown2html

    from helpers.nets import chapter

    generator, discriminator = chapter.build_generator(), chapter.build_discriminator()
    template = Environment(undefined=StrictUndefined, autoescape=True).from_string(
        TEMPLATE.read_text(encoding="utf-8")
    )
    text = "\n".join(
        cell.source
        for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    glossary = (notebooks / "glossary.md").read_text(encoding="utf-8")
    return template.render(
        nets=[
            (net.name, table_of(net), f"{net.count_params():,}")
            for net in (generator, discriminator)
        ],
        traps=markdown2html(table_under(TRAPS, text)),
        measures=markdown2html(table_under(MEASURES, text)),
        words=[(word, markdown2html(meaning)) for word, meaning in most_used_words(glossary, text)],
    )


def table_of(net):
    """(layer, its filter, the shape that leaves it, parameters) in words, of each main layer."""
    return [
        (
            KINDS[type(layer).__name__],
            _filter_of(layer),
            " × ".join(f"{length:,}" for length in layer.output.shape[1:]),
            f"{layer.count_params():,}" if layer.count_params() else "",
        )
        for layer in net.layers
        if type(layer).__name__ in KINDS
    ]


def _filter_of(layer):
    """A convolution's size and stride in words; nothing for other layers."""
    if not hasattr(layer, "kernel_size"):
        return ""
    rows, columns = layer.kernel_size
    stride = layer.strides[0]
    return f"{rows} × {columns}" + (f", stride {stride}" if stride > 1 else "")


def table_under(head, text):
    """The Markdown table that begins with the line `head`. Raises: EditionError without one."""
    found = re.search(rf"^{re.escape(head)}\n(?:\|.*(?:\n|\Z))+", text, re.MULTILINE)
    if not found:
        raise EditionError(
            f"No lesson has a table that begins with {head}. If its head was changed, change it in "
            f"{Path(__file__).name}, too."
        )
    return found.group()


def most_used_words(glossary, text):
    """(word, meaning) of the glossary's words that the lessons' text has most often, by alphabet.

    One thing and many of it are one word, in capitals or not; within code nothing counts.
    """
    text = re.sub(r"```.*?```|`[^`\n]+`", "", text, flags=re.DOTALL).lower()
    entries = ENTRY.findall(glossary)
    counts = {
        word: len(re.findall(rf"\b{re.escape(word.lower())}(?:e?s)?\b", text))
        for word, _ in entries
    }
    chosen = sorted(counts, key=lambda word: (-counts[word], word))[:WORDS]
    return [(word, meaning) for word, meaning in entries if word in chosen]
