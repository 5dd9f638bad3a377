"""Writes digits.bin: for each of the 1,797 digits its 64 pixels (0..16), row by row, and its label.

    pip install scikit-learn && python digits.py
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
records = np.column_stack([digits.data, digits.target]).astype(np.uint8)
assert records.shape == (1797, 65) and (records[:, :64] == digits.data).all()
Path(__file__).with_suffix(".bin").write_bytes(records.tobytes())
