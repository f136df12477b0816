"""What keeps the map quick on a machine without a graphics card: nothing is drawn that nobody sees, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from browser import rest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WATCH = """() => {
    const gl = document.querySelector('#map canvas').getContext('webgl2');
    window.frames = []; window.uniforms = [];
    const wrap = (name, before) => {
        const plain = gl[name].bind(gl);
        gl[name] = (...given) => { before(...given); return plain(...given); };
    };
    wrap('clear', (what) => what & gl.COLOR_BUFFER_BIT && window.frames.push({ masks: 0, draws: 0 }));
    wrap('colorMask', (red) => red || (window.frames.at(-1) ?? {}).masks++);
    wrap('drawElements', () => (window.frames.at(-1) ?? {}).draws++);
    wrap('useProgram', (program) => {
        for (let i = 0; program && i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++)
            window.uniforms.push(gl.getActiveUniform(program, i).name);
    });
}"""
"""Of each frame: how often tiles were cut out, and how many pieces were drawn."""


def test_tiles_are_cut_out_once_a_frame_and_a_flat_map_has_no_sky(visit: Any, war_site: Any) -> None:
    opened = visit(war_site.url)
    rest(opened.page)
    opened.page.evaluate(WATCH)
    opened.page.focus("#map canvas")
    opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_function("() => window.frames.length > 0")
    rest(opened.page)
    frames = opened.page.evaluate("window.frames")
    assert max(frame["draws"] for frame in frames) > 20
    assert frames[-1]["masks"] == 1
    assert not {name for name in opened.page.evaluate("window.uniforms") if "sky" in name or "horizon" in name}


VIEW = "view=10.6,50.4,9&layers=held.grey.infiltration.unobserved.bands.edges.reports.roads"
"""Without names: where one stands depends on where it stood before."""


def test_a_day_that_was_scrubbed_to_looks_as_it_does_when_it_is_opened(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}#{VIEW}")
    opened.settle()
    newest = opened.look()
    opened.page.focus("#date-slider")
    for _ in range(3):
        opened.page.keyboard.press("ArrowLeft")
    opened.page.wait_for_function("() => location.hash.includes('date=2031-05-29')")
    opened.settle()
    there = opened.look()
    assert there != newest
    straight = visit(f"{war_site.url}#{VIEW}&date=2031-05-29")
    straight.settle()
    assert straight.look() == there
