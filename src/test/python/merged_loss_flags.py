import sys, numpy as np
f = sys.argv[1] + "/shards/npy/part-0000000-000.npy"
print(len(np.load(f)), np.load(f + ".loss").sum())
