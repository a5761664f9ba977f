// What was made of what, in a sentence and as a flow; and what needs attention.
const byLanguage = () => named.filter((g) => languageOf(g.group) && !["mul", "und", "zxx", "mis"].includes(g.group)).length;
const origin = () => many(s.documents, "document") + (areLanguages && byLanguage() > 1 ? " in " + n(byLanguage()) + " languages" : s.groups.length > 1 ? " in " + n(s.groups.length) + " groups" : "");
const vectorsText = () => (data.rows ? "vectors of " + many(data.rows.dim, "number") : "");
function summary() {
  const { tokenizer } = JSON.parse(data.identity.job);
  if (tokenizer && tokenizer.load) return origin() + ", " + size(s.bytes) + " of text, became " + many(s.tokens, "id") + " of a given vocabulary of " + many(v.size, "token") + (data.rows ? ", with a table of " + n(data.rows.rows) + " " + vectorsText() + " each" : "") + ".";
  return origin() + ", " + size(s.bytes) + " of text, became a vocabulary of " + many(v.size, "token") + (data.rows ? ", " : " and ") + many(s.tokens, "id")
    + (data.rows ? " and a table of " + n(data.rows.rows) + " " + vectorsText() + " each" : "") + ".";
}
function overview() {
  const step = (title, big, ...what) => el("li", {}, el("div", {}, el("h3", {}, title), el("p", { class: "big" }, big)), el("div", {}, what));
  section("overview", "From text to numbers, in one look", "Overview",
    el("p", {}, "A language model reads numbers, not letters. So text is cut into tokens, pieces that occur often. Each token has a number, its id" + (data.rows ? ", and each id has a row of numbers, its vector." : ".")),
    el("ol", { class: "flow" },
      step("Text", size(s.bytes), el("p", {}, origin()), composition()),
      step("Vocabulary", n(v.size), el("p", {}, "tokens, such as"), el("div", { id: "such-as", class: "tokens" })),
      step("Ids", n(s.tokens), el("p", {}, "one for each token of the text" + (documents.length ? "; the first are" : "")), el("p", { id: "first-ids", class: "hex" })),
      data.rows ? step("Vectors", n(data.rows.rows), el("p", {}, vectorsText() + ", one for each id; the first as colours"), el("div", { id: "first-vector" })) : null),
    fileLinks(),
    cards(["bytes of text per token", f(s.bytesPerToken, 2), "More is cheaper: fewer tokens for the same text. 1 would be a token for every byte."],
      s.wholeWords === null ? ["vocabulary used", pc(v.utilisation), "Tokens that occur in the text."] : ["words that are one token", pc(s.wholeWords), "The others are cut into several tokens."],
      ["vocabulary seldom used", pc(s.use.rareShare), "Tokens that occur fewer than 10 times: a model learns little about them."]));
}

/** Shares of the text by group, or else by script, as a bar and a legend. */
function composition() {
  const parts = (s.groups.length > 1 ? s.groups.map((g) => [groupName(g.group), g.bytes]) : s.scripts.map((g) => [capital(g.script), g.bytes])).sort((a, b) => b[1] - a[1]);
  const all = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (all === 0) return null;
  const first = parts.slice(0, 5);
  const rest = all - first.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (rest > 0) first.push([many(parts.length - 5, "other"), rest]);
  return [el("div", { class: "stack", "aria-hidden": "true" }, first.map(([, bytes], i) => el("span", { class: "p" + i, style: "flex-grow:" + bytes }))),
    el("ul", { class: "legend" }, first.map(([name, bytes], i) => el("li", {}, el("span", { class: "swatch p" + i, "aria-hidden": "true" }), el("bdi", {}, name), " " + pc(bytes / all, 0))))];
}
const fileLinks = () => (data.identity.files.length === 0 ? null
  : el("p", { class: "note" }, "Files beside this page: ", data.identity.files.flatMap((file, i) => [i ? ", " : "", el("a", { href: file }, file)])));

/** What the vocabulary is needed for: after it is unpacked. */
function overviewTokens() {
  const words = [];
  for (let rank = 0; rank < vocabulary.merges; rank++) {
    const id = vocabulary.result[rank];
    if (vocabulary.of(id).length >= 4 && vocabulary.counts[id] > 0) words.push(id);
  }
  const shown = Math.min(8, words.length);
  const chosen = Array.from({ length: shown }, (_, i) => words[Math.floor((i * words.length) / shown)]);
  rove(document.getElementById("such-as"), "Some tokens", coloured(chosen).flatMap((token) => [token, " "]));
  const ids = windows.length ? windows[0].ids : [];
  if (ids.length) document.getElementById("first-ids").append(ids.slice(0, 12).join(" ") + (s.tokens > 12 ? " …" : ""));
  if (data.rows && ids.length) document.getElementById("first-vector").append(strip(ids[0]) || "");
}

const CHECKS = {
  "round-trip": ["Text comes back as it was", "Text does not come back as it was"],
  decoder: ["The tokenizer can decode", "The tokenizer has no decoder"],
  "every-byte": ["Every byte is in the tokens", "Bytes are missing from the tokens"],
  "byte-alphabet": ["Every byte has a token", "Some bytes have no token"],
  "dead-letters": ["Every record was a document", "Some records were not documents"],
  "equal-texts": ["Texts are different", "Documents have the same text"],
  "empty-documents": ["Documents have text", "Some documents have no text"],
  "short-documents": ["Documents are long enough", "Many documents are very short"],
  "largest-document": ["No document has most of the text", "One document has much of the text"],
  "unused-tokens": ["Tokens are used", "Many tokens are never used"],
  "unreachable-tokens": ["Text can produce every token", "No text can produce some tokens"],
  "longest-token": ["No token is very long", "There is a very long token"],
  "rare-tokens": ["Tokens occur often enough", "Many tokens are rare"],
  "even-use": ["Tokens are used evenly", "A few tokens make up most of the text"],
  "fair-groups": ["Groups have similar token costs", "Some groups have much higher token costs"],
};
/** A check in words; a group is called by its name. */
function found(check) {
  const text = check.name === "fair-groups" ? s.groups.reduce((said, g) => (said.startsWith(g.group + " pays") ? groupName(g.group) + said.slice(g.group.length) : said), check.found) : check.found;
  return capital(text);
}
function attention() {
  const bad = s.verdict.filter((c) => !c.passed), good = s.verdict.filter((c) => c.passed);
  const item = (c) => el("li", { class: c.passed ? "" : "bad" },
    el("strong", {}, (CHECKS[c.name] || [c.name, c.name])[c.passed ? 0 : 1]), ". ", found(c), ". ", el("span", { class: "note" }, "Wanted: " + c.wanted + "."),
    c.advice ? el("div", {}, "What helps: " + c.advice + ".") : null);
  section("verdict", "What needs attention?", "Attention",
    bad.length === 0 ? el("p", {}, "Nothing: all " + good.length + " checks passed.") : [el("p", {}, n(bad.length) + " of " + many(s.verdict.length, "check") + (bad.length === 1 ? " needs" : " need") + " attention" + (bad.length === 1 ? "." : ", the most important first.")), el("ul", { class: "checks" }, bad.map(item))],
    good.length ? details(many(good.length, "check") + " passed", el("ul", { class: "checks" }, good.map(item))) : null);
}
