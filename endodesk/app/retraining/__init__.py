"""From the labels as they are to a run folder and a candidate model; checks of the split before it."""
