"""What a run's new model was held against on the test frames; kept in the run's folder, for whoever decides on it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_files
from endodesk.system.plain_files import plain_bytes
from training.evaluation.paired_comparison import PairedComparison
from training.plan.run_folder import COMPARISON

ACTIVE, STARTER = "active", "starter"
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """A model that answered the same test frames as the new one."""

    who: str
    """ACTIVE or STARTER."""
    model: str
    """Id of its bundle."""
    name: str
    comparison: PairedComparison
    hidden: PairedComparison | None = None
    """The same with the source of the frames hidden (`source_hidden`); None where that was not asked."""

    def summary(self) -> dict[str, Any]:
        """Its differences alone, as plain values: for metrics.json and the report."""
        told = self.comparison.to_json()
        kept = ("n", "groups", "left_out", "mended", "broken", "p", "accuracy", "macro_f1", "recall", "ece")
        hidden = self.hidden.to_json() if self.hidden else {}
        source = {"source_hidden": {key: hidden[key] for key in ("accuracy", "macro_f1", "recall")}} if hidden else {}
        return {"who": self.who, "model": self.model, "name": self.name, **{key: told[key] for key in kept}, **source}


def write_comparisons(run: Path, compared: Sequence[ComparedModel]) -> None:
    """Whole or not at all. OSError if it cannot be written."""
    told = [
        {"who": one.who, "model": one.model, "name": one.name, "comparison": one.comparison.to_json()}
        | ({"hidden": one.hidden.to_json()} if one.hidden else {})
        for one in compared
    ]
    write_files(run, {COMPARISON: (json.dumps(told, indent=1) + "\n").encode("utf-8", "replace")})


def read_comparisons(run: Path) -> tuple[ComparedModel, ...]:
    """What a run's model was held against; nothing of a run that was held against none. BadRequest if the file is damaged."""
    file = run / COMPARISON
    try:
        if not file.is_file():
            return ()
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        told = json.loads(plain_bytes(file))
        return tuple(_compared(one) for one in told)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadRequest(f"{file} cannot be read: what the new model was compared with is not known.") from error


def _compared(value: Any) -> ComparedModel:
    hidden = PairedComparison.from_json(value["hidden"]) if "hidden" in value else None
    comparison = PairedComparison.from_json(value["comparison"])
    return ComparedModel(str(value["who"]), str(value["model"]), str(value["name"]), comparison, hidden)
