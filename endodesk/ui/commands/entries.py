"""All menu entries in one table, by their menus: words, key, icon, and the name of the action that does it."""

from dataclasses import dataclass

from endodesk.app.language import marked


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `does` names an action of a menu's object; empty words are a separator."""

    words: str = ""
    keys: str = ""
    icon: str = ""
    does: str = ""
    tip: str = ""
    checkable: bool = False
    once: bool = False
    """A key held down does it once: it must not mark the whole folder."""
    submenu: bool = False
    """A menu of its own, which the action fills each time before it opens."""
    listed: bool = True
    """False: by its key alone, which the sheet of keys tells; the menu would grow too long."""


SEPARATOR = Entry()
# A key stands here once, and is never that of a class (tests/ui/test_look.py).
MENUS: dict[str, tuple[Entry, ...]] = {
    marked("&File"): (
        Entry(
            marked("&New project ..."), "Ctrl+N", "folder-plus-outline", "new_project", marked("Choose a folder of frames and its classes")
        ),
        Entry(marked("&Open folder ..."), "Ctrl+O", "folder-open-outline", "choose_folder", marked("Open a folder of frames or a project")),
        Entry(marked("Open pro&ject ..."), "Ctrl+Shift+O", "", "choose_project", marked("Open a project by its file")),
        Entry(marked("Recent f&olders"), "", "history", "list_recent", marked("Go back to a folder that was open"), submenu=True),
        Entry(marked("&Read folder again"), "F5", "refresh", "list_again", marked("Look for new and changed files")),
        Entry(
            marked("&Take frames from a video ..."),
            "Ctrl+T",
            "filmstrip",
            "take_frames",
            marked("By key, or one every few seconds; from DICOM films too"),
        ),
        SEPARATOR,
        Entry(marked("&Classes ..."), "", "format-list-bulleted", "ask_classes", marked("Which classes this project has, and their keys")),
        Entry(marked("Re&ader ..."), "", "account-outline", "ask_reader", marked("Who labels now: each reader has labels of their own")),
        Entry(
            marked("&Settings ..."),
            "Ctrl+,",
            "cog-outline",
            "show_settings",
            marked("Theme, language, size of text, and how the program works"),
        ),
        SEPARATOR,
        Entry(
            marked("Case re&port ..."), "Ctrl+P", "file-document-outline", "report_case", marked("One page as PDF on the open frame's case")
        ),
        Entry(
            marked("&Export ..."),
            "",
            "export",
            "export_record",
            marked("What readers said, for other programs, as it is now or was on any day"),
        ),
        Entry(
            marked("&Import ..."), "", "import", "import_record", marked("What readers said elsewhere, after a look at what it would bring")
        ),
        SEPARATOR,
        Entry(
            marked("Clear stored pict&ures ..."),
            "",
            "broom",
            "clear_stored",
            marked("What this PC keeps of the frames, with its size; labels, models and your images stay"),
        ),
        Entry(
            marked("&Verify the record ..."),
            "",
            "shield-check-outline",
            "verify_record",
            marked("Whether any label was changed, deleted or inserted by another program"),
        ),
        Entry(marked("Bac&kups ..."), "", "backup-restore", "show_backups", marked("Copies of this project's labels; go back to one")),
        SEPARATOR,
        Entry(marked("&Quit"), "Ctrl+Q", "", "close"),
    ),
    marked("&Edit"): (
        Entry(marked("&Undo"), "Ctrl+Z", "undo", "undo", marked("Take your last step back")),
        Entry(marked("&Redo"), "Ctrl+Shift+Z", "redo", "redo", marked("Do it again")),
    ),
    marked("&Label"): (
        Entry(marked("E&xclude"), "X", "cancel", "exclude", marked("Never train or test on this frame"), once=True),
        Entry(
            marked("Poor &quality"), "Q", "blur", "poor_quality", marked("Cannot be judged: never train or test on this frame"), once=True
        ),
        Entry(
            marked("Not s&ure"), "U", "help-circle-outline", "not_sure", marked("Left out of training until a reader labels it"), once=True
        ),
        Entry(marked("&Flag"), "B", "flag-outline", "flag", marked("To find this frame again"), once=True),
        Entry(marked("&Note ..."), "T", "note-text-outline", "write_note", marked("A text beside this frame"), once=True),
        Entry(
            marked("Correct the &box ..."), "Ctrl+B", "pencil-outline", "correct_box", marked("Draw the ScopeGuide box by hand"), once=True
        ),
        Entry(
            marked("Correct the f&ield of view ..."),
            "Ctrl+Shift+B",
            "",
            "correct_field",
            marked("Draw the field of view by hand"),
            once=True,
        ),
    ),
    marked("&Go"): (
        Entry(marked("&Next frame"), "Right", "chevron-right", "next_frame"),
        Entry(marked("&Previous frame"), "Left", "chevron-left", "previous_frame"),
        Entry(marked("Next frame &without a reader's label"), "N", "skip-next-outline", "next_unlabelled"),
        Entry(marked("&Search frames"), "Ctrl+F", "magnify", "search", marked("By file name, case or note")),
        Entry(marked("Next &case"), "Ctrl+Right", "folder-arrow-right-outline", "next_case"),
        Entry(marked("Pre&vious case"), "Ctrl+Left", "folder-arrow-left-outline", "previous_case"),
        Entry(marked("Next case without a c&onclusion"), "Ctrl+Shift+Right", "", "next_open_case"),
        Entry(marked("&First frame"), "Ctrl+Home", "", "first_frame"),
        Entry(marked("&Last frame"), "Ctrl+End", "", "last_frame"),
    ),
    marked("&View"): (
        Entry(marked("&Heat map"), "H", "fire", "toggle_heat", marked("Which cells of the frame speak for the class")),
        Entry(marked("Frame or &case"), "Ctrl+E", "folder-eye-outline", "turn_side", marked("What the right side shows")),
        # docs/decisions/app.md 18
        Entry(
            marked("Bl&ind first"),
            "",
            "eye-off-outline",
            "turn_blind",
            marked("The answer appears only after your own label"),
            checkable=True,
        ),
        Entry(
            marked("Only my o&wn labels"),
            "",
            "account-eye",
            "turn_own_labels",
            marked("Not what other readers say, so that you read on your own"),
            checkable=True,
        ),
        Entry(
            marked("&Back to the frame"),
            "Esc",
            "",
            "show_frame",
            marked("From an enlarged step; else show all frames again, without a filter"),
        ),
        Entry(marked("&Fit"), "F", "fit-to-page-outline", "fit"),
        Entry(marked("&Actual size"), "Ctrl+1", "", "actual_size", marked("One pixel of the frame on one of the screen")),
        Entry(marked("&Zoom in"), "+", "magnify-plus-outline", "zoom_in"),
        Entry(marked("Zoom &out"), "-", "magnify-minus-outline", "zoom_out"),
        Entry(marked("Move the view left"), "Alt+Left", "", "pan_left", listed=False),
        Entry(marked("Move the view right"), "Alt+Right", "", "pan_right", listed=False),
        Entry(marked("Move the view up"), "Alt+Up", "", "pan_up", listed=False),
        Entry(marked("Move the view down"), "Alt+Down", "", "pan_down", listed=False),
        # L, P and G: docs/decisions/ui.md 9
        Entry(marked("Out&lines"), "L", "vector-polyline", "turn_outlines", marked("What the steps found, drawn over the frame")),
        Entry(
            marked("&Wipe to the preprocessed frame"),
            "P",
            "compare-horizontal",
            "turn_wipe",
            marked("Left of a line the frame, right of it what preprocessing makes of it"),
        ),
        Entry(marked("Move the wipe left"), "Ctrl+Alt+Left", "", "wipe_left", listed=False),
        Entry(marked("Move the wipe right"), "Ctrl+Alt+Right", "", "wipe_right", listed=False),
        Entry(
            marked("Co&mpare selected frames"),
            "G",
            "view-grid-outline",
            "compare",
            marked("Two to four frames side by side, with one zoom"),
        ),
        Entry(marked("Full &screen"), "F11", "fullscreen", "turn_full_screen", marked("The frame alone; keys work as ever")),
    ),
    marked("&Data"): (
        Entry(
            marked("Check &splits ..."), "Ctrl+D", "call-split", "check_splits", marked("Parts, label conflicts, near duplicates and leaks")
        ),
        Entry(
            marked("&Centre of selected frames ..."),
            "",
            "",
            "name_centre",
            marked("The hospital or device that they come from, where no folder or file tells it"),
        ),
        Entry(
            marked("&Matrix ..."),
            "",
            "table-large",
            "show_matrix",
            marked("What readers and the model say of the same frames, as it is now; a click shows the frames"),
        ),
        Entry(
            marked("Read &plan ..."),
            "",
            "account-group-outline",
            "plan_reads",
            marked("A study with several readers: who reads what, second reads, honeypots"),
        ),
    ),
    marked("&Model"): (
        Entry(marked("&Retrain ..."), "Ctrl+R", "school-outline", "retrain", marked("Train a new model on the labels as they are now")),
        Entry(
            marked("&Learn as I label ..."),
            "",
            "autorenew",
            "learn_along",
            marked("A quick update after every so many labels, for you to decide on"),
        ),
        Entry(
            marked("&Will it work here? ..."),
            "",
            "",
            "judge_fit",
            marked("What the model probably finds among these frames, without labels; 30 labels measure it"),
        ),
        Entry(marked("&Models ..."), "Ctrl+M", "layers-outline", "show_models", marked("Which model answers; go back to an older one")),
    ),
    marked("&Help"): (
        Entry(marked("&Keys"), "?", "keyboard-outline", "show_keys"),
        Entry(marked("&Tour"), "", "map-marker-path", "show_tour", marked("Five cards on what the program does")),
        Entry(marked("Show &log"), "", "text-box-outline", "show_log"),
        Entry(marked("&About EndoDesk"), "", "information-outline", "show_about"),
    ),
}
ENTRIES = tuple(entry for entries in MENUS.values() for entry in entries)
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
