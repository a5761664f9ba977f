// For each [ranks, special tokens, pattern, text, whether those are allowed] of arguments.json: a line with the ids.
const fs = require("fs");
const { Tiktoken } = require("tiktoken");
for (const [ranks, specials, pattern, text, allowed] of JSON.parse(fs.readFileSync("arguments.json", "utf8"))) {
  const encoding = new Tiktoken(ranks, specials, pattern);
  try {
    console.log(JSON.stringify([...(allowed ? encoding.encode(text, "all") : encoding.encode(text))]));
  } catch (e) {
    if (!String(e.message ?? e).includes("special token")) throw e;
    console.log("error");
  }
  encoding.free();
}
