"""A generator that draws in a page: our own lines of JavaScript, or onnxruntime-web?

python -m benchmarks.generator_in_a_page --runtime-folder node_modules/onnxruntime-web/dist

Both draw with the shipped weights, in a worker, in a browser that has one core. Measured for each
size of pictures: what goes over the line; when the first face is on the screen, on a line without
a limit and on a slow one; how long a face takes; for how long the page could answer nobody; and how
far its pixels are from Keras's. The page is opened anew in each round, without anything kept from
before; the contestants take turns.

Writes `generator_in_a_page.json` and `.md` to `benchmarks/results/`; sizes that are not asked for
are kept. Let nothing else run beside it. `make in_a_page` makes the environment that it needs.
"""

import argparse
import base64
import importlib.metadata
import json
import statistics
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from benchmarks.common import LATENTS_SEED, add_folder, write
from benchmarks.in_a_page.server import Asset, Server, started_browser
from helpers.files import REPOSITORY_FOLDER
from helpers.images import to_picture_range
from helpers.machine import where_and_when
from helpers.nets.latents import draw_latents

HARNESS = Path(__file__).parent / "in_a_page"
SITE_SCRIPTS = REPOSITORY_FOLDER / "website" / "scripts"
OUR_SCRIPTS = ("generator.js", "weights.js")
RUNTIME_FILES = (
    "ort.wasm.min.js",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
)
CONTESTANTS = {
    "ours": "our own lines",
    "onnx16": "onnxruntime-web, weights in 16 bits",
    "onnx32": "the same, in 32 bits",
}
SLOW = 10_000_000  # bits a second of the slow line: a phone's, or a hotel's
SECONDS = 60  # that a page may take
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A face</title>
<link rel="icon" href="data:,"><canvas></canvas>
{scripts}<script src="page.js"></script></html>
"""


def net_of(size):
    """The Keras generator of that size with the shipped weights, float16 numbers in float32."""
    from helpers.classroom.growing_generator import load_growing_generator
    from helpers.nets.compact import build_generator

    net = build_generator(size=size)
    net.set_weights(load_growing_generator(size).weights[-1])
    return net


def assets_of(size, net, runtime_folder):
    """All files of the pages of that size, a dict of assets by name."""
    from benchmarks.in_a_page.as_onnx import as_onnx
    from website.weights import layers_of, weight_script

    layers = f"course.layers = {json.dumps(layers_of(net))};\n"
    script = weight_script(f"net_{size}", net.get_weights())
    assets = {
        f"layers_{size}.js": Asset.of(layers.encode(), is_net=True),
        f"net_{size}.js": Asset.of(script, is_net=True),
        f"net_{size}_16.onnx": Asset.of(as_onnx(net), is_net=True),
        f"net_{size}_32.onnx": Asset.of(as_onnx(net, float16=False), is_net=True),
    }
    scripts = [*OUR_SCRIPTS, "ours.js", f"layers_{size}.js", f"net_{size}.js"]
    for name, needed in {f"ours_{size}.html": scripts, f"onnx_{size}.html": ["onnx.js"]}.items():
        tags = "".join(f'<script src="{script}"></script>\n' for script in needed)
        assets[name] = Asset.of(PAGE.format(scripts=tags).encode())
    files = [SITE_SCRIPTS / name for name in OUR_SCRIPTS]
    files += [runtime_folder / name for name in RUNTIME_FILES] + sorted(HARNESS.glob("*.js"))
    return assets | {path.name: Asset.of(path.read_bytes()) for path in files}


def page_of(contestant, size):
    """The name of a contestant's page, with what its scripts read from the address."""
    if contestant == "ours":
        return f"ours_{size}.html"
    model = urlencode({"model": f"net_{size}_{contestant.removeprefix('onnx')}.onnx"})
    return f"onnx_{size}.html?{model}"


def open_page(browser, address, latents):
    """What the page tells that is opened anew: a dict, see in_a_page/page.js.

    Raises: RuntimeError with what the page has thrown, or where it says nothing for long.
    """
    from playwright.sync_api import Error

    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(1000 * SECONDS)
    try:
        page.goto(address)
        return page.evaluate("(latents) => measure(latents)", latents.tolist())
    except Error as error:
        raise RuntimeError(f"{address} failed: {error.message}") from error
    finally:
        context.close()


def pixels_of(told, size):
    """The pictures that a page has drawn: uint8 (n, size, size, 3)."""
    content = np.frombuffer(base64.b64decode(told["pixels"]), "uint8")
    return content.reshape(-1, size, size, 4)[..., :3]


def differences(pixels, pictures):
    """How far pixels, uint8, are from pictures in [0, 1]: two numbers.

    The largest distance, in 1/255, of a pixel's value from Keras's before it is rounded: of 0.5,
    nothing but rounding is left. And the share of values that are not Keras's rounded ones.
    """
    wanted = 255 * np.float64(pictures)
    return float(np.abs(pixels - wanted).max()), float((pixels != np.rint(wanted)).mean())


def bytes_of(assets, asked):
    """What a page has asked for, in bytes: raw and packed, of the runtime and of the net."""
    told = {}
    for part, is_net in {"runtime": False, "net": True}.items():
        files = [assets[name] for name in set(asked) if assets[name].is_net == is_net]
        told[part] = {
            "raw": sum(len(file.content) for file in files),
            "packed": sum(len(file.packed) for file in files),
        }
    return told


def measure(size, browser, options):
    """What was measured of pictures of that size: a dict; "results" has one by contestant."""
    net = net_of(size)
    latents = draw_latents(options.latents, np.random.default_rng(LATENTS_SEED))
    pictures = to_picture_range(net.predict(latents, verbose=0))
    halves = np.array_split(np.arange(options.latents), 2)  # rounds draw them by turns
    results = {name: {"opened": [], "slow_first_faces": []} for name in CONTESTANTS}
    with Server(assets_of(size, net, options.runtime_folder)) as server:
        for number in range(options.rounds):
            half = halves[number % 2]
            for name in list(CONTESTANTS)[:: 1 if number % 2 else -1]:
                address = f"{server.address}/{page_of(name, size)}"
                server.asked.clear()
                told = open_page(browser, address, latents[half])
                results[name] |= bytes_of(server.assets, server.asked)
                told["differences"] = differences(pixels_of(told, size), pictures[half])
                del told["pixels"]
                results[name]["opened"].append(told)
                server.bits_per_second = SLOW
                slow = open_page(browser, address, latents[:0])
                server.bits_per_second = None
                results[name]["slow_first_faces"].append(slow["firstFace"])
    return {
        "browser": f"{options.browser} {browser.version}",
        "cores": told["cores"],
        "results": results,
    }


def _median_and_worst(numbers, digits=0):
    return f"{statistics.median(numbers):.{digits}f} ({max(numbers):.{digits}f})"


def _kilobytes(sizes):
    return f"{sizes['packed'] / 1000:,.0f} ({sizes['raw'] / 1000:,.0f})"


def rows_of(result):
    """What a contestant's result says: a dict from a row's name to its cell."""
    opened = result["opened"]
    parts = result["runtime"], result["net"]
    both = {kind: sum(part[kind] for part in parts) for kind in ("raw", "packed")}
    largest, others = (max(each) for each in zip(*[t["differences"] for t in opened], strict=True))
    stalls = {
        f"ms of the page's longest stall {phase}": f"{max(t['stalls'][phase] for t in opened):.0f}"
        for phase in opened[0]["stalls"]
    }
    return {
        "kB of page and runtime, packed by gzip (and not)": _kilobytes(result["runtime"]),
        "kB of the net": _kilobytes(result["net"]),
        "kB of both": _kilobytes(both),
        "ms to the first face on the screen": _median_and_worst([t["firstFace"] for t in opened]),
        "the same over 10 Mbit/s": _median_and_worst(result["slow_first_faces"]),
        "ms for the first face alone": _median_and_worst([t["firstDrawn"] for t in opened], 1),
        "ms for each later face": _median_and_worst([ms for t in opened for ms in t["drawn"]], 1),
        **stalls,
        "largest difference from Keras, in 1/255 (0.5 is rounding)": f"{largest:.4f}",
        "values that are not Keras's rounded ones": f"{others:.4%}",
    }


def table(record):
    """What the record holds, as Markdown: a table for each size."""
    lines = [f"{record['where']}. Median, and the worst in brackets."]
    for size, told in record["sizes"].items():
        columns = [rows_of(result) for result in told["results"].values()]
        opened = next(iter(told["results"].values()))["opened"]
        faces = len(opened[0]["drawn"])
        how = f"opened {len(opened)} times, each time {faces} faces after the first"
        lines += ["", f"{told['browser']}, cores that it sees: {told['cores']}; {how}."]
        heading = " | ".join(CONTESTANTS[name] for name in told["results"])
        lines += ["", f"| {size} x {size} | {heading} |", "|---" * (len(columns) + 1) + "|"]
        lines += [
            f"| {row} | {' | '.join(cells[row] for cells in columns)} |" for row in columns[0]
        ]
    return "\n".join(lines) + "\n"


def versions_of(runtime_folder):
    """The runtime's version, and the converter's, in words."""
    package = json.loads((runtime_folder.parent / "package.json").read_text(encoding="utf-8"))
    converter = importlib.metadata.version("tf2onnx")
    return f"{package['name']} {package['version']}, tf2onnx {converter}"


def main(words=None):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add("--runtime-folder", type=Path, required=True, help="the dist folder of onnxruntime-web")
    add("--sizes", type=int, nargs="+", default=[50, 100], help="rows and columns of a picture")
    add("--rounds", type=int, default=4, help="how often each page is opened")
    add("--latents", type=int, default=100, help="each round draws half of them")
    add("--browser", choices=["chromium", "firefox"], default="chromium")
    add_folder(parser)
    options = parser.parse_args(words)
    path = options.folder / "generator_in_a_page.json"
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"sizes": {}}
    for size in options.sizes:
        with started_browser(options.browser) as browser:
            record["sizes"][str(size)] = measure(size, browser, options)
        record["where"] = f"{versions_of(options.runtime_folder)}; {where_and_when()}"
        record["sizes"] = dict(sorted(record["sizes"].items(), key=lambda item: int(item[0])))
        write(options.folder, "generator_in_a_page", record, table(record))
    print(table(record))


if __name__ == "__main__":
    main()
