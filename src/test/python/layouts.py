import glob, sys, struct, hashlib
import numpy as np
out = sys.argv[1] + "/shards/"
def ids(parts):
    return hashlib.sha256(np.concatenate(parts).astype("<i4").tobytes()).hexdigest()
print(ids([np.array(open(sys.argv[2]).read().split(), "<i4")]))
print("npy", ids([np.load(f) for f in sorted(glob.glob(out + "npy/*.npy"))]))
print("bin", ids([np.fromfile(f, "<u2") for f in sorted(glob.glob(out + "bin/*.bin"))]))
print("datatrove", ids([np.fromfile(f, "<u2") for f in sorted(glob.glob(out + "datatrove/*.ds"))]))
ends = [np.fromfile(f, "<u8") for f in sorted(glob.glob(out + "datatrove/*.ds.index"))]
print("datatrove", sum(map(len, ends)))
parts, documents = [], 0
for f in sorted(glob.glob(out + "megatron/*.idx")):
    raw = open(f, "rb").read()
    assert raw[:9] == b"MMIDIDX\x00\x00" and raw[17] == 8
    n, d = struct.unpack("<QQ", raw[18:34])
    lengths = np.frombuffer(raw, "<i4", n, 34)
    pointers = np.frombuffer(raw, "<i8", n, 34 + 4 * n)
    indices = np.frombuffer(raw, "<i8", d, 34 + 12 * n)
    assert len(raw) == 34 + 12 * n + 8 * d and indices[-1] == n
    b = open(f[:-3] + "bin", "rb").read()
    parts += [np.frombuffer(b, "<u2", l, p) for l, p in zip(lengths, pointers)]
    documents += d - 1
print("megatron", ids(parts))
print("megatron", documents)
