// The card of a token, beside what was clicked; tokens in it open their cards in its place.
const card = el("dialog", { id: "token", "aria-label": "A token" });
document.body.append(card);
let opener = null;
const seen = [];

function openCard(id, from) {
  if (!card.contains(from)) { opener = from; seen.length = 0; }
  seen.push(id);
  showCard();
}
function closeCard() {
  if (!card.open) return;
  card.close();
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}
card.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.preventDefault(); closeCard(); }
});
document.addEventListener("pointerdown", (event) => {
  if (card.open && !card.contains(event.target) && !event.target.closest("button")) closeCard();
});

function showCard() {
  const id = seen[seen.length - 1];
  const bytes = vocabulary.of(id);
  const list = windows.filter((w) => w.ids.includes(id)).slice(0, 5);
  const row = strip(id);
  const back = seen.length < 2 ? null : el("button", { type: "button", on: { click: () => { seen.pop(); showCard(); } } }, "← Back to ", el("bdi", {}, textOf(seen[seen.length - 2])));
  card.replaceChildren(el("div", {},
    el("div", { class: "cardbar" }, back, el("button", { type: "button", class: "close", on: { click: closeCard } }, "Close ✕")),
    el("h3", {}, "Token ", el("span", { class: "tok c0" }, el("bdi", {}, textOf(id)))),
    cards(["id", n(id)], ["occurs", n(vocabulary.counts[id]) + " ×"], ["bytes", n(bytes.length)], ["merge number", vocabulary.rankOf[id] < 0 ? "none" : n(vocabulary.rankOf[id] + 1)]),
    el("p", { class: "hex" }, hex(bytes.subarray(0, 64)), bytes.length > 64 ? " …" : ""),
    row ? [el("h4", {}, "Its vector"), row] : null,
    el("h4", {}, "How it is built"), el("ul", { class: "tree" }, tree(id, 0, { nodes: 300 })),
    el("h4", {}, "Where it occurs"),
    list.length === 0 ? note("No example in this page.") : list.map((w) => el("div", {}, rove(el("div", { class: "tokens" }), "An example", ...w.ids.map((other, i) => tokenButton(other, "c" + (i % 5) + (other === id ? " chosen" : "")))), el("div", { class: "hex" }, visible(data.documents[w.document]))))));
  card.open = true; // show() would focus it, and so scroll, before it has its place
  placeCard();
  card.scrollTop = 0;
  card.querySelector("button").focus({ preventScroll: true });
}
/** Beside what was clicked where there is room, else at the foot of the window. */
function placeCard() {
  const narrow = innerWidth < 640;
  card.classList.toggle("foot", narrow);
  if (narrow || !opener) { card.style.left = card.style.top = ""; return; }
  const at = opener.getBoundingClientRect();
  const width = card.offsetWidth;
  const beside = at.right + 12 + width <= document.documentElement.clientWidth ? at.right + 12 : at.left - 12 - width >= 0 ? at.left - 12 - width : Math.max(8, document.documentElement.clientWidth - width - 8);
  const covers = beside < at.right && beside + width > at.left;
  const lowest = innerHeight - card.offsetHeight - 8;
  const top = covers ? at.bottom + 8 : Math.max(8, Math.min(at.top - 8, lowest));
  card.style.left = beside + scrollX + "px";
  card.style.top = top + scrollY + "px";
}
addEventListener("resize", () => { if (card.open) placeCard(); });

/** What a token is merged from, as far as the rest of so many nodes goes. */
function tree(id, depth, rest) {
  const r = vocabulary.rankOf[id];
  const own = el("li", {}, depth === 0 ? el("span", { class: "tok c0" }, el("bdi", {}, textOf(id))) : tokenButton(id, "tok c" + (depth % 5)), " ", el("span", { class: "hex" }, "#" + id + (r < 0 ? "" : ", merge " + n(r + 1))));
  rest.nodes -= 2;
  if (r >= 0 && depth < 40) own.append(el("ul", {}, rest.nodes < 0 ? el("li", {}, "…") : [tree(vocabulary.left[r], depth + 1, rest), tree(vocabulary.right[r], depth + 1, rest)]));
  return own;
}
