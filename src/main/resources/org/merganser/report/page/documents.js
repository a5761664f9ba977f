// Documents of the corpus to look at, one at a time: as text or as tokens, with ids to copy.
let documents = [], current = 0;
const MOST_CHARACTERS = 2000;
/** White space as it is in a text; of what has no sign of its own the code is shown. */
const AS_IT_IS = { ...NAMES, ...Object.fromEntries(["\n", "\t", " ", "\u00a0", "\u200c", "\u3000"].map((c) => [c, c])) };

function lookAt() {
  if (documents.length === 0) return;
  const normalizer = data.identity.facts.some(([name, value]) => name === "normalizer" && value !== "none");
  const way = (value, text) => el("label", { class: "inline" }, el("input", { type: "radio", name: "way", value, checked: value === "text", on: { change: showDocument } }), " " + text);
  const button = (text, step) => el("button", { type: "button", class: "act", on: { click: () => goTo(current + step) } }, text);
  section("look", "What do the documents look like?", "Look at documents",
    el("p", {}, s.documents > documents.length ? many(documents.length, "document") + " of " + n(s.documents) + ", chosen by a hash over all of them." : "All documents of the corpus.", " Each is complete, or its first 2,000 characters, decoded from its ids" + (normalizer ? ", so after normalization." : ".")),
    el("div", { class: "actions" }, button("← Previous", -1), button("Next →", 1),
      el("select", { id: "which", "aria-label": "Document", on: { change: (event) => goTo(Number(event.target.value)) } }, documents.map((d, i) => el("option", { value: i }, n(i + 1) + ". " + visible(d.document))))),
    el("div", { role: "radiogroup", "aria-label": "Show it as", class: "controls" }, way("text", "text"), way("tokens", "tokens in colours"), note("Keys: ", el("kbd", {}, "←"), " and ", el("kbd", {}, "→"), ", among tokens ", el("kbd", {}, "p"), " and ", el("kbd", {}, "n"), ".")),
    el("p", { id: "document-said", class: "note", "aria-live": "polite" }),
    el("div", { id: "document", class: "panel reading", tabindex: "0" }),
    details("Its ids, to copy", el("textarea", { id: "document-ids", "aria-label": "The ids of the document", readonly: true, rows: 4, spellcheck: "false" }),
      el("div", { class: "actions" }, el("button", { type: "button", class: "act", on: { click: copyIds } }, "Copy the ids"), el("span", { id: "copied", class: "note", role: "status" }))),
  ).addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || target.closest("select, textarea")) return;
    const step = { n: 1, p: -1, ...(target.closest(".roving, input") ? {} : { ArrowRight: 1, ArrowLeft: -1 }) }[key];
    if (!step) return;
    event.preventDefault();
    const among = target.closest(".roving");
    goTo(current + step);
    if (among) (document.querySelector("#document button") || document.getElementById("document")).focus({ preventScroll: true });
  });
  showDocument();
}
/** After the last comes the first, so that no button is switched off under the reader's finger. */
function goTo(index) {
  current = (index + documents.length) % documents.length;
  document.getElementById("copied").textContent = "";
  showDocument();
}
function showDocument() {
  const { document: name, group, tokens, ids } = documents[current], place = document.getElementById("document");
  const special = new Set(data.tokenizer.added.filter((token) => token.special).map((token) => token.id));
  // The text between special tokens, and each of these by its name.
  const pieces = [];
  let left = MOST_CHARACTERS;
  for (let from = 0, to; from < ids.length; from = to) {
    to = from + 1;
    if (special.has(ids[from])) { pieces.push(el("span", { class: "special" }, textOf(ids[from]))); continue; }
    while (to < ids.length && !special.has(ids[to])) to++;
    const characters = Array.from(shown(joined(ids.slice(from, to), vocabulary), AS_IT_IS));
    pieces.push(characters.slice(0, left).join(""));
    left = Math.max(0, left - characters.length);
  }
  const asText = document.querySelector("input[name=way]:checked").value === "text";
  place.className = "panel " + (asText ? "reading" : "tokens");
  if (asText) {
    for (const attribute of ["role", "dir"]) place.removeAttribute(attribute);
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "The document");
    place.replaceChildren(...pieces);
  } else rove(place, "The document in tokens", ...coloured(ids));
  place.scrollTop = 0;
  place.tabIndex = asText ? 0 : -1;
  document.getElementById("which").value = current;
  document.getElementById("document-said").textContent = n(current + 1) + " of " + n(documents.length) + ": " + visible(name) + (group === null ? "" : ", " + groupName(group)) + ". "
    + (ids.length < tokens ? "The first " + n(ids.length) + " of " + many(tokens, "token") + "." : "Complete: " + many(tokens, "token") + ".");
  document.getElementById("document-ids").value = "[" + ids.join(", ") + "]";
}
async function copyIds() {
  const area = document.getElementById("document-ids");
  area.select();
  const { clipboard } = navigator; // absent where a browser takes a file for an unsafe place
  const copied = await (clipboard ? clipboard.writeText(area.value) : Promise.reject()).then(() => true, () => document.execCommand("copy"));
  document.getElementById("copied").textContent = copied ? many(documents[current].ids.length, "id") + " copied." : "The browser did not copy them; they are selected.";
}
