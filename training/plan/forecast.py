"""Forecast: how much of a run is done and how long it still takes, by its own events. Computed here alone, whoever shows it."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from endodesk.domain.runs import RunEvent, RunEventKind
from training.plan.config import Config
from training.plan.epochs import EpochRow
from training.plan.run_folder import RunPlan
from training.plan.speeds import FINE_TUNING, FROZEN, Piece, Speeds, kind_of, pieces_of

_BEGINS_WITH = {"evaluating": ("loading", "answers")}
"""First stages that are called otherwise than their phase: the one of these that comes first."""
_TELLING = {"features", "tuned", "answers", "probe"}
"""Stages from whose speed others' follows; how the rest goes hangs on what is cached already."""
_USUAL_SHARE = 0.6
"""Of its epochs, that a phase takes which may end early, where no run of the kind has told."""
_LAST = 8
"""As many of its latest pieces tell how fast a stage is: other programs come and go."""
_DOUBT_S = 0.25
"""Of a run that has hardly begun, so much is taken for granted."""
_KNOWN, _UNKNOWN = 1.0, 0.25
"""For how many pieces of a stage stands what was noted of it, and what follows from other stages."""
_LEAST = 1e-3


class Forecast:
    """Hears every event of a run in its order; times are seconds since the run began, without those in which it was paused."""

    def __init__(self, config: Config, pieces: Sequence[Piece], speeds: Speeds, kind: str = "") -> None:
        self._config, self._pieces, self._speeds, self._kind = config, pieces, speeds, kind
        self._at, self._since, self._part, self._answered = 0, 0.0, 0.0, 0
        self._rows: dict[str, list[EpochRow]] = {FROZEN: [], FINE_TUNING: []}
        self._took: dict[str, list[tuple[float, float]]] = defaultdict(list)  # by stage: seconds, and those of the reference
        self._spared = 0.0
        self._share = 0.0
        self._ends = False

    @classmethod
    def of(cls, plan: RunPlan) -> "Forecast":
        """Of a run that is about to begin, by what earlier runs of its kind noted."""
        config, kind = plan.config, kind_of(plan.config)
        others = sum(map(bool, (config.paths.active, config.paths.starter)))
        counts = {part: len(plan.part(part)) for part in ("train", "val", "test")}
        return cls(config, pieces_of(config, **counts, others=others), Speeds.noted(kind), kind)

    def told(self, event: RunEvent) -> RunEvent:
        """The event, heard, with how much is done by then, how long it still takes, and how long at most."""
        self._hear(event)
        left, most = self._left(event.seconds, self._expected), self._left(event.seconds, self._longest)
        spent = self._spared + event.seconds
        self._share = max(self._share, spent / (spent + left) if spent + left > 0 else 0.0)  # what was done is done
        return replace(event, share=round(self._share, 4), left=round(left, 1), most=round(max(left, most), 1))

    def end_early(self) -> None:
        """No epoch will begin any more."""
        self._ends = True

    def note(self) -> None:
        """Note how fast it went, for later runs of this kind: it came to its end."""
        known = self._speeds.factors
        # half of what was believed: one run may have been alone on the machine, or anything but
        factors = known | {stage: math.sqrt(known.get(stage, 1.0) * self._factor(stage)) for stage in self._took}
        epochs = {phase: len(rows) for phase, rows in self._rows.items() if rows}
        Speeds(factors, self._speeds.epochs | ({} if self._ends else epochs)).note(self._kind)

    # --- where it is ------------------------------------------------------------------------------------------------

    def _hear(self, event: RunEvent) -> None:
        if event.kind is RunEventKind.PHASE:
            self._go_to(self._find(*_BEGINS_WITH.get(event.phase, (event.phase,))), event.seconds)
        elif event.kind is RunEventKind.PROGRESS and event.total > 0:
            self._progress(event)
        elif event.kind is RunEventKind.EPOCH and event.phase in self._rows:
            self._epoch(event)

    def _progress(self, event: RunEvent) -> None:
        if event.phase in self._rows and event.message.startswith(("epoch", "features")):
            made = event.message.startswith("features")
            at = self._epoch_at(event.phase, len(self._rows[event.phase]) + 1, made=made)
            self._go_to(at, event.seconds)
        elif event.phase == "evaluating":
            stage = {"shortcut probe": "probe", "mistakes": "report"}.get(event.message, "answers")
            self._go_to(self._find(stage), event.seconds)
            if stage == "answers" and self._pieces[self._at].stage == stage:
                self._part = min(1.0, (self._answered + event.done) / max(1, self._pieces[self._at].frames))
                self._answered += event.done if event.done == event.total else 0
            if stage != "probe":
                return  # of the report's pictures the first ones are the least
        self._part = min(1.0, event.done / event.total)

    def _epoch(self, event: RunEvent) -> None:
        figures = {name: float(event.metrics.get(name, math.nan)) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
        hidden = event.metrics.get("shifted_loss")
        row = EpochRow(event.phase, event.done, **figures, shifted_loss=hidden, shifted_accuracy=None, waited=0.0, seconds=0.0)
        self._rows[event.phase].append(row)
        at = self._epoch_at(event.phase, event.done)
        if at is None:
            return
        if at != self._at:  # it was done before the run was interrupted
            self._spared += sum(map(self._seconds, self._pieces[self._at : at + 1]))
            self._at = at
            self._begin(at + 1, event.seconds)
        else:
            self._go_to(at + 1, event.seconds)

    def _go_to(self, at: int | None, seconds: float) -> None:
        if at is None or at <= self._at:
            return
        now = self._pieces[self._at]
        if at == self._at + 1 or now.epoch == 0:  # else epochs are left out, and the one that was begun tells nothing
            self._took[now.stage].append((seconds - self._since, now.reference_s))
        self._begin(at, seconds)

    def _begin(self, at: int, seconds: float) -> None:
        self._at, self._since, self._part = min(at, len(self._pieces) - 1), seconds, 0.0

    def _find(self, *names: str) -> int | None:
        """The first piece from here on that is of one of these stages, or phases."""
        here = range(self._at, len(self._pieces))
        return next((at for at in here if {*names} & {self._pieces[at].phase, self._pieces[at].stage.removesuffix(" tuned")}), None)

    def _epoch_at(self, phase: str, epoch: int, *, made: bool = False) -> int | None:
        here = range(self._at, len(self._pieces))
        these = (at for at in here if (self._pieces[at].phase, self._pieces[at].epoch) == (phase, epoch))
        return next((at for at in these if (self._pieces[at].stage == "features") is made), None)

    # --- how long still ---------------------------------------------------------------------------------------------

    def _left(self, seconds: float, epochs: "dict[str, int]") -> float:
        now, later = self._pieces[self._at], self._pieces[self._at + 1 :]
        expected, gone = self._seconds(now), seconds - self._since
        # the further it is, the more its own pace counts; without any, it is not over before it is
        rest = (1 - self._part) * (gone + (1 - self._part) * expected) if self._part else max(expected - gone, 0.1 * expected)
        return rest + sum(self._seconds(piece) for piece in later if piece.epoch <= epochs.get(piece.phase, piece.epoch))

    @property
    def _longest(self) -> dict[str, int]:
        return {phase: len(rows) + 1 for phase, rows in self._rows.items()} if self._ends else {}

    @property
    def _expected(self) -> dict[str, int]:
        """The last epoch of each phase that may end early, as far as one can know."""
        if self._ends:
            return self._longest
        if self._config.training.keep == "last":  # patience never ends these
            return {}
        most = {FROZEN: self._config.frozen.epochs, FINE_TUNING: self._config.finetune.epochs}
        return {phase: min(n, max(self._earliest(phase), self._usual(phase, n))) for phase, n in most.items()}

    def _usual(self, phase: str, most: int) -> int:
        return self._speeds.epochs.get(phase, math.ceil(_USUAL_SHARE * most))

    def _earliest(self, phase: str) -> int:
        """The epoch after which the phase ends if none becomes better than the best so far."""
        scores = [row.score(self._config.training.select_by) for row in self._rows[phase]]
        best = min(range(len(scores)), key=scores.__getitem__) + 1 if scores else 0
        return best + self._config.training.patience

    def _seconds(self, piece: Piece) -> float:
        return piece.reference_s * self._factor(piece.stage)

    def _factor(self, stage: str) -> float:
        """Times the reference: what earlier runs noted, as the whole of this one bears it out, and what the stage took in it."""
        thought = self._speeds.factors.get(stage, 1.0) * self._other_than_thought
        took = self._took[stage][-_LAST:] if stage in self._took else []
        if not took:
            return thought
        doubt = (_KNOWN if stage in self._speeds.factors else _UNKNOWN) * took[-1][1]
        seconds, reference = sum(one[0] for one in took), sum(one[1] for one in took)
        return max((seconds + doubt * thought) / (reference + doubt), _LEAST)

    @property
    def _other_than_thought(self) -> float:
        """Times what was thought, that this run took so far."""
        told = [(stage, one) for stage, these in self._took.items() if stage in _TELLING for one in these]
        took = [(seconds, reference * self._speeds.factors.get(stage, 1.0)) for stage, (seconds, reference) in told]
        return (_DOUBT_S + sum(seconds for seconds, _ in took)) / (_DOUBT_S + sum(thought for _, thought in took))
