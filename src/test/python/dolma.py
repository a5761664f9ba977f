# The documents of dolma files, as dolma and OLMo-core tell them apart: for each file a line for
#   rows  what Python's csv module reads
#   csv   the boundaries of the first two fields of each line, which OLMo-core takes for remote files
#   eos   the boundaries after each EOS, which OLMo-core takes for local files
#   both  the same where EOS is followed by BOS
#   ids   the ids
import csv, gzip, sys
import numpy as np
def between(ends):
    return [[int(a), int(b)] for a, b in zip([0, *ends], ends)]
dtype, eos, bos = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for path in sys.argv[4:]:
    ids = np.memmap(path, mode="r", dtype=np.dtype(dtype))
    metadata = path.replace(".npy", ".csv.gz")
    with gzip.open(metadata, "rt", encoding="utf-8", newline="") as lines:
        print("rows", list(csv.reader(lines)))
    with gzip.open(metadata, "rt", encoding="utf-8") as lines:
        print("csv", [[int(place) for place in line.split(",")[:2]] for line in lines])
    print("eos", between((ids == eos).nonzero()[0] + 1))
    places = np.logical_and(ids[:-1] == eos, ids[1:] == bos).nonzero()[0] + 1
    print("both", between([*places, *([len(ids)] if ids[-1] == eos else [])]))
    print("ids", ids.tolist())
