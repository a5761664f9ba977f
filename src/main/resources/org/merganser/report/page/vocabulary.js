// The vocabulary: search, counts, kinds of tokens; and text that a reader pastes.
function vocabularySection() {
  const places = s.use.zipf;
  section("vocabulary-section", "What is in the vocabulary?", "Vocabulary",
    cards(["tokens", n(v.size), n(v.used) + " of them occur in this text, " + n(v.size - v.used) + " never do."], ["bytes of the longest token", n(v.longestBytes), "A letter of English is one byte, one of Chinese three."],
      [term("even use (Rényi efficiency)", "How evenly tokens are used, from 0 to 1: the Rényi entropy of order 2.5 over the logarithm of the vocabulary's size. It correlates with how well models learn."), f(s.use.renyiEfficiency, 3), "0.4 to 0.7 is usual."]),
    el("label", { for: "search" }, "Find tokens by their text, or #id"),
    el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", on: { input: search } }),
    el("div", { id: "found", "aria-live": "polite" }),
    el("h3", {}, "How often do tokens occur?"),
    note("A few tokens occur very often and most occur rarely, as words do in every language (Zipf's law), so the curve is nearly a straight line. It drops at the right end, at tokens that hardly occur."),
    chart("Each token by its rank, the most frequent first, and how often it occurs; both axes are logarithmic.", () => ({
      type: "line",
      data: { datasets: [{ label: "count", data: places.map((p) => ({ x: p.rank, y: p.count })), borderColor: css("--accent"), pointRadius: 0, borderWidth: 2 }] },
      options: { plugins: { legend: { display: false } }, interaction: { mode: "nearest", intersect: false }, scales: { x: powers("rank"), y: powers("count") } },
    }), table("Tokens by rank", [["rank", (p) => n(p.rank)], ["count", (p) => n(p.count)]], places)),
    el("div", { id: "kinds" }));
}
/** A logarithmic axis with a mark at each power of ten. */
const powers = (title) => ({ ...axis(title, "logarithmic"), ticks: { maxRotation: 0, callback: (value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? n(value) : null) } });

function kinds() {
  const place = document.getElementById("kinds");
  const list = (title, explanation, kind) => details(title + " (" + n(kind.count) + ")", note(explanation, kind.count > kind.ids.length ? " The first " + kind.ids.length + " by id." : ""),
    rove(el("div", { class: "chips" }), title, ...kind.ids.map((id) => tokenButton(id))));
  place.append(el("h3", {}, "Which tokens are odd?"), list("The longest tokens", "By bytes.", { count: v.longest.length, ids: v.longest }),
    list("Residue: steps to other tokens", "They never occur in the corpus as tokens; they are only steps to other tokens.", v.unused.RESIDUE),
    list("Unreachable: no text can produce them", "The tokenizer cuts their own text in another way, so no text can produce them.", v.unused.UNREACHABLE),
    list("Absent: not in this text", "They could occur, but not in this corpus.", v.unused.ABSENT),
    v.unused.UNEXAMINED.count ? list("Not examined: too long", "Their text is too long to find out whether a text can produce them.", v.unused.UNEXAMINED) : "");
}

function search() {
  const query = document.getElementById("search").value;
  const place = document.getElementById("found");
  place.replaceChildren();
  if (!vocabulary || query === "") return;
  const found = [];
  let total = 0;
  const number = /^#(\d+)$/.exec(query);
  if (number) {
    if (vocabulary.has(Number(number[1]))) { found.push(Number(number[1])); total = 1; }
  } else {
    const wanted = utf8.encode(query.replace(/·/g, " "));
    const { bytes, starts } = vocabulary;
    let last = -1;
    let id = 0;
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
      while (starts[id + 1] <= at) id++;
      if (id === last || at + wanted.length > starts[id + 1]) continue;
      let same = 1;
      while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
      if (same === wanted.length) { found.push(id); last = id; total++; }
    }
    found.sort((a, b) => vocabulary.counts[b] - vocabulary.counts[a] || a - b);
  }
  place.append(note(many(total, "token") + (total > 200 ? ", the 200 most frequent:" : "")),
    rove(el("div", { class: "chips" }), "Tokens found", ...found.slice(0, 200).map((id) => tokenButton(id))));
}

function tryIt() {
  const made = section("try", "How does a text look in tokens?", "A text in tokens");
  if (data.tokenizer.unsupported) {
    if (data.sample) made.append(el("div", { class: "tokens", dir: "auto" }, visible(data.sample.text)));
    made.append(note("The encoder of this page doesn't reproduce this tokenizer: " + data.tokenizer.unsupported + ". Use merganser tokenize."));
    return;
  }
  made.append(el("p", {}, "Each colour is a token. “·” is a space, which belongs to the word after it. Choose a token to see how it is built, and where else it occurs."),
    el("div", { id: "pasted", class: "tokens panel" }), el("p", { id: "pasted-sum", class: "note", "aria-live": "polite" }),
    el("label", { for: "paste" }, "Your own text"),
    el("textarea", { id: "paste", rows: 2, spellcheck: "false", placeholder: "Type or paste; nothing leaves this page.", on: { input: encodePasted } }),
    el("label", { class: "inline" }, el("input", { type: "checkbox", id: "special", on: { change: encodePasted } }), " treat special tokens as such"),
    el("div", { id: "pasted-table" }));
}
const MOST = 3000;
function encodePasted() {
  if (!encoder) return;
  const own = document.getElementById("paste").value, ofCorpus = own === "" && data.sample;
  const text = ofCorpus ? data.sample.text : own || "The sun rises in the east.";
  const ids = encoder.encode(text, document.getElementById("special").checked);
  const bytes = utf8.encode(text).length;
  document.getElementById("pasted-sum").textContent = (ofCorpus ? "A text of the corpus, " + visible(data.sample.document) + ": " : "") + many(ids.length, "token") + ", " + many(Array.from(text).length, "character") + ", " + many(bytes, "byte") + (ids.length ? ", " + f(bytes / ids.length, 3) + " bytes per token" : "") + (ids.length > MOST ? "; the first " + n(MOST) + " are shown" : "");
  rove(document.getElementById("pasted"), "The text in tokens", ...coloured(ids.slice(0, MOST))).dir = direction(text);
  const columns = [["#", (r) => n(r.i + 1)], ["id", (r) => String(r.id)], ["token", (r) => el("bdi", {}, textOf(r.id)), "text"], ["bytes", (r) => el("span", { class: "hex" }, hex(vocabulary.of(r.id).subarray(0, 24))), "text"], ["occurs", (r) => n(vocabulary.counts[r.id])]];
  if (vectors) columns.push(["vector", (r) => strip(r.id) || "–", "text"]);
  document.getElementById("pasted-table").replaceChildren(details("Ids, bytes and vectors", table("The tokens of the text", columns, ids.slice(0, 200).map((id, i) => ({ id, i })))));
  document.getElementById("pasted").dataset.ids = ids.join(" ");
}
