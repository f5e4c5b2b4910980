"""How somebody wants to see and hear the page, kept in a cookie of their browser."""

from __future__ import annotations

from dataclasses import dataclass, replace

LOOKS_COOKIE = "thuisbel-looks"
SIZES = ("normal", "large", "largest")
CONTRASTS = ("normal", "high")
ALOUD = ("off", "on")
CHOICES = (("size", SIZES), ("contrast", CONTRASTS), ("aloud", ALOUD))
"""What can be set: the name of the field, and the values to choose from."""
_UNSET = "unset"


@dataclass(frozen=True)
class Looks:
    """The size of the type, the contrast (None: what the device asks for), and whether every answer is read aloud."""

    size: str = SIZES[0]
    contrast: str | None = None
    aloud: str = ALOUD[0]

    @classmethod
    def from_cookie(cls, text: str) -> Looks:
        """What the cookie says; where it makes no sense, as it is at first."""
        size, contrast, aloud, *_ = (*text.split("."), "", "", "")
        return cls().choosing(size=size, contrast=contrast, aloud=aloud)

    def to_cookie(self) -> str:
        """The text for the cookie."""
        return ".".join((self.size, self.contrast or _UNSET, self.aloud))

    def choosing(self, *, size: str = "", contrast: str = "", aloud: str = "") -> Looks:
        """The same with another choice; what does not exist changes nothing."""
        return replace(
            self,
            size=size if size in SIZES else self.size,
            contrast=contrast if contrast in CONTRASTS else self.contrast,
            aloud=aloud if aloud in ALOUD else self.aloud,
        )
