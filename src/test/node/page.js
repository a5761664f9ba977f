// Opens report.html in Chromium and says what it found, a line a check: see ReportPageBrowserTest.
// node page.js REPORT.html FOLDER-FOR-SCREENSHOTS
const { chromium } = require("playwright-core");
const fs = require("fs");
const [page, folder] = JSON.parse(fs.readFileSync("page-args.json", "utf8"));
const SECTIONS = ["verdict", "numbers", "cutting", "sizes", "groups", "vocabulary-section", "try", "comparison", "identity"];
(async () => {
  const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => fs.existsSync(p));
  if (!path) { console.log("NO CHROMIUM"); return; }
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  for (const [name, width, height, colorScheme] of [["wide", 1200, 900, "light"], ["phone", 390, 844, "dark"]]) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme });
    const said = [];
    tab.on("console", (m) => said.push(m.type() + ": " + m.text()));
    tab.on("pageerror", (e) => said.push("error: " + e.message));
    tab.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) said.push("request: " + r.url()); });
    await tab.goto("file://" + page);
    await tab.waitForSelector("html[data-ready]", { timeout: 60000 });
    for (const id of SECTIONS) {
      const box = await tab.locator("section#" + id).boundingBox();
      if (!box || box.height < 40) said.push("section " + id + " is missing or empty");
    }
    const drawn = await tab.evaluate(() => [...document.querySelectorAll("canvas")].every((c) => Chart.getChart(c)));
    if (!drawn) said.push("a chart is not drawn");
    const over = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) said.push("wider than the screen by " + over);
    const unnamed = await tab.evaluate(() => [...document.querySelectorAll("canvas,input,textarea")].filter((e) => !e.getAttribute("aria-label") && !(e.labels && e.labels.length)).length);
    if (unnamed > 0) said.push(unnamed + " controls or charts have no name");
    await tab.fill("#search", "the");
    const found = await tab.locator("#found button").count();
    await tab.locator("#found button").first().click();
    const tree = await tab.locator("#token .tree li").count();
    const examples = await tab.locator("#token .tokens").count();
    await tab.fill("#paste", "the sun </script> e\u0301 \u202e\u0000 <|endoftext|>");
    const ids = await tab.getAttribute("#pasted", "data-ids");
    await tab.check("#special");
    const special = await tab.getAttribute("#pasted", "data-ids");
    console.log(JSON.stringify({ name, said, found: found > 0, tree: tree > 0, examples: examples > 0, ids, special }));
    if (folder) {
      await tab.fill("#paste", "The sun rises in the east. Die Sonne geht im Osten auf. 日は東から昇る。");
      await tab.uncheck("#special");
      await tab.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
      await tab.screenshot({ path: folder + "/report-" + name + ".png" });
      await tab.evaluate(() => document.querySelector("#try").scrollIntoView({ behavior: "instant" }));
      await tab.screenshot({ path: folder + "/report-" + name + "-try.png" });
    }
    await tab.close();
  }
  await browser.close();
})().catch((e) => { console.error(e); process.exit(1); });
