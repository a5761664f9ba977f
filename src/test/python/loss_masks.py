import glob, hashlib, sys
import numpy as np
root = sys.argv[1] + "/"
def show(name, ids, mask):
    ids, mask = np.concatenate(ids).ravel(), np.concatenate(mask).ravel()
    assert len(ids) == len(mask), name
    text = ",".join(map(str, ids)) + " " + ",".join(map(str, mask.astype(int)))
    print(name, hashlib.sha256(text.encode()).hexdigest())
files = sorted(glob.glob(root + "npy/*.npy"))
show("npy", [np.load(f) for f in files], [np.load(f + ".loss") for f in files])
assert all(np.load(f + ".loss").dtype == bool for f in files)
assert all(np.load(f + ".loss").shape == np.load(f).shape for f in files)
for name, suffix in ("bin", ".bin"), ("datatrove", ".ds"):
    files = sorted(glob.glob(root + name + "/*" + suffix))
    show(name, [np.fromfile(f, "<u2") for f in files],
         [np.memmap(f + ".loss", np.bool_, "r") for f in files])
