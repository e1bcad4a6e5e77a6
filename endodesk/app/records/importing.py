"""Acts from files of elsewhere: looked at first, then taken in with their own readers and times."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.frames.frame_names import FrameNames
from endodesk.app.language import tr
from endodesk.app.plans.plan_store import keep_plan, plan_of
from endodesk.app.project.project import Project
from endodesk.app.records.packs import Signer, read_packs
from endodesk.app.records.portable import portable_frames
from endodesk.app.signers import Trust, remember
from endodesk.data.acts.act_store import TakenIn
from endodesk.data.acts.record import FRESH, ON_RECORD, ForeignChains, Verdict
from endodesk.data.packs.pack_file import is_pack
from endodesk.dataset.exchange.formats import read_import
from endodesk.dataset.exchange.holding import LABEL
from endodesk.domain.acts import Act
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.read_plan import ReadPlan
from endodesk.domain.reviews import CLASSED
from endodesk.system.collector import collector_paused
from endodesk.system.os_errors import reason_of
from endodesk.system.task import TaskContext

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What files would bring to a project. Nothing is written yet."""

    acts: tuple[Act, ...]
    """As the project knows the frames; what is nobody's is the importing reader's."""
    judged: TakenIn
    reader: str
    told: tuple[str, ...]
    """Sentences on what was read as what, and passed over."""
    chains: ForeignChains | None = None
    """Of label packs."""
    signers: tuple[Signer, ...] = ()
    plan: ReadPlan | None = None
    """A read plan that holds there, where there is none here: it holds here, too, from then on."""

    @property
    def sentences(self) -> list[str]:
        """The numbers, for a person."""
        count = self.judged.count
        lines = [
            tr("{n:,} new").format(n=count(Verdict.NEW, Verdict.OLDER)),
            tr("{n:,} on record already").format(n=count(Verdict.SAME)),
            tr("{n:,} in conflict with what another reader says: each one's word is kept").format(n=count(Verdict.CONFLICT)),
        ]
        if back := count(Verdict.TAKEN_BACK):
            lines.append(tr("{n:,} taken back since").format(n=back))
        if again := count(Verdict.GIVEN_AGAIN):
            lines.append(tr("{n:,} given again since").format(n=again))
        if disputed := count(Verdict.DISPUTED):
            lines.append(tr("{n:,} taken back by another reader there: put on record, and they hold on here").format(n=disputed))
        if away := count(Verdict.NOT_HERE):
            lines.append(tr("{n:,} on frames that are not in this project: left out").format(n=away))
        if own := count(Verdict.NOT_TAKEN):
            lines.append(tr("{n:,} on which model is active: left out, for that is each project's own").format(n=own))
        return [*lines, *self.told]

    @property
    def brings_anything(self) -> bool:
        """Whether taking it in would add anything."""
        passed_on = self.chains is not None and self.judged.count(Verdict.NOT_HERE) > 0  # by the chain
        return self.judged.added > 0 or self.plan is not None or passed_on

    @property
    def is_of_other_frames(self) -> bool:
        """Whether not one frame that it speaks of is here: it is of another folder."""
        count = self.judged.count
        return count(Verdict.NOT_HERE) > 0 and count(Verdict.NOT_HERE, Verdict.NOT_TAKEN) == len(self.acts)

    @property
    def refusal(self) -> str:
        """Why it is not taken in before somebody has asked: a key is another one than before. Empty if nothing is against it."""
        changed = next((one for one in self.signers if one.trust is Trust.OTHER), None)
        return changed.sentence if changed else ""


def preview_import(project: Project, rows: FrameRows, files: Sequence[Path], reader: str, task: TaskContext) -> ImportPreview:
    """Read files, find the frames they mean, and compare. For a job. BadRequest with a sentence for a file that is refused; Cancelled."""
    if not files:
        raise BadRequest("Name a file to import.")
    packs = [path for path in files if _is_pack(path)]
    if packs:
        if len(packs) < len(files):
            raise BadRequest("Import label packs by themselves, and other files apart from them.")
        with collector_paused():
            found = read_packs(packs, reader, task)
            judged = project.database.acts.judge(found.acts, chains=found.chains, task=task)
        told = [*found.told, *_classes_lacking(project, found.acts)]
        if any(one.trust is not Trust.OWN for one in found.signers):
            told += _own_name_told(judged, reader)
        here = plan_of(project)
        if found.plan:
            told += _plan_told(found.plan, here)
        return ImportPreview(found.acts, judged, reader, tuple(told), found.chains, found.signers, None if here else found.plan)
    return _preview_tables(project, rows, files, reader, task)


def _own_name_told(judged: TakenIn, reader: str) -> list[str]:
    """Whoever makes a pack can write any name into it."""
    mine = sum(one.act.reader == reader and one.verdict in FRESH | ON_RECORD for one in judged.judged)
    words = tr("{n:,} of what is new is in your own name, {name}, and not signed by you: take it in only if you have said it")
    return [words.format(n=mine, name=printable(reader))] if mine else []


def _plan_told(plan: ReadPlan, here: ReadPlan | None) -> list[str]:
    if here is None:
        words = tr("With the read plan of {readers}, which holds here then")
        return [words.format(readers=", ".join(map(printable, plan.readers)))]
    return [] if plan.deals_as(here) else [tr("The read plan there is another one than here, and is left out")]


def _is_pack(path: Path) -> bool:
    try:
        return is_pack(path)
    except (OSError, ValueError) as error:
        raise BadRequest(f"{path} cannot be read: {reason_of(error)}.") from error


def _preview_tables(project: Project, rows: FrameRows, files: Sequence[Path], reader: str, task: TaskContext) -> ImportPreview:
    classes = project.label_set
    found = [read_import(path, classes.words, task) for path in files]
    acts = [act for one in found for act in one.acts]
    known = {sha256 for sha256 in rows.sha256s if sha256}
    names = FrameNames(rows)
    meant = [_meant(act, known, names, rows, reader) for act in acts]
    labels = {frame.sha256: frame.folder_label for frame in portable_frames(project, rows)}
    fresh = [act for act in meant if act.at is not None or act.kind != LABEL or labels.get(act.sha256) != classes.class_of(act.value)]
    told = [line for one in found for line in one.told]
    told += [tr("Read as {kind}: {n:,} acts").format(kind=one.kind, n=len(one.acts)) for one in found]
    if said := len(meant) - len(fresh):
        told.append(tr("{n:,} say what the class folder says anyway: left out").format(n=said))
    told += _classes_lacking(project, fresh)
    return ImportPreview(tuple(fresh), project.database.acts.judge(fresh, task=task), reader, tuple(told))


def _classes_lacking(project: Project, acts: Iterable[Act]) -> list[str]:
    classes = project.label_set
    foreign = sorted({act.value for act in acts if act.kind in CLASSED and act.value not in classes})
    if not foreign:
        return []
    shown = ", ".join(map(printable, foreign[:_SHOWN])) + (" ..." if len(foreign) > _SHOWN else "")
    return [tr("Classes that this project lacks: {names}. Add them (File > Classes) to see these labels").format(names=shown)]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    taken: TakenIn
    failed: tuple[str, ...] = ()
    """A sentence on each thing that could not be kept beside the acts, which are on record: the read plan, the keys of packs."""


def take_import(project: Project, preview: ImportPreview, task: TaskContext, *, accept_keys: bool = False) -> Imported:
    """Put on record what was previewed, as one step of the importing reader; keys of packs are known from then on. For a job.

    BadRequest if a key is another one than before and such are not accepted; EndoDeskError if it could not be written; Cancelled.
    """
    if preview.refusal and not accept_keys:
        raise BadRequest(f"{preview.refusal}, then import with --accept-key. Nothing was taken in.")
    at = datetime.now(UTC)
    with collector_paused():
        taken = project.database.acts.take_in(preview.acts, by=preview.reader, at=at, chains=preview.chains, task=task)
    return Imported(taken, tuple(_kept_beside(project, preview)))


def _kept_beside(project: Project, preview: ImportPreview) -> Iterator[str]:
    """Keep the plan and the keys; a sentence on what could not be."""
    try:
        if preview.plan:
            keep_plan(project, preview.plan, reader=preview.reader)
    except EndoDeskError as error:
        yield str(error)
    try:
        for signer in preview.signers:
            if signer.trust is not Trust.OWN:
                remember(signer.name, signer.key)
    except EndoDeskError as error:
        yield str(error)


def _meant(act: Act, known: Container[str], names: FrameNames, rows: FrameRows, reader: str) -> Act:
    """The act on the frame that is meant: known by its content, else by its name."""
    signed = act if act.reader else replace(act, reader=reader)
    if act.sha256 in known or not act.file or act.sha256:
        return signed
    try:
        row = names.row_of(act.file)
    except BadRequest as error:
        raise BadRequest(f"{error}. Nothing was taken in.") from error
    sha256 = None if row is None else rows.sha256s[row]
    return replace(signed, sha256=sha256) if sha256 else signed
