"""Label packs of a project: the whole chain, signed, out of it; and those of others, proven, into it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of
from endodesk.app.records.portable import RecordFilter
from endodesk.app.signers import Trust, known_key, signing_key, trust_of
from endodesk.data.acts.record import ForeignChains
from endodesk.data.chain.chain_lines import BrokenLine
from endodesk.data.chain.writing import PLAN
from endodesk.data.packs.chain_acts import acts_in
from endodesk.data.packs.pack_file import ENDING, Heading, Pack, read_pack, write_pack
from endodesk.data.proven_rows import DAMAGED
from endodesk.dataset.exchange.formats import EVERYTHING, ExchangeFormat
from endodesk.dataset.exchange.incoming import refused_as
from endodesk.domain.acts import Act, PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from endodesk.domain.read_plan import ReadPlan
from endodesk.domain.shown_text import visible
from endodesk.system.signing import fingerprint
from endodesk.system.task import TaskContext

PACK = "pack"
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _PackFormat(ExchangeFormat):
    def left_out(self, record: PortableRecord) -> list[str]:  # noqa: ARG002
        """Nothing ever: it is the chain itself."""
        return []


def pack_format(project: Project, wanted: RecordFilter) -> ExchangeFormat:
    """The format that writes this project's chain, as it went then. BadRequest if one reader's part is wanted."""
    if wanted.reader:
        raise BadRequest(
            "A label pack is the whole chain, by which it is verified: one reader's part of it would not hold. Leave --reader out."
        )
    return _PackFormat(PACK, "Label pack", ENDING, EVERYTHING, partial(_write, project, wanted))


def _write(project: Project, wanted: RecordFilter, _record: PortableRecord, path: Path, task: TaskContext) -> None:
    chain = project.database.chain
    last = chain.last_event(wanted.as_of)
    if not last:
        raise BadRequest("There is nothing to pack: the record's chain had not begun then. Give a later time, or leave it out.")
    key = signing_key()
    made = datetime.now(UTC).isoformat(timespec="seconds")
    heading = Heading(visible(reader_of(project)).strip(), key.public, made, last, chain.digest_at(last) or "")
    try:
        write_pack(path, heading, key.sign, chain.lines(task, last=last))
    except BrokenLine as error:
        raise BadRequest(f"{str(error).rstrip('.')}. Nothing was packed, for nobody could take it in. See: endodesk verify.") from error


def own_signature(project: Project) -> str:
    """A sentence on the name and key that this user's packs are signed with."""
    words = tr("Signed by {name}, key {key}: tell it to whoever takes the pack in")
    return words.format(name=printable(reader_of(project)), key=fingerprint(signing_key().public))


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a pack."""

    name: str
    key: str
    trust: Trust

    @property
    def sentence(self) -> str:
        """For whoever takes the pack in."""
        words = {
            Trust.OWN: tr("Signed by {name}, with your own key {key}"),
            Trust.KNOWN: tr("Signed by {name}, key {key}, as before"),
            Trust.FIRST: tr("Signed by {name}, key {key}: not seen before. Ask {name} whether it is theirs: exporting tells it"),
            Trust.OTHER: tr("Signed by {name}, but with another key than before: {key}, not {known}. Ask {name} whether theirs changed"),
        }[self.trust]
        known = fingerprint(known_key(self.name) or "")
        return words.format(name=printable(self.name), key=fingerprint(self.key), known=known)


@dataclass(frozen=True, slots=True)
class IncomingPacks:
    """What packs bring, proven."""

    acts: tuple[Act, ...]
    chains: ForeignChains
    signers: tuple[Signer, ...]
    told: tuple[str, ...]
    plan: ReadPlan | None = None
    """The read plan that holds there, if all of them that have one have the same."""


def read_packs(files: Sequence[Path], reader: str, task: TaskContext) -> IncomingPacks:
    """For a `reader` who takes them in. Signature and chain of each are proven first.

    BadRequest naming the line that was tampered with; Cancelled.
    """
    packs = []
    for file in files:
        with refused_as(file, "label pack"):
            try:
                packs.append(read_pack(file, task))
            except BrokenLine as error:
                raise BadRequest(str(error)) from error
    found = acts_in(chain for pack in packs for chain in pack.chains)
    signers = tuple(Signer(one.heading.name, one.heading.key, trust_of(one.heading.name, one.heading.key)) for one in packs)
    _refuse_two_keys(signers)
    signed = [{"name": one.name, "key": one.key, "digest": pack.heading.digest} for one, pack in zip(signers, packs, strict=True)]
    readers = Counter(act.reader for act in found.acts.values()).most_common()
    shown = ", ".join(f"{printable(name)} {n:,}" for name, n in readers[:_SHOWN]) + (" ..." if len(readers) > _SHOWN else "")
    told = [*(one.sentence for one in signers), tr("Acts by reader: {readers}").format(readers=shown or "-")]
    if any(one.name == reader and one.trust is not Trust.OWN for one in signers):
        told.append(
            tr("{name} is your name here, too: of both of you the later word counts, as of one reader").format(name=printable(reader))
        )
    if found.damaged:
        told.append(tr("{n:,} rows there are damaged: left out").format(n=found.damaged))
    lines = [line for pack in packs for line in pack.lines]
    plans = [plan for pack in packs if (plan := _plan_in(pack))]
    plan = plans[0] if plans and all(other.deals_as(plans[0]) for other in plans) else None
    if plans and not plan:
        told.append(tr("These packs have different read plans: none is taken"))
    return IncomingPacks(tuple(found.acts.values()), ForeignChains(found.words, lines, {"packs": signed}), signers, tuple(told), plan)


def _refuse_two_keys(signers: Sequence[Signer]) -> None:
    """No name may stand for two at once: of which of them would one know the key from then on?"""
    keys: dict[str, str] = {}
    for one in signers:
        if keys.setdefault(one.name, one.key) != one.key:
            words = "Two of these packs are signed by {name}, with two keys, {one} and {other}: ask whose they are. Nothing was taken in."
            raise BadRequest(words.format(name=printable(one.name), one=fingerprint(keys[one.name]), other=fingerprint(one.key)))


def _plan_in(pack: Pack) -> ReadPlan | None:
    """The plan that the record's own chain tells of last; None where there is none, or it was taken away, or is none that can be."""
    told = None
    for line in pack.lines[: pack.heading.events]:
        if f'"{PLAN}"' in line and (event := json.loads(line)["event"]).get("kind") == PLAN:
            told = event.get("told")
    try:
        return ReadPlan.from_json(json.loads(told)[PLAN]) if told else None
    except DAMAGED:
        return None
