"""Words: what EndoDesk speaks of. Standard library only; everything that crosses a room is frozen.

One word for a thing, and the field's own where it has one (docs/decisions/project.md 7). "not" names what is not to be said instead: older
words of ours, or words that mean something else here. Columns of the database keep the names that stored projects have.

Glossary
--------
frame        one endoscopic image file as the device saved it; known by the SHA-256 of its bytes
             not: picture, photo (a picture is what is painted: a thumbnail, a step's result)
film         what frames are taken from: a video file, or a DICOM file of many pictures; FrameExtractor takes them
             not: reel, movie
case         the frames of one examination; here the folder that a frame lies in
             not: patient, study (EndoDesk knows of no patient)
centre       the hospital, or the device, that a frame comes from
             not: site, source (a project's source is its folder of frames), hospital (in names; sentences may say it)
field        the lit part of a frame: what the endoscope sees, without border, text and boxes
             not: roi, fov
ScopeGuide   the inset that shows the shape of the endoscope: a green or a blacked-out box
recipe       the named, ordered preprocessing steps with their knobs, from a frame to 224x224
             not: pipeline, transform (these are what augmentation does)
step         of a recipe: one function with its knobs. Of a reader: see below
knob         a number that a step can be set by
             not: parameter, option
class set    the ordered classes of a project or a model
label set    the class set as a reader meets it: each class with a key and a colour
override     box or field of a frame drawn by hand (or said not to be there); it holds instead of what the steps would find.
             FrameOverrides are those of one frame, ActiveOverrides those that hold now
             not: Given, Held, correction (that is of a label)
label        the class that a frame is said to have: the reader's if there is one, else its class folder's
             not: tag, annotation, truth
reader       the person who labels
             not: user, annotator (on the screen it is "reader" too)
correction   one act of a reader: this frame, this label (or mark, or note), now. Added or revoked, never edited
annotation   which of these a correction is: AnnotationKind; what was given is its `value`
             not: Said, Correction.label
mark         what a reader says beside the class: excluded, poor quality, not sure, flagged
step         what a reader did at one go: what undo takes back; the ReviewLog replays them
             not: command, transaction, Record
read plan    who reads which frames of a study; a read is one reader's reading of a frame: the first, a second one after the wash-out (days
             between the two), or a honeypot, whose truth is known. ReadingList shows what is left of them
             not: protocol, assignment, gold question
blind first  the mode in which a model's answer appears only after the reader's own label
answer       the class to which a model gives the highest probability; FrameClassifier gives it, in a ClassifiedFrame
             not: prediction (that is the row with all probabilities), Answerer, Looked
heat map     Grad-CAM of one class over the 7x7 cells of the last feature map
             not: saliency, attention
worker       a thread that asks the model: InferenceWorkers start and stop
             not: crew, which is hired and dismissed
row queue    the rows still to be answered, the wanted first; RowQueue. BatchWriter stores what comes, ProbabilityTable holds it
             not: agenda, desk, book
queue        an order of all frames by what is worth reading next (least sure, probably mislabelled, ...)
bundle       a model as a folder: backbone, head, recipe, classes, figures; it does not change once written
             not: checkpoint (that is a run's, to go on from), export
backbone     the convolutional network below the head, MobileNetV2 or another of `training.plan.backbones`
member       one network of a bundle; an ensemble is a bundle that averages the answers of several
active model the bundle whose answers a project shows; it changes only by promotion
             not: current, selected
group        frames that must stand on one side of a split: equal or near perceptual hash, one case, or merged
             not: cluster
merge        one act of a reader: these two frames belong together, or no longer do
part         train, val or test
             not: split (that is the whole of it), subset
fold         one of the parts that cross-validation tests in turn, on a model trained on the others
run          one training: a folder with a frozen snapshot of its data, its configuration and what came of it
             not: experiment, session
network      a model while it learns is a KerasNetwork; what `inference` asks is a Network. TrainableLayers learn, an EpochRecorder
             writes down what each epoch came to, a ValidationResult is what one epoch got right, a TrainedModel what is published
             not: Learns, Book, Look, Made
colours      what augmentation exchanges between frames: `colour_transfer`; marks it draws: `device_artefacts`
             not: looks, sources
workspace    what is open: project, frames, row, open frame, classes, reader. It calls nobody; the session builds, wires and navigates
             not: state, context, hub
job          long work in a thread, given to Jobs with frozen data; JobIndicator shows those that run
             not: WorkPlace
task         what long work is given to tell its progress and to hear that it was cancelled: TaskContext
             not: ticket
message      a sentence for the status bar, by the signal `message`; one that must be seen, by `warning`
             not: told, warned
headless     the program's work without its window: for commands
             not: without_window
"""
