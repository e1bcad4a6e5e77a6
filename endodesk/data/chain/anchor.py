"""An anchor: how far the chain went at a time, kept elsewhere. Without one, a chain that was cut at its end, or made anew, holds."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from endodesk.data.chain.verifying import ChainVerdict
from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_file
from endodesk.system.text_files import read_text_file

_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Anchor:
    """So many events there were, the last with this digest, at this time (ISO 8601, UTC)."""

    count: int
    digest: str
    date: str

    @classmethod
    def of(cls, verdict: ChainVerdict) -> Self:
        """Of a chain that holds, now."""
        return cls(verdict.events, verdict.digest, datetime.now(UTC).isoformat(timespec="seconds"))

    @classmethod
    def read(cls, path: Path) -> Self:
        """BadRequest if it cannot be read, or is none."""
        try:
            told = json.loads(read_text_file(path, _MOST_BYTES).text)
            anchor = cls(told["count"], told["digest"], told["date"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadRequest(f"{path} is no anchor of a record: it needs count, digest and date.") from error
        if not isinstance(anchor.count, int) or not isinstance(anchor.digest, str) or not isinstance(anchor.date, str):
            raise BadRequest(f"{path} is no anchor of a record: count is a number, digest and date are texts.")
        return anchor

    def write(self, path: Path) -> None:
        """OSError if it cannot be written."""
        write_file(path, (json.dumps(asdict(self), indent=1) + "\n").encode())
