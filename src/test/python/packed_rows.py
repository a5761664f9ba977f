import glob, json, sys
import numpy as np
rows, root, begin = 0, sys.argv[1], int(sys.argv[2])
for f in sorted(glob.glob(root + "*.npy")):
    ids = np.load(f)
    assert ids.shape[1] == 65 and (ids[:, 0] == begin).all()
    rows += len(ids)
print(rows)
