import json, os, sys, struct
out = sys.argv[1] + "/"
blend = open(out + "shards/blend/megatron.txt").read().split()
weights, prefixes = [float(w) for w in blend[0::2]], blend[1::2]
assert len(weights) == len(prefixes) and abs(sum(weights) - 1) < 1e-9
groups = {}
for weight, prefix in zip(weights, prefixes):
    assert os.path.getsize(out + prefix + ".bin") > 0 and os.path.exists(out + prefix + ".idx")
    folder = prefix.split("/")[-2]
    groups[folder] = groups.get(folder, 0) + weight
splits = json.load(open(out + "shards/blend/megatron.json"))
assert splits["train"] == blend and splits["test"] == []
assert all(p.startswith("validation/") for p in splits["valid"][1::2])
mixture = json.load(open(out + "shards/blend/maxtext.json"))
for name, source in mixture.items():
    assert abs(source["weight"] - groups[name]) < 1e-9, name
    assert source["path"] == "shards/parquet/" + name + "/*.parquet"
for folder in sorted(groups):
    print(folder, "%.9f" % groups[folder])
