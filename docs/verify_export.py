"""Verifies an export of EndoDesk's chain, or a label pack, without EndoDesk: python verify_export.py FILE [COUNT DIGEST].

Lines {"event": ..., "rows": [...]}: the record's own, then those of others that it names; in a pack a heading before them, whose signature
the standard library cannot prove. COUNT and DIGEST are an anchor's, kept elsewhere: without it a cut end, or a chain made anew, holds.
"""

import hashlib
import json
import sys


def digest(values):
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fault(event, rows):
    """What is wrong with one event and the rows that it covers; empty if nothing is."""
    if digest({name: value for name, value in event.items() if name != "digest"}) != event["digest"]:
        return f"event {event['id']} was changed"
    for table, number, expected in (line.split(" ") for line in event["covers"].splitlines()):
        row = next(rows, None)
        if row is None or digest(row) != expected:
            return f"{table} {number} was changed, is missing, or another row stands in its place"
    return "".join(f"{row['table']} {row['id']} was inserted" for row in rows)


def main(path, count=None, anchored=None):
    events, previous, foreign, heading = 0, None, [], {}
    with open(path, encoding="utf-8") as lines:
        for number, told in enumerate(map(json.loads, lines), 1):
            if number == 1 and (heading := told.get("heading", {})):
                continue
            event = told["event"]
            wrong = fault(event, iter(told["rows"]))
            if event.get("previous") == previous and event["id"] == events + 1:
                events, previous = event["id"], event["digest"]
                foreign += [row["digest"] for row in told["rows"] if row["table"] == "foreign_event"]
            elif foreign[:1] == [event["digest"]]:
                del foreign[0]
            else:
                wrong = wrong or f"event {event['id']} does not follow: a line is missing, inserted or moved"
            wrong = wrong or (str(events) == count and previous != anchored and f"event {events} is not the one that was anchored")
            if wrong:
                sys.exit(f"line {number}: {wrong}")
    if foreign or events < int(count or 0) or heading.get("digest", previous) != previous:
        sys.exit(f"lines after {number} are missing")
    print(f"{events} events hold; the last digest is {previous}")


main(*sys.argv[1:])
