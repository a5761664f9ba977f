// Prints the ids of the text of text.json, by the vocabulary of vocabulary.gguf: node llama.mjs FOLDER
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import fs from "node:fs";
const require = createRequire(process.argv[2] + "/package.json");
const { getLlama } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "disabled" });
const model = await llama.loadModel({ modelPath: "vocabulary.gguf", vocabOnly: true });
console.log(JSON.stringify([...model.tokenize(JSON.parse(fs.readFileSync("text.json", "utf8")))]));
process.exit(0);
