"""Verifies an export of EndoDesk's chain without EndoDesk: python verify_export.py CHAIN.jsonl [COUNT DIGEST].

Each line is {"event": ..., "rows": [...]}. COUNT and DIGEST are those of an anchor that was kept elsewhere: without them nobody can tell
whether lines are missing at the end, or whether all of them were made anew. Ends with 1 and the first line that does not hold.
"""

import hashlib
import json
import sys


def digest(values):
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fault(told):
    """What is wrong with one event and the rows that it covers; empty if nothing is."""
    event, rows = told["event"], iter(told["rows"])
    if digest({name: value for name, value in event.items() if name != "digest"}) != event["digest"]:
        return f"event {event['id']} was changed"
    for table, number, expected in (line.split(" ") for line in event["covers"].splitlines()):
        row = next(rows, None)
        if row is None or digest(row) != expected:
            return f"{table} {number} was changed, is missing, or another row stands in its place"
        if table == "foreign_event" and (inside := fault(json.loads(row["line"]))):
            return f"foreign_event {number}: {inside}"
    return "".join(f"{row['table']} {row['id']} was inserted" for row in rows)


def main(path, count=None, anchored=None):
    events, previous = 0, None
    with open(path, encoding="utf-8") as lines:
        for events, line in enumerate(lines, 1):
            told = json.loads(line)
            event = told["event"]
            wrong = fault(told)
            if event.get("previous") != previous or event["id"] != events:
                wrong = wrong or f"event {event['id']} does not follow the line before: one is missing, inserted or moved"
            if wrong:
                sys.exit(f"line {events}: {wrong}")
            previous = event["digest"]
            if str(events) == count and previous != anchored:
                sys.exit(f"line {events}: event {events} is not the one that was anchored")
    if count and events < int(count):
        sys.exit(f"events after {events} are missing: the anchor knows {count}")
    print(f"{events} events hold; the last digest is {previous}")


main(*sys.argv[1:])
