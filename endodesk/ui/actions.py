"""All menu entries in one table: menu, words, key, icon, and the method of the window that does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `does` names a method of MainWindow; empty words are a separator."""

    menu: str
    words: str = ""
    keys: str = ""
    icon: str = ""
    does: str = ""
    tip: str = ""
    checkable: bool = False
    once: bool = False
    """A key held down does it once: it must not mark the whole folder."""
    listed: bool = True
    """False: by its key alone, which the sheet of keys tells; the menu would grow too long."""


ENTRIES = (
    Entry("&File", "&New project ...", "Ctrl+N", "mdi6.folder-plus-outline", "new_project", "Choose a folder of frames and its classes"),
    Entry("&File", "&Open folder ...", "Ctrl+O", "mdi6.folder-open-outline", "choose_folder", "Open a folder of frames or a project"),
    Entry("&File", "&Read folder again", "F5", "mdi6.refresh", "list_again", "Look for new and changed files"),
    Entry("&File"),
    Entry("&File", "&Classes ...", "", "mdi6.format-list-bulleted", "ask_classes", "Which classes this project has, and their keys"),
    Entry("&File", "Reader's &name ...", "", "mdi6.account-outline", "ask_reader", "Whose name stands beside each label"),
    Entry("&File"),
    Entry("&File", "&Quit", "Ctrl+Q", "", "close"),
    Entry("&Edit", "&Undo", "Ctrl+Z", "mdi6.undo", "undo", "Take your last step back"),
    Entry("&Edit", "&Redo", "Ctrl+Shift+Z", "mdi6.redo", "redo", "Do it again"),
    Entry("&Label", "E&xclude", "X", "mdi6.cancel", "exclude", "Never train or test on this frame", once=True),
    Entry("&Label", "Poor &quality", "Q", "mdi6.blur", "poor_quality", "Cannot be judged: never train or test on this frame", once=True),
    Entry("&Label", "Not s&ure", "U", "mdi6.help-circle-outline", "not_sure", "Left out of training until a reader labels it", once=True),
    Entry("&Label", "&Flag", "B", "mdi6.flag-outline", "flag", "To find this frame again", once=True),
    Entry("&Label", "&Note ...", "T", "mdi6.note-text-outline", "write_note", "A text beside this frame", once=True),
    Entry("&Label", "Correct the &box ...", "Ctrl+B", "mdi6.pencil-outline", "correct_box", "Draw the ScopeGuide box by hand", once=True),
    Entry("&Label", "Correct the f&ield of view ...", "Ctrl+Shift+B", "", "correct_field", "Draw the field of view by hand", once=True),
    Entry("&Go", "&Next frame", "Right", "mdi6.chevron-right", "next_frame"),
    Entry("&Go", "&Previous frame", "Left", "mdi6.chevron-left", "previous_frame"),
    Entry("&Go", "Next frame &without a reader's label", "N", "mdi6.skip-next-outline", "next_unlabelled"),
    Entry("&Go", "&Search frames", "Ctrl+F", "mdi6.magnify", "search", "By file name, case or note"),
    Entry("&Go", "&First frame", "Ctrl+Home", "", "first_frame"),
    Entry("&Go", "&Last frame", "Ctrl+End", "", "last_frame"),
    Entry("&View", "&Heat map", "H", "mdi6.fire", "toggle_heat", "Which cells of the frame speak for the class"),
    Entry(
        "&View", "Bl&ind first", "", "mdi6.eye-off-outline", "turn_blind", "The answer appears only after your own label", checkable=True
    ),
    Entry("&View", "&Back to the frame", "Esc", "", "show_frame", "From an enlarged step; else show all frames again, without a filter"),
    Entry("&View", "&Fit", "F", "mdi6.fit-to-page-outline", "fit"),
    Entry("&View", "&Actual size", "Ctrl+1", "", "actual_size", "One pixel of the frame on one of the screen"),
    Entry("&View", "&Zoom in", "+", "mdi6.magnify-plus-outline", "zoom_in"),
    Entry("&View", "Zoom &out", "-", "mdi6.magnify-minus-outline", "zoom_out"),
    Entry("&View", "Move the view left", "Alt+Left", "", "pan_left", listed=False),
    Entry("&View", "Move the view right", "Alt+Right", "", "pan_right", listed=False),
    Entry("&View", "Move the view up", "Alt+Up", "", "pan_up", listed=False),
    Entry("&View", "Move the view down", "Alt+Down", "", "pan_down", listed=False),
    Entry("&Data", "Check &splits ...", "Ctrl+D", "mdi6.call-split", "check_splits", "Parts, label conflicts, near duplicates and leaks"),
    Entry("&Model", "&Retrain ...", "Ctrl+R", "mdi6.school-outline", "retrain", "Train a new model on the labels as they are now"),
    Entry("&Model", "&Models ...", "Ctrl+M", "mdi6.layers-outline", "show_models", "Which model answers; go back to an older one"),
    Entry("&Help", "&Keys", "?", "mdi6.keyboard-outline", "show_keys"),
    Entry("&Help", "Show &log", "", "mdi6.text-box-outline", "show_log"),
    Entry("&Help", "&About EndoDesk", "", "mdi6.information-outline", "show_about"),
)
TOOLBAR = (
    "choose_folder",
    "undo",
    "redo",
    "previous_frame",
    "next_frame",
    "next_unlabelled",
    "toggle_heat",
    "turn_blind",
    "retrain",
    "show_models",
)
