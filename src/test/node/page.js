// Opens report.html in Chromium and says what it found, a line a window: see ReportPageBrowserTest.
// page-args.json: [REPORT.html, FOLDER-FOR-SCREENSHOTS, COMPARED.html, SMALL.html]
const axe = require("axe-core");
const { chromium } = require("playwright-core");
const fs = require("fs");
const [page, folder, compared, small] = JSON.parse(fs.readFileSync("page-args.json", "utf8"));
const SECTIONS = ["overview", "verdict", "sources", "documents", "next", "try", "look", "sizes", "groups", "comparison", "side", "cutting", "vocabulary-section", "identity"];
const WINDOWS = [[390, 844], [768, 1000], [1400, 1000]].flatMap(([width, height]) => ["light", "dark"].map((scheme) => [width, height, scheme]));

const TEXT = "the sun </script> e\u0301 \u202e\u0000 <|endoftext|>";

/** Runs in the page: what a reader could not read. */
function unreadable() {
  const said = [];
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) said.push("wider than the window by " + over);
  const numbers = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [...parts.slice(0, 3).map((x) => 255 * x), parts[3] ?? 1] : [...parts.slice(0, 3), parts[3] ?? 1];
  };
  const light = (rgb) => rgb.slice(0, 3).map((x) => x / 255).map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)).reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  for (const e of document.querySelectorAll("body *")) {
    if (e.tagName === "SCRIPT" || !e.checkVisibility({ visibilityProperty: true }) || e.closest(".skip, .heard")) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect(), name = e.tagName + "." + e.className + " " + e.textContent.slice(0, 30);
    if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.textContent.trim()) said.push("clipped: " + name);
    if (box.right > innerWidth + 1 && !e.closest(".scroll")) said.push("beyond the edge: " + name);
    if (![...e.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) || style.opacity !== "1") continue;
    const [a, b] = [light(numbers(style.color)), light(behind(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) said.push("contrast " + contrast.toFixed(2) + ": " + name);
  }
  for (const e of document.querySelectorAll("canvas,input,textarea,select,button,a")) {
    if (!e.getAttribute("aria-label") && !(e.labels && e.labels.length) && !e.textContent.trim()) said.push("no name: " + e.outerHTML.slice(0, 80));
  }
  if (document.querySelector(".plot canvas") && ![...document.querySelectorAll(".plot canvas")].every((c) => Chart.getChart(c))) said.push("a chart is not drawn");
  return said.slice(0, 20);
}

/** What a screen reader could not tell; contrast is looked at above, in every window. */
async function unheard(tab) {
  await tab.evaluate(axe.source);
  // Thousands of buttons of one kind would take minutes; each has its text.
  const { violations } = await tab.evaluate(() => window.axe.run({ exclude: [[".chips"], [".tokens"]] }, { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } }));
  return violations.map((v) => "axe: " + v.id + ", " + v.nodes[0].html.slice(0, 120));
}
/** What paper would not show: it has no scroll bars, nothing to type into, and is white. */
async function unprintable(tab) {
  await tab.emulateMedia({ media: "print" });
  await tab.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const said = await tab.evaluate(() => {
    const found = [];
    for (const e of document.querySelectorAll("canvas, table, .tokens")) {
      if (e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1) found.push("print: beyond the edge: " + (e.ariaLabel || e.textContent).slice(0, 40));
    }
    for (const e of document.querySelectorAll("textarea, input, nav, label")) {
      if (e.checkVisibility()) found.push("print: shown: " + e.outerHTML.slice(0, 60));
    }
    for (const e of document.querySelectorAll("h2, h3")) {
      let next = e.nextElementSibling;
      while (next && !next.checkVisibility()) next = next.nextElementSibling;
      if (e.checkVisibility() && e.nextElementSibling && (!next || /^H[23]$/.test(next.tagName))) found.push("print: nothing below " + e.textContent);
    }
    if (!getComputedStyle(document.body).color.match(/\d+/g).every((part) => Number(part) < 90)) found.push("print: text is not dark");
    return found;
  });
  await tab.evaluate(() => dispatchEvent(new Event("afterprint")));
  await tab.emulateMedia({ media: "screen" });
  return said;
}

/** The bars of the next token: [id, probability in the model, and in what is drawn from]. */
const bars = (tab) => tab.$$eval("#bars [data-id]", (rows) => rows.map((r) => [r.dataset.id, r.dataset.model, r.dataset.drawn]));
async function predict(tab) {
  const found = {};
  await tab.fill("#beginning", "Call me");
  for (const strategy of ["greedy", "random", "top-k", "temperature"]) {
    await tab.selectOption("#strategy", strategy);
    if (strategy !== "greedy") await tab.fill("#seed", "7");
    if (strategy === "top-k") await tab.fill("#k", "5");
    await tab.$eval("#temperature", (e) => { e.value = 0.7; e.dispatchEvent(new Event("input", { bubbles: true })); });
    await tab.click("#again");
    const first = await bars(tab);
    await tab.click("#one");
    const second = await bars(tab);
    await tab.click("#twenty");
    found[strategy] = { first, second, ids: await tab.getAttribute("#continued", "data-ids") };
  }
  return found;
}
/** The demo begins with top-k, one bar and one figure a row, and a bar is seen to grow when it gets colder. */
async function demo(tab) {
  const said = [];
  if ((await tab.inputValue("#strategy")) !== "top-k") said.push("the demo does not begin with top-k");
  const rows = await tab.$$eval("#bars [data-id]", (all) => all.map((r) => [r.querySelectorAll(".bar").length, r.textContent.match(/%/g).length]));
  if (!rows.length || rows.some(([barsOf, figures]) => barsOf !== 1 || figures !== 1)) said.push("not one bar and one figure a row: " + JSON.stringify(rows));
  const heat = (value) => tab.$eval("#temperature", (e, to) => { e.value = to; e.dispatchEvent(new Event("input", { bubbles: true })); }, value);
  const width = () => tab.$eval("#bars .bar", (e) => { e.dataset.kept = "yes"; return e.style.width; });
  const before = parseFloat(await width());
  await heat(0.3);
  if (!(parseFloat(await width()) > 1.5 * before) || !(await tab.$eval("#effect", (e) => /sharpens/.test(e.textContent)))) said.push("the temperature shows no effect");
  if ((await tab.locator("#bars .bar[data-kept]").count()) !== 1) said.push("the temperature makes other bars, so that none grows");
  await heat(1);
  return said;
}
/** A text in tokens is one stop of the tab key, with arrow keys within it, and is spoken in words. */
async function roving(tab) {
  const said = await tab.evaluate(() => [...document.querySelectorAll(".roving")].filter((e) => e.querySelectorAll("button").length && e.querySelectorAll("button[tabindex='0']").length !== 1).map((e) => "not one tab stop: " + e.id + e.className));
  if (await tab.evaluate(() => [...document.querySelectorAll(".tokens button, .chips button")].some((e) => !e.closest(".roving")))) said.push("tokens that are a tab stop each");
  const second = tab.locator("#pasted button").nth(1);
  await tab.locator("#pasted button").first().focus();
  await tab.keyboard.press("ArrowRight");
  if (!(await second.evaluate((e) => e === document.activeElement && e.tabIndex === 0))) said.push("the arrow key does not go on");
  await tab.keyboard.press("End");
  if (!(await tab.locator("#pasted button").last().evaluate((e) => e === document.activeElement))) said.push("End does not go to the end");
  await tab.keyboard.press("Tab");
  if (await tab.evaluate(() => document.activeElement.closest("#pasted") !== null)) said.push("the tab key stays in the text");
  await tab.fill("#paste", "שלום לך");
  const lefts = await tab.$$eval("#pasted button", (all) => all.slice(0, 3).map((e) => e.getBoundingClientRect().left));
  if (!(lefts[0] > lefts[1] && lefts[1] > lefts[2])) said.push("tokens of Hebrew do not go from right to left: " + lefts);
  await tab.fill("#paste", "See the sun");
  const heard = await tab.$$eval("#pasted button", (all) => all.map((e) => e.getAttribute("aria-label")));
  if (!heard.includes("space the")) said.push("not heard: " + heard.slice(0, 20));
  await tab.fill("#paste", "");
  return said;
}
/** Documents one at a time: by keys, as text and as tokens, with the ids of both. */
async function look(tab) {
  const said = [];
  const text = () => tab.textContent("#document"), name = () => tab.$eval("#which", (e) => e.selectedOptions[0].textContent);
  const ids = async () => JSON.parse(await tab.inputValue("#document-ids"));
  const first = [await name(), await text()];
  await tab.focus("#document");
  await tab.keyboard.press("ArrowRight");
  const second = [await name(), await text()];
  if (second[0] === first[0] || second[1] === first[1]) said.push("the arrow key shows no other document");
  await tab.keyboard.press("ArrowLeft");
  if ((await name()) !== first[0] || (await text()) !== first[1]) said.push("the arrow key does not go back");
  await tab.keyboard.press("ArrowLeft");
  await tab.keyboard.press("ArrowRight");
  if ((await name()) !== first[0]) said.push("the documents are no ring");
  await tab.check("#look input[value=tokens]");
  if ((await tab.locator("#document button").count()) !== (await ids()).length) said.push("tokens are no ids");
  await tab.locator("#document button").first().focus();
  await tab.keyboard.press("n");
  if ((await name()) !== second[0] || !(await tab.evaluate(() => document.activeElement === document.querySelector("#document button")))) said.push("n does not go from tokens to tokens");
  await tab.keyboard.press("ArrowRight");
  if ((await name()) !== second[0]) said.push("an arrow key among tokens leaves the document");
  const encoded = await tab.evaluate((shown) => Merganser.encode(shown).join(), second[1]);
  if (encoded.split(",").slice(0, 50).join() !== (await ids()).slice(0, 50).join()) said.push("the text does not have the ids");
  await tab.locator("#look details > summary").click();
  await tab.locator("#look button", { hasText: "Copy the ids" }).click();
  await tab.waitForSelector("#copied:not(:empty)");
  if ((await tab.textContent("#copied")) !== (await ids()).length.toLocaleString("en") + " ids copied.") said.push(await tab.textContent("#copied"));
  await tab.evaluate(() => { document.querySelector("#look details").open = false; });
  await tab.check("#look input[value=text]");
  await tab.selectOption("#which", "0");
  return said;
}
/** Each heading is a question or a statement, and arrows stay between the cards of the flow. */
const laidOut = (tab) => tab.evaluate(() => {
  const said = [], cards = [...document.querySelectorAll(".flow > li")].map((e) => e.getBoundingClientRect());
  for (let i = 1; i < cards.length; i++) {
    const arrow = getComputedStyle(document.querySelectorAll(".flow > li")[i], "::before").content;
    const below = cards[i].top >= cards[i - 1].bottom, beside = cards[i].left >= cards[i - 1].right && Math.abs(cards[i].top - cards[i - 1].top) < 2;
    if (below ? arrow !== '"↓"' : !beside || arrow !== '"→"') said.push("arrow " + arrow + " before card " + i);
  }
  if (!/^\d+ documents in \d+ languages, [\d.]+ kB of text, became a vocabulary of 4,096 tokens, [\d,]+ ids and a table of 4,096 vectors of 16 numbers each\.$/.test(document.getElementById("summary").textContent)) said.push("summary: " + document.getElementById("summary").textContent);
  const paragraphs = [...document.querySelectorAll("p, textarea, .tokens")].filter((e) => e.checkVisibility()).map((e) => [(e.value || e.textContent).replace(/[·⏎\s]/g, ""), e.getBoundingClientRect().top]).filter(([text]) => text.length > 60);
  for (const [text, top] of paragraphs) if (paragraphs.some(([other, at]) => at > top && at - top < 2 * innerHeight && other.includes(text))) said.push("twice within two screens: " + text.slice(0, 40));
  return said;
});
/** Sorts the table of tokenizers by the keyboard. */
async function sorts(tab) {
  const said = [];
  const column = () => tab.$$eval("#comparison table", ([first]) => [...first.tBodies[0].rows].map((r) => Number(r.cells[1].textContent.replaceAll(",", ""))));
  const button = tab.locator("#comparison table").first().locator("th button").nth(1);
  for (const [order, sign] of [["descending", -1], ["ascending", 1]]) {
    await button.focus();
    await tab.keyboard.press("Enter");
    const is = await column();
    if ((await button.evaluate((e) => e.closest("th").getAttribute("aria-sort"))) !== order || is.some((x, i) => i && sign * (x - is[i - 1]) < 0)) said.push("not sorted, " + order + ": " + is);
  }
  const folded = await tab.evaluate(() => document.querySelector("main details").getBoundingClientRect().top + scrollY);
  if (folded > 4 * 844) said.push("the first folded section begins at " + folded);
  const marked = await tab.evaluate(() => ["mark", ".same"].map((of) => document.querySelectorAll(".tokens " + of).length));
  if (marked.includes(0)) said.push("differences within texts are not marked: " + marked);
  return said;
}
/** Opens the card of a token by the keyboard, goes to another and back, and closes it. */
async function card(tab) {
  const token = tab.locator("#pasted button").first();
  await token.focus();
  await tab.keyboard.press("Enter");
  const title = await tab.locator("#token h3").textContent();
  const beside = await tab.evaluate(() => {
    const card = document.querySelector("#token").getBoundingClientRect();
    return card.top < innerHeight && card.bottom > 0 && card.left >= 0 && card.right <= innerWidth + 1;
  });
  await tab.locator("#token .tree ul button").first().click();
  const other = await tab.locator("#token h3").textContent();
  await tab.locator("#token button", { hasText: "Back" }).click();
  const back = (await tab.locator("#token h3").textContent()) === title;
  await tab.keyboard.press("Escape");
  const focused = await token.evaluate((e) => e === document.activeElement);
  return other !== title && back && focused && beside && !(await tab.locator("#token").isVisible());
}

(async () => {
  const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => fs.existsSync(p));
  if (!path) { console.log("NO CHROMIUM"); return; }
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  for (const [width, height, colorScheme] of WINDOWS) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const said = [];
    tab.on("console", (m) => said.push(m.type() + ": " + m.text()));
    tab.on("pageerror", (e) => said.push("error: " + e.message));
    tab.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) said.push("request: " + r.url()); });
    tab.setDefaultTimeout(300000);
    await tab.goto("file://" + page);
    await tab.waitForSelector("html[data-ready]");
    for (const id of SECTIONS) {
      const box = await tab.locator("section#" + id).boundingBox();
      if (!box || box.height < 40) said.push("section " + id + " is missing or empty");
    }
    said.push(...(await tab.evaluate(unreadable)), ...(await laidOut(tab)), ...(await demo(tab)), ...(await roving(tab)), ...(await look(tab)));
    await tab.evaluate(() => scrollTo(0, 0));
    if (width === 1400) said.push(...(await unheard(tab)), ...(await unprintable(tab)));
    await tab.screenshot({ path: folder + "/report-" + width + "-" + colorScheme + ".png" });
    await tab.evaluate(() => document.querySelectorAll("details").forEach((e) => { e.open = true; }));
    said.push(...(await tab.evaluate(unreadable)));
    await tab.fill("#search", "the");
    const found = await tab.locator("#found button").count();
    await tab.locator("#found button").first().click();
    const tree = await tab.locator("#token .tree li").count();
    const examples = await tab.locator("#token .tokens").count();
    said.push(...(await tab.evaluate(unreadable)));
    await tab.keyboard.press("Escape");
    await tab.fill("#paste", TEXT);
    const ids = await tab.getAttribute("#pasted", "data-ids");
    await tab.check("#special");
    const special = await tab.getAttribute("#pasted", "data-ids");
    const moves = await card(tab);
    console.log(JSON.stringify({ window: width + " " + colorScheme, said, found: found > 0, tree: tree > 0, examples: examples > 0, ids, special, card: moves, predicted: await predict(tab) }));
    await tab.close();
  }
  for (const [width, height, colorScheme] of WINDOWS) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    await tab.goto("file://" + compared);
    await tab.waitForSelector("html[data-ready]");
    const said = [...(await tab.evaluate(unreadable)), ...(width === 1400 ? await unheard(tab) : []), ...(await sorts(tab)), ...(width < 768 ? [] : await unprintable(tab))];
    await tab.evaluate(() => document.querySelectorAll("details").forEach((e) => { e.open = true; }));
    said.push(...(await tab.evaluate(unreadable)));
    await tab.evaluate(() => document.querySelectorAll("details").forEach((e) => { e.open = false; }));
    await tab.evaluate(() => scrollTo(0, 0));
    await tab.screenshot({ path: folder + "/compared-" + width + "-" + colorScheme + ".png" });
    const ids = () => tab.$$eval(".sides > div", (sides) => sides.map((side) => side.dataset.ids));
    await tab.fill("#side-text", "The whale rose.");
    if (!(await tab.locator(".sides mark").count())) said.push("no token is marked that only one of both has");
    await tab.fill("#side-text", TEXT);
    const beside = await ids();
    if (await tab.locator(".sides mark").count()) said.push("tokens of a text are marked that only one of both normalizes");
    await tab.selectOption("#side-1", "0");
    if (await tab.locator(".sides mark").count()) said.push("tokens of one tokenizer differ from its own");
    console.log(JSON.stringify({ compared: width + " " + colorScheme, said, beside, same: await ids() }));
    await tab.close();
  }
  const tab = await browser.newPage();
  await tab.goto("file://" + small);
  await tab.waitForSelector("html[data-ready]");
  const shown = await tab.$eval("#document", (place) => ({ name: document.getElementById("which").selectedOptions[0].textContent, text: place.textContent, elements: [...place.querySelectorAll("*")].map((e) => e.outerHTML) }));
  console.log(JSON.stringify({ shown, title: await tab.title(), tokens: await tab.$$eval("#such-as button", (all) => all.map((e) => e.textContent)), text: await tab.textContent("#pasted") }));
  await browser.close();
})().catch((e) => { console.error(e); process.exit(1); });
