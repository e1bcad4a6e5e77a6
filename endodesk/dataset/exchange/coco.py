"""COCO: whole frames as annotations of their class, marks and notes beside them, outlines as polygons in pixels."""

from pathlib import Path
from typing import Any

from endodesk.dataset.exchange.holding import LABEL, Holds, held_acts
from endodesk.dataset.exchange.incoming import (
    IncomingActs,
    OneLabelAFrame,
    act_of,
    frame_in,
    json_of,
    label_act,
    refused_as,
    text_in,
    told_of,
    write_json,
)
from endodesk.domain.acts import OUTLINES, SAID_OF_FRAMES, Act, PortableRecord
from endodesk.system.task import TaskContext

COCO_HOLDS = Holds(SAID_OF_FRAMES | OUTLINES)
_CLASS, _MARK, _OUTLINE = "class", "mark", "outline"
"""Supercategories: a class may be called box."""


def write_coco(record: PortableRecord, path: Path, task: TaskContext) -> None:
    """One file; frames are named relative to their folder."""
    held = held_acts(record, COCO_HOLDS)
    categories: dict[tuple[str, str], int] = {(_CLASS, name): n for n, name in enumerate(record.classes, 1)}
    for act in held:
        categories.setdefault(_category(act), len(categories) + 1)
    numbers = {frame.sha256: n for n, frame in enumerate(record.frames, 1)}
    annotations = []
    for n, act in enumerate(held, 1):
        task.report(n, len(held), "writing")
        annotations.append({"id": n, "image_id": numbers[act.sha256], "category_id": categories[_category(act)], **_shape(act)})
    images = [
        {"id": n, "file_name": frame.file, "width": frame.width, "height": frame.height, "sha256": frame.sha256, "case": frame.case}
        for n, frame in enumerate(record.frames, 1)
    ]
    told = {
        "info": {"description": record.name, "contributor": "EndoDesk", "version": "1"},
        "licenses": [],
        "images": images,
        "categories": [{"id": n, "name": name, "supercategory": of} for (of, name), n in categories.items()],
        "annotations": annotations,
    }
    write_json(path, told)


def _category(act: Act) -> tuple[str, str]:
    if act.kind == LABEL:
        return _CLASS, act.value
    return (_OUTLINE if act.kind in OUTLINES else _MARK), act.kind


def _shape(act: Act) -> dict[str, Any]:
    """An outline as a polygon in pixels; of all else the box is the whole frame. The exact outline, in shares, is in the attributes."""
    told = {"iscrowd": 0, "attributes": told_of(act)}
    corners = (act.drawn or ()) if act.kind in OUTLINES else ()
    if not corners:
        whole = [0, 0, act.width, act.height]
        return {**told, "bbox": whole, "area": act.width * act.height, "segmentation": []}
    xs, ys = [x * act.width for x, _ in corners], [y * act.height for _, y in corners]
    turned = zip(xs, [*xs[1:], xs[0]], ys, [*ys[1:], ys[0]], strict=True)
    area = abs(sum(x * next_y - next_x * y for x, next_x, y, next_y in turned)) / 2
    box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    points = [value for point in zip(xs, ys, strict=True) for value in point]
    return {**told, "bbox": box, "area": area, "segmentation": [points]}


def read_coco(path: Path, _classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """Ours whole; of other programs' the class of each frame that has annotations of one class alone. BadRequest."""
    with refused_as(path, "COCO file"):
        told = json_of(path)
        names = {one["id"]: text_in(one, "name") for one in told["categories"]}
        images = {one["id"]: one for one in told["images"]}
        acts: list[Act] = []
        others = OneLabelAFrame()
        for n, one in enumerate(told["annotations"], 1):
            task.report(n, len(told["annotations"]), "reading")
            image = images[one["image_id"]]
            frame = frame_in(image, text_in(image, "file_name"))
            given = one.get("attributes")
            if isinstance(given, dict) and "kind" in given:
                acts.append(act_of(given, frame))
            else:
                label = names[one["category_id"]]
                others.add(str(one["image_id"]), label, label_act(label, frame))
        return IncomingActs("COCO", (*acts, *others.acts()), others.told())
