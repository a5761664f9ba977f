#!/usr/bin/env python3
"""Proves that a folder holds the data of a name: check_merganser.py FOLDER DATA [COUNT SEED].

DATA is the name that `merganser run` prints, or the first 12 digits of it or more. Reads every file, or as many as
COUNT says, chosen by SEED; the sizes of all are compared. docs/identity.md says how the name is made.
"""
import hashlib, json, os, random, sys


def digest(path):
    with open(path, "rb") as file:
        sum = hashlib.sha256()
        while block := file.read(1 << 20):
            sum.update(block)
    return sum.hexdigest()


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def is_data(path):
    figures = ("statistics.json", "lengths.json", "README.md", "tokenizer/token_bytes.npy", "token_bytes.npy")
    return path not in figures and not path.startswith("dead-letters/")


def check(folder, data, sample=None):
    """Lists what is wrong, in sentences; nothing if the folder holds the data. sample: (count, seed), or None for all."""
    at = lambda path: os.path.join(folder, *path.split("/"))
    try:
        with open(at("manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        for name in ("inputs", "outputs"):
            if digest(at(manifest[name]["path"])) != manifest[name]["sha256"]:
                return [manifest[name]["path"] + " is not the list of the manifest"]
        with open(at("outputs.jsonl"), encoding="utf-8", newline="\n") as file:
            outputs = [json.loads(line) for line in file]
        files = [f for f in outputs if is_data(f["path"])]
        lines = ["merganser data 1"] + [f"{escaped(f['path'])}\t{f['size']}\t{f['sha256']}" for f in files]
        lines.append("tokenizer\t" + manifest["tokenizerSha256"])
        name = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as e:
        return [f"{folder} holds no dataset that can be read: {e!r}"]
    if len(data) < 12 or not name.startswith(data) or manifest.get("data") != name:
        return [f"{folder} holds the data {name}, its manifest says {manifest.get('data')}, and {data} is expected"]
    wrong = []
    chosen = files if sample is None else random.Random(sample[1]).sample(files, min(sample[0], len(files)))
    read = {f["path"] for f in chosen}
    for f in files:
        try:
            if os.path.getsize(at(f["path"])) != f["size"]:
                wrong.append(f["path"] + " has another size")
            elif f["path"] in read and digest(at(f["path"])) != f["sha256"]:
                wrong.append(f["path"] + " has other bytes")
        except OSError as e:
            wrong.append(f"{f['path']} cannot be read: {e}")
    listed = {f["path"] for f in outputs}
    folders = {path[:end] for path in listed for end, letter in enumerate(path) if letter == "/"}
    for top in ("tokenizer", "shards", "validation", "embedded", "learned"):
        for at_folder, inner, names in os.walk(os.path.join(folder, top), followlinks=True):
            below = lambda n: os.path.relpath(os.path.join(at_folder, n), folder).replace(os.sep, "/")
            # A link to a folder of listed files is walked, as readers do; any other is one more file.
            links = [n for n in inner if os.path.islink(os.path.join(at_folder, n)) and below(n) not in folders]
            inner[:] = [n for n in inner if n not in links]
            wrong += [below(n) + " is not one of the files" for n in names + links if below(n) not in listed]
    return wrong


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    problems = check(sys.argv[1], sys.argv[2], (int(sys.argv[3]), int(sys.argv[4])) if len(sys.argv) == 5 else None)
    print("\n".join(problems) if problems else "whole")
    sys.exit(1 if problems else 0)
