// What went in, what came out, and what needs attention.
function overview() {
  const made = section("overview", "In one look", "Overview",
    el("div", { class: "flow" },
      el("div", {}, el("h3", {}, "In"), el("p", { class: "big" }, size(s.bytes)), el("p", {}, "of text in " + many(s.documents, "document")), composition()),
      el("div", {}, el("h3", {}, "Vocabulary"), el("p", { class: "big" }, n(v.size)), el("p", {}, "tokens, such as"), el("div", { id: "such-as", class: "tokens" })),
      el("div", {}, el("h3", {}, "Out"), el("p", { class: "big" }, n(s.tokens)), el("p", {}, "ids, " + f(s.bytesPerToken, 2) + " bytes of text each"), el("p", { id: "first-ids", class: "hex" }), fileLinks())),
    cards(["bytes per token", f(s.bytesPerToken, 2), "More is cheaper: fewer tokens for the same text. 1 would be a token a byte."],
      s.wholeWords === null ? ["vocabulary used", pc(v.utilisation), "Tokens that occur in the text."] : ["words that are one token", pc(s.wholeWords), "The others are cut into several tokens."],
      ["vocabulary seldom used", pc(s.use.rareShare), "Tokens that occur fewer than 10 times: a model learns little about them."]));
  if (data.sample) made.append(el("h3", {}, "A text of the corpus in its tokens"), el("div", { id: "shown-text", class: "tokens", dir: "auto" }), note("From ", visible(data.sample.document), ". Each colour is a token; click one to see how it is made."));
  attention();
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
  : el("p", { class: "files" }, "Files beside this page: ", data.identity.files.flatMap((file, i) => [i ? ", " : "", el("a", { href: file }, file)])));

/** What the vocabulary is needed for: after it is unpacked. */
function overviewTokens() {
  const words = [];
  for (let rank = 0; rank < vocabulary.merges; rank++) {
    const id = vocabulary.result[rank];
    if (vocabulary.of(id).length >= 4 && vocabulary.counts[id] > 0) words.push(id);
  }
  const chosen = Array.from({ length: Math.min(8, words.length) }, (_, i) => words[Math.floor((i * words.length) / 8)]);
  document.getElementById("such-as").append(...coloured(chosen).flatMap((token) => [token, " "]));
  if (data.sample && encoder) {
    const ids = encoder.encode(data.sample.text, false);
    document.getElementById("shown-text").append(...coloured(ids));
    document.getElementById("first-ids").append(ids.slice(0, 12).join(" ") + " …");
  } else if (data.sample) document.getElementById("shown-text").append(visible(data.sample.text));
}

const CHECKS = {
  "round-trip": ["Text comes back as it was", "Text does not come back as it was"],
  decoder: ["The tokenizer can decode", "The tokenizer has no decoder"],
  "every-byte": ["Every byte is in the tokens", "Bytes are missing from the tokens"],
  "byte-alphabet": ["Every byte has a token", "Some bytes have no token"],
  "dead-letters": ["Every record was a document", "Some records were not documents"],
  "unused-tokens": ["Tokens are used", "Many tokens are never used"],
  "unreachable-tokens": ["Text gives every token", "No text gives some tokens"],
  "longest-token": ["No token is very long", "There is a very long token"],
  "rare-tokens": ["Tokens occur often enough", "Many tokens are rare"],
  "even-use": ["Tokens are used evenly", "A few tokens make up most of the text"],
  "fair-groups": ["Groups pay alike", "Some groups pay much more"],
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
  section("verdict", "What needs attention", "Attention",
    bad.length === 0 ? el("p", {}, "Nothing: all " + good.length + " checks passed.") : [el("p", {}, n(bad.length) + " of " + many(s.verdict.length, "check") + (bad.length === 1 ? " needs" : " need") + " a look" + (bad.length === 1 ? "." : ", the most important first.")), el("ul", { class: "checks" }, bad.map(item))],
    good.length ? details(many(good.length, "check") + " passed", el("ul", { class: "checks" }, good.map(item))) : null);
}
