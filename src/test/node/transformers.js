const fs = require("fs");
const texts = fs.readFileSync("texts.jsonl", "utf8").split("\n").filter(Boolean).map(JSON.parse);
const json = (name) => JSON.parse(fs.readFileSync("out/" + name, "utf8"));
const { Tokenizer } = require("@huggingface/tokenizers");
const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
for (const text of texts) console.log(JSON.stringify(tokenizer.encode(text).ids));
