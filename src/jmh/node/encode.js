// HF's library as a peer of bench peers: node encode.js TOKENIZER.json BEFORE MEASURED IDS
// Times are CPU times of the whole process, on one thread with RAYON_NUM_THREADS=1, until the ids are
// in Rust's hands: making JavaScript numbers of them is not counted. The binding has no encoding
// without offsets, and a call for each line would cost more than its ids, so documents go in batches.
const { Tokenizer } = require("tokenizers");
const fs = require("fs");
const [json, before, measured, ids] = process.argv.slice(2);
const BATCH = 1 << 20;

function batches(file) {
  const bytes = fs.readFileSync(file);
  const all = [];
  let size = BATCH;
  for (let at = 0; at < bytes.length; ) {
    const from = at + 4;
    at = from + bytes.readUInt32LE(at);
    if (size >= BATCH) {
      all.push([]);
      size = 0;
    }
    all[all.length - 1].push(bytes.toString("utf8", from, at));
    size += at - from;
  }
  return all;
}

async function pass(tokenizer, documents, use) {
  for (const batch of documents) {
    const encodings = await tokenizer.encodeBatch(batch, { addSpecialTokens: false });
    use?.(encodings);
  }
}

async function speed(tokenizer, documents, bytes) {
  const start = process.cpuUsage();
  await pass(tokenizer, documents);
  const used = process.cpuUsage(start);
  return bytes / (used.user + used.system);
}

async function main() {
  const seen = batches(before);
  const documents = batches(measured);
  const bytes = documents.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const fresh = Tokenizer.fromFile(json);
  const cold = await speed(fresh, documents, bytes);
  const tokenizer = Tokenizer.fromFile(json);
  await pass(tokenizer, seen);
  const warm = await speed(tokenizer, documents, bytes);
  const again = await speed(tokenizer, documents, bytes);
  const out = fs.openSync(ids, "w");
  await pass(tokenizer, documents, (encodings) =>
    encodings.forEach((encoding) => fs.writeSync(out, Uint32Array.from(encoding.getIds()))),
  );
  fs.closeSync(out);
  console.log(JSON.stringify({ again, warm, cold }));
}

main();
