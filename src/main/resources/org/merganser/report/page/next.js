// Try the next token: the n-gram model of the run, continued token by token.
const next = { given: [], added: [], ended: false, random: null };
const BARS = 12;

function nextSection() {
  if (!data.ngrams) return;
  const made = section("next", "What comes next?", "Next token");
  if (!ngrams) {
    made.append(note("The model of the next token is too large for this page. Use merganser predict."));
    return;
  }
  if (!encoder) {
    made.append(note("The encoder of this page doesn't reproduce this tokenizer (" + data.tokenizer.unsupported + "), so no text can be typed here. Use merganser predict."));
    return;
  }
  const control = (label, input, id) => el("div", { class: "control", id: id + "-control" }, el("label", { for: id }, label), input);
  const strategy = el("select", { id: "strategy", on: { change: updateNext } },
    [["top-k", "top-k: one of the k best"], ["temperature", "temperature: any token"], ["random", "random: as the model says"], ["greedy", "greedy: always the best"]].map(([value, text]) => el("option", { value }, text)));
  made.append(
    el("p", {}, "This is a very small language model. It counted which tokens follow each other in this corpus, and predicts how probable each token is after the last " + many(ngrams.order - 1, "token") + ". Type a beginning, look at the bars, and let the model continue it."),
    el("label", { for: "beginning" }, "The beginning of a document"),
    el("textarea", { id: "beginning", rows: 2, spellcheck: "false", on: { input: startNext } }, beginning()),
    el("div", { class: "controls" },
      control("Choose by", strategy, "strategy"),
      control("k", el("input", { type: "number", id: "k", min: 1, step: 1, value: 40, on: { input: updateNext } }), "k"),
      control("Seed", el("input", { type: "number", id: "seed", step: 1, value: 1, on: { input: startNext } }), "seed"),
      control(["Temperature ", el("output", { for: "temperature", id: "temperature-shown" }, "1.0")], el("input", { type: "range", id: "temperature", min: 0, max: 3, step: 0.1, value: 1, on: { input: updateNext } }), "temperature")),
    el("div", { class: "actions" },
      el("button", { type: "button", id: "one", class: "act first", on: { click: () => goOn(1) } }, "Next token"),
      el("button", { type: "button", id: "twenty", class: "act", on: { click: () => goOn(20) } }, "20 tokens"),
      el("button", { type: "button", id: "again", class: "act", on: { click: startNext } }, "Start again")),
    el("div", { id: "continued", class: "tokens panel" }),
    el("p", { id: "said", class: "heard", "aria-live": "polite" }),
    el("h3", {}, "The most probable next tokens"),
    el("div", { id: "bars" }),
    el("p", { id: "effect", class: "note", "aria-live": "polite" }),
    note("The page has an n-gram model of order " + ngrams.order + " with " + n(ngrams.levels.reduce((all, level) => all + level.size, 0)) + " n-grams, those of the run's model that occur most often. The command merganser predict OUT \"…\" uses the complete model."));
  startNext();
}
/** English, or where the corpus is not of Latin letters the first words of its own sample. */
const beginning = () => (!data.sample || (s.scripts[0] || {}).script === "latin" ? "The sun is shining, and the sky is" : data.sample.text.trim().split(/\s+/).slice(0, 5).join(" ").slice(0, 60));
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
/** The model's distribution, the one that is drawn from, and that at temperature 1. */
function distributions() {
  const model = ngrams.distribution([ngrams.begin, ...next.given, ...next.added]);
  const { strategy, k, temperature } = settings();
  const at = (heat) => {
    const drawn = Float64Array.from(model);
    Merganser.withoutGaps(drawn, ngrams.idBound, (id) => vocabulary.has(id));
    Merganser.STRATEGIES[strategy](drawn, k, heat);
    return drawn;
  };
  return { model, drawn: at(temperature), plain: at(1) };
}
function goOn(tokens) {
  for (let i = 0; i < tokens && !next.ended; i++) {
    const symbol = Merganser.draw(distributions().drawn, next.random);
    if (symbol === ngrams.end) next.ended = true; else next.added.push(symbol);
  }
  updateNext();
  document.getElementById("said").textContent = next.added.slice(-tokens).map(spoken).join(" ");
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
  rove(text, "The text and its continuation", ...next.given.slice(-200).map((id) => tokenButton(id, "given")), ...coloured(next.added), next.ended ? el("em", {}, " (the document ends)") : "").dir = direction(document.getElementById("beginning").value);
  const place = document.getElementById("bars"), effect = document.getElementById("effect");
  effect.textContent = "";
  if (next.ended) { place.replaceChildren(); return; }
  const { model, drawn, plain } = distributions();
  const best = Merganser.mostProbable(strategy === "greedy" ? model : plain, BARS);
  const key = best.join(" ");
  if (place.dataset.symbols !== key || !place.firstChild) {
    place.dataset.symbols = key;
    place.replaceChildren(el("div", { class: "probabilities", role: "table", "aria-label": "The most probable next tokens" },
      best.map((symbol) => el("div", { role: "row", "data-id": symbol },
        el("span", { role: "cell" }, symbol === ngrams.end ? el("em", {}, "(end of document)") : tokenButton(symbol, "tok c0")),
        el("span", { role: "cell", class: "track" }, bar(0, 1)), el("span", { role: "cell" })))));
  }
  // The same rows again, so that a bar is seen to grow or to shrink.
  for (const row of place.querySelectorAll("[data-id]")) {
    const p = drawn[row.dataset.id];
    row.dataset.model = model[row.dataset.id];
    row.dataset.drawn = p;
    row.querySelector(".bar").style.width = 100 * p + "%";
    row.lastChild.textContent = pc(p);
  }
  const name = (symbol) => (symbol === ngrams.end ? "the end of the document" : "“" + textOf(symbol) + "”");
  const hot = (strategy === "top-k" || strategy === "temperature") && temperature !== 1;
  effect.textContent = (hot ? "Temperature " + temperature.toFixed(1) + (temperature < 1 ? " sharpens: " : " flattens: ") + name(best[0]) + " has " + pc(drawn[best[0]]) + ", and " + pc(plain[best[0]]) + " at temperature 1. " : "")
    + { greedy: "Greedy takes the most probable token and no other.", random: "One of all " + n(ngrams.symbols - 1) + " tokens is drawn: these " + best.length + " have " + pc(best.reduce((sum, symbol) => sum + drawn[symbol], 0)) + " together.",
      "top-k": "One of the " + n(Math.min(k, ngrams.symbols - 1)) + " most probable tokens is drawn; all others are left out." + (hot ? "" : " Move the temperature and watch the bars."), temperature: "Any token may be drawn." + (hot ? "" : " Move the temperature and watch the bars.") }[strategy];
}
