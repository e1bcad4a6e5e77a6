"""Label packs changed by a stranger: `python -m tests.faults.pack_tampering --n 200 --seed 0`.

One byte flipped, a line deleted, two swapped, one inserted (again, or from another pack), values changed with the digests made anew. Every
one must be refused before anything is used, and the line that is named must be where it was done. Ends with 1 if one is not.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from endodesk.data.chain.chain_lines import BrokenLine
from endodesk.data.chain.rows import digest_of
from endodesk.data.database import Database
from endodesk.data.packs.pack_file import Heading, read_pack, write_pack
from endodesk.system.signing import SigningKey
from endodesk.system.task import TaskContext
from tests.faults.tampering import make_record


def make_pack(folder: Path, seed: int) -> bytes:
    """Of a record with some hundred acts of all kinds, into which another copy's were taken."""
    key = SigningKey(bytes([seed % 256]) * 32)
    with Database.open(make_record(folder, seed) / "project.sqlite") as db:
        last = db.chain.last_event()
        heading = Heading("Ann", key.public, "2026-11-30T00:00:00+00:00", last, db.chain.digest_at(last) or "")
        write_pack(folder / "made.pack", heading, key.sign, db.chain.lines())
    return (folder / "made.pack").read_bytes()


def tampered(data: bytes, chance: random.Random) -> tuple[bytes, set[int]]:
    """The changed bytes, and the lines (from 1) of which one must be named: where it was done, or where it shows first."""
    while True:
        lines = data.splitlines(keepends=True)
        kind, at = chance.choice(("flip", "delete", "swap", "insert", "anew")), chance.randrange(len(lines))
        named = {at + 1, at + 2}
        if kind == "flip":
            place = chance.randrange(len(lines[at]))
            changed = bytearray(lines[at])
            changed[place] ^= 1 << chance.randrange(8)
            lines[at] = bytes(changed)
        elif kind == "delete":
            del lines[at]
        elif kind == "swap":
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
            named = {min(at, other) + 1, min(at, other) + 2}  # the first line of others may stand earlier: then the next one tells
        elif kind == "insert":
            lines.insert(at, lines[chance.randrange(len(lines))])
            named = {at + 1, at + 2}
        else:
            lines[at] = _made_anew(lines[at])
        if (new := b"".join(lines)) != data:
            return new, named


def named_line(error: BrokenLine) -> int:
    """The line that a refusal names; 0 if it names none."""
    found = re.match(r"Line (\d+)\b", str(error))
    return int(found[1]) if found else 0


def _made_anew(line: bytes) -> bytes:
    """A name within is another one, and the digest of the event is right again: the next line, or the signature, tells."""
    told = json.loads(line)
    if "heading" in told:
        told["heading"]["name"] = "Bob"
    else:
        event = told["event"]
        event["reader"] = "Somebody"
        event["digest"] = digest_of({name: value for name, value in event.items() if name != "digest"})
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def main() -> int:
    """Tamper and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance, counts = random.Random(asked.seed), Counter[str]()
    with TemporaryDirectory() as folder:
        data = make_pack(Path(folder), asked.seed)
        place = Path(folder) / "changed.pack"
        for n in range(asked.n):
            changed, lines = tampered(data, chance)
            place.write_bytes(changed)
            try:
                read_pack(place, TaskContext())
                counts["TAKEN"] += 1
            except BrokenLine as error:
                is_named = named_line(error) in lines
                counts["named" if is_named else "NAMED OTHERWISE"] += 1
                if not is_named:
                    sys.stdout.write(f"{n}: {sorted(lines)}, {error}\n")
    for what, number in counts.most_common():
        sys.stdout.write(f"{number:5} {what}\n")
    return int(set(counts) != {"named"})


if __name__ == "__main__":
    sys.exit(main())
