import hashlib, json, os, sys
import numpy as np
root, block = sys.argv[1], int(sys.argv[2])
index = json.load(open(os.path.join(root, "index.json")))
config, chunks = index["config"], index["chunks"]
assert config["item_loader"] == "TokensLoader" and config["compression"] is None
name, dtype = config["data_format"][0].split(":")
assert name == "no_header_tensor" and len(config["data_format"]) == 1
kind = {15: np.dtype("<i4"), 16: np.dtype("<i4")}[int(dtype)]
protocol, spec = json.loads(config["data_spec"])
assert protocol == 1 and spec == {"type": None, "context": None, "children_spec": []}
ids, blocks = [], 0
for chunk in chunks:
    path = os.path.join(root, chunk["filename"])
    assert os.path.getsize(path) == chunk["chunk_bytes"]
    offset = (1 + chunk["chunk_size"] + 1) * 4
    head = np.fromfile(path, "<u4", 2 + chunk["chunk_size"])
    assert head[0] == chunk["chunk_size"] and head[1] == offset
    assert head[-1] == chunk["chunk_bytes"] and (np.diff(head[1:].astype("<i8")) >= 0).all()
    data = np.memmap(path, mode="r", offset=offset)
    assert len(data) == kind.itemsize * chunk["dim"]
    for b in range(chunk["dim"] // block):
        at = kind.itemsize * b * block
        row = np.frombuffer(data, dtype=kind, count=block, offset=at)
        assert len(row) == block
        blocks += 1
    ids += np.frombuffer(data, dtype=kind).tolist()
print(hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest(), blocks)
