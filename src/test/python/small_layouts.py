import numpy as np, struct, sys
d, width = sys.argv[1], sys.argv[2]
a = np.load(d + "/npy/p.npy", mmap_mode="r")
print(a.dtype, a.tolist())
head = np.fromfile(d + "/llmc/p.bin", dtype=np.int32, count=256)
print(head[2], np.fromfile(d + "/llmc/p.bin", dtype=width, offset=1024).tolist())
with open(d + "/megatron/p.idx", "rb") as f:
    assert f.read(9) == b"MMIDIDX\x00\x00"
    assert struct.unpack("<Q", f.read(8)) == (1,)
    code, = struct.unpack("<B", f.read(1))
    n, docs = struct.unpack("<QQ", f.read(16))
    lengths = np.frombuffer(f.read(4 * n), dtype=np.int32)
    pointers = np.frombuffer(f.read(8 * n), dtype=np.int64)
    indices = np.frombuffer(f.read(8 * docs), dtype=np.int64)
    assert f.read() == b""
kind = {4: np.int32, 8: np.uint16}[code]
b = np.memmap(d + "/megatron/p.bin", dtype=np.uint8, mode="r")
print([np.frombuffer(b, dtype=kind, count=l, offset=p).tolist()
       for l, p in zip(lengths, pointers)], indices.tolist())
