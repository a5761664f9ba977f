// Trains HF's library on a file with its defaults (30,000 ids, every pair that occurs, lines with
// their newline) and GPT-2's pre-tokenizer: node train.js TEXT TOKENIZER.json
// Prints {"cpuSeconds", "residentBytes"} of the training alone.
const { Tokenizer, BPE, byteLevelPreTokenizer } = require("tokenizers");
const [text, saved] = process.argv.slice(2);
const tokenizer = new Tokenizer(BPE.empty());
tokenizer.setPreTokenizer(byteLevelPreTokenizer(false));
const before = process.cpuUsage();
tokenizer.train([text]);
const used = process.cpuUsage(before);
tokenizer.save(saved, false);
console.log(
  JSON.stringify({
    cpuSeconds: (used.user + used.system) / 1e6,
    residentBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
