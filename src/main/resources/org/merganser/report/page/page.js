// Each script may use the functions of those before it.
@@elements.js@@
@@charts.js@@
@@card.js@@
@@overview.js@@
@@corpus.js@@
@@documents.js@@
@@next.js@@
@@figures.js@@
@@comparison.js@@
@@vocabulary.js@@
// The order of the page: what is at hand is shown at once, then the packed parts are unpacked.
function identity() {
  const i = data.identity;
  const made = section("identity", "Where does this page come from?", "Origin",
    table("What this is", [["", (r) => r[0], "text"], ["", (r) => /^[0-9a-f]{64}$/.test(r[1]) ? details(r[1].slice(0, 12), r[1]) : el("span", { class: "text" }, r[1]), "text"]], i.facts),
    i.deadLetters.length ? table("Dead letters", [["reason", (r) => r[0], "text"], ["records", (r) => n(r[1])]], i.deadLetters) : note("No dead letters."),
    i.skipped.length ? details("Not read: " + many(i.skipped.length, "path") + " of the inputs", table("Not read", [["path", (r) => el("bdi", {}, r[0]), "text"], ["bytes", (r) => (r[1] === null ? "–" : n(r[1]))], ["reason", (r) => r[2], "text"]], i.skipped)) : "",
    s.measured.documents ? note("Figures of words, scripts and ways of cutting: measured on " + (s.measured.documents === 1 ? "1 document or excerpt" : n(s.measured.documents) + " documents and excerpts") + " (" + many(s.measured.bytes, "byte") + "). " + sampleNote + " All other figures: of all text.") : "");
  if (i.times !== null) {
    const caption = "Busy time by stage, added up over threads, of the last run, " + i.times.began.slice(0, 16).replace("T", " ") + " UTC: " + f(i.times.seconds, 1) + " s by the clock";
    made.append(table(caption, [["stage", (r) => r.stage, "text"], ["busy seconds", (r) => f(r.busySeconds)], ["MB/s a thread", (r) => (r.bytes && r.busySeconds ? f(r.bytes / r.busySeconds / 1e6, 1) : "–")], ["by the clock, first to last", (r) => f(r.seconds)]], i.times.stages));
  }
  made.append(details("The job", el("pre", { class: "scroll", tabindex: "0" }, i.job)));
}

async function start() {
  const began = data.identity.times === null ? null : data.identity.times.began.slice(0, 10);
  document.getElementById("summary").textContent = summary();
  document.getElementById("made").textContent = "Merganser " + data.identity.version + (began ? ", run of " + began : "");
  vocabulary = new Merganser.Vocabulary(await unpack("vocabulary"));
  if (!data.tokenizer.unsupported) {
    encoder = new Merganser.Encoder(vocabulary, data.tokenizer);
    Merganser.encode = (text, special) => encoder.encode(text, special);
  }
  const model = await unpack("ngrams");
  if (model) ngrams = Merganser.model = new Merganser.Ngrams(model);
  const vectorBytes = await unpack("vectors");
  vectors = vectorBytes && vectorBytes.length ? new Int8Array(vectorBytes.buffer) : null;
  const examples = await unpack("examples");
  if (examples) {
    const numbersIn = new Merganser.Numbers(examples);
    while (!numbersIn.done) {
      const document = numbersIn.next();
      windows.push({ document, ids: Array.from({ length: numbersIn.next() }, () => numbersIn.next()) });
    }
  }
  const texts = await unpack("texts");
  documents = texts ? JSON.parse(new TextDecoder().decode(texts)) : [];
  const names = s.comparison ? s.comparison.vocabularies.map((r, i) => (i ? tokenizerName(r.name) : r.name)) : [];
  overview(); tryIt(); lookAt(); nextSection(); attention(); sources(); documentLengths(); unusualDocuments(); packing(); sizes(); groups(); comparison(names); await sideBySide(names, { vocabulary, encoder, unsupported: data.tokenizer.unsupported }); cutting(); vocabularySection(); identity();
  overviewTokens(); kinds(); encodePasted(); five();
  drawCharts();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
  document.documentElement.dataset.ready = "yes";
}
start().catch((e) => {
  main.prepend(el("p", { role: "alert" }, "This page could not unpack itself: " + e.message));
  throw e;
});
