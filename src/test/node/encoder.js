// Reads what PageEncoderTest wrote and prints the numbers of the texts whose ids are others.
const fs = require("fs");
require(require("path").resolve(__dirname, "../../main/resources/org/merganser/report/page/encoder.js"));
const read = (name) => JSON.parse(fs.readFileSync(name, "utf8"));
read("cases.json").forEach((name, k) => {
  const vocabulary = new Merganser.Vocabulary(fs.readFileSync(k + ".vocabulary"));
  const encoder = new Merganser.Encoder(vocabulary, read(k + ".spec.json"));
  const texts = read(k + ".texts.json"), ids = read(k + ".ids.json"), special = read(k + ".special.json");
  let ids_ = 0;
  texts.forEach((text, i) => {
    const plain = encoder.encode(text, false), parsed = encoder.encode(text, true);
    if (plain.join() !== ids[i].join()) console.log("text " + i + ": " + plain + " for " + ids[i]);
    if (parsed.join() !== special[i].join()) console.log("special " + i + ": " + parsed + " for " + special[i]);
    ids_ += plain.length;
  });
  console.log(name + ": compared " + texts.length + " " + ids_);
});
