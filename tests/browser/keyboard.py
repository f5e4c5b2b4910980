"""Somebody who has only a keyboard, and must see where they are."""

from __future__ import annotations

from tests.browser.chromium import Page

_MOST_STEPS = 60

# Where the focus is, how it is shown, and whether it is on the screen.
_FOCUS = """(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const place = element.getBoundingClientRect();
  return {
    name: (element.innerText || element.getAttribute("aria-label") || element.id).trim(),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth,
  };
})()"""


class Keyboard:
    """Goes about a page with Tab and Enter."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.passed: list[str] = []

    def go_to(self, selector: str, *, back: bool = False) -> None:
        """Press Tab (or Shift+Tab) until the focus is on the element; each step on the way must be seen."""
        wanted = f"document.activeElement.matches({selector!r})"
        for _ in range(_MOST_STEPS):
            self._page.press("Tab", shift=back)
            self._look()
            if self._page.run(wanted):
                return
        raise AssertionError(f"{selector} cannot be reached by Tab; passed: {self.passed}")

    def _look(self) -> None:
        focus = self._page.run(_FOCUS)
        if focus is None:
            return
        self.passed.append(focus["name"])
        assert focus["outline"] >= 2, f"the focus on {focus['name']!r} is not shown"
        assert focus["seen"], f"the focus on {focus['name']!r} is outside the screen"

    def write(self, text: str) -> None:
        """Write where the focus is, and press Enter twice, as trembling or impatient hands do."""
        self._page.type(text)
        self.press_twice()

    def press_twice(self) -> None:
        """Press Enter twice."""
        self._page.press("Enter")
        self._page.press("Enter")
