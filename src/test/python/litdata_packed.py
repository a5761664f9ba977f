import glob, json, sys
import numpy as np
root = sys.argv[1]
rows = np.concatenate([np.load(f) for f in sorted(glob.glob(root + "/npy/*.npy"))])
found = []
for chunk in json.load(open(root + "/litdata/index.json"))["chunks"]:
    path = root + "/litdata/" + chunk["filename"]
    data = np.fromfile(path, "<i4", offset=(1 + chunk["chunk_size"] + 1) * 4)
    found += [data[50 * i : 50 * i + 50] for i in range(chunk["dim"] // 50)]
print(np.array_equal(np.array(found), rows), len(rows) > 10)
