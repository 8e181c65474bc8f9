"""The law of walls: one screen, letters that the last row of a room can read, and nothing cut."""

from waiting import until

SIZES = {"xga": (1024, 768), "hd": (1280, 720), "full-hd": (1920, 1080)}
STILL = {"reduced_motion": "reduce"}

SEEN = "getComputedStyle(document.getElementById('leading')).opacity === '1'"


def reach(page):
    """Move the mouse until the buttons are seen, which are hidden some seconds after."""

    def moved():
        for x in (200, 220):
            page.mouse.move(x, 200)
        return page.evaluate(SEEN)

    until(moved)


FAULTS = """
() => {
  const found = [];
  const height = Math.min(innerHeight, innerWidth * 3 / 4);
  const wall = document.getElementById("wall");
  const shown = (node) => node.getClientRects().length && !node.closest(".rk-unseen, #leading");
  if (document.scrollingElement.scrollHeight > innerHeight) found.push("the page scrolls");
  if (document.scrollingElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const node of wall.querySelectorAll("*")) {
    const texts = [...node.childNodes].filter((child) => child instanceof Text && child.data.trim());
    if (!texts.length || !shown(node)) continue;
    const name = `${node.tagName} ${node.id || node.getAttribute("class") || ""}: ${node.textContent.slice(0, 40)}`;
    const size = Number.parseFloat(getComputedStyle(node).fontSize);
    const least = node.id === "credit" ? height / 60 : height / 40;
    if (size < least - 0.01) found.push(`${name}: letters of ${size} px`);
    const isBox = node instanceof HTMLElement;
    if (isBox && node.clientWidth && node.scrollWidth > node.clientWidth + 1) found.push(`${name}: cut at its side`);
    if (isBox && node.clientHeight && node.scrollHeight > node.clientHeight + 1) found.push(`${name}: cut below`);
    const area = node.closest("header, #join, #beside, #said, #warned, footer").getBoundingClientRect();
    const range = document.createRange();
    for (const text of texts) {
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        const inside = box.left >= area.left - 1.5 && box.right <= area.right + 1.5
          && box.top >= area.top - 0.15 * size && box.bottom <= area.bottom + 0.15 * size;
        if (!inside && box.width) found.push(`${name}: leaves its place`);
      }
    }
  }
  return [...new Set(found)];
}
"""
"""What breaks the law on a page, each place in words."""
