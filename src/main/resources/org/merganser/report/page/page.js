// Shows the figures of a run. All text of tokens and documents reaches the page as text nodes.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const s = data.statistics;
  const v = s.vocabulary;
  const main = document.getElementById("main");
  const toc = document.getElementById("toc");
  let vocabulary = null;
  let encoder = null;
  let windows = [];
  let vectors = null;
  const charts = [];

  // ---- making elements
  function el(tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "on") for (const [event, f] of Object.entries(value)) e.addEventListener(event, f);
      else if (value === true) e.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) e.setAttribute(name, value);
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined) e.append(child);
    }
    return e;
  }
  function section(id, title, ...children) {
    toc.append(el("li", {}, el("a", { href: "#" + id }, title)));
    const made = el("section", { id, "aria-labelledby": id + "-h" }, el("h2", { id: id + "-h" }, title), children);
    main.append(made);
    return made;
  }
  const note = (...text) => el("p", { class: "note" }, text);
  const whole = new Intl.NumberFormat("en");
  const n = (x) => (x === null || x === undefined ? "–" : whole.format(x));
  const many = (x, one) => n(x) + " " + one + (x === 1 ? "" : "s");
  const f = (x, digits = 2) => (x === null || x === undefined ? "–" : Number(x).toFixed(digits));
  const pc = (x, digits = 1) => (x === null || x === undefined ? "–" : (100 * x).toFixed(digits) + " %");
  /** A figure of the sample with its error, which is null where too few texts were measured. */
  const sampled = s.sampledOneIn > 1;
  const pm = (x, error, show = f, digits = 2) => show(x, digits) + (!sampled || x === null ? "" : error === null ? " ± ?" : " ± " + show(error, digits));
  const sampleNote = !sampled ? "All text was measured." : "Sampled: one text in " + n(s.sampledOneIn) + " was measured. ± is half of a 95 % confidence interval, ? stands where too few texts were measured.";
  const name = (script) => script.charAt(0).toUpperCase() + script.slice(1);

  /** columns: [title, row => cell, class]; a cell is text, a node, or a list of them. */
  function table(caption, columns, rows, attributes) {
    const cells = (row) => columns.map(([, of, kind], i) =>
      el(i === 0 ? "th" : "td", { class: kind, scope: i === 0 ? "row" : null }, of(row)));
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", attributes || {}, el("caption", {}, caption),
        el("thead", {}, el("tr", {}, columns.map(([title, , kind]) => el("th", { scope: "col", class: kind }, title)))),
        el("tbody", {}, rows.map((row) => el("tr", {}, cells(row))))));
  }
  const bar = (value, most) => el("span", { class: "bar", style: "width:" + Math.max(0, Math.min(100, (100 * value) / most)) + "%", "aria-hidden": "true" });
  const cards = (...pairs) => el("dl", { class: "cards" }, pairs.map(([term, value, title]) =>
    el("div", { title: title }, el("dt", {}, term), el("dd", {}, value))));

  // ---- text of tokens
  const strict = new TextDecoder("utf-8", { fatal: true });
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ");
  const NAMES = { "\n": "⏎", "\r": "␍", "\t": "⇥", " ": "·" };
  const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zs}\p{Zl}\p{Zp}]/gu, (c) =>
    c === "\u200d" ? c : NAMES[c] || "[U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "]");
  /** Bytes as text a person can see; what is no whole character is shown as its bytes. */
  function shown(bytes) {
    let out = "";
    for (let at = 0; at < bytes.length;) {
      const lead = bytes[at];
      const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
      const piece = bytes.subarray(at, at + length);
      try {
        if (piece.length < length) throw new Error();
        out += visible(strict.decode(piece));
        at += length;
      } catch {
        out += "⟨" + hex(bytes.subarray(at, at + 1)) + "⟩";
        at++;
      }
    }
    return out;
  }
  /** A token may have a megabyte, and is shown at hundreds of places. */
  const MOST_BYTES = 200;
  function textOf(id) {
    if (!vocabulary.has(id)) return "(no token)";
    const bytes = vocabulary.of(id);
    let end = Math.min(bytes.length, MOST_BYTES);
    while (end < bytes.length && end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
    return shown(bytes.subarray(0, end)) + (end < bytes.length ? "… (" + n(bytes.length) + " bytes)" : "");
  }
  const tokenButton = (id, kind) => el("button", { type: "button", class: kind, title: "token " + id + ", " + n(vocabulary.counts[id]) + " times", on: { click: () => showToken(id) } }, el("bdi", {}, textOf(id)));

  // ---- charts: a canvas, and the same figures as a table
  const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  function chart(caption, config, alternative) {
    const canvas = el("canvas", { role: "img", "aria-label": caption + " The figures are in the table below." });
    const figure = el("figure", {}, el("div", { class: "plot" }, canvas), el("figcaption", {}, caption),
      el("details", {}, el("summary", {}, "The figures as a table"), alternative));
    charts.push({ canvas, config, made: null });
    return figure;
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
  const axis = (title, type) => ({ type, title: { display: true, text: title } });

  // ---- the sections
  function verdict() {
    const bad = s.verdict.filter((c) => !c.passed).length;
    section("verdict", "Verdict",
      el("p", {}, bad === 0 ? "All checks passed." : bad + " of " + s.verdict.length + " checks want attention."),
      el("ul", { class: "checks" }, s.verdict.map((c) => el("li", { class: c.passed ? "" : "bad" },
        el("span", { class: "mark" }, c.passed ? "✓ passed " : "✗ look "), el("strong", {}, c.name.replaceAll("-", " ")), ": ", c.found,
        el("span", { class: "note" }, " (wanted: " + c.wanted + ")"), c.advice ? el("div", {}, c.advice) : null))));
  }

  function numbers() {
    section("numbers", "Big numbers",
      cards(["bytes per token", f(s.bytesPerToken, 3), "more is cheaper: fewer tokens for the same text"],
        ["characters per token", f(s.charactersPerToken, 3)],
        ["tokens per word (fertility)", pm(s.tokensPerWord, s.tokensPerWordError, f, 3), "1 would be a token for every word"],
        ["words that are one token", pm(s.wholeWords, s.wholeWordsError, pc, 1)],
        ["words that are cut", pm(s.continuedWords, s.wholeWordsError, pc, 1)],
        ["Rényi efficiency (α 2.5)", f(s.use.renyiEfficiency, 3), "1 would be all tokens used alike"],
        ["vocabulary used", pc(v.utilisation)],
        ["vocabulary", n(v.size)], ["documents", n(s.documents)], ["bytes of text", n(s.bytes)], ["characters", n(s.characters)], ["tokens", n(s.tokens)]),
      note(s.measured.documents ? "Words: measured on " + (s.measured.documents === 1 ? "1 document or excerpt" : n(s.measured.documents) + " documents and excerpts") + " (" + many(s.measured.bytes, "byte") + ") of the run. " + sampleNote + " The rest: on all text." : "No text was measured for words."));
  }

  function cutting() {
    const made = section("cutting", "Which way of cutting?");
    if (s.granularities.length === 0) {
      made.append(note(s.measured.documents
        ? "Not measured: the job says report.granularities: false."
        : "Not measured: there is no text to measure."));
      return;
    }
    const rows = s.granularities;
    const most = Math.max(...rows.map((r) => Math.min(4, r.relativeToLetters)));
    made.append(el("p", {}, "Sentences and words need endless vocabularies and still meet what they don't know; letters and bytes know everything and make the text long. Subwords are the middle: the same text as fewer tokens, from a vocabulary of a chosen size, with nothing unknown."),
      table("Five ways of cutting the measured text", [
        ["a token is a", (r) => r.unit, "text"],
        ["tokens", (r) => n(r.tokens)],
        ["× letters", (r) => pm(r.relativeToLetters, r.relativeToLettersError, f, 3)],
        ["compute", (r) => bar(r.relativeToLetters, most), "barcell"],
        ["vocabulary for all", (r) => n(r.vocabulary)],
        ["for 95 % of seen text", (r) => n(r.covering95)],
        ["<UNK> on unseen text", (r) => pc(r.unknown, 2)],
        ["of it seen < 10 times", (r) => pc(r.rare)]], rows),
      note(sampleNote + (sampled ? " Vocabularies and <UNK> are those of the measured text; more text needs more." : "")),
      note("“Vocabulary for all”: of all of the measured text. Seen text: nine tenths of it. Unseen text: the other tenth, kept from counting (documents for validation where the job has them). “× letters” is how long the text is, next to one token a letter; a model's compute grows with it, attention with its square."));
    if (data.sample) {
      made.append(el("h3", {}, "One text, five ways"), el("div", { id: "five" }));
    }
  }
  function five() {
    const place = document.getElementById("five");
    if (!place) return;
    const { text, sentences, words } = data.sample;
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
    const bytes = new TextEncoder().encode(text);
    const ways = [["sentence", spans(sentences)], ["word", spans(words)]];
    if (encoder) ways.push(["subword", encoder.encode(text, false).map((id) => [textOf(id), true])]);
    ways.push(["letter", Array.from(text, (c) => [visible(c), true])]);
    ways.push(["byte", Array.from(bytes, (b) => [b.toString(16).toUpperCase().padStart(2, "0"), true])]);
    for (const [way, pieces] of ways) {
      const count = pieces.filter(([, isToken]) => isToken).length;
      let i = 0;
      place.append(el("h4", {}, way + ": " + n(count) + " tokens"), el("div", { class: "tokens", dir: "auto" },
        pieces.map(([piece, isToken]) => el("span", { class: isToken ? "c" + (i++ % 5) : null }, piece))));
    }
  }

  function sizes() {
    const points = s.sizes;
    section("sizes", "How large a vocabulary?",
      el("p", {}, "All from one training: with only the first merges, this corpus would take so many tokens."),
      chart("Bytes per token by size of the vocabulary.", () => ({
        type: "line",
        data: { datasets: [{ label: "bytes per token", data: points.map((p) => ({ x: p.vocabulary, y: p.bytesPerToken })), borderColor: css("--accent"), backgroundColor: css("--accent"), pointRadius: 4 }] },
        options: { plugins: { legend: { display: false } }, scales: { x: axis("vocabulary", "logarithmic"), y: { ...axis("bytes per token", "linear"), beginAtZero: true } } },
      }), table("Bytes per token by vocabulary size", [
        ["vocabulary", (p) => n(p.vocabulary)], ["merges", (p) => n(p.merges)], ["tokens", (p) => n(p.tokens)], ["bytes per token", (p) => f(p.bytesPerToken, 3)],
        ["gain over the one before", (p) => { const i = points.indexOf(p); return i === 0 ? "–" : pc(p.bytesPerToken / points[i - 1].bytesPerToken - 1); }]], points)));
  }

  const MOST_GROUPS = 500;
  function groups() {
    const made = section("groups", "Who pays?");
    if (s.groups.length > 0) {
      const most = s.groups.reduce((a, g) => Math.max(a, g.bytesPerToken), 0);
      made.append(el("h3", {}, "By group"), table("Groups (the job's groupBy), the dearest first", [
        ["group", (g) => el("bdi", {}, visible(g.group)), "text"], ["bytes per token", (g) => f(g.bytesPerToken, 3)], ["", (g) => bar(g.bytesPerToken, most), "barcell"],
        ["tokens a byte, × average", (g) => f(g.costRatio)], ["tokens per word", (g) => pm(g.tokensPerWord, g.tokensPerWordError)], ["documents", (g) => n(g.documents)], ["bytes", (g) => n(g.bytes)], ["tokens", (g) => n(g.tokens)]], s.groups.slice(0, MOST_GROUPS)),
        s.groups.length > MOST_GROUPS ? note("The first " + n(MOST_GROUPS) + " of " + n(s.groups.length) + " groups; statistics.json has all.") : "",
        note("Gini coefficient of tokens a byte over the groups: " + f(s.groupGini, 3) + " (0: all pay alike). Tokens per word: " + sampleNote));
    } else {
      made.append(note("The documents have no groups: name a field such as lang in shards.groupBy."));
    }
    if (s.scripts.length > 0) {
      const most = Math.max(...s.scripts.map((g) => g.bytesPerToken));
      made.append(el("h3", {}, "By script"), table("Text by script, the most first", [
        ["script", (g) => name(g.script), "text"], ["bytes per token", (g) => pm(g.bytesPerToken, g.bytesPerTokenError, f, 3)], ["", (g) => bar(g.bytesPerToken, most), "barcell"],
        ["tokens per word", (g) => pm(g.tokensPerWord, g.tokensPerWordError)], ["words", (g) => n(g.words)], ["bytes", (g) => n(g.bytes)], ["tokens", (g) => n(g.tokens)]], s.scripts),
        note("Gini coefficient over the scripts: " + pm(s.scriptGini, s.scriptGiniError, f, 3) + ". " + sampleNote + " A word's text is the word and what stands before it, back to the word before; a token counts once, where it begins. In scripts written without spaces a letter counts as a word. Letters of other scripts take two or three bytes where Latin takes one: compare tokens per word, too."));
    }
  }

  function vocabularySection() {
    const places = s.use.zipf;
    const made = section("vocabulary-section", "The vocabulary",
      cards(["tokens", n(v.size)], ["used", n(v.used)], ["never used", n(v.unused)], ["only a step to another", n(v.residue.count)], ["unreachable", n(v.unreachable.count)],
        ["absent from this corpus", n(v.absent.count)], ["single bytes unused", n(v.unusedBytes)], ["parts of characters", n(v.partialUtf8.count)], ["longest, bytes", n(v.longestBytes)], ["white space", n(v.whiteSpace.count)], ["added", n(v.added)]),
      el("h3", {}, "Search"),
      el("label", { for: "search" }, "Find tokens by their text, or #id"),
      el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", on: { input: search } }),
      el("div", { id: "found", "aria-live": "polite" }),
      el("div", { id: "token", tabindex: "-1", hidden: true, role: "region", "aria-label": "A token" }),
      el("h3", {}, "How often tokens occur"),
      chart("Tokens by rank and count, both logarithmic (Zipf's plot).", () => ({
        type: "line",
        data: { datasets: [{ label: "count", data: places.map((p) => ({ x: p.rank, y: p.count })), borderColor: css("--accent"), pointRadius: 0, borderWidth: 2 }] },
        options: { plugins: { legend: { display: false } }, scales: { x: axis("rank", "logarithmic"), y: axis("count", "logarithmic") } },
      }), table("Tokens by rank", [["rank", (p) => n(p.rank)], ["count", (p) => n(p.count)]], places)),
      el("div", { id: "kinds" }),
      el("h3", {}, "Numbers 0 to 999"),
      note(v.numbers.oneDigit + " of 10 with one digit, " + v.numbers.twoDigits + " of 90 with two and " + v.numbers.threeDigits + " of 900 with three are one token."));
    if (v.numbers.missing.length < 990) {
      const missing = new Set(v.numbers.missing);
      made.append(el("details", {}, el("summary", {}, "Which ones"), el("div", { class: "numbers" },
        Array.from({ length: 1000 }, (_, i) => el("span", { class: missing.has(i) ? "" : "yes" }, String(i), missing.has(i) ? null : el("span", { hidden: true }, " yes"))))));
    }
    const all = v.scripts.reduce((sum, g) => sum + g.tokens, 0);
    made.append(el("h3", {}, "Tokens by script"), table("Tokens by the script of their first letter", [
      ["script", (g) => name(g.script), "text"], ["tokens", (g) => n(g.tokens)], ["share", (g) => pc(g.tokens / all)], ["", (g) => bar(g.tokens, v.scripts[0].tokens), "barcell"], ["uses", (g) => n(g.uses)]], v.scripts.slice(0, 40)));
  }
  function kinds() {
    const place = document.getElementById("kinds");
    const list = (title, explanation, kind) => el("details", {}, el("summary", {}, title + " (" + n(kind.count) + ")"), note(explanation, kind.count > kind.ids.length ? " The first " + kind.ids.length + " by id." : ""),
      el("div", { class: "chips" }, kind.ids.map((id) => tokenButton(id))));
    place.append(list("Longest tokens", "By bytes.", { count: v.longest.length, ids: v.longest }),
      list("Residue", "Never a token of the corpus, only ever a step on the way to another one.", v.residue),
      list("Unreachable", "Their own text is cut otherwise, so that no text gives them.", v.unreachable),
      list("Absent", "They could occur, but not in this corpus.", v.absent),
      v.unexamined.count ? list("Not examined", "Their text is too long to find out whether text gives them.", v.unexamined) : "",
      list("Parts of characters", "Tokens that begin or end within a character; used " + n(v.partialUtf8Uses) + " times.", v.partialUtf8),
      list("White space", "", v.whiteSpace));
  }

  function search() {
    const query = document.getElementById("search").value;
    const place = document.getElementById("found");
    place.replaceChildren();
    if (!vocabulary || query === "") return;
    const found = [];
    let total = 0;
    const number = /^#(\d+)$/.exec(query);
    if (number) {
      if (vocabulary.has(Number(number[1]))) { found.push(Number(number[1])); total = 1; }
    } else {
      const wanted = new TextEncoder().encode(query.replace(/·/g, " "));
      const { bytes, starts } = vocabulary;
      let last = -1;
      let id = 0;
      for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
        while (starts[id + 1] <= at) id++;
        if (id === last || at + wanted.length > starts[id + 1]) continue;
        let same = 1;
        while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
        if (same === wanted.length) { found.push(id); last = id; total++; }
      }
      found.sort((a, b) => vocabulary.counts[b] - vocabulary.counts[a] || a - b);
    }
    place.append(note(n(total) + (total === 1 ? " token" : " tokens") + (total > 200 ? ", the 200 most frequent:" : "")),
      el("div", { class: "chips" }, found.slice(0, 200).map((id) => tokenButton(id))));
  }

  /** What a token is merged from, as far as the rest of so many nodes goes. */
  function tree(id, depth, rest) {
    const r = vocabulary.rankOf[id];
    const own = el("li", {}, el("span", { class: "tok c" + (depth % 5) }, el("bdi", {}, textOf(id))), " ", el("span", { class: "hex" }, "#" + id + (r < 0 ? "" : ", merge " + n(r + 1))));
    rest.nodes -= 2;
    if (r >= 0 && depth < 40) own.append(el("ul", {}, rest.nodes < 0 ? el("li", {}, "…") : [tree(vocabulary.left[r], depth + 1, rest), tree(vocabulary.right[r], depth + 1, rest)]));
    return own;
  }
  function row(id) {
    if (!vectors || id >= data.rows.rows || data.rows.shown === 0) return null;
    const of = Array.from(vectors.subarray(id * data.rows.shown, (id + 1) * data.rows.shown));
    return of.map((x) => Number(x.toPrecision(4))).join(", ") + (data.rows.shown < data.rows.dim ? " … (" + data.rows.shown + " of " + data.rows.dim + " values)" : "");
  }
  function showToken(id) {
    const place = document.getElementById("token");
    const bytes = vocabulary.of(id);
    const list = windows.filter((w) => w.ids.includes(id)).slice(0, 8);
    const vector = row(id);
    place.replaceChildren(el("div", {}, el("h3", {}, "Token ", el("span", { class: "tok c0" }, el("bdi", {}, textOf(id)))),
      cards(["id", n(id)], ["occurs", n(vocabulary.counts[id]) + " times"], ["bytes", n(bytes.length)], ["merge", vocabulary.rankOf[id] < 0 ? "none" : n(vocabulary.rankOf[id] + 1)]),
      el("p", { class: "hex" }, hex(bytes.subarray(0, 256))),
      el("h4", {}, "How it is merged"), el("ul", { class: "tree" }, tree(id, 0, { nodes: 300 })),
      el("h4", {}, "Where it occurs"),
      list.length === 0 ? note("No example in this page.") : list.map((w) => el("div", {}, el("div", { class: "tokens", dir: "auto" }, w.ids.map((other, i) => el("span", { class: "c" + (i % 5) + (other === id ? " chosen" : "") }, textOf(other)))), el("div", { class: "hex" }, visible(data.documents[w.document])))),
      vector ? [el("h4", {}, "Its row of the embedding table"), el("p", { class: "hex" }, vector)] : null,
      el("button", { type: "button", class: "more", on: { click: () => { place.hidden = true; } } }, "Close")));
    place.hidden = false;
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  }

  function tryIt() {
    const made = section("try", "Try it: paste a text");
    if (data.tokenizer.unsupported) {
      made.append(note("The encoder of this page doesn't reproduce this tokenizer: " + data.tokenizer.unsupported + ". Use merganser tokenize."));
      return;
    }
    made.append(el("label", { for: "paste" }, "Text"),
      el("textarea", { id: "paste", spellcheck: "false", on: { input: encodePasted } }, data.sample ? data.sample.text : "The sun rises in the east."),
      el("label", { class: "inline" }, el("input", { type: "checkbox", id: "special", on: { change: encodePasted } }), " special tokens in it are special"),
      el("p", { id: "pasted-sum", "aria-live": "polite" }), el("div", { id: "pasted", class: "tokens", dir: "auto" }), el("div", { id: "pasted-table" }),
      note("Cut in this page by the run's own tokenizer; nothing leaves it. Click a token to see how it is merged."));
  }
  const MOST = 3000;
  function encodePasted() {
    if (!encoder) return;
    const text = document.getElementById("paste").value;
    const ids = encoder.encode(text, document.getElementById("special").checked);
    const bytes = new TextEncoder().encode(text).length;
    document.getElementById("pasted-sum").textContent = n(ids.length) + " tokens, " + n(Array.from(text).length) + " characters, " + n(bytes) + " bytes" + (ids.length ? ", " + f(bytes / ids.length, 3) + " bytes per token" : "") + (ids.length > MOST ? "; the first " + n(MOST) + " are shown" : "");
    document.getElementById("pasted").replaceChildren(...ids.slice(0, MOST).map((id, i) => {
      const t = tokenButton(id, "c" + (i % 5));
      t.append(vocabulary.of(id).includes(10) ? "\n" : "");
      return t;
    }));
    const columns = [["#", (r) => n(r.i + 1)], ["id", (r) => String(r.id)], ["token", (r) => el("bdi", {}, textOf(r.id)), "text"], ["bytes", (r) => el("span", { class: "hex" }, hex(vocabulary.of(r.id).subarray(0, MOST_BYTES))), "text"], ["occurs", (r) => n(vocabulary.counts[r.id])]];
    if (vectors) columns.push(["row of the embedding table", (r) => el("span", { class: "hex" }, row(r.id) || "–"), "text"]);
    document.getElementById("pasted-table").replaceChildren(el("details", { open: ids.length <= 40 }, el("summary", {}, "Ids, bytes and rows"), table("The tokens of the text", columns, ids.slice(0, 200).map((id, i) => ({ id, i })))));
    document.getElementById("pasted").dataset.ids = ids.join(" ");
  }

  function comparison() {
    const c = s.comparison;
    if (!c) return;
    const cutText = (t, ends) => {
      const bytes = new TextEncoder().encode(t.text);
      let at = 0;
      return el("div", { class: "tokens", dir: "auto" }, ends.map((end, i) => { const piece = shown(bytes.subarray(at, end)); at = end; return el("span", { class: "c" + (i % 5) }, piece); }));
    };
    section("comparison", "Comparison with " + c.nameB,
      el("p", {}, "A: " + c.nameA + ", " + n(c.sizeA) + " tokens. B: " + c.nameB + ", " + n(c.sizeB) + " tokens."),
      cards(["bytes per token, A", f(c.bytesPerTokenA, 3)], ["bytes per token, B", f(c.bytesPerTokenB, 3)], ["shared tokens", n(c.shared)], ["shared of all (Jaccard)", pc(c.jaccard)], ["A's uses that B has", pc(c.usesInB)], ["B's uses that A has", pc(c.usesInA)]),
      note("On " + n(c.documents) + " texts, " + n(c.bytes) + " bytes."),
      c.byGroup.length ? table("By group", [["group", (g) => el("bdi", {}, visible(g.group)), "text"], ["A", (g) => f(g.bytesPerTokenA, 3)], ["B", (g) => f(g.bytesPerTokenB, 3)], ["A's tokens over B's", (g) => f(g.tokensA / g.tokensB, 3)], ["bytes", (g) => n(g.bytes)]], c.byGroup) : null,
      el("h3", {}, "Where they differ most"),
      c.furthest.map((t) => el("article", {}, el("h4", {}, visible(t.document) + ": " + n(t.tokensA) + " and " + n(t.tokensB) + " tokens"), cutText(t, t.cutA), cutText(t, t.cutB))));
  }

  function learned() {
    const files = Object.entries(data.learned);
    if (files.length === 0) return;
    const made = section("learned", "Learned from the ids");
    for (const [file, figures] of files) {
      if (file === "map.json") map(made, figures);
      else if (figures && typeof figures === "object") {
        const plain = Object.entries(figures).filter(([, value]) => typeof value !== "object");
        made.append(el("h3", {}, file), cards(...plain.map(([key, value]) => [key.replace(/([A-Z])/g, " $1").toLowerCase(), typeof value === "number" ? (Number.isInteger(value) ? n(value) : f(value, 4)) : String(value)])));
      }
    }
  }
  function map(made, figures) {
    const points = figures.tokens || [];
    if (points.length) {
      const clusters = [...new Set(points.map((p) => p.cluster || 0))].sort((a, b) => a - b);
      const colour = (i) => "hsl(" + (i * 137.5) % 360 + " 65% 50%)";
      const label = (p) => (vocabulary ? textOf(p.id) : String(p.id));
      made.append(el("h3", {}, "A map of the most frequent tokens"), chart("Tokens whose neighbours are alike lie near each other; a colour is a cluster.", () => ({
        type: "scatter",
        data: { datasets: clusters.map((c) => ({ label: "cluster " + c, data: points.filter((p) => (p.cluster || 0) === c).map((p) => ({ x: p.x, y: p.y, token: label(p) })), backgroundColor: colour(c), pointRadius: 3 })) },
        options: { plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => item.raw.token } } }, scales: { x: { ticks: { display: false } }, y: { ticks: { display: false } } } },
      }), table("Tokens by cluster", [["cluster", (c) => String(c)], ["tokens", (c) => points.filter((p) => (p.cluster || 0) === c).slice(0, 60).map((p) => label(p)).join("  "), "text"]], clusters)));
    }
    const neighbours = figures.neighbours || [];
    if (neighbours.length) {
      const near = (x) => el("span", {}, el("bdi", {}, textOf(x.id)), " ", el("span", { class: "hex" }, f(x.cosine, 3) + "  "));
      made.append(el("h3", {}, "Nearest tokens"), table("Tokens and their nearest by cosine", [["token", (t) => el("bdi", {}, textOf(t.id)), "text"], ["nearest", (t) => t.near.map(near), "text"]], neighbours));
    }
  }

  function identity() {
    const i = data.identity;
    const made = section("identity", "Identity",
      table("What this is", [["", (r) => r[0], "text"], ["", (r) => el("span", { class: "text" }, r[1]), "text"]], i.facts),
      i.deadLetters.length ? table("Dead letters", [["reason", (r) => r[0], "text"], ["records", (r) => n(r[1])]], i.deadLetters) : note("No dead letters."));
    for (const run of i.times) {
      const earlier = run !== i.times[0];
      const caption = "Busy time by stage, added up over threads, of the " + (earlier ? "earlier run whose units the last run kept" : run.unitsKept ? "last run, which kept " + many(run.unitsKept, "unit") + " of an earlier one" : "run that made these files") + ", " + run.began + ": " + f(run.seconds, 1) + " s by the clock, " + many(run.threads, "thread");
      made.append(table(caption, [["stage", (r) => r.stage, "text"], ["busy seconds", (r) => f(r.busySeconds)], ["MB/s a thread", (r) => (r.bytes && r.busySeconds ? f(r.bytes / r.busySeconds / 1e6, 1) : "–")], ["by the clock, first to last", (r) => f(r.seconds)]], run.stages));
    }
    made.append(el("details", {}, el("summary", {}, "The job"), el("pre", { class: "scroll", tabindex: "0" }, i.job)));
  }

  // ---- unpacking
  async function unpack(id) {
    const base64 = document.getElementById(id).textContent;
    if (base64 === "") return null;
    const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  async function start() {
    document.getElementById("summary").textContent = many(s.bytes, "byte") + " of text in " + many(s.documents, "document") + " became " + many(s.tokens, "token") + " of a vocabulary of " + n(v.size) + ": " + f(s.bytesPerToken, 2) + " bytes a token.";
    verdict(); numbers(); cutting(); sizes(); groups(); vocabularySection(); tryIt(); comparison();
    vocabulary = new Merganser.Vocabulary(await unpack("vocabulary"));
    learned(); identity();
    const vectorBytes = await unpack("vectors");
    vectors = vectorBytes && vectorBytes.length ? new Float32Array(vectorBytes.buffer) : null;
    const examples = await unpack("examples");
    if (examples) {
      const numbersIn = new Merganser.Numbers(examples);
      while (!numbersIn.done) {
        const document = numbersIn.next();
        windows.push({ document, ids: Array.from({ length: numbersIn.next() }, () => numbersIn.next()) });
      }
    }
    kinds();
    if (!data.tokenizer.unsupported) {
      encoder = new Merganser.Encoder(vocabulary, data.tokenizer);
      Merganser.encode = (text, special) => encoder.encode(text, special);
      encodePasted();
    }
    five();
    drawCharts();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
    document.documentElement.dataset.ready = "yes";
  }
  start().catch((e) => {
    main.prepend(el("p", { role: "alert" }, "This page could not unpack itself: " + e.message));
    throw e;
  });
})();
