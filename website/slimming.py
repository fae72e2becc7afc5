"""Take out of a made site what came along and no page needs."""

import re

from helpers.files import write_whole

UNUSED = (
    "**/*.map",
    "**/*.LICENSE.txt",
    "**/webpack-macros.html",
    ".buildinfo",
    "objects.inv",
    "_static/file.png",
    "_static/minus.png",
    "_static/plus.png",
)
ICON_FONTS = {"fa-brands": "fa-brands-400", "fa-regular": "fa-regular-400"}
FONT = r"@font-face\{[^}]*%s[^}]*\}"
KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)
# Names, brackets and blanks of code: the theme's styles give them the colour of plain text.
PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
# A column without a name: a screen reader would announce a head that says nothing.
NAMELESS = re.compile(r'<th class="head[^"]*"><p></p></th>')
# A folded cell has a title; the theme has a screen reader say this in its place.
TITLELESS = ' aria-label="Toggle hidden content"'


def slim(folder):
    """Throw away files, fonts and blanks of the site in `folder`, a path, that nobody sees."""
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            path.unlink()
    used = ""
    for path in folder.glob("**/*.html"):
        text = path.read_text(encoding="utf-8")
        used += text
        write_whole(path, without_idle_marks(text))
    for name, font in ICON_FONTS.items():
        if name not in used:
            _take_font_out(folder, font)
    for path in sorted(folder.glob("**/"), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def without_idle_marks(page):
    """HTML without the blanks and the marks of code that nobody sees."""
    pieces = []
    end = 0
    for kept in KEPT.finditer(page):
        pieces += [_short(page[end : kept.start()]), PLAIN.sub(r"\1", kept.group())]
        end = kept.end()
    return "".join([*pieces, _short(page[end:])])


def _short(text):
    text = re.sub(r"[ \t]*\n\s*", "\n", text).replace(TITLELESS, "")
    return NAMELESS.sub("<td></td>", text)


def _take_font_out(folder, font):
    for path in folder.glob("**/*.css"):
        text = path.read_text(encoding="utf-8")
        less = re.sub(FONT % font, "", text)
        if less != text:
            write_whole(path, less)
    for path in folder.glob(f"**/{font}.*"):
        path.unlink()
