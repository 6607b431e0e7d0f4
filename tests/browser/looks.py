"""What every page is asked: does it fit its window, and can its text be read."""

import time

from playwright.sync_api import Page

WIDTHS = (320, 390, 768, 1440, 1920)
"""The windows that every page must fit, in CSS pixels."""

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const seen = (one) => {
    for (let up = one.parentElement; up && up !== document.documentElement; up = up.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return false;
    return true;
  };
  return [...document.querySelectorAll("body *")]
    .filter((one) => { const box = one.getBoundingClientRect();
      return box.width && (box.right > wide + 0.5 || box.left < -0.5) && seen(one)
        && getComputedStyle(one).clipPath === "none"; })
    .map((one) => one.tagName + "." + one.className + " " + Math.round(one.getBoundingClientRect().right));
}"""

CONTRASTS = """() => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d", {willReadFrequently: true});
  const rgba = (text) => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = text; paint.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (one) => {
    const layers = [];
    for (let up = one; up; up = up.parentElement) {
      const colour = rgba(getComputedStyle(up).backgroundColor);
      layers.push(colour); if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (colour) => { const [r, g, b] = colour.slice(0, 3).map((value) => { const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const text = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    const style = getComputedStyle(one);
    if (!text || !one.checkVisibility({visibilityProperty: true, opacityProperty: true}) || style.clipPath !== "none"
      || one.closest("[disabled], [aria-disabled=true]")) continue;
    const under = behind(one), ink = over(rgba(style.color), under);
    const [dark, bright] = [light(under), light(ink)].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5, ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < wanted) found.push(`${ratio.toFixed(2)} ${one.tagName}.${one.className}: ${text.slice(0, 40)}`);
  }
  return found;
}"""

SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && getComputedStyle(one).clipPath === "none")
  .filter((one) => { const box = one.getBoundingClientRect();
    return (box.width < 24 || box.height < 24) && !(one.tagName === "A" && getComputedStyle(one).display === "inline")
      && !one.matches("[tabindex='0']:not(button, a, input, select)"); })
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`)"""

UNNAMED = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.textContent.trim() && one.tagName !== "SELECT" && one.tagName !== "TEXTAREA")
    && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby") && !(one.labels && one.labels.length)
    && !one.title)
  .map((one) => one.outerHTML.slice(0, 120))"""


def until(page: Page, so: str, seconds: float = 10.0) -> None:
    """Wait until this JavaScript is true. (``wait_for_function`` needs a page that may evaluate text: ours may not.)"""
    deadline = time.monotonic() + seconds
    while not page.evaluate(so):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {so}"
        page.wait_for_timeout(30)


def fits(page: Page) -> list[str]:
    """What sticks out of the window sideways (WCAG 2.2, 1.4.10). Parts that scroll by themselves may."""
    return list(page.evaluate(OVERFLOWING))


def unreadable(page: Page) -> list[str]:
    """Texts that stand out too little from what is behind them (1.4.3, AA), by measure."""
    return list(page.evaluate(CONTRASTS))


def too_small(page: Page) -> list[str]:
    """What is to be clicked and is smaller than 24 pixels (2.5.8)."""
    return list(page.evaluate(SMALL))


def unnamed(page: Page) -> list[str]:
    """Controls that a screen reader has no name for (4.1.2)."""
    return list(page.evaluate(UNNAMED))
