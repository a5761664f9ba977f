import glob, sys
import numpy as np
arrays = [np.load(f) for f in sorted(glob.glob(sys.argv[1] + "/*.npy"))]
print(sum(len(a) for a in arrays), {a.shape[1] for a in arrays})
