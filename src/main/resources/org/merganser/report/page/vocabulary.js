// The vocabulary: search, counts, kinds of tokens; and text that a reader pastes.
function vocabularySection() {
  const places = s.use.zipf;
  section("vocabulary-section", "The vocabulary", "Vocabulary",
    cards(["tokens", n(v.size)], ["used", n(v.used)], ["never used", n(v.size - v.used)], ["only a step to another", n(v.unused.RESIDUE.count)], ["unreachable", n(v.unused.UNREACHABLE.count)],
      ["absent from this corpus", n(v.unused.ABSENT.count)], ["single bytes unused", n(v.unused.SYMBOL.count)], ["longest, bytes", n(v.longestBytes)], ["added", n(v.added)],
      ["Rényi efficiency (α 2.5)", f(s.use.renyiEfficiency, 3)]),
    el("h3", { class: "unprinted" }, "Search"),
    el("label", { for: "search" }, "Find tokens by their text, or #id"),
    el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", on: { input: search } }),
    el("div", { id: "found", "aria-live": "polite" }),
    el("h3", {}, "How often tokens occur"),
    chart("Tokens by rank and count, both logarithmic (Zipf's plot).", () => ({
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
    el("div", { class: "chips" }, kind.ids.map((id) => tokenButton(id))));
  place.append(list("Longest tokens", "By bytes.", { count: v.longest.length, ids: v.longest }),
    list("Residue", "Never a token of the corpus, only ever a step on the way to another one.", v.unused.RESIDUE),
    list("Unreachable", "Their own text is cut otherwise, so that no text gives them.", v.unused.UNREACHABLE),
    list("Absent", "They could occur, but not in this corpus.", v.unused.ABSENT),
    v.unused.UNEXAMINED.count ? list("Not examined", "Their text is too long to find out whether text gives them.", v.unused.UNEXAMINED) : "");
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
    el("div", { class: "chips" }, found.slice(0, 200).map((id) => tokenButton(id))));
}

function tryIt() {
  const made = section("try", "Paste a text", "Paste a text");
  if (data.tokenizer.unsupported) {
    made.append(note("The encoder of this page doesn't reproduce this tokenizer: " + data.tokenizer.unsupported + ". Use merganser tokenize."));
    return;
  }
  made.append(el("label", { for: "paste" }, "Text"),
    el("textarea", { id: "paste", spellcheck: "false", on: { input: encodePasted } }, data.sample ? data.sample.text : "The sun rises in the east."),
    el("label", { class: "inline" }, el("input", { type: "checkbox", id: "special", on: { change: encodePasted } }), " special tokens in it are special"),
    el("p", { id: "pasted-sum", "aria-live": "polite" }), el("div", { id: "pasted", class: "tokens", dir: "auto" }), el("div", { id: "pasted-table" }),
    note("Cut in this page by the run's own tokenizer; nothing leaves it. Click a token to see how it is merged."));
}
const MOST = 3000;
function encodePasted() {
  if (!encoder) return;
  const text = document.getElementById("paste").value;
  const ids = encoder.encode(text, document.getElementById("special").checked);
  const bytes = utf8.encode(text).length;
  document.getElementById("pasted-sum").textContent = many(ids.length, "token") + ", " + many(Array.from(text).length, "character") + ", " + many(bytes, "byte") + (ids.length ? ", " + f(bytes / ids.length, 3) + " bytes per token" : "") + (ids.length > MOST ? "; the first " + n(MOST) + " are shown" : "");
  document.getElementById("pasted").replaceChildren(...coloured(ids.slice(0, MOST)));
  const columns = [["#", (r) => n(r.i + 1)], ["id", (r) => String(r.id)], ["token", (r) => el("bdi", {}, textOf(r.id)), "text"], ["bytes", (r) => el("span", { class: "hex" }, hex(vocabulary.of(r.id).subarray(0, 24))), "text"], ["occurs", (r) => n(vocabulary.counts[r.id])]];
  if (vectors) columns.push(["vector", (r) => strip(r.id) || "–", "text"]);
  document.getElementById("pasted-table").replaceChildren(details("Ids, bytes and vectors", table("The tokens of the text", columns, ids.slice(0, 200).map((id, i) => ({ id, i })))));
  document.getElementById("pasted").dataset.ids = ids.join(" ");
}
