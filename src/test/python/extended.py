# Computes the rows of an extended safetensors table again, from the old one and the report's parts.
import json, struct, sys
import numpy as np

def tensor(path):
    raw = open(path, "rb").read()
    size = struct.unpack("<Q", raw[:8])[0]
    entry = json.loads(raw[8 : 8 + size])["model.embed_tokens.weight"]
    begin, end = entry["data_offsets"]
    bits = np.frombuffer(raw[8 + size + begin : 8 + size + end], np.uint32 if entry["dtype"] == "F32" else np.uint16)
    return entry["dtype"], bits.reshape(entry["shape"])

def floats(dtype, bits):
    if dtype == "BF16":
        return (bits.astype(np.uint32) << 16).view(np.float32)
    return bits.view(np.float32 if dtype == "F32" else np.float16)

def rounded(dtype, mean):
    if dtype != "BF16":
        return mean.astype(np.float32 if dtype == "F32" else np.float16).view(np.uint32 if dtype == "F32" else np.uint16)
    step = np.exp2(np.maximum(np.frexp(mean)[1] - 1, -126) - 7.0)
    return ((np.rint(mean / step) * step).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)

dtype, old = tensor(sys.argv[1])
same, new = tensor(sys.argv[2])
report = json.load(open(sys.argv[3]))
assert dtype == same
values, made, kept = floats(dtype, old).astype(np.float64), 0, np.ones(len(new), bool)
for row in report["newRows"]:
    total = np.zeros(values.shape[1])
    for part in row["madeOf"]:
        total += values[part["id"]]
    assert (new[row["id"]] == rounded(dtype, total / len(row["madeOf"]))).all(), row
    kept[row["id"]] = False
    made += 1
assert (new[kept] == old[: len(new)][kept]).all()  # train --continue moves no id
print(dtype, made, "made")
