// Figures of the corpus: how long its documents are.
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
    el("p", {}, "A model reads at most a window of tokens at a time. A document beyond the window is cut, and one far below it shares the window with others or is filled up. So the lengths say which window suits this text, and what a window would cut."),
    cards(["tokens of the median document", quantile(LENGTHS, 50), "Half of the documents have at most so many."],
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
