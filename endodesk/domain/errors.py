"""Errors that a user meets. The message is a sentence that says what is wrong and, where it helps, what to do."""


class EndoDeskError(Exception):
    """Any failure whose message may be shown to the user as it is."""


class UnreadableImage(EndoDeskError):
    """A file is not an image that can be shown: empty, truncated, too large, or something else altogether."""


class TooLargeForMemory(UnreadableImage):
    """It may be whole: with more memory allowed it is shown."""


class BadRequest(EndoDeskError):
    """What was asked for cannot be done with what was given: no such folder, one class only, no frames."""


class BadBundle(EndoDeskError):
    """A model bundle is incomplete, damaged, or of a format that this program does not know."""


class BadProject(EndoDeskError):
    """A project folder cannot be opened: damaged, newer than the program, or not writable."""


class DamagedProject(BadProject):
    """The file of a project is there and is none that can be read."""


class RecordLost(EndoDeskError):
    """Another program has exchanged, changed, moved or deleted the file of the open project: nothing is stored until it is opened again."""


class MissingExtra(EndoDeskError):
    """An optional part of the program (such as training) is not installed."""


class TrainingFailed(EndoDeskError):
    """A training run ended without a bundle: it failed, was killed, or fell silent."""


class Cancelled(Exception):
    """Long work stopped because its task was cancelled. Not an error: the user asked for it."""
