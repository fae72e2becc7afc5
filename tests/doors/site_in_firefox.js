/* Opens a page in Firefox, and writes what its worker draws, a line of JSON for each wish.

node site_in_firefox.js <website/node_modules> <firefox> <address> < wishes.json
wishes: {draw: the source of an async function, arguments: [one for each call]} */
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");

const [modules, executablePath, address] = process.argv.slice(2);
const puppeteer = createRequire(path.join(modules, "here.js"))("puppeteer-core");

(async () => {
  let asked = "";
  for await (const part of process.stdin.setEncoding("utf8")) asked += part;
  const wishes = JSON.parse(asked);
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  try {
    const page = await browser.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    await page.goto(address);
    await page.waitForFunction(
      "document.querySelector('[data-widget=face] canvas')?.width > 1", { timeout: 60_000 });
    for (const given of wishes.arguments)
      console.log(JSON.stringify(await page.evaluate(`(${wishes.draw})(${JSON.stringify(given)})`)));
    if (wrong.length) throw new Error(wrong.join("\n"));
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
