const fs = require("fs");
const texts = fs.readFileSync("texts.jsonl", "utf8").split("\n").filter(Boolean).map(JSON.parse);
const json = (name) => JSON.parse(fs.readFileSync("out/" + name, "utf8"));
const { Tiktoken } = require("tiktoken");
const pattern = json("tokenizer.json").pre_tokenizer.pretokenizers[0].pattern.Regex;
const ranks = fs.readFileSync("out/tokenizer.tiktoken", "utf8");
const encoding = new Tiktoken(ranks, { "<|endoftext|>": 0 }, pattern);
for (const text of texts)
  console.log(JSON.stringify([...encoding.encode(text, "all")]));
