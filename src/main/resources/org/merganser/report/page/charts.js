// Charts: a canvas, and the same figures as a table.
const charts = [];
const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

function chart(caption, config, alternative) {
  const canvas = el("canvas", { role: "img", "aria-label": caption + " The figures are in the table below." });
  charts.push({ canvas, config, made: null });
  return el("figure", {}, el("div", { class: "plot" }, canvas), el("figcaption", {}, caption),
    details("The figures as a table", alternative));
}
function drawCharts() {
  Chart.defaults.color = css("--soft");
  Chart.defaults.borderColor = css("--line");
  Chart.defaults.animation = false;
  Chart.defaults.font = { family: "Inter, system-ui, sans-serif", size: 14 };
  Chart.defaults.maintainAspectRatio = false;
  for (const c of charts) {
    if (c.made) c.made.destroy();
    c.made = new Chart(c.canvas, c.config());
  }
}
/** Paper is white: what is printed has the colours of the light page. */
function colourFor(print) {
  if (print) document.documentElement.dataset.print = "";
  else delete document.documentElement.dataset.print;
  if (matchMedia("(prefers-color-scheme: dark)").matches) drawCharts();
}
addEventListener("beforeprint", () => colourFor(true));
addEventListener("afterprint", () => colourFor(false));
const axis = (title, type) => ({ type, title: { display: true, text: title } });

/** Sizes of vocabularies are powers of two and the last: each has its own mark where there is room for it. */
const sizeAxis = (sizes) => ({
  ...axis("tokens in the vocabulary", "logarithmic"),
  afterBuildTicks: (scale) => { scale.ticks = sizes.filter((value, i) => i === sizes.length - 1 || sizes[i + 1] > 1.5 * value).map((value) => ({ value })); },
  ticks: { callback: (value) => n(value), maxRotation: 0, autoSkip: true },
});

/** A row of the embedding table as a strip of colour: blue below 0, orange above, paper at 0. */
function strip(id) {
  if (!vectors || id >= data.rows.rows || data.rows.shown === 0) return null;
  const { shown: values, dim, most } = data.rows;
  const row = vectors.subarray(id * values, (id + 1) * values);
  const cells = Array.from(row, (value) => {
    const share = Math.round((100 * Math.abs(value)) / 127);
    return el("i", { style: "background:color-mix(in srgb,var(" + (value < 0 ? "--below" : "--above") + ") " + share + "%,var(--paper))" });
  });
  const first = Array.from(row.subarray(0, 4), (value) => f((value / 127) * most, 3)).join(", ");
  const words = many(values, "value") + (values < dim ? " of " + n(dim) : "") + ", the first about " + first;
  return el("span", { class: "strip", role: "img", "aria-label": "Vector: " + words, title: words }, cells);
}
