"""Writes events.bin with TensorBoard's own messages and records: what the test of the bytes compares with.

    python events.py    (tensorboard 2.21.0 wrote the committed file)
"""

from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def scalar(tag, step, value):
    return Event(wall_time=1.5, step=step, summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)]))


def histogram(tag, **fields):
    return Event(wall_time=1.5, step=7, summary=Summary(value=[Summary.Value(tag=tag, histo=HistogramProto(**fields))]))


limits = [-1.0 + 0.1 * bucket for bucket in range(1, 30)] + [2.0]
counts = [1.0] + [0.0] * 14 + [1.0] + [0.0] * 13 + [1.0]
EVENTS = [
    Event(wall_time=1.5, file_version="brain.Event:2"),
    scalar("loss", 3, 0.25),
    scalar("loss", 300, 0.0),
    scalar("accuracy/é", 1 << 40, -1e-3),
    histogram("weight", min=-1, max=2, num=3, sum=1.5, sum_squares=5.25, bucket_limit=limits, bucket=counts),
    histogram("constant", min=2, max=2, num=5, sum=10, sum_squares=20, bucket_limit=[2], bucket=[5]),
    histogram("nothing", bucket_limit=[0], bucket=[0]),
]
with Path(__file__).with_name("events.bin").open("wb") as file:
    writer = RecordWriter(file)
    for event in EVENTS:
        writer.write(event.SerializeToString())
    writer.flush()
