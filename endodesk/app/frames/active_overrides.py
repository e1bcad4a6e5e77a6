"""ActiveOverrides: what was drawn by hand and holds now, for whoever reads, answers or preprocesses frames. Any thread may ask."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from endodesk.data.database import Database
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides, FrameSize
from endodesk.imaging.pixels import Floats
from endodesk.inference.feature_file import FeatureFile, FeatureMemory


class ActiveOverrides:
    """What was drawn by hand in one project. Where nothing was, asking costs nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read_again()

    def read_again(self) -> None:
        """Read anew what holds, since the database has changed."""
        self._sizes: dict[Sha256, FrameSize] = {}
        self.now = self._database.overrides.holding()

    def of(self, image: Sha256, width: int, height: int) -> FrameOverrides:
        """What holds of a frame that is so many pixels wide and high."""
        return self.now.of(image, width, height)

    def hold(self, given: FrameOverrides, record: ImageRecord) -> bool:
        """Whether what was given of a frame is what holds of it now."""
        return given == self.of(record.sha256, record.width, record.height)

    def of_known(self, image: Sha256) -> FrameOverrides:
        """What holds of a frame that the project knows; its size is looked up where a rule may depend on it."""
        now, sizes = self.now, self._sizes  # once: the main thread may exchange both meanwhile
        if not now.sizes:
            return now.frames.get(image, NOTHING_GIVEN)
        if image not in sizes and (record := self._database.images.get(image)):
            sizes[image] = (record.width, record.height)
        return now.of(image, *sizes.get(image, (0, 0)))

    def names(self, images: Sequence[Sha256]) -> Sequence[Sha256]:
        """The names under which the features of these frames, as they are preprocessed now, are kept; in their order."""
        now, sizes = self.now, self._sizes  # once, as above: two states mixed would name features by neither
        if now.sizes:
            sizes.update(self._database.overrides.sizes(now.sizes))  # one query, instead of one a frame
            nowhere = (0, 0)
            return [now.of(image, *sizes.get(image, nowhere)).name_of(image) for image in images]
        return [self.of_known(image).name_of(image) for image in images] if now else images


class CurrentFeatures:
    """A file of features, asked by frame: those of the frame as it is preprocessed now."""

    def __init__(self, file: FeatureFile | FeatureMemory, overrides: ActiveOverrides) -> None:
        self.file, self._overrides = file, overrides

    def __contains__(self, image: Sha256) -> bool:
        return self._overrides.of_known(image).name_of(image) in self.file

    def __len__(self) -> int:
        return len(self.file)

    def get(self, images: Sequence[Sha256]) -> NDArray[np.float16]:
        """N x K; NaN for a frame whose features are not known."""
        return self.file.get(self._overrides.names(images))

    def add(self, features: Mapping[Sha256, Floats]) -> None:
        """Keep K numbers a frame, by the names that `FrameOverrides.name_of` gives. OSError if they cannot be written."""
        self.file.add(features)
