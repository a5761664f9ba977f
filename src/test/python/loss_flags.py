import glob, sys, numpy as np
files = sorted(glob.glob(sys.argv[1] + "/*.npy"))
print(sum(int(np.load(f + ".loss").sum()) for f in files))
