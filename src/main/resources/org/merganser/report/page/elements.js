// Elements, numbers and the text of tokens. All text of tokens and documents reaches the page as text nodes.
const data = JSON.parse(document.getElementById("data").textContent);
const s = data.statistics;
const v = s.vocabulary;
const main = document.getElementById("main");
const toc = document.getElementById("toc");

/** What is unpacked after the first figures are shown; null until then, and where the page has none. */
let vocabulary = null, encoder = null, ngrams = null, vectors = null;
let windows = [];

/** A part of the page that is packed; null where the page does not have it. */
async function unpack(id) {
  const base64 = document.getElementById(id).textContent;
  if (base64 === "") return null;
  const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

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
function section(id, title, short, ...children) {
  toc.append(el("li", {}, el("a", { href: "#" + id }, short)));
  const made = el("section", { id, "aria-labelledby": id + "-h" }, el("h2", { id: id + "-h" }, title), children);
  main.append(made);
  return made;
}
const note = (...text) => el("p", { class: "note" }, text);

// ---- numbers
const whole = new Intl.NumberFormat("en");
const n = (x) => (x === null || x === undefined ? "–" : whole.format(x));
const many = (x, one) => n(x) + " " + one + (x === 1 ? "" : "s");
const f = (x, digits = 2) => (x === null || x === undefined ? "–" : Number(x).toFixed(digits));
const pc = (x, digits = 1) => (x === null || x === undefined ? "–" : (100 * x).toFixed(digits) + " %");
function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 999.5 && unit < units.length - 1) { bytes /= 1000; unit++; }
  return (unit === 0 || bytes >= 100 ? n(Math.round(bytes)) : bytes.toPrecision(3)) + " " + units[unit];
}
const isSampled = s.sampledOneIn > 1;
const sampleNote = isSampled ? "Sampled: one text in " + n(s.sampledOneIn) + " was measured." : "All text was measured.";
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// ---- names of groups: where most of them are codes of languages, with the languages' names
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
function languageOf(code) {
  if (!/^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(code)) return undefined;
  try { return languages.of(code.replaceAll("_", "-")); } catch { return undefined; }
}
const named = s.groups.filter((g) => !g.group.startsWith("("));
const areLanguages = 2 * named.filter((g) => languageOf(g.group)).length > named.length;
function groupName(group) {
  const language = areLanguages ? languageOf(group) : undefined;
  return language ? language + " (" + group + ")" : group.split(" ").map(visible).join(" ");
}

// ---- tables
/** columns: [title, row => cell, class, row => what it is sorted by]; a cell is text, a node, or a list of them. */
function table(caption, columns, rows, attributes) {
  const cells = (row) => columns.map(([, of, kind], i) =>
    el(i === 0 ? "th" : "td", { class: kind, scope: i === 0 ? "row" : null }, of(row)));
  const made = rows.map((row) => el("tr", {}, cells(row)));
  const body = el("tbody", {}, made);
  const sort = (key, head) => {
    const up = head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && typeof key(rows[0]) === "string");
    const order = (a, b) => (a === null ? 1 : b === null ? -1 : (up ? 1 : -1) * (a < b ? -1 : a > b ? 1 : 0));
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows.map((row, i) => [key(row), made[i]]).sort((a, b) => order(a[0], b[0])).map(([, tr]) => tr));
  };
  const head = ([title, , kind, key]) => (title ? el("th", { scope: "col", class: kind }, key ? el("button", { type: "button", class: "sort", on: { click: (event) => sort(key, event.target.closest("th")) } }, title) : title) : el("td", { class: kind }));
  const place = el("div", { class: "scroll", role: "region", "aria-label": caption },
    el("table", attributes || {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, columns.map(head))), body));
  scrolled.observe(place);
  return place;
}
/** Says where a table goes on beyond the edge, and lets the keyboard scroll it. */
const scrolled = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("wide", wide);
    if (wide) target.setAttribute("tabindex", "0"); else target.removeAttribute("tabindex");
  }
});
const bar = (value, most, kind) => el("span", { class: "bar " + (kind || ""), style: "width:" + Math.max(0, Math.min(100, (100 * value) / most)) + "%", "aria-hidden": "true" });
const cards = (...pairs) => el("dl", { class: "cards" }, pairs.filter(Boolean).map(([term, value, title]) =>
  el("div", {}, el("dt", {}, term), el("dd", {}, value), title ? el("dd", { class: "why" }, title) : null)));
const details = (title, ...children) => el("details", {}, el("summary", {}, title), children);
/** A word with its explanation behind it. */
const term = (word, explanation) => el("details", { class: "term" }, el("summary", {}, word), el("span", {}, explanation));

// ---- text of tokens
const strict = new TextDecoder("utf-8", { fatal: true });
const utf8 = new TextEncoder();
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ");
const NAMES = { "\n": "⏎", "\r": "␍", "\t": "⇥", " ": "·" };
const SPOKEN = { "\n": " line break ", "\r": " carriage return ", "\t": " tab ", " ": " space " };
function visible(text, names = NAMES) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zs}\p{Zl}\p{Zp}]/gu, (c) =>
    c === "\u200d" ? c : names[c] || "[U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "]");
}
/** Bytes as text a person can see; what is no whole character is shown as its bytes. */
function shown(bytes, names = NAMES) {
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at];
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const piece = bytes.subarray(at, at + length);
    try {
      if (piece.length < length) throw new Error();
      out += visible(strict.decode(piece), names);
      at += length;
    } catch {
      out += "⟨" + hex(bytes.subarray(at, at + 1)) + "⟩";
      at++;
    }
  }
  return out;
}
/** The bytes of tokens, one after the other. */
function joined(ids, of) {
  const all = ids.map((id) => of.of(id)), bytes = new Uint8Array(all.reduce((sum, each) => sum + each.length, 0));
  all.reduce((to, each) => { bytes.set(each, to); return to + each.length; }, 0);
  return bytes;
}
/** A token may have a megabyte, and is shown at hundreds of places. */
const MOST_BYTES = 200;
function textOf(id, names = NAMES) {
  if (!vocabulary.has(id)) return "(no token)";
  const bytes = vocabulary.of(id);
  let end = Math.min(bytes.length, MOST_BYTES);
  while (end < bytes.length && end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
  return shown(bytes.subarray(0, end), names) + (end < bytes.length ? "… (" + n(bytes.length) + " bytes)" : "");
}
/** What a screen reader says of a token: "space the". */
const spoken = (id) => textOf(id, SPOKEN).replace(/(?: space ){2,}/g, (all) => " " + all.length / 7 + " spaces ").trim();
const tokenButton = (id, kind) => el("button", { type: "button", class: kind, "aria-label": spoken(id), title: "token " + id + ", " + n(vocabulary.counts[id]) + " times", on: { click: (event) => openCard(id, event.currentTarget) } }, el("bdi", {}, textOf(id)));
/** Tokens in colours; each opens its card. */
const coloured = (ids) => ids.map((id, i) => {
  const made = tokenButton(id, "c" + (i % 5));
  if (vocabulary.of(id).includes(10)) made.append("\n");
  return made;
});

// ---- many buttons, one stop of the tab key: arrow keys, Home and End go from one to the next
const RIGHT_TO_LEFT = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}]/u;
/** The direction of a text in tokens, by its first letter: dir=auto does not look into the bdi of each token. */
const direction = (text) => (RIGHT_TO_LEFT.test((/\p{L}/u.exec(text.replace(/⟨..⟩/g, "")) || [""])[0]) ? "rtl" : "ltr");
function rove(place, label, ...children) {
  place.replaceChildren(...children.flat(Infinity));
  place.dir = direction(place.textContent);
  place.classList.add("roving");
  place.setAttribute("role", "toolbar");
  place.setAttribute("aria-label", label + "; arrow keys go from token to token");
  place.querySelectorAll("button").forEach((button, i) => { button.tabIndex = i === 0 ? 0 : -1; });
  return place;
}
document.addEventListener("focusin", ({ target }) => {
  const place = target.closest(".roving");
  if (!place || target.tagName !== "BUTTON") return;
  for (const button of place.querySelectorAll("button[tabindex='0']")) button.tabIndex = -1;
  target.tabIndex = 0;
});
document.addEventListener("keydown", (event) => {
  const place = event.target.closest(".roving");
  if (!place || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = [...place.querySelectorAll("button")], at = all.indexOf(event.target);
  const box = event.target.getBoundingClientRect(), left = (e) => Math.abs(e.getBoundingClientRect().left - box.left);
  const forward = getComputedStyle(place).direction === "rtl" ? -1 : 1;
  const nearest = (list) => list.filter((e) => Math.abs(e.getBoundingClientRect().top - list[0].getBoundingClientRect().top) < 8).reduce((a, b) => (left(b) < left(a) ? b : a));
  const below = all.filter((e) => e.getBoundingClientRect().top > box.top + 8), above = all.filter((e) => e.getBoundingClientRect().top < box.top - 8).reverse();
  const to = { ArrowRight: () => all[at + forward], ArrowLeft: () => all[at - forward], Home: () => all[0], End: () => all[all.length - 1],
    ArrowDown: () => below.length && nearest(below), ArrowUp: () => above.length && nearest(above) }[event.key];
  if (!to) return;
  event.preventDefault();
  (to() || event.target).focus();
});
