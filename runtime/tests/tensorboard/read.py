"""Prints the scalars and histograms of a folder of event files, as TensorBoard reads them.

    python read.py FOLDER    (needs tensorboard)
"""

import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0})
events.Reload()
tags = events.Tags()
for tag in tags["scalars"]:
    for event in events.Scalars(tag):
        print(tag, event.step, event.value)
for tag in tags["histograms"]:
    for event in events.Histograms(tag):
        value = event.histogram_value
        print(tag, event.step, value.min, value.max, value.num, value.sum, value.sum_squares)
