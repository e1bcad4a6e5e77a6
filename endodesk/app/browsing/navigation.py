"""Navigation: going through the frames shown, and opening the one that is chosen."""

from collections.abc import Sequence
from pathlib import Path

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.answers.workers import InferenceWorkers
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.viewing.open_frame import FrameOpener, OpenFrame, ensure_known
from endodesk.app.workspace import Workspace

_FETCHED_AHEAD = (1, 2, -1, 3, -2, -3)  # steps from the open frame, the likeliest first


class Navigation:
    """Goes through the frames of one workspace. Main thread; frames are read in jobs."""

    def __init__(
        self, workspace: Workspace, shown: ShownFrames, jobs: Jobs, answers: BackgroundAnswers, overrides: ActiveOverrides
    ) -> None:
        self._workspace, self._shown, self._jobs, self._answers = workspace, shown, jobs, answers
        self._opener = FrameOpener(jobs, overrides.of)
        self.renew()

    # --- where the reader goes --------------------------------------------------------------------------------------

    def choose(self, row: int) -> None:
        """Go to a row; `frame_opened` or `frame_failed` follows."""
        workspace = self._workspace
        if not 0 <= row < len(workspace.frames) or row == workspace.row:
            return
        workspace.choose(row)
        self._shown.stay_at(row)
        workspace.frame_chosen.emit(row)
        workspace.label_changed.emit()
        self.open_chosen()

    def go(self, step: int) -> None:
        """Forward or back by some of the frames shown, stopping at the ends."""
        self.choose(self.row_after(step))

    def go_to_first(self) -> None:
        """Go to the first of the frames shown."""
        self.go(-len(self._workspace.frames))

    def go_to_last(self) -> None:
        """Go to the last of the frames shown."""
        self.go(len(self._workspace.frames))

    def go_to_unread(self) -> bool:
        """Go to the next frame shown that no reader has dealt with; False if there is none after this one."""
        row = self._shown.next_unread(self._workspace.row)
        if row is not None:
            self.choose(row)
        return row is not None

    def row_after(self, step: int) -> int:
        """Where `go` leads; the chosen row itself where nothing is shown."""
        row = self._shown.arrangement.row_after(self._workspace.row, step)
        return self._workspace.row if row is None else row

    def name_after(self, step: int) -> str:
        """Name of the frame where `go` leads."""
        return self._workspace.frames.names[self.row_after(step)]

    # --- the open frame ---------------------------------------------------------------------------------------------

    def open_chosen(self) -> None:
        """Fetch the chosen frame, and those around it ahead."""
        workspace = self._workspace
        if entry := workspace.entry:
            frames, near = workspace.frames, self._shown.arrangement.around(workspace.row, _FETCHED_AHEAD)
            around = [frames.path(row) for row in near if not frames.is_unreadable(row)]
            self._opener.open(entry.path, around=around, done=self._opened, failed=self._not_opened)

    def renew(self) -> None:
        """Frames are opened by the recipe and the model of now; what was opened before is dropped."""
        self._opener.use(self._workspace.recipe, self._workspace.predictor)

    def reopen(self) -> None:
        """Open the chosen frame again, by the recipe and the model of now."""
        self.renew()
        self.open_chosen()

    def show_recipe(self, name: str) -> None:
        """Show the steps of another recipe; empty for the model's own. The answer always follows the model's."""
        self._workspace.choose_recipe(name)
        self.reopen()

    def _opened(self, frame: OpenFrame) -> None:
        workspace = self._workspace
        entry = workspace.entry
        if entry is None or entry.path != frame.record.path:
            return  # the reader has gone on
        workspace.show(frame)
        # it may be opened before the folder is read that far, or have changed since
        row = workspace.frames.learn(frame.record.path, frame.record.sha256)
        workspace.frame_opened.emit(frame)
        self.note_rows([] if row is None else [row])
        self._answers.opened(frame)
        database, (keep_answer_job, kept) = workspace.project.database, self._answers.keeper(frame)

        def note_job(_: object) -> InferenceWorkers | None:
            ensure_known(database, frame)
            return keep_answer_job()

        # LATER, and a mere message: nothing that the reader did is lost if it fails
        self._jobs.submit(note_job, done=kept, failed=workspace.message.emit, urgency=Urgency.LATER)

    def _not_opened(self, path: Path, reason: str) -> None:
        row = self._workspace.frames.refuse(path, reason)
        rows = [] if row is None else [row]
        self.note_rows(rows)
        self._answers.learned(rows)
        self._workspace.frame_failed.emit(reason)

    # --- what is known of rows --------------------------------------------------------------------------------------

    def note_rows(self, rows: Sequence[int]) -> None:
        """Something else is known of these rows: first what is shown of them follows, then whoever listens hears of it."""
        self._shown.note(rows)
        self._workspace.tell_rows(rows)

    def note_all_rows(self) -> None:
        """Something else may be known of any row; what is shown of them follows piece by piece."""
        self._shown.note_all()
        self._workspace.tell_all_rows()
