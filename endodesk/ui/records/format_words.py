"""What the formats are called and good for, in the window."""

from endodesk.app.language import marked

FORMAT_WORDS = {
    "csv": (marked("CSV: everything"), marked("A table for any program, one row an act; what was replaced or taken back too.")),
    "folders": (marked("Class folders"), marked("Copies of the frames in a folder a class; frames that were set aside are left out.")),
    "coco": (marked("COCO"), marked("One JSON file: class, marks, note and outlines of each frame, with reader and time.")),
    "labelstudio": (marked("Label Studio"), marked("One JSON file of tasks, with the words of each reader.")),
    "cvat": (marked("CVAT"), marked("One XML file: classes and marks as tags, outlines as polygons.")),
    "croissant": (marked("Croissant"), marked("A folder with the table and a card, by which other programs find and read it.")),
    "kvasir": (marked("Kvasir"), marked("Copies of the frames, laid out and named as in that data set.")),
    "hyperkvasir": (marked("HyperKvasir"), marked("Copies of the frames by tract, category and class, and image-labels.csv.")),
    "pack": (
        marked("Label pack"),
        marked("One signed file without pictures, for EndoDesk on another PC: everybody's acts with their chain, whole."),
    ),
}
"""Title and a sentence, by the key of the format."""
