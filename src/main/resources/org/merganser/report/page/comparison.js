// Tokenizers on the same texts: those that compare was given, or this run's and the job's references.
function cutText(t, ends) {
  const bytes = utf8.encode(t.text);
  let at = 0;
  return el("div", { class: "tokens", dir: "auto" }, ends.map((end, i) => { const piece = shown(bytes.subarray(at, end)); at = end; return el("span", { class: "c" + (i % 5) }, piece); }));
}
/** A tokenizer by the folder that has it: of gpt2/tokenizer.json and of runs/a/tokenizer/tokenizer.json, gpt2 and a. */
function tokenizerName(path) {
  const folders = path.replace(/\/+$/, "").split("/").filter((part, i, all) => i < all.length - 2 || (part !== "tokenizer.json" && part !== "tokenizer"));
  return visible(folders[folders.length - 1] || path);
}
/** names: what the page calls each of them; the others are compared with the first. */
function comparison(names) {
  const c = s.comparison;
  if (!c) return;
  const rows = c.vocabularies, groups = c.texts.groups;
  const worst = rows.some((r) => r.figures.worstGroup !== null);
  const called = (r) => names[rows.indexOf(r)];
  const columns = [["", (r) => [called(r), el("div", { class: "note" }, visible(r.name))], "text"], ["Pareto set", (r) => (r.best ? "yes" : "–")], ["rows", (r) => n(r.figures.rows)], ["tokens of the texts", (r) => n(r.figures.tokens)], ["bytes per token", (r) => f(r.figures.bytesPerToken, 3)]];
  if (groups.length) columns.push(["worst group", (r) => (r.figures.worstGroup === null ? "–" : groupName(r.figures.worstGroup))], ["its bytes per token", (r) => f(worst ? r.figures.worstBytesPerToken : null, 3)], ["Gini", (r) => f(r.figures.gini, 3)]);
  columns.push(["tokens a word", (r) => f(r.figures.fertility, 3)], ["Rényi efficiency", (r) => f(r.figures.renyiEfficiency, 3)], ["rare tokens", (r) => pc(r.figures.rareShare)]);
  if (c.dim !== null) columns.push(["embedding parameters", (r) => n(r.embeddingParameters)]);
  const made = section("comparison", "Tokenizers on the same texts", "Tokenizers",
    el("p", {}, "On " + many(c.texts.documents, "text") + ": " + size(c.texts.bytes) + ", " + many(c.texts.words, "word") + "."),
    table("Each tokenizer on the same texts", columns, rows),
    details("What the figures mean", el("ul", {}, [
      "Rows: one more than the largest id, which is what an embedding table has.",
      "Pareto set: each other tokenizer has one beside it that has no more rows and gives " + (worst ? "its worst group" : "the text") + " no fewer bytes per token.",
      "Worst group: the one with the fewest bytes per token, among those with at least 10 kB of text.",
      "Gini: how unevenly the groups pay, by tokens a byte, each group counting once; 0 where all pay alike.",
      "Tokens a word: all tokens over all words. A word is a longest run of letters, marks and numbers; in scripts without spaces, a letter. Below 1 where tokens span words.",
      "Rényi efficiency: the Rényi entropy of order 2.5 of the tokens over the logarithm of the size of the vocabulary (Zouhar et al. 2023).",
      "Rare tokens: the share of the vocabulary, special tokens aside, that occurs fewer than 10 times in these texts. It falls with more text."].map((text) => el("li", {}, text)))),
    c.texts.bytes ? chart("Rows of the vocabulary, and bytes per token" + (worst ? " of the worst group" : "") + "; filled: in the Pareto set.", () => ({
      type: "scatter",
      data: { datasets: rows.map((r, i) => ({ label: names[i], data: [{ x: r.figures.rows, y: r.figures.worstBytesPerToken }], borderColor: series(i), backgroundColor: r.best ? series(i) : "transparent", pointRadius: 6 })) },
      options: { scales: { x: axis("rows", "logarithmic"), y: axis("bytes per token", "linear") } },
    }), table("Rows and bytes per token", [["", called, "text"], ["rows", (r) => n(r.figures.rows)], ["bytes per token", (r) => f(r.figures.worstBytesPerToken, 3)]], rows)) : "",
    barChart("Bytes per token, of all and by group. Longer bars are cheaper.", "bytes per token", [["all text", rows.map((r) => r.figures.bytesPerToken)],
      ...groups.slice(0, 40).map((g, i) => [groupName(g.group), rows.map((r) => r.figures.groups[i].bytesPerToken)])], names,
    table("Bytes per token by group", [["group", (g) => el("bdi", {}, groupName(g.group)), "text"], ["bytes", (g) => n(g.bytes)],
      ...rows.map((r) => [called(r), (g) => f(r.figures.groups[groups.indexOf(g)].bytesPerToken, 3)])], groups)));
  c.differences.forEach((d, i) => {
    const own = names[0], other = names[i + 1], special = d.specialTokens;
    made.append(el("h3", {}, "Where " + own + " and " + other + " differ"),
      note(n(d.shared) + " tokens are in both vocabularies, which is " + pc(d.jaccard) + " of the tokens that either has. " + capital(other) + " has the token of " + pc(d.usesInB) + " of the uses of tokens of " + own + " on these texts, and " + own + " that of " + pc(d.usesInA) + " of those of " + other + "."),
      note("Special tokens: " + n(special.both) + " of both, " + n(special.onlyA.length) + " of " + own + " only, " + n(special.onlyB.length) + " of " + other + " only."),
      [[own, special.onlyA], [other, special.onlyB]].map(([name, only]) => (only.length ? details("Special tokens of " + name + " only", el("p", { class: "hex" }, only.slice(0, 100).map(visible).join(" "))) : "")),
      table("Kinds of text on which " + own + " and " + other + " differ, the largest difference first; stretches of some 160 bytes, each encoded alone", [["kind of text", (k) => capital(k.kind), "text"], ["share of text", (k) => pc(k.share)], [own + ", bytes per token", (k) => f(k.bytesPerTokenA, 2)], [other + ", bytes per token", (k) => f(k.bytesPerTokenB, 2)], ["difference, tokens", (k) => (k.tokensB > k.tokensA ? "+" : "") + n(k.tokensB - k.tokensA)]], d.kinds),
      details("An example of each kind", d.kinds.filter((k) => k.example !== null).map(({ kind, example: t }) => [el("h4", {}, capital(kind)), el("article", {},
        el("p", { class: "note" }, visible(t.document)), el("p", {}, own + ": " + many(t.tokensA, "token")), cutText(t, t.cutA), el("p", {}, other + ": " + many(t.tokensB, "token")), cutText(t, t.cutB))])));
  });
}
