// Tokenizers on the same texts: those that compare was given, or this run's and the job's references.
/** A text cut by one tokenizer; marked are tokens that the other one does not have at the same place. */
function cutText(bytes, ends, others) {
  const other = new Map([0, ...others].map((end, i) => [end, i]));
  return el("div", { class: "tokens", dir: "auto" }, ends.map((end, i) => {
    const from = i ? ends[i - 1] : 0, piece = shown(bytes.subarray(from, end));
    return other.get(end) === other.get(from) + 1 ? el("span", { class: "same" }, piece) : el("mark", {}, piece);
  }));
}
/** A tokenizer by the folder that has it: of gpt2/tokenizer.json and of runs/a/tokenizer/tokenizer.json, gpt2 and a. */
function tokenizerName(path) {
  const folders = path.replace(/\/+$/, "").split("/").filter((part, i, all) => i < all.length - 2 || (part !== "tokenizer.json" && part !== "tokenizer"));
  return visible(folders[folders.length - 1] || path);
}
/** Bars of all tokenizers on some texts, the longest first; a name has a line of its own, so that none meets another. */
function tokenizerBars(names, rows, of) {
  const list = rows.map((r, i) => ({ name: names[i], r, value: of(r) })).sort((a, b) => b.value - a.value);
  return list.map(({ name, r, value }) => el("li", {}, el("span", {}, el("bdi", {}, name), r === rows[0] ? el("strong", {}, " · the first") : "", r.best ? el("span", { class: "tag" }, " ◆ best of its size") : ""),
    el("span", { class: "value" }, f(value)), el("span", { class: "track" }, bar(value || 0, list[0].value || 1, r === rows[0] ? "" : "faint"))));
}
/** A name that leaves room for the figures beside it; names of one series differ at their ends. */
const shortened = (name) => (name.length <= 30 ? name : name.slice(0, 14) + "…" + name.slice(-14));
/** names: what the page calls each of them; the others are compared with the first. */
function comparison(names) {
  const c = s.comparison;
  if (!c) return;
  const rows = c.vocabularies, groups = c.texts.groups;
  const worst = rows.some((r) => r.figures.worstGroup !== null);
  const called = (r) => names[rows.indexOf(r)];
  const smallGroups = groups.filter((g) => g.bytes < 10000);
  const number = (title, of, text) => [title, (r) => text(of(r)), null, of];
  const columns = [["tokenizer", (r) => el("bdi", { title: called(r) }, shortened(called(r))), "text", called], number("vocabulary", (r) => r.figures.rows, n), number("tokens of the texts", (r) => r.figures.tokens, n), number("bytes per token", (r) => r.figures.bytesPerToken, (x) => f(x, 3))];
  if (groups.length) columns.push(["most expensive group", (r) => (r.figures.worstGroup === null ? "–" : groupName(r.figures.worstGroup)), "text", (r) => r.figures.worstGroup || ""], number("its bytes per token", (r) => (worst ? r.figures.worstBytesPerToken : null), (x) => f(x, 3)), number("Gini", (r) => r.figures.gini, (x) => f(x, 3)));
  columns.push(number("tokens per word", (r) => r.figures.fertility, (x) => f(x, 3)), number("even use (Rényi)", (r) => r.figures.renyiEfficiency, (x) => f(x, 3)), number("rare tokens", (r) => r.figures.rareShare, pc));
  if (c.dim !== null) columns.push(number("embedding parameters", (r) => r.embeddingParameters, n));
  const bars = el("ol", { class: "bars" });
  const draw = (at) => bars.replaceChildren(...tokenizerBars(names, rows, (r) => (at < 0 ? r.figures.bytesPerToken : r.figures.groups[at].bytesPerToken)));
  const made = section("comparison", "Which tokenizer needs the fewest tokens?", "Tokenizers",
    el("p", {}, "Bytes of text per token, on the same " + many(c.texts.documents, "text") + ". A longer bar is cheaper: fewer tokens for the same text."),
    groups.length > 1 ? [el("label", { for: "texts" }, "Texts"), el("select", { id: "texts", on: { change: (event) => draw(Number(event.target.value)) } }, el("option", { value: -1 }, "all texts"), groups.map((g, i) => el("option", { value: i }, groupName(g.group))))] : "",
    bars,
    rows.some((r) => r.best) ? note("◆ Best of its size: no other tokenizer here with such a small vocabulary has as many bytes per token" + (worst ? " for its most expensive group" : "") + ".") : "",
    c.leftOut ? note("Left out: " + many(c.leftOut, "text") + ". A tokenizer here cannot encode them, or they are no valid UTF-8.") : "",
    smallGroups.length ? note("Not compared as most expensive group, since they have less than 10 kB of text, so that a few texts would decide: " + smallGroups.map((g) => groupName(g.group)).join(", ") + ".") : "",
    el("h3", {}, "All figures"), table("Choose a heading to sort by it", columns, rows),
    details("What the figures mean", el("ul", {}, [
      "Vocabulary: one more than the largest id, which is how many rows an embedding table has.",
      "Most expensive group: the one with the fewest bytes per token, among those with at least 10 kB of text.",
      "Gini: how unevenly token cost (tokens per byte) is distributed over the groups, each group counting once; 0 if it is the same for all.",
      "Tokens per word: all tokens divided by all words. A word is a longest run of letters, marks and numbers; in scripts without spaces, a letter. Below 1 if tokens span words.",
      "Even use: the Rényi entropy of order 2.5 of the tokens over the logarithm of the size of the vocabulary (Zouhar et al. 2023); 1 if all are used equally often.",
      "Rare tokens: the share of the vocabulary, special tokens aside, that occurs fewer than 10 times in these texts. It falls with more text."].map((text) => el("li", {}, text)))),
    groups.length ? details("Bytes per token of each group", table("Bytes per token by group; choose a heading to sort by it", [["group", (g) => el("bdi", {}, groupName(g.group)), "text", (g) => groupName(g.group)], ["bytes", (g) => n(g.bytes), null, (g) => g.bytes],
      ...rows.map((r) => { const of = (g) => r.figures.groups[groups.indexOf(g)].bytesPerToken; return [shortened(called(r)), (g) => f(of(g), 3), null, of]; })], groups)) : "",
    details("Where the tokenizers are", el("ul", {}, rows.map((r) => el("li", {}, called(r) + ": " + visible(r.name))))),
    c.differences.length ? el("h3", {}, "Where do they differ from " + names[0] + "?") : "");
  draw(-1);
  c.differences.forEach((d, i) => {
    const own = names[0], other = names[i + 1], special = d.specialTokens;
    const tokens = (side) => d.kinds.reduce((sum, k) => sum + k[side], 0);
    const share = tokens("tokensB") / tokens("tokensA") - 1;
    const more = d.kinds.length === 0 ? "" : (Math.abs(share) < 0.0005 ? "The same number of tokens" : pc(Math.abs(share)) + (share < 0 ? " fewer tokens" : " more tokens")) + "; the largest difference: " + capital(d.kinds[0].kind) + ".";
    made.append(el("details", { class: "panel" }, el("summary", {}, el("h3", {}, el("bdi", {}, other)), el("span", { class: "note" }, more)),
      table("Kinds of text, the largest difference first; stretches of some 160 bytes, each encoded alone", [["kind of text", (k) => capital(k.kind), "text"], ["share of text", (k) => pc(k.share)], [shortened(own) + ", bytes per token", (k) => f(k.bytesPerTokenA, 2)], [shortened(other) + ", bytes per token", (k) => f(k.bytesPerTokenB, 2)], ["difference, tokens", (k) => (k.tokensB > k.tokensA ? "+" : "") + n(k.tokensB - k.tokensA)]], d.kinds),
      details("An example of each kind", note(el("mark", { class: "key" }, "Marked"), " are the tokens that only one of the two has at this place."), d.kinds.filter((k) => k.example !== null).map(({ kind, example: t }) => [el("h4", {}, capital(kind)), el("article", {},
        note(visible(t.document)), el("p", {}, own + ": " + many(t.tokensA, "token")), cutText(utf8.encode(t.text), t.cutA, t.cutB), el("p", {}, other + ": " + many(t.tokensB, "token")), cutText(utf8.encode(t.text), t.cutB, t.cutA))])),
      note(n(d.shared) + " tokens are in both vocabularies, " + pc(d.jaccard) + " of the tokens that either has. Of the uses of tokens of " + own + " on these texts, " + pc(d.usesInB) + " are of tokens that " + other + " has, too; the other way round, " + pc(d.usesInA) + ". Special tokens: " + n(special.both) + " of both, " + n(special.onlyA.length) + " of " + own + " only, " + n(special.onlyB.length) + " of " + other + " only."),
      [[own, special.onlyA], [other, special.onlyB]].map(([name, only]) => (only.length ? details("Special tokens of " + name + " only", el("p", { class: "hex" }, only.slice(0, 100).map(visible).join(" "))) : ""))));
  });
}

const SIDE_TOKENS = 3000;
/** Two tokenizers on a text of the reader. own: that of the run; the page has the others in itself. */
async function sideBySide(called, own) {
  const packed = await unpack("vocabularies");
  if (!packed) return;
  const names = (own ? [called[0]] : []).concat(data.tokenizers.map((tokenizer) => called[tokenizer.place]));
  const numbers = new Merganser.Numbers(packed);
  const sides = (own ? [own] : []).concat(data.tokenizers.map((tokenizer) => {
    const bytes = numbers.take(numbers.next()), { unsupported } = tokenizer;
    if (unsupported) return { unsupported };
    const its = new Merganser.Vocabulary(bytes);
    return { vocabulary: its, encoder: new Merganser.Encoder(its, tokenizer) };
  }));
  const choice = (i) => el("div", { class: "control" }, el("label", { for: "side-" + i }, i ? "and" : "Cut by"),
    el("select", { id: "side-" + i, on: { change: () => show() } }, names.map((name, at) => el("option", { value: at, selected: at === i }, name))));
  const text = el("textarea", { id: "side-text", rows: 3, spellcheck: "false", on: { input: () => show() } }, "The sun rises in the east. for (int i = 0; i < 10; i++) { sum += i; }\n太阳从东方升起。 🌲");
  const marks = note(el("mark", { class: "key" }, "Marked"), " are the tokens that only one of the two has at this place.");
  const panels = [0, 1].map(() => el("div")), sum = el("p", { id: "side-sum", "aria-live": "polite" });
  section("side", "How do two of them cut a text?", "Side by side",
    el("label", { for: "side-text" }, "A text, also your own; nothing leaves this page"), text, el("div", { class: "controls" }, choice(0), choice(1)), sum, el("div", { class: "sides" }, panels), marks);
  const show = () => {
    const chosen = [0, 1].map((i) => Number(document.getElementById("side-" + i).value));
    const cuts = chosen.map((at) => {
      const { encoder: by, vocabulary: of, unsupported } = sides[at];
      if (!by) return { unsupported };
      const ids = by.encode(text.value, false), first = ids.slice(0, SIDE_TOKENS);
      let end = 0;
      return { ids, bytes: joined(first, of), ends: first.map((id) => (end += of.of(id).length)) };
    });
    const bytes = utf8.encode(text.value).length, [left, right] = cuts.map((cut) => cut.bytes || []);
    const alike = left.every((b, at) => at >= right.length || right[at] === b); // else one of the two normalizes it to another text
    marks.hidden = !alike || cuts.some((cut) => cut.unsupported);
    panels.forEach((panel, i) => {
      const { ids, unsupported } = cuts[i], other = cuts[1 - i];
      panel.replaceChildren(el("h3", {}, el("bdi", {}, names[chosen[i]])));
      if (unsupported) { panel.append(note("This page cannot encode with it: " + unsupported + ".")); return; }
      panel.append(note(many(ids.length, "token") + (ids.length ? ", " + f(bytes / ids.length, 3) + " bytes per token" : "") + (ids.length > SIDE_TOKENS ? "; the first " + n(SIDE_TOKENS) + " are shown" : "") + "."),
        cutText(cuts[i].bytes, cuts[i].ends, (marks.hidden ? cuts[i] : other).ends), details("Its ids", el("p", { class: "hex" }, ids.slice(0, SIDE_TOKENS).join(" "))));
      panel.dataset.ids = ids.join(" ");
    });
    const [a, b] = cuts.map((cut) => (cut.unsupported ? 0 : cut.ids.length));
    sum.textContent = !a || !b ? "" : a === b ? "Both need the same number of tokens." : names[chosen[a < b ? 0 : 1]] + " needs " + pc(1 - Math.min(a, b) / Math.max(a, b)) + " fewer tokens.";
  };
  show();
}
