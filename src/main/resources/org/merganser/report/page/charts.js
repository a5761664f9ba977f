// Charts: a canvas, and the same figures as a table.
const charts = [];
const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches && !("print" in document.documentElement.dataset);
const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
const SERIES = ["--accent", "--s1", "--s2", "--s3", "--s4"];
const series = (i) => css(SERIES[i % SERIES.length]);

function chart(caption, config, alternative, height) {
  const canvas = el("canvas", { role: "img", "aria-label": caption + " The figures are in the table below." });
  charts.push({ canvas, config, made: null });
  return el("figure", {}, el("div", { class: "plot", style: height ? "height:" + height : null }, canvas), el("figcaption", {}, caption),
    details("The figures as a table", alternative));
}
/** Bars of several series by group, one below the other: a chart that has room for names. */
function barChart(caption, unit, rows, names, alternative) {
  return chart(caption, () => ({
    type: "bar",
    data: { labels: rows.map(([label]) => label), datasets: names.map((name, i) => ({ label: name, data: rows.map(([, values]) => values[i]), backgroundColor: series(i) })) },
    options: { indexAxis: "y", plugins: { legend: { display: names.length > 1, position: "top", align: "start" } }, scales: { x: { ...axis(unit, "linear"), beginAtZero: true }, y: { ticks: { autoSkip: false } } } },
  }), alternative, 5 + rows.length * (0.7 + 0.7 * names.length) + "rem");
}
function drawCharts() {
  Chart.defaults.color = css("--soft");
  Chart.defaults.borderColor = css("--line");
  Chart.defaults.animation = false;
  Chart.defaults.font.family = "system-ui, sans-serif";
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

/** Sizes of vocabularies are powers of two: each has its own mark. */
const sizeAxis = (sizes) => ({
  ...axis("tokens in the vocabulary", "logarithmic"),
  afterBuildTicks: (scale) => { scale.ticks = sizes.map((value) => ({ value })); },
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
