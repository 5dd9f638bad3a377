"""Writes data.json and data/*: files by NumPy, tables read by pandas, scaling and splits by scikit-learn.

    python data.py    (NumPy 2.4.6, pandas 3.1.1 and scikit-learn 1.9.1 wrote the committed files)
"""

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.utils.class_weight import compute_class_weight

HERE = Path(__file__).parent
FOLDER = HERE / "data"
PENGUINS = HERE.parent.parent / "examples" / "data" / "penguins.csv"

# quotes, a line feed within a field, spaces, all ways of being missing, carriage returns
TRICKY = (
    'name,size,"a, b",note\r\n'
    '"Bo ""the second""",1.5,x,"two\nlines"\r\n'
    "Ann,NA,,-\r\n"
    "\r\n"
    "Cy,1e-3,null,n/a\r\n"
    "Di,  7 ,y,NaN\r\n"
    "Ed,+.5,None,last"
)


def arrays():
    numbers = np.arange(24).reshape(2, 3, 4)
    signed = numbers - 12
    files = {f"{t}": signed.astype(t) for t in ["<f4", ">f4", "<f8", ">f8", "i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8"]}
    files |= {t: numbers.astype(t) for t in ["u1", "<u2", ">u2", "<u4", ">u4", "<u8", ">u8"]}
    files["bool"] = numbers % 3 == 0
    files["fortran"] = np.asfortranarray(signed.astype("<f4") / 8)
    files["fortran_big"] = np.asfortranarray(signed.astype(">i4"))
    files["transposed"] = (signed.astype("<f8") / 8).T
    files["vector"] = np.array([0.1, 1e-30, 3e38], "<f4")
    files["column"] = np.asfortranarray(np.arange(5.0).reshape(5, 1))
    files["single"] = np.array(2.5)
    files["empty"] = np.zeros((0, 3), "<f4")
    entries = {}
    for number, (name, array) in enumerate(files.items()):
        version = [(1, 0), (2, 0), (3, 0)][number % 3]
        path = f"{name.replace('<', 'le_').replace('>', 'be_')}.npy"
        with open(FOLDER / path, "wb") as file:
            np.lib.format.write_array(file, array, version=version)
        entries[path] = {"shape": array.shape, "numbers": array.astype("f8").flatten().tolist()}
    # what Python's gzip packs
    buffer = io.BytesIO()
    np.save(buffer, signed.astype("<f4"))
    (FOLDER / "packed.npy.gz").write_bytes(gzip.compress(buffer.getvalue(), mtime=0))
    entries["packed.npy.gz"] = entries["le_f4.npy"]
    return entries


def column(of):
    cell = lambda x: None if pd.isna(x) else x if isinstance(x, str) else float(x)
    return [cell(x) for x in of]


def tables():
    tricky = pd.read_csv(io.StringIO(TRICKY, newline=""))
    penguins = pd.read_csv(PENGUINS)
    numbers = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    statistics = {
        name: {
            "missing": int(penguins[name].isna().sum()),
            "mean": penguins[name].mean(),
            "median": penguins[name].median(),
            "mode": penguins[name].mode()[0],
            "min": penguins[name].min(),
            "max": penguins[name].max(),
        }
        for name in numbers
    }
    # by scikit-learn: medians stand in, then the scale; texts one-hot, where the most frequent stands in
    filled = SimpleImputer(strategy="median").fit_transform(penguins[numbers])
    texts = SimpleImputer(strategy="most_frequent").fit_transform(penguins[["island", "sex"]])
    hot = OneHotEncoder(sparse_output=False).fit_transform(texts)
    # in the order of the file's columns
    encoded = np.hstack([hot[:, :3], StandardScaler().fit_transform(filled), hot[:, 3:]])
    ranged = MinMaxScaler().fit_transform(filled)
    return {
        "tricky": {"text": TRICKY, "columns": {name: column(tricky[name]) for name in tricky}},
        "penguins": {
            "rows": len(penguins),
            "statistics": statistics,
            "every": 23,
            "encoded": encoded[::23].tolist(),
            "ranged": ranged[::23].tolist(),
            "sums": encoded.sum(0).tolist(),
            "species": pd.Categorical(penguins.species).codes[::23].tolist(),
        },
    }


def scales():
    x = np.random.default_rng(3).normal(size=(17, 4)) * [1, 100, 1e-3, 0] + [0, 1e6, 5, 0.1]
    standard, ranged = StandardScaler().fit(x), MinMaxScaler().fit(x)
    return {
        "x": x.tolist(),
        "mean": standard.mean_.tolist(),
        "scale": standard.scale_.tolist(),
        "standard": standard.transform(x).tolist(),
        "ranged": ranged.transform(x).tolist(),
    }


def splits():
    entries = []
    for counts, parts in [([50, 30, 20], [80, 20]), ([97, 31, 11, 5], [101, 43]), ([600, 37], [446, 191]), ([12, 9], [7, 14])]:
        labels = np.repeat(np.arange(len(counts)), counts)
        first, second = train_test_split(labels, train_size=parts[0], test_size=parts[1], stratify=labels, random_state=1)
        count = lambda part: np.bincount(part, minlength=len(counts)).tolist()
        weights = compute_class_weight("balanced", classes=np.arange(len(counts)), y=labels)
        entries.append({"counts": counts, "parts": [count(first), count(second)], "weights": weights.tolist()})
    return entries


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    data = {"arrays": arrays(), "tables": tables(), "scales": scales(), "splits": splits()}
    (HERE / "data.json").write_text(json.dumps(data) + "\n")
