"""Words: what EndoDesk speaks of. Standard library only; everything that crosses a room is frozen.

Glossary
--------
frame        one endoscopic image file as the device saved it; known by the SHA-256 of its bytes
case         the frames of one examination; here the folder that a frame lies in
field        the lit part of a frame: what the endoscope sees, without border, text and boxes
ScopeGuide   the inset that shows the shape of the endoscope: a green or a blacked-out box
recipe       the named, ordered preprocessing steps with their knobs, from a frame to 224x224
class set    the ordered classes of a project or a model
label set    the class set as a reader meets it: each class with a key and a colour
override     box or field of a frame drawn by hand (or said not to be there); it holds instead of what the steps would find
label        the class that a frame is said to have: the reader's if there is one, else its class folder's
reader       the person who labels
correction   one act of a reader: this frame, this label (or mark, or note), now. Added or revoked, never edited
mark         what a reader says beside the class: excluded, poor quality, not sure, flagged
step         what a reader did at one go: what undo takes back
blind first  the mode in which a model's answer appears only after the reader's own label
answer       the class to which a model gives the highest probability
heat map     Grad-CAM of one class over the 7x7 cells of the last feature map
bundle       a model as a folder: backbone, head, recipe, classes, figures; it does not change once written
backbone     the convolutional network below the head, MobileNetV2 or another of `training.plan.backbones`
member       one network of a bundle; an ensemble is a bundle that averages the answers of several
active model the bundle whose answers a project shows; it changes only by promotion
group        frames that must stand on one side of a split: equal or near perceptual hash, one case, or merged
merge        one act of a reader: these two frames belong together, or no longer do
part         train, val or test
fold         one of the parts that cross-validation tests in turn, on a model trained on the others
run          one training: a folder with a frozen snapshot of its data, its configuration and what came of it
task       what long work is given to tell its progress and to hear that it was cancelled
"""
