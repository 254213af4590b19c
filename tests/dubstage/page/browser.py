"""What the browser tests ask of a page, and how they wait for it."""

import time
from typing import Any

PATIENCE_S = 60
PLAYED_S = """import('/static/player.js').then(({audio: {played}}) =>
    played.length ? played.end(played.length - 1) - played.start(0) : 0)"""

PLAYING = (
    "import('/static/player.js').then(m => [m.audio.paused, m.audio.currentTime, m.audio.src])"
)
REGION = "import('/static/main.js').then(m => m.one.region)"


def until(page: Any, script: str, arg: Any = None) -> Any:
    """What `script` gives, once that is something; it may be a promise.

    Playwright's own `wait_for_function` takes any promise for an answer, also one of false.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not (found := page.evaluate(script, arg)):
        assert time.monotonic() < deadline, f"in vain: {script}"
        page.wait_for_timeout(20)
    return found


def advances(page: Any) -> bool:
    """Whether the audio element has really played some of what it was given last."""
    return bool(until(page, f"{PLAYED_S}.then(s => s > 0.02)"))


def idle(page: Any) -> None:
    """Until all that was asked of the session is saved."""
    until(page, "import('/static/session.js').then(m => !m.isBusy())")


# Of every element with words of its own: the contrast of its colour with what lies behind it.
_FAINT = r"""() => {
  const parse = text => (text.match(/[\d.]+/g) ?? []).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) =>
    .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const over = ([r, g, b, a = 1], under) =>
    [r, g, b].map((v, n) => v * a + under[n] * (1 - a));
  const ground = element => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      layers.push(parse(getComputedStyle(each).backgroundColor));
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const found = [], seen = {opacityProperty: true, visibilityProperty: true};
  for (const element of document.querySelectorAll('body *')) {
    const words = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const hint = element.matches('input, textarea');
    const asleep = element.disabled || element.closest('select:disabled');
    if (!(words || hint) || asleep || !element.checkVisibility(seen)) continue;
    const style = getComputedStyle(element, hint ? '::placeholder' : null);
    const under = ground(element), own = over(parse(style.color), under);
    const [low, high] = [light(own), light(under)].sort((a, b) => a - b);
    const ratio = (high + .05) / (low + .05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
      found.push(`${element.tagName} ${element.className} ${element.textContent} ${ratio}`);
    }
  }
  return found; }"""


def hard_to_read(page: Any) -> list[str]:
    """Words on the page below WCAG 2.2 AA: 4.5 to 1, large ones 3 to 1."""
    return list(page.evaluate(_FAINT))


def search(page: Any, words: str, first: str) -> None:
    """Words typed, until their answer stands: its first row's name has `first`."""
    page.fill("#words", words)
    page.wait_for_function(
        """text => document.querySelector('.row b')?.textContent.includes(text)
        && document.querySelector('aside h2')?.textContent.includes(text)
        && document.querySelector('aside textarea')""",
        arg=first,
    )


def dragged(page: Any, first: float, last: float, up: bool = True) -> None:
    """A region of the chosen sound's waveform, by shares of its width."""
    canvas = page.locator("aside canvas").bounding_box()
    y = canvas["y"] + 30
    page.mouse.move(canvas["x"] + canvas["width"] * first, y)
    page.mouse.down()
    page.mouse.move(canvas["x"] + canvas["width"] * last, y, steps=4)
    if up:
        page.mouse.up()
