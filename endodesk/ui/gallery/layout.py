"""Where every card and header of the gallery stands. Arithmetic on sections, so that 100,000 cards are laid out in a millisecond."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels, from the top left of the whole gallery."""
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CardLayout:
    """Cards of one size in lines, headers across: each header begins a section, and a new line."""

    width: int
    columns: int
    card_px: int
    """The height in pixels of a line of cards."""
    header_px: int
    n: int
    firsts: _Ints
    """The place of the first item of each section, be it header or card; ascending."""
    starts: _Ints
    """The place of the first card of each section; without cards, the place after its header."""
    tops: _Ints
    """The upper edge of each section, in pixels from the top of the gallery."""
    height: int

    @classmethod
    def of(cls, items: NDArray[np.int32], *, width: int, card: tuple[int, int], header_px: int) -> "CardLayout":
        """Items below 0 are headers. `card` is the least width and the height of a card; cards share what is left of the width."""
        columns, n = max(1, width // card[0]), len(items)
        headers = np.flatnonzero(items < 0)
        leading = np.zeros(1 if n and (not len(headers) or headers[0]) else 0, np.int64)  # cards before any header
        firsts = np.concatenate([leading, headers])
        starts = np.concatenate([leading, headers + 1])
        lines = -((starts - np.append(firsts[1:], n)) // columns)  # rounded up: the negative of a floor
        heights = lines * card[1] + (starts - firsts) * header_px
        ends = np.cumsum(heights)
        return cls(width, columns, card[1], header_px, n, firsts, starts, ends - heights, int(ends[-1]) if len(ends) else 0)

    def box(self, place: int) -> Box:
        """Where an item stands: a header across the whole width, a card in its line and column."""
        section = self._section(place)
        top, start = int(self.tops[section]), int(self.starts[section])
        if place < start:
            return 0, top, self.width, self.header_px
        line, column = divmod(place - start, self.columns)
        # from the edges, not from a width: rounding leaves no gap and no overlap
        left, right = column * self.width // self.columns, (column + 1) * self.width // self.columns
        return left, self._first_line(section) + line * self.card_px, right - left, self.card_px

    def at(self, x: int, y: int) -> int:
        """The item at a point in pixels of the whole gallery; -1 if there is none."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return -1
        section = int(np.searchsorted(self.tops, y, "right")) - 1
        below = y - self._first_line(section)
        if below < 0:
            return int(self.firsts[section])
        column = min(self.columns - 1, ((x + 1) * self.columns - 1) // self.width)
        place = int(self.starts[section]) + below // self.card_px * self.columns + column
        return place if place < self._end(section) else -1

    def between(self, top: int, bottom: int) -> range:
        """The items that stand within, or reach into, from one height to another (the last pixel counts)."""
        if not self.n or bottom < 0 or top >= self.height:
            return range(0)
        return range(self._line_at(max(top, 0))[0], self._line_at(min(bottom, self.height - 1))[1])

    def above(self, place: int) -> int:
        """The card over a card, or the nearest to that in the line before; itself in the first line."""
        section, column, start = self._of_card(place)
        if place - self.columns >= start:
            return place - self.columns
        while (section := section - 1) >= 0:
            start, end = int(self.starts[section]), self._end(section)
            if end > start:
                return min(start + (end - start - 1) // self.columns * self.columns + column, end - 1)
        return place

    def below(self, place: int) -> int:
        """The card under a card, or the nearest to that in the next line; itself in the last line."""
        section, column, start = self._of_card(place)
        end = self._end(section)
        if (place - start) // self.columns < (end - start - 1) // self.columns:
            return min(place + self.columns, end - 1)
        while (section := section + 1) < len(self.firsts):
            start, end = int(self.starts[section]), self._end(section)
            if end > start:
                return min(start + column, end - 1)
        return place

    def _of_card(self, place: int) -> tuple[int, int, int]:
        section = self._section(place)
        start = int(self.starts[section])
        return section, (place - start) % self.columns, start

    def _section(self, place: int) -> int:
        return int(np.searchsorted(self.firsts, place, "right")) - 1

    def _end(self, section: int) -> int:
        return int(self.firsts[section + 1]) if section + 1 < len(self.firsts) else self.n

    def _first_line(self, section: int) -> int:
        return int(self.tops[section] + (self.starts[section] - self.firsts[section]) * self.header_px)

    def _line_at(self, y: int) -> tuple[int, int]:
        """The items of the line at a height: the first, and the one after the last."""
        section = int(np.searchsorted(self.tops, y, "right")) - 1
        below = y - self._first_line(section)
        if below < 0:
            first = int(self.firsts[section])
            return first, first + 1
        first = int(self.starts[section]) + below // self.card_px * self.columns
        return first, min(first + self.columns, self._end(section))
