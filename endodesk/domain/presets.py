"""Class sets to begin with: the paper's and the public data sets', by the names of their folders."""

from endodesk.domain.classes import PAPER_CLASSES, ClassSet

FIRST_CLASSES = ClassSet((*PAPER_CLASSES, "normal"))
"""The starter model's, and a new project's until the reader chooses: a frame without a finding must have a key too."""

KVASIR_CLASSES = ClassSet((
    "dyed-lifted-polyps", "dyed-resection-margins", "esophagitis", "normal-cecum", "normal-pylorus", "normal-z-line", "polyps",
    "ulcerative-colitis",
))  # fmt: skip
"""Kvasir v2 (Pogorelov et al., MMSys 2017)."""

HYPERKVASIR_CLASSES = ClassSet((
    "barretts", "barretts-short-segment", "esophagitis-a", "esophagitis-b-d", "pylorus", "retroflex-stomach", "z-line",
    "cecum", "ileum", "retroflex-rectum", "hemorrhoids", "polyps", "ulcerative-colitis-grade-0-1", "ulcerative-colitis-grade-1",
    "ulcerative-colitis-grade-1-2", "ulcerative-colitis-grade-2", "ulcerative-colitis-grade-2-3", "ulcerative-colitis-grade-3",
    "bbps-0-1", "bbps-2-3", "impacted-stool", "dyed-lifted-polyps", "dyed-resection-margins",
))  # fmt: skip
"""Labelled images of HyperKvasir (Borgli et al., Scientific Data 2020): upper tract, then lower tract, as in the paper's tree."""

PRESETS = {
    "The paper's three": PAPER_CLASSES,
    "The paper's three and normal": FIRST_CLASSES,
    "Kvasir: eight": KVASIR_CLASSES,
    "HyperKvasir: twenty-three": HYPERKVASIR_CLASSES,
}
