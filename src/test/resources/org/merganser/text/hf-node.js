// Answers requests, one JSON array a line, with HF's npm package `tokenizers` in the folder that is the argument.
const { createRequire } = require('module');
const { Tokenizer } = createRequire(process.argv[2] + '/')('tokenizers');
const opened = new Map();

async function answer([verb, handle, ...rest]) {
  if (verb === 'open') {
    const tokenizer = Tokenizer.fromString(rest[0]);
    tokenizer.disablePadding();
    tokenizer.disableTruncation();
    opened.set(handle, tokenizer);
    return null;
  }
  if (verb === 'close') {
    return opened.delete(handle);
  }
  if (verb === 'decode') {
    return opened.get(handle).decode(rest[0], rest[1]);
  }
  const encoding = await opened.get(handle).encode(rest[0], null, { addSpecialTokens: rest[1] });
  const ids = encoding.getIds();
  const words = encoding.getWordIds().map((word) => (word === null || word === undefined ? -1 : word));
  return { ids, words, spans: ids.map((_, i) => encoding.tokenToChars(i)) };
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    let reply;
    try {
      reply = { result: await answer(JSON.parse(line)) };
    } catch (e) {
      reply = { error: String(e.message) };
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
})();
