const fs = require("fs");
const { Tiktoken } = require("tiktoken");
const [ranks, specials, pattern, text, allowed] = JSON.parse(fs.readFileSync("arguments.json", "utf8"));
const encoding = new Tiktoken(ranks, specials, pattern);
try {
  console.log(JSON.stringify([...(allowed ? encoding.encode(text, "all") : encoding.encode(text))]));
} catch (e) {
  if (!String(e.message ?? e).includes("special token")) throw e;
  console.log("error");
}
