// Each script may use the functions of those before it.
@@elements.js@@
@@comparison.js@@
// The page that compare writes: the comparison and nothing else.
const compared = s.comparison, letter = (i) => String.fromCharCode(65 + (i % 26)) + (i < 26 ? "" : Math.floor(i / 26));
const names = compared.vocabularies.map((r, i) => letter(i) + " " + tokenizerName(r.name));
const byTokens = compared.vocabularies.map((r, i) => [r.figures.tokens, names[i]]).sort((a, b) => a[0] - b[0]);
document.getElementById("summary").textContent = many(names.length, "tokenizer") + " cut the same " + many(compared.texts.documents, "text") + ", " + size(compared.texts.bytes) + " with " + many(compared.texts.words, "word") + ". "
  + (byTokens[0][0] === byTokens[byTokens.length - 1][0] ? "All need the same number of tokens, " + n(byTokens[0][0]) + "." : byTokens[0][1] + " needs the fewest tokens, " + n(byTokens[0][0]) + "; " + byTokens[byTokens.length - 1][1] + " the most, " + n(byTokens[byTokens.length - 1][0]) + ".");
comparison(names);
document.getElementById("charts-by").hidden = true;
sideBySide(names, null).then(() => { document.documentElement.dataset.ready = "yes"; });
