// Opens report.html in Chromium and says how it went: see LargePageBrowserTest. page-args.json: [REPORT.html]
const { chromium } = require("playwright-core");
const fs = require("fs");
const [page] = JSON.parse(fs.readFileSync("page-args.json", "utf8"));
(async () => {
  const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => fs.existsSync(p));
  if (!path) { console.log("NO CHROMIUM"); return; }
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  const tab = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const said = [];
  tab.on("console", (m) => said.push(m.type() + ": " + m.text()));
  tab.on("pageerror", (e) => said.push("error: " + e.message));
  tab.setDefaultTimeout(300000);
  const began = Date.now();
  await tab.goto("file://" + page);
  await tab.waitForSelector("html[data-ready]");
  const readyMs = Date.now() - began;
  await tab.fill("#search", "the");
  const found = await tab.locator("#found button").count();
  await tab.locator("#found button").first().click();
  const card = await tab.locator("#token h3").textContent();
  const bars = await tab.locator("#bars [data-id]").count();
  console.log(JSON.stringify({ readyMs, said, found, card, bars }));
  await browser.close();
})().catch((e) => { console.error(e); process.exit(1); });
