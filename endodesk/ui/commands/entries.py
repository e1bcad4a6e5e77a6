"""All menu entries in one table: menu, words, key, icon, and the name of the action that does it."""

from dataclasses import dataclass

from endodesk.app.language import marked


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `does` names an action of a menu's object; empty words are a separator."""

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


_FILE = marked("&File")
_EDIT = marked("&Edit")
_LABEL = marked("&Label")
_GO = marked("&Go")
_VIEW = marked("&View")
_DATA = marked("&Data")
_MODEL = marked("&Model")
_HELP = marked("&Help")

# A key stands here once, and is never that of a class (tests/ui/test_look.py).
ENTRIES = (
    Entry(
        _FILE,
        marked("&New project ..."),
        "Ctrl+N",
        "mdi6.folder-plus-outline",
        "new_project",
        marked("Choose a folder of frames and its classes"),
    ),
    Entry(
        _FILE,
        marked("&Open folder ..."),
        "Ctrl+O",
        "mdi6.folder-open-outline",
        "choose_folder",
        marked("Open a folder of frames or a project"),
    ),
    Entry(_FILE, marked("Open pro&ject ..."), "Ctrl+Shift+O", "", "choose_project", marked("Open a project by its file")),
    Entry(_FILE, marked("&Read folder again"), "F5", "mdi6.refresh", "list_again", marked("Look for new and changed files")),
    Entry(
        _FILE,
        marked("&Take frames from a video ..."),
        "Ctrl+T",
        "mdi6.filmstrip",
        "take_frames",
        marked("By key, or one every few seconds; from DICOM films too"),
    ),
    Entry(_FILE),
    Entry(
        _FILE,
        marked("&Classes ..."),
        "",
        "mdi6.format-list-bulleted",
        "ask_classes",
        marked("Which classes this project has, and their keys"),
    ),
    Entry(_FILE, marked("Reader's &name ..."), "", "mdi6.account-outline", "ask_reader", marked("Whose name stands beside each label")),
    Entry(
        _FILE,
        marked("&Settings ..."),
        "Ctrl+,",
        "mdi6.cog-outline",
        "show_settings",
        marked("Theme, language, size of text, and how the program works"),
    ),
    Entry(
        _FILE,
        marked("Case re&port ..."),
        "Ctrl+P",
        "mdi6.file-document-outline",
        "report_case",
        marked("One page as PDF on the open frame's case"),
    ),
    Entry(_FILE),
    Entry(_FILE, marked("&Quit"), "Ctrl+Q", "", "close"),
    Entry(_EDIT, marked("&Undo"), "Ctrl+Z", "mdi6.undo", "undo", marked("Take your last step back")),
    Entry(_EDIT, marked("&Redo"), "Ctrl+Shift+Z", "mdi6.redo", "redo", marked("Do it again")),
    Entry(_LABEL, marked("E&xclude"), "X", "mdi6.cancel", "exclude", marked("Never train or test on this frame"), once=True),
    Entry(
        _LABEL,
        marked("Poor &quality"),
        "Q",
        "mdi6.blur",
        "poor_quality",
        marked("Cannot be judged: never train or test on this frame"),
        once=True,
    ),
    Entry(
        _LABEL,
        marked("Not s&ure"),
        "U",
        "mdi6.help-circle-outline",
        "not_sure",
        marked("Left out of training until a reader labels it"),
        once=True,
    ),
    Entry(_LABEL, marked("&Flag"), "B", "mdi6.flag-outline", "flag", marked("To find this frame again"), once=True),
    Entry(_LABEL, marked("&Note ..."), "T", "mdi6.note-text-outline", "write_note", marked("A text beside this frame"), once=True),
    Entry(
        _LABEL,
        marked("Correct the &box ..."),
        "Ctrl+B",
        "mdi6.pencil-outline",
        "correct_box",
        marked("Draw the ScopeGuide box by hand"),
        once=True,
    ),
    Entry(
        _LABEL,
        marked("Correct the f&ield of view ..."),
        "Ctrl+Shift+B",
        "",
        "correct_field",
        marked("Draw the field of view by hand"),
        once=True,
    ),
    Entry(_GO, marked("&Next frame"), "Right", "mdi6.chevron-right", "next_frame"),
    Entry(_GO, marked("&Previous frame"), "Left", "mdi6.chevron-left", "previous_frame"),
    Entry(_GO, marked("Next frame &without a reader's label"), "N", "mdi6.skip-next-outline", "next_unlabelled"),
    Entry(_GO, marked("&Search frames"), "Ctrl+F", "mdi6.magnify", "search", marked("By file name, case or note")),
    Entry(_GO, marked("Next &case"), "Ctrl+Right", "mdi6.folder-arrow-right-outline", "next_case"),
    Entry(_GO, marked("Pre&vious case"), "Ctrl+Left", "mdi6.folder-arrow-left-outline", "previous_case"),
    Entry(_GO, marked("Next case without a c&onclusion"), "Ctrl+Shift+Right", "", "next_open_case"),
    Entry(_GO, marked("&First frame"), "Ctrl+Home", "", "first_frame"),
    Entry(_GO, marked("&Last frame"), "Ctrl+End", "", "last_frame"),
    Entry(_VIEW, marked("&Heat map"), "H", "mdi6.fire", "toggle_heat", marked("Which cells of the frame speak for the class")),
    Entry(_VIEW, marked("Frame or &case"), "Ctrl+E", "mdi6.folder-eye-outline", "turn_side", marked("What the right side shows")),
    Entry(
        _VIEW,
        marked("Bl&ind first"),  # docs/decisions/app.md 18
        "",
        "mdi6.eye-off-outline",
        "turn_blind",
        marked("The answer appears only after your own label"),
        checkable=True,
    ),
    Entry(
        _VIEW,
        marked("&Back to the frame"),
        "Esc",
        "",
        "show_frame",
        marked("From an enlarged step; else show all frames again, without a filter"),
    ),
    Entry(_VIEW, marked("&Fit"), "F", "mdi6.fit-to-page-outline", "fit"),
    Entry(_VIEW, marked("&Actual size"), "Ctrl+1", "", "actual_size", marked("One pixel of the frame on one of the screen")),
    Entry(_VIEW, marked("&Zoom in"), "+", "mdi6.magnify-plus-outline", "zoom_in"),
    Entry(_VIEW, marked("Zoom &out"), "-", "mdi6.magnify-minus-outline", "zoom_out"),
    Entry(_VIEW, marked("Move the view left"), "Alt+Left", "", "pan_left", listed=False),
    Entry(_VIEW, marked("Move the view right"), "Alt+Right", "", "pan_right", listed=False),
    Entry(_VIEW, marked("Move the view up"), "Alt+Up", "", "pan_up", listed=False),
    Entry(_VIEW, marked("Move the view down"), "Alt+Down", "", "pan_down", listed=False),
    Entry(
        _VIEW,
        marked("Out&lines"),  # L, P and G: docs/decisions/ui.md 9
        "L",
        "mdi6.vector-polyline",
        "turn_outlines",
        marked("What the steps found, drawn over the frame"),
    ),
    Entry(
        _VIEW,
        marked("&Wipe to the preprocessed frame"),
        "P",
        "mdi6.compare-horizontal",
        "turn_wipe",
        marked("Left of a line the frame, right of it what preprocessing makes of it"),
    ),
    Entry(_VIEW, marked("Move the wipe left"), "Ctrl+Alt+Left", "", "wipe_left", listed=False),
    Entry(_VIEW, marked("Move the wipe right"), "Ctrl+Alt+Right", "", "wipe_right", listed=False),
    Entry(
        _VIEW,
        marked("Co&mpare selected frames"),
        "G",
        "mdi6.view-grid-outline",
        "compare",
        marked("Two to four frames side by side, with one zoom"),
    ),
    Entry(_VIEW, marked("Full &screen"), "F11", "mdi6.fullscreen", "turn_full_screen", marked("The frame alone; keys work as ever")),
    Entry(
        _DATA,
        marked("Check &splits ..."),
        "Ctrl+D",
        "mdi6.call-split",
        "check_splits",
        marked("Parts, label conflicts, near duplicates and leaks"),
    ),
    Entry(
        _MODEL,
        marked("&Retrain ..."),
        "Ctrl+R",
        "mdi6.school-outline",
        "retrain",
        marked("Train a new model on the labels as they are now"),
    ),
    Entry(
        _MODEL,
        marked("&Models ..."),
        "Ctrl+M",
        "mdi6.layers-outline",
        "show_models",
        marked("Which model answers; go back to an older one"),
    ),
    Entry(_HELP, marked("&Keys"), "?", "mdi6.keyboard-outline", "show_keys"),
    Entry(_HELP, marked("&Tour"), "", "mdi6.map-marker-path", "show_tour", marked("Five cards on what the program does")),
    Entry(_HELP, marked("Show &log"), "", "mdi6.text-box-outline", "show_log"),
    Entry(_HELP, marked("&About EndoDesk"), "", "mdi6.information-outline", "show_about"),
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
