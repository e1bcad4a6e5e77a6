"""What a project may say that a case is; a pattern for paths is the fourth way (`endodesk.dataset.cases`)."""

CASE_FOLDER, DEEPEST_FOLDER, NO_CASE = "folder", "deepest", "none"
"""The first folder below the class folder, the folder that a frame lies in, or nothing."""


# Why: docs/decisions/dataset.md 14
def case_in_folders(folders: str, rule: str) -> str:
    """The case of a frame, given the folders below its class folder (with / between them), by one of the rules above."""
    if rule == NO_CASE:
        return ""
    return folders if rule == DEEPEST_FOLDER else folders.partition("/")[0]
