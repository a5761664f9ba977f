// What was learned from the ids: how well the model predicts, and the vectors.
function learned() {
  const model = data.learned["ngrams.json"], vectorFigures = data.learned["vectors.json"], tokenMap = data.learned["map.json"];
  if (!model && !vectorFigures) return;
  const made = section("learned", "Learned from the ids", "Learned");
  if (model) prediction(made, model);
  if (vectorFigures) vectorScore(made, vectorFigures);
  if (tokenMap && tokenMap.neighbours.length) neighbours(made, tokenMap.neighbours);
  if (tokenMap && tokenMap.tokens.length) mapOf(made, tokenMap.tokens);
}

function prediction(made, model) {
  const { validation } = model;
  made.append(el("h3", {}, "How well the next token is predicted"));
  if (validation) {
    made.append(cards(["bits per byte", f(validation.bitsPerByte, 3), "Needed for text that was kept from learning. Compares tokenizers fairly."],
      ["perplexity", f(validation.perplexity, 1), "The model is as unsure as between so many tokens. Compares only models over one vocabulary."],
      ["text kept for it", size(validation.bytes), many(validation.documents, "document") + ", " + many(validation.symbols, "token")]));
  } else made.append(el("p", {}, "The whole model was not measured: keep a part of the corpus for validation with corpus.validation: 0.01 in the job."));
  if (s.prediction) {
    const p = s.prediction;
    const most = Math.max(...p.ways.map((w) => w.bitsPerByte));
    made.append(table("The same kind of model over other tokens, each learned from the same " + size(p.trainingBytes) + " and measured on the same " + size(p.heldOutBytes), [
      ["tokens are", wayName, "text"], ["bits per byte", bitsOf], ["", (w) => bar(w.bitsPerByte, most), "barcell"], ["perplexity", (w) => f(w.perplexity, 1)], ["tokens a byte", (w) => f(w.symbols / p.heldOutBytes, 3)], ["different tokens", (w) => n(w.vocabulary)]], p.ways),
      note("Less is better. " + (p.heldOut === "validation" ? "The text that is measured on is of the documents for validation." : "There are no documents for validation: a tenth of the text, in stretches of about 4 KiB chosen by a hash, was kept from learning the models; the tokenizer has seen it.") + " An unknown letter costs 8 bits a byte, an unknown word is spelled in letters, so that every model pays for the whole text. ± is half of a 95 % confidence interval over stretches. With little text, short tokens do better: there are more of each."));
  }
  made.append(details("The model", table("N-grams", [["order", (o) => n(o.order)], ["different ones", (o) => n(o.distinct)], ["kept", (o) => n(o.kept)], ["least count", (o) => n(o.minCount)], ["in this page", (o) => n(model.packed.kept[o.order - 1])]], model.orders)));
}

const WAYS = { letters: () => "letters", words: () => "words", size: (w) => "this run's, " + n(w.vocabulary), run: (w) => "this run's, all " + n(w.vocabulary), reference: (w) => tokenizerName(w.name) };
const wayName = (w) => WAYS[w.kind](w);

function vectorScore(made, figures) {
  made.append(el("h3", {}, "The vectors"), cards(
    figures.validation ? ["score", pc(figures.validation.score), "So often the vector of a token is nearer to one that really stands beside it than to one drawn by chance, in text kept from learning. Random vectors: " + pc(figures.validation.randomScore) + "."] : null,
    ["dimensions", n(figures.dim)], ["window", n(figures.window) + " tokens", "Tokens that stand so near keep company."], ["tokens with a vector", n(figures.rows - figures.idsWithoutVector), "of " + n(figures.rows)]));
  if (!figures.validation) made.append(note("There is no score: keep a part of the corpus for validation with corpus.validation: 0.01 in the job."));
}

function neighbours(made, rows) {
  const cell = (i) => (t) => (t.near[i] ? [tokenButton(t.near[i].id), el("span", { class: "hex" }, " " + f(t.near[i].cosine, 2))] : "");
  made.append(el("h3", {}, "Nearest tokens"), el("p", {}, "Tokens of like company have like vectors. 1 is the same direction, 0 none in common."),
    table("Frequent words and their nearest tokens, by cosine", [["token", (t) => [tokenButton(t.id), strip(t.id) ? [el("br"), strip(t.id)] : ""], "text"], ...Array.from({ length: 6 }, (_, i) => [i === 0 ? "nearest" : n(i + 1) + ".", cell(i), "left"])], rows));
}

/** The map: a canvas with labels, a legend, zoom and a hint where the pointer is. */
function mapOf(made, points) {
  const clusters = [...new Set(points.map((p) => p.cluster))].sort((a, b) => a - b);
  const nameOf = (c) => points.filter((p) => p.cluster === c).slice(0, 3).map((p) => textOf(p.id).replace(/^·/, "")).join(" ");
  const colour = (c, dim) => "hsl(" + ((c * 137.5) % 360) + " 70% " + (isDark() ? 65 : 38) + "% / " + (dim ? 0.15 : 1) + ")";
  const extent = (of) => { const all = points.map(of); return [Math.min(...all), Math.max(...all)]; };
  const [left, right] = extent((p) => p.x), [bottom, top] = extent((p) => p.y);
  const view = { zoom: 1, x: 0.5, y: 0.5 };
  let only = null, hot = null, placed = [];
  const canvas = el("canvas", { tabindex: "0", role: "img", "aria-label": "A map of " + n(points.length) + " tokens; arrows move it, + and − zoom. The table below has the same by cluster." });
  const tip = el("div", { class: "tip", hidden: true });
  const context = canvas.getContext("2d");
  const PADDING = 28;

  function draw() {
    const width = canvas.clientWidth, height = canvas.clientHeight, scale = devicePixelRatio || 1;
    if (width === 0) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = "12px ui-monospace, Consolas, monospace";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    const place = (share, centre, length) => length / 2 + (share - centre) * view.zoom * (length - 2 * PADDING);
    placed = points.map((p) => ({ p, x: place((p.x - left) / (right - left || 1), view.x, width), y: place(1 - (p.y - bottom) / (top - bottom || 1), view.y, height) }));
    const inside = placed.filter(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
    const off = ({ p }) => only !== null && p.cluster !== only;
    for (const at of inside) {
      context.fillStyle = colour(at.p.cluster, off(at));
      context.beginPath();
      context.arc(at.x, at.y, at.p === hot ? 6 : 3, 0, 7);
      context.fill();
    }
    const taken = [];
    let labels = 0;
    for (const at of [...inside.filter(({ p }) => p === hot), ...inside]) {
      const text = textOf(at.p.id).slice(0, 18);
      if (off(at) || labels > 120 || (text.includes("⟨") && at.p !== hot)) continue;
      const long = context.measureText(text).width;
      const from = at.x + 6 + long > width - 2 ? at.x - 6 - long : at.x + 6;
      const box = [from - 2, at.y - 7, from + long + 2, at.y + 7];
      if (box[0] < 0 || box[1] < 0 || box[3] > height || taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      taken.push(box);
      labels++;
      context.strokeStyle = css("--paper");
      context.strokeText(text, from, at.y);
      context.fillStyle = css("--ink");
      context.fillText(text, from, at.y);
    }
  }
  function zoom(factor, x, y) {
    const before = view.zoom;
    view.zoom = Math.max(1, Math.min(60, view.zoom * factor));
    if (x !== undefined) {
      const width = canvas.clientWidth, height = canvas.clientHeight, moved = 1 / before - 1 / view.zoom;
      view.x += ((x - width / 2) / (width - 2 * PADDING)) * moved;
      view.y += ((y - height / 2) / (height - 2 * PADDING)) * moved;
    }
    if (view.zoom === 1) view.x = view.y = 0.5;
    canvas.style.touchAction = view.zoom > 1 ? "none" : "pan-y";
    draw();
  }
  const move = (x, y) => { view.x = Math.max(0, Math.min(1, view.x + x / view.zoom)); view.y = Math.max(0, Math.min(1, view.y + y / view.zoom)); draw(); };
  function nearest(event) {
    let best = null, distance = 15 * 15;
    for (const at of placed) {
      const d = (at.x - event.offsetX) ** 2 + (at.y - event.offsetY) ** 2;
      if (d < distance && (only === null || at.p.cluster === only)) { best = at; distance = d; }
    }
    return best;
  }
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => { drag = { x: event.offsetX, y: event.offsetY, far: false }; });
  canvas.addEventListener("pointermove", (event) => {
    if (drag && (event.buttons & 1) && view.zoom > 1) {
      const x = event.offsetX - drag.x, y = event.offsetY - drag.y;
      if (drag.far || Math.abs(x) + Math.abs(y) > 4) {
        move(-x / canvas.clientWidth, -y / canvas.clientHeight);
        drag = { x: event.offsetX, y: event.offsetY, far: true };
      }
      return;
    }
    const at = nearest(event), p = at && at.p;
    if (p !== hot) { hot = p; draw(); }
    tip.hidden = !at;
    if (at) {
      tip.textContent = textOf(at.p.id) + " · " + n(at.p.count) + " times · " + nameOf(at.p.cluster);
      tip.style.left = Math.max(0, Math.min(at.x + 10, canvas.clientWidth - tip.offsetWidth)) + "px";
      tip.style.top = Math.max(0, at.y > 40 ? at.y - 36 : at.y + 14) + "px";
    }
  });
  canvas.addEventListener("pointerleave", () => { hot = null; tip.hidden = true; draw(); });
  canvas.addEventListener("click", (event) => {
    const at = drag && drag.far ? null : nearest(event);
    if (at) openCard(at.p.id, canvas);
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return; // else the page scrolls
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    if (steps[event.key]) move(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") zoom(0);
    else return;
    event.preventDefault();
  });
  const legend = el("div", { class: "chips", role: "group", "aria-label": "Clusters" }, clusters.map((c) => el("button", { type: "button", "aria-pressed": "false", on: { click: (event) => {
    only = only === c ? null : c;
    for (const other of legend.children) other.setAttribute("aria-pressed", String(other === event.currentTarget && only !== null));
    draw();
  } } }, el("span", { class: "swatch", "data-cluster": c, "aria-hidden": "true" }), el("bdi", {}, nameOf(c)))));
  const paint = () => legend.querySelectorAll("[data-cluster]").forEach((swatch) => { swatch.style.background = colour(Number(swatch.dataset.cluster)); });
  made.append(el("h3", {}, "A map of the " + n(points.length) + " most frequent tokens"),
    el("p", {}, "The two directions in which the vectors differ most. Tokens near each other keep like company; colours are 20 clusters by all dimensions. Zoom in where it is dense, and click a token to see it."),
    el("div", { class: "actions" }, [["Zoom in", 1.6], ["Zoom out", 1 / 1.6], ["Whole map", 0]].map(([title, factor]) => el("button", { type: "button", class: "act", on: { click: () => zoom(factor) } }, title))),
    el("figure", { class: "map" }, canvas, tip), note("Show one cluster, called by its three most frequent tokens:"), legend,
    details("The map as a table", table("Tokens by cluster", [["cluster", (c) => nameOf(c), "text"], ["tokens", (c) => n(points.filter((p) => p.cluster === c).length)], ["the most frequent", (c) => points.filter((p) => p.cluster === c).slice(0, 40).map((p) => textOf(p.id)).join("  "), "text"]], clusters)));
  new ResizeObserver(draw).observe(canvas);
  redrawn.push(() => { paint(); draw(); });
}
