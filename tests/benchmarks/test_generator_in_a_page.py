"""A generator in a page: what is counted, compared and told; the server; no browser is needed."""

import base64
import gzip
import json
import os
import re
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import common
from benchmarks import generator_in_a_page as in_a_page
from benchmarks.in_a_page.server import Asset, Server, one_core
from tests.benchmarks.runs import read

WORDS = b"a face, a face, a face, and a face"


def opened(first_face, drawn, largest=0.5, stall=20.0):
    """What one opened page tells, as page.js does."""
    stalls = {"until the first face": stall, "while it draws": 17.0}
    return {
        "firstFace": first_face,
        "firstDrawn": 60.0,
        "drawn": drawn,
        "stalls": stalls,
        "cores": 1,
        "differences": [largest, 0.0001],
    }


def result(kilobytes, *pages):
    sizes = {"raw": 4000 * kilobytes, "packed": 1000 * kilobytes}
    net = {"raw": 2_000_000, "packed": 1_000_000}
    return {"opened": pages, "slow_first_faces": [900.0], "runtime": sizes, "net": net}


def test_a_row_has_the_median_the_worst_and_the_sums():
    rows = in_a_page.rows_of(
        result(7, opened(400.4, [30.0, 31.0, 99.0], stall=48.0), opened(500.0, [29.0], 0.7))
    )
    cells = list(rows.values())
    assert cells[:3] == ["7 (28)", "1,000 (2,000)", "1,007 (2,028)"]
    assert rows["ms to the first face on the screen"] == "450 (500)"
    assert rows["ms for each later face"] == "30.5 (99.0)"
    assert rows["ms of the page's longest stall until the first face"] == "48"
    assert rows["largest difference from Keras, in 1/255 (0.5 is rounding)"] == "0.7000"


def test_pixels_are_read_as_the_page_has_sent_them():
    pictures = np.random.default_rng(0).integers(0, 256, (2, 5, 5, 3), "uint8")
    opaque = np.full((2, 5, 5, 1), 255, "uint8")
    sent = np.concatenate([pictures, opaque], axis=-1).tobytes()
    told = {"pixels": base64.b64encode(sent).decode()}
    assert np.array_equal(in_a_page.pixels_of(told, 5), pictures)


def test_of_rightly_rounded_pixels_only_rounding_is_left():
    pictures = np.random.default_rng(0).random((3, 5, 5, 3), "float32")
    pixels = np.rint(255 * np.float64(pictures)).astype("uint8")
    largest, others = in_a_page.differences(pixels, pictures)
    assert 0.4 < largest <= 0.5 and others == 0
    pixels[1, 2, 3, 0] -= 1 if pixels[1, 2, 3, 0] else -1
    largest, others = in_a_page.differences(pixels, pictures)
    assert 0.5 < largest <= 1.5 and others == pytest.approx(1 / pixels.size)


def test_a_file_counts_once_where_it_belongs():
    assets = {
        "page.html": Asset.of(WORDS),
        "net.js": Asset.of(WORDS * 2, is_net=True),
        "other.js": Asset.of(WORDS * 9),
    }
    told = in_a_page.bytes_of(assets, ["page.html", "net.js", "page.html"])
    assert told["runtime"] == {"raw": len(WORDS), "packed": len(gzip.compress(WORDS, 9))}
    assert told["net"]["raw"] == 2 * len(WORDS) > told["net"]["packed"]


def test_the_server_sends_packed_files_and_remembers_them():
    with Server({"some.wasm": Asset.of(WORDS)}) as server:
        answer = urllib.request.urlopen(f"{server.address}/some.wasm?model=1")
        assert answer.headers["Content-Type"] == "application/wasm"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.read()) == WORDS
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.address}/other.js")
    assert server.asked == ["some.wasm"]


def test_a_slow_line_is_as_slow_as_asked_for(monkeypatch):
    """No clock is read here: the naps are counted."""
    naps = []
    monkeypatch.setattr(time, "sleep", naps.append)
    sent = []
    with Server({}) as server:
        server.send(b"x" * 50_000, SimpleNamespace(write=sent.append))
        assert naps == []
        server.bits_per_second = 1_000_000
        server.send(b"y" * 50_000, SimpleNamespace(write=sent.append))
    assert sum(naps) == pytest.approx(0.4) and len(naps) == 4
    assert b"".join(sent) == b"x" * 50_000 + b"y" * 50_000


def test_one_core_is_for_what_is_started_meanwhile():
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("only Linux gives a process cores")
    before = os.sched_getaffinity(0)
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_every_contestants_page_asks_for_files_that_are_there(tmp_path, monkeypatch):
    """Of the converter, which is not installed for the tests, only its bytes are stood in for."""
    import benchmarks.in_a_page.as_onnx as converter

    monkeypatch.setattr(converter, "as_onnx", lambda net, float16=True: b"half" if float16 else b"")
    for name in in_a_page.RUNTIME_FILES:
        (tmp_path / name).write_bytes(b"")
    net = in_a_page.net_of(50)
    assets = in_a_page.assets_of(50, net, tmp_path)
    for name in in_a_page.CONTESTANTS:
        page, _, query = in_a_page.page_of(name, 50).partition("?")
        text = assets[page].content.decode()
        scripts = [part.split('"')[0] for part in text.split('src="')[1:]]
        assert scripts[-1] == "page.js"
        models = [query.removeprefix("model=")] if query else []
        assert [script for script in scripts + models if script not in assets] == []
        nets = [file for file in scripts + models if assets[file].is_net]
        assert len([file for file in nets if not file.startswith("layers")]) == 1


def test_our_page_asks_the_sites_scripts_for_what_they_have():
    ours = (in_a_page.HARNESS / "ours.js").read_text(encoding="utf-8")
    scripts = [
        (in_a_page.SITE_SCRIPTS / name).read_text(encoding="utf-8")
        for name in in_a_page.OUR_SCRIPTS
    ]
    asked = set(re.findall(r"course\.(make\w+)", ours))
    assert len(asked) == 2 and asked <= set(re.findall(r"course\.(\w+) = ", "".join(scripts)))
    called = re.findall(r"\.(draw|buildNet|unpack)\(", ours)
    assert sorted(called) == ["buildNet", "draw", "unpack"]
    handed_on = " ".join(re.findall(r"\n  return \{([^}]*)\};", "".join(scripts)))
    assert set(called) <= set(re.findall(r"\w+", handed_on))


@pytest.mark.parametrize("size", [50, 100])
def test_the_nets_weights_are_such_as_float16_holds(size):
    """So the pages' weights are Keras's to the last bit."""
    net = in_a_page.net_of(size)
    assert net.output_shape == (None, size, size, 3)
    for array in net.get_weights():
        assert np.array_equal(array, array.astype("float16"))


def test_the_committed_record_makes_the_committed_table():
    text = (common.RESULTS / "generator_in_a_page.json").read_text(encoding="utf-8")
    record = json.loads(text)
    written = (common.RESULTS / "generator_in_a_page.md").read_text(encoding="utf-8")
    assert in_a_page.table(record) == written
    _, rows = read(common.RESULTS, "generator_in_a_page")
    assert rows[0][1:] == list(in_a_page.CONTESTANTS.values())
    for size, told in record["sizes"].items():
        assert int(size) in (50, 100) and told["cores"] == 1
        for result_of_one in told["results"].values():  # 1 / 255 is what the issue allows
            assert all(page["differences"][0] < 1 for page in result_of_one["opened"])
