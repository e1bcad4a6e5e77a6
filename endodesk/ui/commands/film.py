"""What the menus do that concerns films; part of the main window."""

from endodesk.app.language import tr
from endodesk.app.session import Session
from endodesk.domain.errors import BadRequest
from endodesk.ui.dialogs.dialogs import Dialogs
from endodesk.ui.widgets.job_indicator import JobIndicator


class FilmMenu:
    """To be mixed into a window that has a session and dialogs."""

    session: Session
    work: JobIndicator
    _dialogs: Dialogs

    def take_frames(self) -> None:
        """From a video, or a DICOM file of many frames. BadRequest where there is no project to keep them."""
        from endodesk.ui.films.dialog import TakeFramesDialog

        if self.session.project.is_nothing:
            raise BadRequest(tr("Open a folder first (Ctrl+O): frames taken from a video are kept with its work."))
        self._dialogs.bring(TakeFramesDialog, self.session, self.work)
