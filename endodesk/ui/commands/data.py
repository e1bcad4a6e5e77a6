"""The Data menu: what the next training would learn from and be tested on, who says what, and who reads what in a study."""

from PySide6.QtWidgets import QWidget

from endodesk.app.language import tr
from endodesk.app.session import Session
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.ui.commands.actions import Actions
from endodesk.ui.dialogs.dialogs import Dialogs
from endodesk.ui.dialogs.questions import ask_centre


class DataCommands:
    """Check splits stands beside the window, not before it: the reader goes back and forth between the two."""

    def __init__(self, window: QWidget, dialogs: Dialogs, session: Session) -> None:
        self._window, self._dialogs, self._session = window, dialogs, session

    def actions(self) -> Actions:
        """The dialogs of `check_splits` and `show_matrix` are made when first asked for, and brought back afterwards."""
        return {
            "check_splits": self._check_splits,
            "name_centre": self._name_centre,
            "plan_reads": self._plan_reads,
            "show_matrix": self._show_matrix,
        }

    def _name_centre(self) -> None:
        """Of the open frame, or of all that are selected. BadRequest where none is, or nothing of it is known yet."""
        from endodesk.app.project.grouping import centre_words  # only who asks waits for it

        workspace = self._session.workspace
        rows = self._session.labelling.selection()
        chosen = rows if len(rows) > 1 else [workspace.row] if workspace.entry else []
        images = [image for image in dict.fromkeys(workspace.frames.sha256s[row] for row in chosen) if image]
        if not images:
            raise BadRequest(tr("Select frames first: their centre can be named once they were read."))
        said = centre_words(workspace.project)

        def keep(name: str) -> None:
            try:
                self._session.log.name_centre(images, name)
            except EndoDeskError as error:
                workspace.warning.emit(str(error))
                return
            told = tr("Centre of {n:,} frames: {name}") if name.strip() else tr("Centre of {n:,} frames: as Data > Check splits says")
            workspace.message.emit(told.format(n=len(images), name=name.strip()))

        before = {said.get(image, "") for image in images}
        box = ask_centre(self._window, len(images), sorted(set(said.values())), keep)
        box.setTextValue(before.pop() if len(before) == 1 else "")

    def _show_matrix(self) -> None:
        from endodesk.app.matrix.live_matrix import LiveMatrix  # only who asks waits for it
        from endodesk.ui.matrix.matrix_dialog import MatrixDialog

        session = self._session

        def make(window: QWidget) -> MatrixDialog:
            live = LiveMatrix(session.workspace, session.shown, session.jobs)
            return MatrixDialog(live, session.workspace, session.shown, session.jobs, window)

        self._dialogs.bring("matrix", make)

    def _plan_reads(self) -> None:
        """Ask who reads what. BadRequest where there is no project."""
        from endodesk.ui.plans.plan_dialog import PlanDialog

        session = self._session
        if session.project.is_nothing:
            raise BadRequest(tr("Open a folder first (Ctrl+O): a plan deals its frames."))
        PlanDialog(session.workspace, session.browsing.reading, session.jobs, self._window).open()

    def _check_splits(self) -> None:
        from endodesk.app.retraining.split_checker import SplitChecker  # brings the grouping of training: only who asks waits for it
        from endodesk.ui.splits.dialog import SplitsDialog

        session = self._session

        def make(window: QWidget) -> SplitsDialog:
            checker = SplitChecker(session.workspace, session.jobs, session.overriding, session.model)
            checker.layout_changed.connect(session.list_folder)
            return SplitsDialog(checker, session.workspace, session.navigation, session.thumbnails, session.jobs, session.stops, window)

        self._dialogs.bring("splits", make)
