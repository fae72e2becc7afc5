"""Is a made site right? Links, anchors, alt texts, other hosts and sizes, without a browser."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from website.links import NO_HOME
from website.pictures import FOLDER as PICTURES

MEGABYTE = 1_000_000
MOST = 15 * MEGABYTE  # all files of the site
MOST_A_PAGE = 3 * MEGABYTE  # with its scripts and styles, without a lesson's pictures
# A <link> of these kinds is loaded with the page; others only tell something.
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
CONTACTED_LINKS = {"preconnect", "dns-prefetch"}
# Elements that load what one of these attributes names, all but <link>.
LOADED = ("src", "srcset", "poster", "data")
STYLE_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)|@import\s+['\"]([^'\"]+)['\"]")
OTHER_HOST = re.compile(r"(?:[a-z][a-z+.-]*:)?//", re.IGNORECASE)


def text_of(path):
    """The text of a file: UTF-8, or UTF-16 where its first two bytes say so."""
    content = path.read_bytes()
    return content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8")


class Page(HTMLParser):
    """What one HTML file of the site has in it, in lists of (line, …)."""

    def __init__(self, path, name):
        super().__init__()
        self.name = name
        self.anchors, self.links, self.loaded, self.without_alt = set(), [], [], []
        self.path = path
        self._in_style = False
        self.feed(text_of(path))

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        line = self.getpos()[0]
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in ("a", "area") and "href" in given:
            self.links.append((line, given["href"]))
        if tag == "form" and "action" in given:
            self.links.append((line, given["action"]))
        if tag == "img" and not given.get("alt", "").strip():
            self.without_alt.append((line, given.get("src", "")))
        if tag == "link":
            kinds = set(given.get("rel", "").lower().split())
            if kinds & (LOADED_LINKS | CONTACTED_LINKS):
                self.loaded.append((line, given.get("href", "")))
            else:
                self.links.append((line, given.get("href", "")))
        else:
            self._add_loaded(line, given)
        self._in_style = tag == "style"
        self.loaded += [(line, address) for address in style_addresses(given.get("style", ""))]

    def _add_loaded(self, line, given):
        for name in LOADED:
            if name == "srcset":
                parts = [part.split()[0] for part in given.get(name, "").split(",") if part.strip()]
                self.loaded += [(line, part) for part in parts]
            elif given.get(name):
                self.loaded.append((line, given[name]))

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, text):
        if self._in_style:
            self.loaded += [(self.getpos()[0], address) for address in style_addresses(text)]


def style_addresses(text):
    """What a style sheet loads: the addresses in `url(…)` and `@import`."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return [one or other for one, other in STYLE_ADDRESS.findall(text)]


def problems(folder):
    """What is wrong with the site in `folder`, a path: a sentence each; [] when all is right."""
    folder = Path(folder).resolve()
    pages = {
        path: Page(path, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*.html"))
    }
    found = [] if pages else [f"{folder} has no page."]
    for page in pages.values():
        found += _wrong_links(page, pages, folder)
        found += _wrong_loads(page.name, page.path, page.loaded, folder)
        found += [
            f"{page.name}, line {line}: the picture {source[:60] or 'without an address'} has no "
            "alt text. Say in a sentence what one sees."
            for line, source in page.without_alt
        ]
        found += _too_large_page(page, folder)
    for path in sorted(folder.rglob("*.css")):
        text = text_of(path)
        loads = [(text[: text.find(one)].count("\n") + 1, one) for one in style_addresses(text)]
        found += _wrong_loads(path.relative_to(folder).as_posix(), path, loads, folder)
    return found + _too_large(folder)


def _wrong_links(page, pages, folder):
    found = []
    for line, address in page.links:
        where = f"{page.name}, line {line}: the link {address}"
        if NO_HOME in address:
            found.append(f"{where} leads to a public home, and the course has none yet.")
        if re.match(r"(https?|mailto):", address):
            continue  # it leads out, when somebody follows it
        if re.match(r"[a-z][a-z+.-]*:|//", address, re.IGNORECASE):
            found.append(f"{where} is of a kind that a page of the course doesn't have.")
            continue
        file, _, place = address.partition("#")
        target = _target(page.path, file)
        if not target.is_file() or not target.is_relative_to(folder):
            found.append(f"{where} leads to no file of the site.")
        elif target in pages and unquote(place) not in {"", "top", *pages[target].anchors}:
            found.append(f"{where} leads to a place that isn't in {pages[target].name}.")
    return found


def _wrong_loads(name, path, loads, folder):
    found = []
    for line, address in loads:
        where = f"{name}, line {line}"
        if OTHER_HOST.match(address):
            found.append(
                f"{where}: {address} comes from another host. Put the file into the site: a reader "
                "may have no network, and nobody else should learn who reads."
            )
        elif not address.startswith("data:"):
            target = _target(path, address.partition("#")[0])
            if not target.is_file() or not target.is_relative_to(folder):
                found.append(f"{where}: {address} is no file of the site.")
    return found


def _target(path, address):
    """The file that an address in the file `path` names; the file itself for an empty one."""
    name = unquote(address.partition("?")[0])
    if not name:
        return path
    target = (path.parent / name).resolve()
    return target / "index.html" if target.is_dir() else target


def _too_large_page(page, folder):
    """A page with all that it loads, but for pictures of lessons: these wait until one is there."""
    files = {_target(page.path, address.partition("#")[0]) for _, address in page.loaded}
    size = page.path.stat().st_size + sum(
        file.stat().st_size for file in files if file.is_file() and file.parent != folder / PICTURES
    )
    if size <= MOST_A_PAGE:
        return []
    return [_too_large_sentence(page.name, size, MOST_A_PAGE)]


def _too_large(folder):
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    if sum(sizes.values()) <= MOST:
        return []
    largest = sorted(sizes, key=sizes.get, reverse=True)[:3]
    names = ", ".join(path.relative_to(folder).as_posix() for path in largest)
    return [_too_large_sentence("The site", sum(sizes.values()), MOST) + f" Its largest: {names}."]


def _too_large_sentence(what, size, most):
    return f"{what} has {size / MEGABYTE:.2f} MB, and may have {most / MEGABYTE:.0f}."
