// What was learned from the ids: how well the model predicts.
function learned() {
  const model = data.learned["ngrams.json"];
  if (model) prediction(section("learned", "Learned from the ids", "Learned"), model);
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
