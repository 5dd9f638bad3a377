"""Writes reviews.txt: sentences of reviews, each with the number of its review and `+` or `-`.

    pip download vaderSentiment==3.3.2 --no-deps --no-binary :all: && tar xzf vaderSentiment-3.3.2.tar.gz
    python reviews.py vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz
"""

import io
import sys
import tarfile
from pathlib import Path

CLEAR, LONGEST = 1.0, 160

outer = tarfile.open(sys.argv[1])
# the archive has an archive of the same name in it
inner = next(member for member in outer.getmembers() if not member.isdir())
if inner.name.endswith(".tar.gz"):
    outer = tarfile.open(fileobj=io.BytesIO(outer.extractfile(inner).read()))
source = outer.extractfile("hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt").read()
lines = []
for line in source.decode("latin-1").splitlines():
    name, rating, text = line.split("\t")
    plain = all(" " <= character <= "~" for character in text)
    if abs(float(rating)) >= CLEAR and plain and len(text) <= LONGEST:
        lines.append(f"{name.split('_')[0]}\t{'+' if float(rating) > 0 else '-'}\t{text.strip()}\n")
Path(__file__).with_suffix(".txt").write_text("".join(lines))
