// Figures of the corpus: where its text is from, and how long its documents are.
const LENGTHS = s.lengths;
/** A quantile: one number, or the range in which it is. */
const quantile = (of, percent) => {
  const q = of.quantiles.find((one) => one.percent === percent);
  return q ? (q.least === q.most ? n(q.least) : n(q.least) + " to " + n(q.most)) : "–";
};
/** Buckets by number: 0 to 16 are of one length; then each doubling has eight. */
const bucketNumber = (to) => {
  if (to <= 16) return to;
  const octave = Math.ceil(Math.log2(to)) - 5;
  return 16 + 8 * octave + (to - 2 ** (octave + 4)) / 2 ** (octave + 1);
};
const bucketEnd = (number) => {
  if (number <= 16) return number;
  const octave = Math.floor((number - 17) / 8);
  return 2 ** (octave + 4) + (((number - 17) % 8) + 1) * 2 ** (octave + 1);
};
/** The buckets as bars: as fine as they are, or two, four or eight of them a bar, so that a screen has room for all. */
function bars(buckets) {
  const numbers = buckets.map(([to]) => bucketNumber(to));
  const first = numbers[0], last = numbers[numbers.length - 1];
  const width = [1, 2, 4].find((w) => (last - first) / w <= 40) || 8;
  const at = (number) => Math.floor((number - 1) / width);
  const out = [];
  for (let bar = at(first); bar <= at(last); bar++) out.push({ from: bar < 0 ? 0 : bucketEnd(bar * width) + 1, to: bucketEnd((bar + 1) * width), documents: 0, tokens: 0 });
  buckets.forEach(([, documents, tokens], i) => {
    const bar = out[at(numbers[i]) - at(first)];
    bar.documents += documents;
    bar.tokens += tokens;
  });
  return out;
}
function documentLengths() {
  if (LENGTHS.documents === 0) return;
  const range = (bar) => (bar.from === bar.to ? n(bar.to) : n(bar.from) + "–" + n(bar.to));
  const drawn = bars(LENGTHS.buckets), longest = LENGTHS.longest[0];
  /** Powers of two have a mark, or every second one where there are many. */
  const marked = (to) => Number.isInteger(Math.log2(to) / (longest.tokens > 64 * drawn[0].to ? 2 : 1));
  const share = (of) => drawn.map((bar) => (100 * bar[of]) / LENGTHS[of]);
  const made = section("documents", "How long are the documents?", "Documents",
    el("p", {}, "A model reads at most a window of tokens at a time. A longer document is cut; a much shorter one shares the window with others or is padded. So the lengths show which window suits this text, and what a window would cut."),
    cards(["tokens of the median document", quantile(LENGTHS, 50), "Half of the documents have at most this many."],
      ["of a long one", quantile(LENGTHS, 90), "One document in ten has as many or more."],
      ["of the longest", n(longest.tokens), pc(longest.tokens / LENGTHS.tokens) + " of all tokens."]),
    chart("Documents by their number of tokens: the share of documents, and the share of all tokens that are in them.", () => ({
      type: "bar",
      data: { labels: drawn.map(range), datasets: [{ label: "% of documents", data: share("documents"), backgroundColor: css("--accent") }, { label: "% of tokens", data: share("tokens"), backgroundColor: css("--above") }] },
      options: { interaction: { mode: "index", intersect: false }, datasets: { bar: { categoryPercentage: 0.95, barPercentage: 1 } }, scales: { x: { ...axis("tokens of a document, at most", "category"), grid: { display: false }, ticks: { autoSkip: false, maxRotation: 0, callback: (i) => (marked(drawn[i].to) ? n(drawn[i].to) : null) } }, y: { ...axis("%", "linear"), beginAtZero: true } } },
    }), table("Documents by length", [["tokens", range, "left"], ["documents", (b) => n(b.documents)], ["share of documents", (b) => pc(b.documents / LENGTHS.documents)], ["tokens of them", (b) => n(b.tokens)], ["share of tokens", (b) => pc(b.tokens / LENGTHS.tokens)]], drawn.filter((b) => b.documents))),
    table("Documents longer than a window", [["more tokens than", (a) => n(a.length)], ["documents", (a) => n(a.documents)], ["share of documents", (a) => pc(a.documentShare)], ["", (a) => bar(a.documentShare, 1), "barcell"], ["share of tokens", (a) => pc(a.tokenShare)], ["", (a) => bar(a.tokenShare, 1), "barcell"]], LENGTHS.above));
  if (LENGTHS.groups.length > 1) {
    const windows = [2048, 8192, 32768];
    made.append(el("h3", {}, "By " + (areLanguages ? "language" : "group")), table("Tokens a document, the group with the most tokens first", [
      ["group", (g) => el("bdi", {}, groupName(g.group)), "text"], ["documents", (g) => n(g.documents), "", (g) => g.documents], ["median", (g) => quantile(g, 50), "", (g) => g.quantiles.find((q) => q.percent === 50).most], ["90 % have at most", (g) => quantile(g, 90), "", (g) => g.quantiles.find((q) => q.percent === 90).most],
      ...windows.map((w) => { const of = (g) => g.above.find((a) => a.length === w).documentShare; return ["more than " + n(w), (g) => pc(of(g)), "", of]; })], LENGTHS.groups));
  }
  made.append(details("The longest documents", table("The longest documents", [["document", (d) => el("bdi", {}, visible(d.id)), "text"], ["tokens", (d) => n(d.tokens)], ["share of all", (d) => pc(d.tokens / LENGTHS.tokens)], ["file", (d) => el("bdi", {}, visible(d.file)), "text"], ["begins at byte", (d) => n(d.offset)]], LENGTHS.longest)),
    note("Counted over all documents for training. A document that was cut into parts counts as one; the token at its end counts. A quantile is the number itself, or the range of lengths in which it is."));
}

/** Empty, short and very large documents, and those with the same text; null in the figures of an earlier version. */
function unusualDocuments() {
  const u = s.unusual;
  if (!u || LENGTHS.documents === 0) return;
  const estimate = u.equal.sampledOneIn > 1;
  const about = (x, oneIn) => (oneIn > 1 ? "about " : "") + n(x);
  const texts = u.equal.mostFrequent || [];
  section("unusual", "Are there unusual documents?", "Unusual documents",
    el("p", {}, "Many equal, empty or tiny documents, or a single one with most of the text, often mean that something went wrong before: a page that only says that access was denied, a wrong field, lines that were taken for documents, or a separator that was missed."),
    cards(["documents with the text of an earlier one", about(u.equal.documents, u.equal.sampledOneIn), pc(u.equal.share) + (u.equal.leftOut ? " of those that were read. They were left out." : estimate ? " of all. An estimate from one text in " + n(u.equal.sampledOneIn) + "." : " of all.")],
      ["documents without text", n(u.empty.documents), pc(u.empty.share) + " of all."],
      ["very short documents", n(u.veryShort.documents), pc(u.veryShort.share) + " of all have text of fewer than " + u.shortBelow + " tokens."],
      u.largest ? ["tokens of the largest document", n(u.largest.tokens), pc(u.largest.share) + " of all tokens."] : null),
    texts.length ? table("The texts that most documents have", [["text", (t) => (t.text === undefined ? "" : el("bdi", {}, t.text === "" ? "(empty)" : t.text.split(" ").map((word) => visible(word)).join(" "))), "text"], ["documents", (t) => about(t.documents, t.sampledOneIn)], ["one of them", (t) => el("bdi", {}, visible(t.id)), "text"], ["file", (t) => el("bdi", {}, visible(t.file)), "text"], ["begins at byte", (t) => n(t.offset)]], texts) : null,
    note(u.equal.leftOut ? "Equal texts were counted by corpus.deduplicate, before normalization." : estimate ? "Texts are equal if they have the same tokens. Of the texts that most documents have, only those in the sample are known, and very frequent ones." : "Texts are equal if they have the same tokens. All were counted."));
}

const MOST_ROWS = 20;
/** The largest rows by a figure, and the sum of the others in one; ties by name. */
function largest(rows, by, sum) {
  const sorted = [...rows].sort((a, b) => by(b) - by(a) || (a.name < b.name ? -1 : 1));
  const rest = sorted.slice(MOST_ROWS);
  return rest.length ? [...sorted.slice(0, MOST_ROWS), { ...rest.reduce(sum), name: "", rows: rest.length }] : sorted;
}
/** Parts of a whole as one bar, with a legend. */
function stacked(what, parts) {
  const all = parts.reduce((sum, [, value]) => sum + value, 0);
  const shown = parts.map((part, i) => [...part, "p" + i]).filter(([, value]) => value > 0);
  return el("figure", {}, el("div", { class: "stack", "aria-hidden": "true" }, shown.map(([, value, colour]) => el("span", { class: colour, style: "flex-grow:" + value }))),
    el("ul", { class: "legend", "aria-label": what }, shown.map(([name, value, colour]) => el("li", {}, el("span", { class: "swatch " + colour, "aria-hidden": "true" }), name + " " + n(value) + " (" + pc(value / all) + ")"))),
    el("figcaption", {}, what));
}
function packing() {
  const p = data.identity.packing;
  if (p === null || p.sequences === 0) return;
  const ids = p.tokens + p.beginTokens, places = p.kept + p.padded;
  section("packing", "What does packing keep?", "Packing",
    el("p", {}, many(p.sequences, "sequence") + " of " + n(places / p.sequences) + " places: " + pc(p.kept / ids) + " of the ids of documents are in them, and " + pc(p.padded / places) + " of the places are padding."),
    stacked("Ids and places", [["kept", p.kept], ["cropped", p.cropped], ["dropped", p.dropped], ["padded", p.padded]]),
    note(term("cropped", "Ids of the end of a document that was cut because it did not fit."), " ", term("dropped", "Ids of short sequences that were left out."), " ", term("padded", "Places of sequences without an id of a document."),
      " kept + cropped + dropped = the ids of documents" + (p.beginTokens ? ", with " + many(p.beginTokens, "token") + " that begin documents" : "") + ": " + n(ids) + "."));
}
const dead = (sums) => Object.values(sums.deadLetters).reduce((sum, count) => sum + count, 0);
function sources() {
  const { inputs, files, skipped, disk } = data.identity.sources;
  const total = (of) => files.reduce((sum, row) => sum + (of(row) || 0), 0);
  const named = (row) => (row.name ? el("bdi", {}, visible(row.name)) : many(row.rows, "other"));
  const optional = [["validation", (r) => r.validation.documents], ["duplicates", (r) => r.duplicates], ["left out by id", (r) => r.excluded || 0], ["test split", (r) => r.testSplit || 0], ["dead letters", dead]].filter(([, of]) => total(of) > 0);
  const columns = (what, name, more) => [[what, name, "text"], ...more, ["documents", (r) => n(r.documents)], ["bytes", (r) => n(r.textBytes)], ["share", (r) => pc(r.textBytes / s.bytes)], ["tokens", (r) => n(r.tokens)], ["bytes per token", (r) => f(r.tokens ? r.textBytes / r.tokens : null, 3)]];
  const counts = optional.map(([title, of]) => [title, (r) => n(of(r))]);
  const groups = largest(s.groups.map((g) => ({ name: g.group, rows: 1, documents: g.documents, textBytes: g.bytes, tokens: g.tokens })), (g) => g.textBytes,
    (a, b) => ({ documents: a.documents + b.documents, textBytes: a.textBytes + b.textBytes, tokens: a.tokens + b.tokens }));
  const made = section("sources", "Where does the text come from?", "Sources",
    el("p", {}, many(total((r) => r.files), "file") + " of " + size(total((r) => r.storedBytes)) + " on disk. Every record that was read is accounted for:"),
    stacked("Records by use", [["training", total((r) => r.documents)], ["validation", total((r) => r.validation.documents)], ["duplicates", total((r) => r.duplicates)], ["left out by id", total((r) => r.excluded)], ["test split", total((r) => r.testSplit)], ["dead letters", total(dead)], ["blank", total((r) => r.blank)]]));
  if (inputs.length > 1) made.append(table("By input of the job", [...columns("input", named, [["files", (r) => n(r.files)]]), ...counts], inputs));
  if (files.length > 1) made.append(table("By file, the most text first", [...columns("file", named, []), ...counts], files));
  if (groups.length > 1) {
    made.append(table("By " + (areLanguages ? "language" : "group") + ", the most text first", columns(areLanguages ? "language" : "group", (r) => (r.name ? el("bdi", {}, groupName(r.name)) : many(r.rows, "other")), []), groups),
      counts.length ? note("Records that are not documents for training are not counted by group.") : "");
  }
  const reasons = Object.entries(skipped);
  made.append(reasons.length ? table("Not read", [["reason", (r) => r[0], "text"], ["files and folders", (r) => n(r[1].files)], ["bytes", (r) => (r[1].bytes ? n(r[1].bytes) : "–")]], reasons) : note("Every file of the inputs was read."));
  const folders = largest(Object.entries(disk).map(([name, part]) => ({ name, rows: 1, ...part })), (r) => r.bytes, (a, b) => ({ files: a.files + b.files, bytes: a.bytes + b.bytes }));
  made.append(el("h3", {}, "Disk space of the output"), table("Folders of the output and files beside them, the largest first; run/ has what a run needs to continue, and no data",
    [["folder or file", named, "text"], ["files", (r) => n(r.files)], ["bytes", (r) => n(r.bytes)], ["", (r) => bar(r.bytes, folders[0].bytes), "barcell"]], folders));
}
