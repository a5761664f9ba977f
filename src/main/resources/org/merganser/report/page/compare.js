// The page that compare writes: the comparison and nothing else.
comparison(s.comparison.vocabularies.map((r, i) => String.fromCharCode(65 + (i % 26)) + (i < 26 ? "" : Math.floor(i / 26)) + " " + tokenizerName(r.name)));
drawCharts();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
document.documentElement.dataset.ready = "yes";
