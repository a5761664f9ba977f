// Figures of the text: sizes of vocabularies, groups and scripts, ways of cutting.
function sizes() {
  const points = s.sizes;
  const dim = (data.rows && data.rows.dim) || 768;
  const made = section("sizes", "How large should the vocabulary be?", "Size",
    el("p", {}, "A larger vocabulary has longer pieces, so the same text becomes fewer tokens. It costs the model a row of its table for each token, and each token is seen less often. Where the curve flattens, more tokens save little."),
    points.length < 2 ? "" : el("div", {},
      chart("Bytes of text per token, by the size of the vocabulary: with only the first merges of the same training.", () => ({
        type: "line",
        data: { datasets: [{ label: "bytes per token", data: points.map((p) => ({ x: p.vocabulary, y: p.bytesPerToken })), borderColor: css("--accent"), backgroundColor: css("--accent"), pointRadius: 4 }] },
        options: { plugins: { legend: { display: false } }, scales: { x: sizeAxis(points.map((p) => p.vocabulary)), y: { ...axis("bytes per token", "linear"), beginAtZero: true } } },
      }), table("Bytes per token by vocabulary size", [["vocabulary", (p) => n(p.vocabulary)], ["bytes per token", (p) => f(p.bytesPerToken, 3)]], points))));
  const body = el("div", { "aria-live": "polite" });
  const input = el("input", { type: "number", id: "dim", min: 1, step: 1, value: dim, on: { input: () => show() } });
  const show = () => {
    const width = Math.max(1, Math.floor(Number(input.value)) || 1);
    body.replaceChildren(table("Benefit and cost of each size", [
      ["vocabulary", (p) => n(p.vocabulary)], ["bytes per token", (p) => f(p.bytesPerToken, 3)],
      ["gain over the previous size", (p) => { const i = points.indexOf(p); return i === 0 ? "–" : pc(p.bytesPerToken / points[i - 1].bytesPerToken - 1); }],
      ["tokens of the corpus", (p) => n(p.tokens)],
      ["embedding parameters", (p) => n(p.vocabulary * width)], ["in 16 bits", (p) => size(2 * p.vocabulary * width)]], points));
  };
  made.append(el("div", { class: "control" }, el("label", { for: "dim" }, "Dimensions of the model"), input), body,
    note("Embedding parameters are rows × dimensions; a model whose output layer has a separate table has twice as many."));
  show();
}

const MOST_GROUPS = 500;
function groups() {
  const kindOf = areLanguages ? "language" : "group";
  const made = section("groups", "Which " + kindOf + "s cost more for the same text?", capital(kindOf) + "s",
    el("p", {}, "Models compute, and services charge, by the token. A " + kindOf + " whose text is cut into more tokens costs more: training and answers take longer, and less text fits into the model's window."));
  if (s.groups.length > 0) {
    const most = s.groups.reduce((a, g) => Math.max(a, g.costRatio || 0), 0);
    made.append(table(capital(kindOf) + "s, the most expensive first; 2.00 costs twice the average", [
      [kindOf, (g) => el("bdi", {}, groupName(g.group)), "text"], ["cost, × average", (g) => f(g.costRatio)], ["", (g) => bar(g.costRatio, most), "barcell"],
      ["bytes per token", (g) => f(g.bytesPerToken, 3)], ["tokens per word", (g) => f(g.tokensPerWord)], ["share of text", (g) => pc(g.bytes / s.bytes)], ["documents", (g) => n(g.documents)]], s.groups.slice(0, MOST_GROUPS)),
      s.groups.length > MOST_GROUPS ? note("The first " + n(MOST_GROUPS) + " of " + n(s.groups.length) + " groups; statistics.json has all.") : "",
      el("p", { class: "note" }, term("Gini coefficient", "How unevenly the cost, tokens per byte of text, is distributed: 0 if it is the same for all, near 1 if one has nearly all of it. Each counts once, however much text it has."), " of the cost: " + f(s.groupGini, 3) + ". " + sampleNote));
  } else {
    made.append(note("The documents of this corpus have no groups: name a field such as lang in shards.groupBy, or a group for each of corpus.inputs."));
  }
  const training = data.learned["training-groups.json"];
  if (training) {
    made.append(el("h3", {}, "What the vocabulary was learned from"), table("Text that was counted, by group", [
      ["group", (g) => el("bdi", {}, groupName(g.group)), "text"], ["share before", (g) => pc(g.share)], ["requested", (g) => g.wanted], ["weight of an occurrence", (g) => f(g.factor, 3)],
      ["share after", (g) => pc(g.mixedShare)], ["", (g) => bar(g.mixedShare, 1), "barcell"], ["bytes", (g) => n(g.bytes)]], training.rows.slice(0, MOST_GROUPS)),
      note("tokenizer.train.mix weighs the counts of each group. The lowest weighted count of a merged pair is " + n(training.leastPairCount) + "."));
  }
  const parity = data.learned["training-parity.json"];
  if (parity) {
    const most = parity.rows.reduce((a, g) => Math.max(a, g.tokens / g.bytes), 0);
    made.append(el("h3", {}, "Learned for parity"), table("Text that was learned from, by group", [
      ["group", (g) => el("bdi", {}, groupName(g.group)), "text"], ["bytes per token", (g) => f(g.bytesPerToken, 3)], ["", (g) => bar(g.tokens / g.bytes, most), "barcell"],
      ["merges chosen for it", (g) => n(g.merges)], ["bytes", (g) => n(g.bytes)], ["tokens", (g) => n(g.tokens)]], parity.rows.slice(0, MOST_GROUPS)),
      note("Gini coefficient of tokens per byte over these groups: " + f(parity.gini, 3) + ". Merges that all groups chose together: " + n(parity.globalMerges) + ". A bar shows tokens per byte."));
  }
  if (s.scripts.length > 0) {
    const most = Math.max(...s.scripts.map((g) => g.bytesPerToken));
    made.append(el("h3", {}, "The same by ", term("script", "A writing system, such as Latin, Arabic or Han. A word belongs to the script of its first letter; its text is the word and the characters between it and the previous word. A token counts once, for the word in which it begins.")), table("Text by script, the most first", [
      ["script", (g) => capital(g.script), "text"], ["bytes per token", (g) => f(g.bytesPerToken, 3)], ["", (g) => bar(g.bytesPerToken, most), "barcell"],
      ["tokens per word", (g) => f(g.tokensPerWord)], ["words", (g) => n(g.words)], ["share of text", (g) => pc(g.bytes / s.scripts.reduce((all, one) => all + one.bytes, 0))]], s.scripts),
      note("Gini coefficient over the scripts: " + f(s.scriptGini, 3) + ". " + sampleNote + " Letters of other scripts take two or three bytes where Latin takes one, so compare tokens per word, too; in scripts written without spaces, a letter counts as a word."));
  }
}

function cutting() {
  const made = section("cutting", "Why parts of words, and not words or letters?", "Ways of cutting");
  if (s.granularities.length === 0) {
    made.append(note(s.measured.documents
      ? "Not measured: the job says report.granularities: false."
      : "Not measured: there is no text to measure."));
    return;
  }
  const rows = s.granularities;
  const most = Math.max(...rows.map((r) => Math.min(4, r.relativeToLetters)));
  made.append(el("p", {}, "Vocabularies of sentences or words grow without limit, and still lack some of a new text. Letters and bytes cover every text, but make it long. Subwords are between them: fewer tokens, a vocabulary of a chosen size, and nothing unknown."),
    table("Five ways of cutting the measured text: the more tokens, the more a model has to compute", [
      ["a token is a", (r) => r.unit, "text"],
      ["tokens", (r) => n(r.tokens)],
      ["compared with letters", (r) => "× " + f(r.relativeToLetters)],
      ["", (r) => bar(r.relativeToLetters, most), "barcell"],
      ["vocabulary for all", (r) => n(r.vocabulary)],
      ["for 95 % of it", (r) => n(r.covering95)],
      ["unknown", (r) => pc(r.unknown, 2)],
      ["rare", (r) => pc(r.rare)]], rows),
    note(term("vocabulary for all", "The different pieces in all of the measured text. The next column: the pieces that cover 95 % of the nine tenths that count as seen."), " ", term("unknown", "Of the tenth that was kept unseen (the documents for validation where the job has them), what the seen text doesn't have. Models call it <UNK>, and learn nothing from it."), " ", term("rare", "Pieces of the vocabulary that occur fewer than 10 times in the seen text.")),
    note(sampleNote + (isSampled ? " Vocabularies and <UNK> are those of the measured text; more text needs more." : "")));
  if (data.sample) made.append(details("One text, five ways", el("div", { id: "five" })));
}
function five() {
  const place = document.getElementById("five");
  if (!place) return;
  const whole = data.sample, last = whole.sentences.find((end, i) => i % 2 === 1 && end >= 80) || whole.text.length;
  const text = whole.text.slice(0, last), within = (ends) => ends.filter((_, i) => ends[i | 1] <= last);
  const sentences = within(whole.sentences), words = within(whole.words);
  const spans = (ends) => {
    const out = [];
    let at = 0;
    for (let i = 0; i < ends.length; i += 2) {
      if (ends[i] > at) out.push([text.slice(at, ends[i]), false]);
      out.push([text.slice(ends[i], ends[i + 1]), true]);
      at = ends[i + 1];
    }
    return out;
  };
  const ways = [["sentence", spans(sentences)], ["word", spans(words)]];
  if (encoder) ways.push(["subword", encoder.encode(text, false).map((id) => [textOf(id), true])]);
  ways.push(["letter", Array.from(text, (c) => [visible(c), true])]);
  ways.push(["byte", Array.from(utf8.encode(text), (b) => [b.toString(16).toUpperCase().padStart(2, "0"), true])]);
  for (const [way, pieces] of ways) {
    const count = pieces.filter(([, isToken]) => isToken).length;
    let i = 0;
    place.append(el("h3", {}, way + ": " + n(count) + " tokens"), el("div", { class: "tokens", dir: "auto" },
      pieces.map(([piece, isToken]) => el("span", { class: isToken ? "c" + (i++ % 5) : null }, piece))));
  }
}
