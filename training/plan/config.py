"""Config: everything that a training run can be told, as TOML. `configs/paper.toml` is the published set-up, `default.toml` ours.

No library of training; the window may import it.
"""

import dataclasses
import json
import math
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from endodesk.dataset.cases import check_case
from endodesk.dataset.split import FURTHEST_NEAR
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.member_networks import DEFAULT_BACKBONE
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.system.text_files import read_text_file
from training.plan.backbones import AS_TRAINED, BUNDLED, SCALINGS, backbone_named, check_weights, resolved_scaling
from training.plan.limits import one_of, within
from training.plan.window_settings import WindowSettings

PRESETS = Path(__file__).parents[1] / "configs"
AUGMENTATIONS = ("none", "paper", "default", "source")
SHIFTS, SELECT_BY = ("none", "source"), ("validation", "shifted", "both")
BALANCES = ("none", "weights", "sampling")
CENTRE_BALANCES = ("none", "half", "even")
DECAYS = ("none", "cosine")
WANDB_MODES = ("off", "online", "offline")
KEPT = ("best", "last")
SELECTIONS = ("best", "fine-tuned")
BATCH_NORMS = ("frozen", "trained")
BIGGEST_CONFIG = 1024 * 1024
"""Bytes of a TOML file: the longest of ours has three thousand."""
_LARGEST = 2**63  # larger whole numbers cannot all be converted to the other kind
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_NO_UTF8 = (
    "it is not saved as UTF-8, as TOML must be, but perhaps as ANSI or Windows-1252, so its accents cannot be told. "
    "Save it anew in your editor with the encoding UTF-8."
)


@dataclass(frozen=True, slots=True)
class Split:
    """How frames are put into train, val and test."""

    shares: tuple[float, float, float] = (70, 15, 15)  # as published (method.md)
    """Of train, val and test, in any unit."""
    near: int = 0
    """Frames whose perceptual hashes differ by at most so many of 64 bits stand on one side; 0 is equal hashes only."""
    case: str = "folder"
    """What tells the case, whose frames stand on one side: `folder` (the first one below the class), `deepest`, `none`, or a regular
    expression for the path."""
    allow_leaks: bool = False
    """Train also where two parts hold the same picture: to repeat what others have published, never to claim its figures."""


@dataclass(frozen=True, slots=True)
class Input:
    """What becomes of a frame before the network learns from it, or is validated on it."""

    scaling: str = AS_TRAINED
    """To what the network's first layer brings 0..255: one of `training.plan.backbones.SCALINGS`, or what the ImageNet weights want."""
    augmentation: str = "default"
    """Preset in `training.inputs.augment`, for training frames only."""
    shift: str = "none"
    """Preset in `training.inputs.augment` that hides where frames come from: validation is done with such frames too. `none`: not done."""
    shift_views: int = 2
    """Views of each validation frame made by `shift`, always the same ones."""


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """The layers above the pooled features: Dense + ReLU of `units`, dropout, Dense, softmax."""

    units: int = 256  # these three as published (paper, section III.3)
    l2: float = 1e-4
    dropout: float = 0.3


@dataclass(frozen=True, slots=True)
class Training:
    """What holds in the frozen phase and in fine-tuning alike: batches, losses, when to stop, what is kept."""

    batch: int = 32  # as published
    patience: int = 3  # as published
    """Epochs without a lower validation loss after which a phase ends."""
    class_balance: str = "weights"
    """`weights`: each class has the same weight in the losses (training and validation), however few its frames. `sampling`: an epoch
    draws as many frames of each class instead, rare ones several times (each time another view); validation as with `weights`."""
    centre_balance: str = "none"
    """How many draws of a class are even over its centres (hospitals, devices): none, `half` or all (`even`). Classes keep their shares."""
    label_smoothing: float = 0.0
    """Share of each training label that is spread over all classes; validation losses are without it."""
    select_by: str = "validation"
    """Whose loss decides the best epoch and when to stop: `validation` frames, `shifted` ones (`input.shift`), or the mean of `both`."""
    keep: str = "best"
    """Which epoch of a phase is kept: the `best` by that loss, or the `last`, whatever the patience: for rates that fall to nothing, where
    the losses of a small validation part differ by chance more than the epochs do."""
    selection: str = "best"
    """`best` of both phases by validation loss, or the best `fine-tuned` epoch whatever the frozen phase reached."""
    histogram_freq: int = 0
    """Weights as TensorBoard histograms every so many epochs; 0 is never."""


@dataclass(frozen=True, slots=True)
class FrozenPhase:
    """The head is trained on features of the frozen backbone."""

    epochs: int = 10  # as published, and its rate
    learning_rate: float = 1e-3
    views: int = 10
    """Augmented views of each frame; epoch e sees view e modulo so many."""
    warm_up: float = 0.0
    """Epochs in which the learning rate rises from nothing."""
    decay: str = "none"
    """`cosine`: after the warm-up the learning rate falls to nothing by the phase's last epoch."""


@dataclass(frozen=True, slots=True)
class FineTuning:
    """The backbone is trained too. 0 epochs leave this phase out."""

    epochs: int = 20  # as published, and its rate
    learning_rate: float = 1e-5
    from_block: int = 0
    """The first of the backbone's blocks that is trained; all above are too. 0 is everything, the stem included."""
    batch_norm: str = "frozen"
    """`frozen` keeps the statistics of ImageNet; `trained` is as published."""
    views: int = 0
    """Above 0: epoch e sees view e modulo so many, and what the lower blocks make of them is kept in memory (75 kB a frame and view
    from block 13), so that later epochs cost the step alone. 0: a fresh view each epoch."""
    warm_up: float = 0.0
    """As in the frozen phase."""
    decay: str = "none"
    """As in the frozen phase."""
    average: float = 0.0
    """Above 0: the model is a moving average of the weights, which keeps so much of itself each step (0.99: some hundred steps)."""


@dataclass(frozen=True, slots=True)
class Trackers:
    """Who else is told of each epoch. TensorBoard always is."""

    wandb: str = "off"
    """Weights & Biases: `online` sends figures to its servers, `offline` keeps them in the run folder. `off`: it is not even loaded."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders outside the run; empty where there is none."""

    cache: str = ""
    """Where preprocessed frames are kept between runs; the run's own folder if empty."""
    active: str = ""
    starter: str = ""
    """Bundles to compare the new one with, on the same test frames."""
    base: str = ""
    """Of a quick update: the bundle whose head learns on; the starter model if empty."""
    features: str = ""
    """Of a quick update: where the window keeps what backbones see in frames (`inference.feature_file`); all is made anew if empty."""


@dataclass(frozen=True, slots=True)
class Config:
    """One run's configuration. BadRequest with a sentence that names the key if a value cannot be used."""

    name: str = "default"
    recipe: str = "clean"
    """Preprocessing by name, see `endodesk.imaging.preprocessing.pipeline`."""
    backbone: str = DEFAULT_BACKBONE
    """One of `training.plan.backbones.BACKBONES`."""
    weights: str = BUNDLED
    """What the backbone begins with: a file (.h5, without top), `imagenet-download`, or `random`; empty: what comes with the program."""
    seed: int = 42  # the published split's
    classes: tuple[str, ...] = ()  # in the order of the model's outputs; empty: all labels there are, sorted
    aliases: tuple[str, ...] = ()  # CLASS=WORD: other words of models for these classes, by which they are gone on from and compared
    left_out: tuple[str, ...] = ()  # WORD=FRAMES: labels of no class of the project, which its reader left out knowingly
    synthetic: bool = False
    """The frames are generated; the bundle says so."""
    quick: bool = False
    """The quick update: the head of the model in `paths.base` learns on, without TensorFlow (`training.learning.quick`).

    That model gives recipe, backbone, scaling and the head's units; there is nothing but the frozen phase, on frames as they are.
    """
    pictures: bool = True
    """Whether the report has pictures, which take longer than the rest of a quick update."""
    split: Split = field(default_factory=Split)
    input: Input = field(default_factory=Input)
    head: HeadConfig = field(default_factory=HeadConfig)
    training: Training = field(default_factory=Training)
    frozen: FrozenPhase = field(default_factory=FrozenPhase)
    finetune: FineTuning = field(default_factory=FineTuning)
    windows: WindowSettings = field(default_factory=WindowSettings)
    trackers: Trackers = field(default_factory=Trackers)
    paths: Paths = field(default_factory=Paths)

    def __post_init__(self) -> None:
        recipe_named(self.recipe)
        if self.classes:
            ClassSet(self.classes)
        spec = backbone_named(self.backbone)
        check_weights(self.backbone, self.weights)
        one_of("input.scaling", self.input.scaling, (AS_TRAINED, *SCALINGS))
        one_of("input.augmentation", self.input.augmentation, AUGMENTATIONS)
        one_of("input.shift", self.input.shift, SHIFTS)
        one_of("training.select_by", self.training.select_by, SELECT_BY)
        one_of("frozen.decay", self.frozen.decay, DECAYS)
        one_of("finetune.decay", self.finetune.decay, DECAYS)
        one_of("trackers.wandb", self.trackers.wandb, WANDB_MODES)
        one_of("training.class_balance", self.training.class_balance, BALANCES)
        one_of("training.centre_balance", self.training.centre_balance, CENTRE_BALANCES)
        one_of("training.keep", self.training.keep, KEPT)
        one_of("training.selection", self.training.selection, SELECTIONS)
        one_of("finetune.batch_norm", self.finetune.batch_norm, BATCH_NORMS)
        within("seed", self.seed, 0, 2**31 - 1)
        within("split.near", self.split.near, 0, FURTHEST_NEAR)  # two pictures taken at random differ in about so many bits
        check_case(self.split.case)
        within("head.units", self.head.units, 1, 8192)
        within("head.l2", self.head.l2, 0, 1)
        within("head.dropout", self.head.dropout, 0, 0.95)  # at 1 nothing would be left to learn from
        within("training.batch", self.training.batch, 1, 4096)
        within("training.patience", self.training.patience, 1, 10_000)
        within("input.shift_views", self.input.shift_views, 1, 1000)
        within("training.label_smoothing", self.training.label_smoothing, 0, 0.9)  # at 1 all labels would be alike
        within("frozen.warm_up", self.frozen.warm_up, 0, self.frozen.epochs)
        within("finetune.warm_up", self.finetune.warm_up, 0, self.finetune.epochs)
        within("finetune.views", self.finetune.views, 0, 1000)
        within("finetune.average", self.finetune.average, 0, 0.99999)  # at 1 the average would never move
        within("training.histogram_freq", self.training.histogram_freq, 0, 10_000)
        within("frozen.epochs", self.frozen.epochs, 1, 10_000)
        within("frozen.views", self.frozen.views, 1, 1000)
        within("frozen.learning_rate", self.frozen.learning_rate, 1e-9, 10)
        within("finetune.epochs", self.finetune.epochs, 0, 10_000)
        within("finetune.learning_rate", self.finetune.learning_rate, 1e-9, 10)
        within("finetune.from_block", self.finetune.from_block, 0, spec.last_block)
        if self.training.select_by != "validation" and self.input.shift == "none":
            raise BadRequest(f"training.select_by = {self.training.select_by!r} needs shifted frames: set input.shift.")
        self.windows.check(self.classes)
        if self.quick:
            self._check_quick()
        if not all(0 < share < math.inf for share in self.split.shares):
            raise BadRequest("split.shares must be three numbers above 0, of train, val and test.")

    def _check_quick(self) -> None:
        without = {"finetune.epochs": self.finetune.epochs, "trackers.wandb": self.trackers.wandb != "off"}
        without |= {"input.augmentation": self.input.augmentation != "none", "input.shift": self.input.shift != "none"}
        if asked := [key for key, value in without.items() if value]:
            raise BadRequest(f"A quick update (quick = true) trains the head on frames as they are: leave {asked[0]} out.")

    @property
    def scaling(self) -> str:
        """What 0..255 becomes: `input.scaling`, or what it stands for."""
        return resolved_scaling(self.input.scaling, self.backbone)

    def to_toml(self) -> str:
        """The configuration as TOML; `parse_config` gives the same one back."""
        return "\n".join(_toml_lines(dataclasses.asdict(self))) + "\n"


def load_config(name_or_path: str | Path) -> Config:
    """A preset by its name ("paper", "default", "head"), or a TOML file. BadRequest with a sentence if it is neither, or wrong."""
    text = str(name_or_path)
    path = PRESETS / f"{text}.toml"
    if not text.isidentifier() or not path.is_file():  # a name, not a path that leads out of the folder
        path = Path(text)
    if not path.is_file():
        raise BadRequest(f"There is no configuration {text}: name a TOML file or one of {', '.join(preset_names())}.")
    file = read_text_file(path, BIGGEST_CONFIG)
    try:
        config = parse_config(file.text.replace("\r\n", "\n").replace("\r", "\n"))
        if not file.encoding and not _odd_in_paths_alone(config, file.text):
            raise BadRequest(_NO_UTF8)
    except BadRequest as error:
        # an accent may be what is wrong with the TOML, too
        raise BadRequest(f"{path.name} cannot be used: {error if file.encoding else _NO_UTF8}") from error
    return config


def _odd_in_paths_alone(config: Config, text: str) -> bool:
    """Whether all bytes that are no UTF-8 are those of paths in folders that are there: on Linux a name may be any bytes."""
    paths = [path for path in dataclasses.astuple(config.paths) if _odd_bytes(path)]
    return sum(map(_odd_bytes, paths)) == _odd_bytes(text) and all(Path(path).exists() or Path(path).parent.exists() for path in paths)


def _odd_bytes(text: str) -> int:
    return len(_ODD_BYTE.findall(text))


def preset_names() -> list[str]:
    """Configurations that come with the program, the published one first."""
    return sorted((path.stem for path in PRESETS.glob("*.toml")), key=lambda name: (name != "paper", name))


def parse_config(text: str) -> Config:
    """From TOML; keys that are left out keep their defaults. BadRequest naming the key that is unknown or has a bad value."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # brackets nested by the thousand
        raise BadRequest(f"it is not TOML ({error}).") from error
    config: Config = _section(Config, values, "")
    return config


def _section(kind: type[Any], values: Mapping[str, Any], prefix: str) -> Any:
    hints = typing.get_type_hints(kind)
    known = {f.name for f in dataclasses.fields(kind)}
    if unknown := sorted(set(values) - known):
        raise BadRequest(f"{prefix}{unknown[0]} is not a key of the configuration; known here: {', '.join(sorted(known))}.")
    return kind(**{key: _value(hints[key], value, prefix + key) for key, value in values.items()})


def _value(kind: Any, value: Any, key: str) -> Any:
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise BadRequest(f"{key} must be a table of keys.")
        return _section(typing.cast("type[Any]", kind), value, f"{key}.")
    if typing.get_origin(kind) is tuple:
        inner, *rest = typing.get_args(kind)
        length = None if rest == [...] else 1 + len(rest)
        if not isinstance(value, list) or (length is not None and len(value) != length):
            raise BadRequest(f"{key} must be a list{'' if length is None else f' of {length} values'}.")
        return tuple(_value(inner, item, key) for item in value)
    # True is an int to Python
    fits = isinstance(value, int | float if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if not fits or value != value or (isinstance(value, int) and abs(value) > _LARGEST):  # TOML can write NaN
        words = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
        raise BadRequest(f"{key} must be {words[kind]}, not {value!r}.")
    return value


def _toml_lines(values: Mapping[str, Any]) -> list[str]:
    lines = [f"{key} = {_toml_value(value)}" for key, value in values.items() if not isinstance(value, Mapping)]
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *_toml_lines(value)]
    return lines


def _toml_value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's texts, whole numbers and truth values are TOML's
