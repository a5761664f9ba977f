import numpy as np, sys
a = np.load(sys.argv[1])
print(a.dtype, a.tolist())
for t in ("f2", "f8"):
    np.save(sys.argv[1] + t + ".npy", a.astype(t))
np.save(sys.argv[1] + "F.npy", np.asfortranarray(a))
