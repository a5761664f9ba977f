// Try the next token: the n-gram model of the run, continued token by token.
const next = { given: [], added: [], ended: false, random: null };
const BARS = 12;

function nextSection() {
  if (!data.ngrams) return;
  const made = section("next", "Try the next token", "Next token");
  if (!ngrams) {
    made.append(note("This page has no room for the model of the next token beside its vocabulary. Use merganser predict."));
    return;
  }
  if (!encoder) {
    made.append(note("The encoder of this page doesn't reproduce this tokenizer (" + data.tokenizer.unsupported + "), so no text can be typed here. Use merganser predict."));
    return;
  }
  const control = (label, input, id) => el("div", { class: "control", id: id + "-control" }, el("label", { for: id }, label), input);
  const strategy = el("select", { id: "strategy", on: { change: updateNext } },
    [["greedy", "greedy: the most probable"], ["random", "random: as the model says"], ["top-k", "top-k: one of the k best"], ["temperature", "temperature: flatter or sharper"]].map(([value, text]) => el("option", { value, selected: value === "temperature" }, text)));
  made.append(
    el("p", {}, "This is what language models do, at its smallest: how probable is each token after the last " + many(ngrams.order - 1, "token") + "? The model counted which tokens of the corpus follow each other. Type a beginning, look at the bars, and let it go on."),
    el("label", { for: "beginning" }, "The beginning of a document"),
    el("textarea", { id: "beginning", rows: 2, spellcheck: "false", on: { input: startNext } }, "The sun is shining, and the sky is"),
    el("div", { class: "controls" },
      control("Choose by", strategy, "strategy"),
      control("k", el("input", { type: "number", id: "k", min: 1, step: 1, value: 40, on: { input: updateNext } }), "k"),
      control(["Temperature ", el("output", { for: "temperature", id: "temperature-shown" }, "1.0")], el("input", { type: "range", id: "temperature", min: 0, max: 3, step: 0.1, value: 1, on: { input: updateNext } }), "temperature"),
      control("Seed", el("input", { type: "number", id: "seed", step: 1, value: 1, on: { input: startNext } }), "seed")),
    el("div", { class: "actions" },
      el("button", { type: "button", id: "one", class: "act", on: { click: () => goOn(1) } }, "Next token"),
      el("button", { type: "button", id: "twenty", class: "act", on: { click: () => goOn(20) } }, "20 tokens"),
      el("button", { type: "button", id: "again", class: "act", on: { click: startNext } }, "Start again")),
    el("div", { id: "continued", class: "tokens", dir: "auto", role: "log", "aria-label": "The text and how it goes on" }),
    el("div", { id: "bars" }),
    note("The page has an n-gram model of order " + ngrams.order + " with " + n(ngrams.levels.reduce((all, level) => all + level.size, 0)) + " n-grams, those of the run's model that occur most often. The command merganser predict OUT \"…\" uses the whole model."));
  startNext();
}
function startNext() {
  next.given = encoder.encode(document.getElementById("beginning").value, false);
  next.added = [];
  next.ended = false;
  const seed = document.getElementById("seed").value;
  next.random = new Merganser.Random(/^-?\d+$/.test(seed) ? seed : 1);
  updateNext();
}
const settings = () => ({
  strategy: document.getElementById("strategy").value,
  k: Math.max(1, Math.floor(Number(document.getElementById("k").value)) || 1),
  temperature: Number(document.getElementById("temperature").value),
});
/** The model's distribution, and the one that is drawn from. */
function distributions() {
  const model = ngrams.distribution([ngrams.begin, ...next.given, ...next.added]);
  const drawn = Float64Array.from(model);
  Merganser.withoutGaps(drawn, ngrams.idBound, (id) => vocabulary.has(id));
  const { strategy, k, temperature } = settings();
  Merganser.STRATEGIES[strategy](drawn, k, temperature);
  return { model, drawn };
}
function goOn(tokens) {
  for (let i = 0; i < tokens && !next.ended; i++) {
    const symbol = Merganser.draw(distributions().drawn, next.random);
    if (symbol === ngrams.end) next.ended = true; else next.added.push(symbol);
  }
  updateNext();
}
function updateNext() {
  const { strategy, k, temperature } = settings();
  document.getElementById("temperature-shown").textContent = temperature.toFixed(1);
  document.getElementById("k-control").hidden = strategy !== "top-k";
  document.getElementById("temperature-control").hidden = strategy !== "top-k" && strategy !== "temperature";
  document.getElementById("seed-control").hidden = strategy === "greedy";
  for (const id of ["one", "twenty"]) document.getElementById(id).disabled = next.ended;
  const text = document.getElementById("continued");
  text.dataset.ids = next.added.join(" ");
  text.replaceChildren(...next.given.slice(-200).map((id) => tokenButton(id, "given")), ...coloured(next.added), next.ended ? el("em", {}, " (the document ends)") : "");
  const place = document.getElementById("bars");
  if (next.ended) { place.replaceChildren(); return; }
  const { model, drawn } = distributions();
  const order = strategy === "random" || strategy === "greedy" ? model : drawn;
  const best = Merganser.mostProbable(order, BARS);
  const differs = strategy !== "random";
  const most = Math.max(...best.map((symbol) => (strategy === "greedy" ? model[symbol] : Math.max(model[symbol], drawn[symbol]))));
  place.replaceChildren(el("div", { class: "probabilities", role: "table", "aria-label": "The most probable next tokens" },
    el("div", { role: "row", class: "head" }, el("span", { role: "columnheader" }, "token"), el("span", { role: "columnheader", "aria-hidden": "true" }), el("span", { role: "columnheader" }, differs ? "of the model → drawn from" : "of the model")),
    best.map((symbol) => el("div", { role: "row", "data-id": symbol, "data-model": model[symbol], "data-drawn": drawn[symbol] },
      el("span", { role: "cell" }, symbol === ngrams.end ? el("em", {}, "(end of document)") : tokenButton(symbol, "tok c0")),
      el("span", { role: "cell", class: "pair" }, bar(model[symbol], most, "faint"), differs ? bar(drawn[symbol], most) : null),
      el("span", { role: "cell" }, pc(model[symbol], 2), differs && pc(model[symbol], 2) !== pc(drawn[symbol], 2) ? " → " + pc(drawn[symbol], 2) : "")))),
    note("These " + best.length + " have " + pc(best.reduce((sum, symbol) => sum + model[symbol], 0)) + " of the model's probability; all " + n(ngrams.symbols - 1) + " tokens have some." + (differs ? " The light bar is the model's, the dark one is what is drawn from." : "")));
}
