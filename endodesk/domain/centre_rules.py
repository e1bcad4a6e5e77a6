"""What may tell a frame's centre: its hospital, or device. A pattern for paths is one more way (`endodesk.dataset.centres`)."""

ABOVE_CLASS, BELOW_CLASS, DEVICE, NO_CENTRE = "above", "below", "device", "none"
"""The folder that the class folder lies in, the first one below the class folder, manufacturer and station of a DICOM file, or nothing."""
CENTRE_RULES = (ABOVE_CLASS, BELOW_CLASS, DEVICE, NO_CENTRE)
CENTRE_FOLDERS = (ABOVE_CLASS, BELOW_CLASS)
"""Rules by which one level of folders is neither class nor case."""


# Why: docs/decisions/dataset.md 19
def folders_in_centre(centre: str, folders: str) -> str:
    """The folders that make a case (with / between them), where one of their centre lies above: each hospital has its own case 1."""
    return f"{centre}: {folders}" if centre and folders else folders
