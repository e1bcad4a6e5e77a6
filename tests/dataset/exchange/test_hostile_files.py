"""Files that anybody may have made, at the door: refused with a sentence, quickly, and without a crash."""

import json
import os
import time

import pytest

from endodesk.dataset.exchange.csv_acts import COLUMNS
from endodesk.dataset.exchange.formats import read_import
from endodesk.domain.errors import BadRequest
from endodesk.system.task import TaskContext

HEAD = ",".join(COLUMNS)
SHA = "0123456789abcdef" * 4
ROW = f"a.png,{SHA},label,polyps,Ana,2026-01-01T00:00:00+00:00,no,,,,,,96,77"
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(30)
)
BOMB += "]><annotations><image name='x'><tag label='&a29;'/></image></annotations>"
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations><image name="&x;"><tag label="p"/></image></annotations>'
COCO = {"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 1, "name": "p"}], "annotations": [{"image_id": 1, "category_id": 1}]}


def coco(**changed):
    return json.dumps({**COCO, **changed})


HOSTILE = {
    "entities": BOMB,
    "a file from outside": OUTSIDE,
    "deep XML": "<a>" * 100_000,
    "no image": "<annotations></annotations>",
    "cut XML": "<annotations><image name='x'>",
    "a huge size": "<annotations><image name='x' width='" + "9" * 5000 + "'><tag label='p'/></image></annotations>",
    "a wrong size": "<annotations><image name='x' width='-5'><tag label='p'/></image></annotations>",
    "a huge text": "<annotations><image name='x'><tag label='p'><attribute name='kind'>" + "x" * 200_000,
    "an empty label": "<annotations><image name='x'><tag label=''/></image></annotations>",
    "deep JSON": "[" * 100_000,
    "deep JSON objects": '{"a":' * 100_000,
    "cut JSON": '{"images": [',
    "other JSON": '{"a": 1}',
    "a number": "[1]",
    "a task that is none": '[{"data": 5}]',
    "NaN": coco(images=[{"id": 1, "file_name": "a", "width": float("nan")}]),
    "an image that is not there": coco(annotations=[{"image_id": 7, "category_id": 1}]),
    "a category that is not there": coco(annotations=[{"image_id": 1, "category_id": 7}]),
    "a name that is a list": coco(images=[{"id": 1, "file_name": ["a"]}]),
    "an id that is a list": coco(images=[{"id": [1], "file_name": "a"}]),
    "a kind that there is not": coco(annotations=[{"image_id": 1, "category_id": 1, "attributes": {"kind": "drop table"}}]),
    "an outline outside": coco(
        annotations=[{"image_id": 1, "category_id": 1, "attributes": {"kind": "box", "value": "[[2,2],[3,3],[4,4]]"}}]
    ),
    "a deep outline": coco(annotations=[{"image_id": 1, "category_id": 1, "attributes": {"kind": "box", "value": "[" * 90_000}}]),
    "a time without a zone": f"{HEAD}\n{ROW}\n".replace("+00:00", ""),
    "a year that cannot be shown": f"{HEAD}\n{ROW}\n".replace("2026", "0001"),
    "a hash that leads out": f"{HEAD}\n{ROW}\n".replace(SHA, "../../etc/passwd"),
    "a kind of its own": f"{HEAD}\n{ROW}\n".replace(",label,", ",delete,"),
    "a row cut short": f"{HEAD}\n{ROW[:-20]}\n",
    "a stray quote": f'{HEAD}\n"{ROW}\n{ROW}\n',
    "two stray quotes": f"{HEAD}\n{ROW.replace('polyps', chr(34) + 'polyps')}\n{ROW.replace(',Ana', chr(34) + ',Ana')}\n",
    "nothing": "",
    "zero bytes": "file\0,label\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_a_sentence(tmp_path, name):
    path = tmp_path / "from elsewhere"
    path.write_text(HOSTILE[name], "utf-8")
    started = time.monotonic()
    with pytest.raises(BadRequest) as refused:
        read_import(path, ("polyps",), TaskContext())
    assert time.monotonic() - started < 5
    told = str(refused.value)
    assert "from elsewhere" in told
    assert told.endswith(".")
    assert "/etc/passwd" not in told or name == "a hash that leads out"
    assert len(told) < 500


def test_a_card_may_not_name_a_file_elsewhere(tmp_path):
    (tmp_path / "acts.csv").write_text(f"{HEAD}\n{ROW}\n")
    card = {"distribution": [{"contentUrl": "../../etc/passwd", "sha256": SHA}]}
    (tmp_path / "metadata.json").write_text(json.dumps(card))
    with pytest.raises(BadRequest, match=r"describes no acts\.csv"):
        read_import(tmp_path, (), TaskContext())
    card["distribution"].append({"contentUrl": "acts.csv", "sha256": SHA})
    (tmp_path / "metadata.json").write_text(json.dumps(card))
    with pytest.raises(BadRequest, match="not the file that it describes"):
        read_import(tmp_path, (), TaskContext())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadRequest, match="pipe"):
        read_import(tmp_path / "pipe", (), TaskContext())


def test_of_other_programs_a_frame_with_one_class_has_a_label(tmp_path):
    told = {
        "images": [{"id": n, "file_name": f"{n}.png"} for n in range(3)],
        "categories": [{"id": 1, "name": "polyps"}, {"id": 2, "name": "normal"}],
        "annotations": [{"image_id": 0, "category_id": 1}, {"image_id": 1, "category_id": 1}, {"image_id": 1, "category_id": 2}],
    }
    path = tmp_path / "instances.json"
    path.write_text(json.dumps(told))
    found = read_import(path, (), TaskContext())
    assert [(act.file, act.value, act.reader, act.at) for act in found.acts] == [("0.png", "polyps", "", None)]
    assert found.told == ("1 frames have several classes there, and were passed over: here a frame has one.",)
    tasks = [
        {
            "data": {"img": "/data/local-files/?d=polyps/a.png"},
            "annotations": [
                {
                    "completed_by": {"email": "ana@clinic"},
                    "created_at": "2026-01-01T10:00:00Z",
                    "result": [{"type": "choices", "value": {"choices": ["polyps"]}}],
                }
            ],
        }
    ]
    path.write_text(json.dumps(tasks))
    (act,) = read_import(path, (), TaskContext()).acts
    assert (act.file, act.value, act.reader, act.at.isoformat()) == ("polyps/a.png", "polyps", "ana@clinic", "2026-01-01T10:00:00+00:00")
    path.write_text(
        "<annotations><image id='0' name='a.png' width='9' height='9'><tag label='polyps' source='manual'></tag></image></annotations>"
    )
    assert [(act.file, act.value) for act in read_import(path, (), TaskContext()).acts] == [("a.png", "polyps")]
