"""Text set in lines: the widths of a font's letters, remembered, and words that fit between two edges.

The PDF library wraps text too, a hundred times slower, which a table of thousands of cells would feel.
"""

from collections.abc import Callable

Widths = Callable[[str], float]
"""The width of one letter in points."""


class Measure:
    """Widths of one font in one size."""

    def __init__(self, width_of: Widths) -> None:
        self._width_of = width_of
        self._letters: dict[str, float] = {}

    def width(self, text: str) -> float:
        """Points that a text takes on one line."""
        letters = self._letters
        total = 0.0
        for letter in text:
            found = letters.get(letter)
            if found is None:
                found = letters[letter] = self._width_of(letter)
            total += found
        return total

    def wrap(self, text: str, room: float, first: float | None = None) -> list[str]:
        """The text in lines of at most `room` points, `first` on the first line; long words are broken.

        A line break in the text stays one; an empty text is one empty line.
        """
        lines: list[str] = []
        left = room if first is None else first
        for paragraph in text.split("\n"):
            current, used = "", 0.0
            for number, word in enumerate(paragraph.split(" ")):
                gap = " " if number else ""
                wide = self.width(gap + word)
                if used + wide <= left:
                    current, used = current + gap + word, used + wide
                    continue
                if current or (first is not None and not lines and left < room):
                    lines.append(current)
                    left = room
                pieces = self._pieces(word, room)
                lines.extend(pieces[:-1])
                current, used = pieces[-1], self.width(pieces[-1])
                left = room
            lines.append(current)
            left = room
        return lines

    def _pieces(self, word: str, room: float) -> list[str]:
        """A word in pieces that fit; a letter wider than the room stands alone all the same."""
        pieces, current, used = [], "", 0.0
        for letter in word:
            wide = self.width(letter)
            if current and used + wide > room:
                pieces.append(current)
                current, used = "", 0.0
            current, used = current + letter, used + wide
        return [*pieces, current]
