const fs = require("fs");
const texts = fs.readFileSync("texts.jsonl", "utf8").split("\n").filter(Boolean).map(JSON.parse);
const { Tokenizer } = require("tokenizers");
(async () => {
  const tokenizer = Tokenizer.fromFile("out/tokenizer.json");
  for (const text of texts)
    console.log(JSON.stringify((await tokenizer.encode(text)).getIds()));
})();
