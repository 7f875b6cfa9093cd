import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { renderHtml } from '../../lib/audit/render-html';
import { guarded, hostile, HOSTILE, proven, refuted, who } from '../audit/report-fixture';

/** Debian's Chromium, or whatever CHROMIUM names. Where there is none, the tests are skipped, and say so. */
const EXECUTABLE = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path));
if (EXECUTABLE === undefined) console.warn('The page of the audit was not looked at: no browser was found. Install chromium, or name one in CHROMIUM.');
const looking = EXECUTABLE === undefined ? describe.skip : describe;

const about = { what: 'cdk.out/demo', today: '2026-11-20', assembly: guarded, subjects: who };
const nobody = { agents: [], production: [], approvers: [] };
const names = Object.values(HOSTILE);
const PAGES = {
  refuted: renderHtml(refuted, about),
  proven: renderHtml(proven, about),
  foreign: renderHtml(refuted, { ...about, assembly: undefined, subjects: nobody }),
  hostile: renderHtml(hostile, { ...about, what: HOSTILE.script, subjects: { agents: [...names], production: [...names], approvers: [...names] } }),
};

/** WCAG AA for text of any size. @see https://www.w3.org/TR/WCAG22/#contrast-minimum */
const CONTRAST = 4.5;

/** Runs in the page, so it is text: the compiler of the tests would add helpers that the page does not have. */
const LOW_CONTRAST = `(() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isPaint = (colour) => colour && colour !== 'none' && !(numbers(colour).length === 4 && numbers(colour)[3] === 0);
  const behind = (element) => {
    const box = element.getBoundingClientRect();
    for (const under of document.elementsFromPoint(box.x + Math.min(box.width / 2, 8), box.y + Math.min(box.height / 2, 10))) {
      const style = getComputedStyle(under);
      if (under.tagName === 'rect' && isPaint(style.fill)) return style.fill;
      if (!(under instanceof SVGElement) && isPaint(style.backgroundColor)) return style.backgroundColor;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  return [...document.querySelectorAll('body *')].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .filter((element) => !['TITLE', 'DESC', 'STYLE'].includes(element.tagName.toUpperCase()))
    .map((element) => {
      const style = getComputedStyle(element);
      const [one, other] = [luminance(element instanceof SVGElement ? style.fill : style.color), luminance(behind(element))].sort((a, b) => b - a);
      return { text: element.textContent.slice(0, 40), ratio: (one + 0.05) / (other + 0.05) };
    })
    .map((each) => ({ ...each, ratio: Math.round(each.ratio * 100) / 100 }))
    .filter(({ ratio }) => ratio < ${CONTRAST});
})()`;

/** Texts of the picture that leave the drawing or their box. */
const OUTSIDE = `(() => {
  const svg = document.querySelector('svg').getBoundingClientRect();
  const boxes = [...document.querySelectorAll('svg rect.box')].map((rect) => rect.getBoundingClientRect());
  return [...document.querySelectorAll('svg text')].filter((text) => {
    const box = text.getBoundingClientRect();
    const holder = boxes.find((rect) => box.left >= rect.left && box.left < rect.right && box.top >= rect.top - 2 && box.bottom <= rect.bottom + 2);
    return box.right > (holder ?? svg).right || box.bottom > svg.bottom || box.left < svg.left;
  }).map((text) => text.textContent.slice(0, 60));
})()`;

looking('the page of the audit in a real browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbguard-page-'));
  let browser: Browser;

  beforeAll(async () => {
    // Everything shown is our own file, and the page may load nothing.
    browser = await chromium.launch({ executablePath: EXECUTABLE!, args: ['--no-sandbox'] });
    for (const [name, html] of Object.entries(PAGES)) writeFileSync(join(folder, `${name}.html`), html);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function look<Seen>(name: keyof typeof PAGES, width: number, colorScheme: 'light' | 'dark', see: (page: Page) => Promise<Seen>) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: true, offline: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    const address = pathToFileURL(join(folder, `${name}.html`)).href;
    await page.goto(address);
    // All of it at once, so that what lies behind each text can be asked for.
    await page.setViewportSize({ width, height: Math.min(30_000, await page.evaluate<number>('document.documentElement.scrollHeight')) });
    const seen = await see(page);
    await context.close();
    return { seen, complaints, requests: requests.filter((url) => url !== address && !url.startsWith('data:')) };
  }

  const sights = (Object.keys(PAGES) as (keyof typeof PAGES)[]).flatMap((name) =>
    ([390, 1100] as const).flatMap((width) => (['light', 'dark'] as const).map((scheme) => [name, width, scheme] as const)));

  test.each(sights)('%s at %i px, %s: asks for nothing, complains of nothing, fits, and can be read', async (name, width, scheme) => {
    const { seen, complaints, requests } = await look(name, width, scheme, async (page) => ({
      width: await page.evaluate('document.documentElement.scrollWidth'),
      low: await page.evaluate(LOW_CONTRAST),
      outside: await page.evaluate(OUTSIDE),
      scheme: await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"'),
      background: await page.evaluate('getComputedStyle(document.body).backgroundColor'),
    }));
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    expect(seen).toEqual({ width, low: [], outside: [], scheme, background: scheme === 'dark' ? 'rgb(18, 22, 27)' : 'rgb(255, 255, 255)' });
  });

  test('the style is applied, so its hash is the right one, and a style that somebody adds is not', async () => {
    const { seen, complaints } = await look('refuted', 1100, 'light', async (page) => {
      const weight = await page.evaluate('getComputedStyle(document.querySelector(".verdict")).fontWeight');
      await page.evaluate('(() => { const style = document.createElement("style"); style.textContent = "body { display: none }"; document.head.append(style); })()');
      return { weight, display: await page.evaluate('getComputedStyle(document.body).display') };
    });
    expect(seen).toEqual({ weight: '600', display: 'block' });
    expect(complaints.join()).toContain('Content Security Policy');
  });

  test('names of a template stay text: they are read as they were written, and run nothing', async () => {
    const { seen } = await look('hostile', 1100, 'light', (page) => page.evaluate<{ scripts: number; title: string; text: string }>(
      '({ scripts: document.scripts.length, title: document.title, text: document.body.innerText })'));
    expect([seen.scripts, seen.title]).toEqual([0, `Refuted: a claim does not hold · ${HOSTILE.script}`]);
    for (const name of [HOSTILE.script, HOSTILE.attribute, HOSTILE.markup]) expect(seen.text).toContain(name);
    expect(seen.text).toContain('abc\\u{202e}dcba');
  });

  test('it has landmarks, one heading of the first level, tables with headers, and a picture with a name', async () => {
    const { seen } = await look('refuted', 390, 'light', (page) => page.evaluate(`({
      landmarks: [...document.querySelectorAll('header, main, footer')].map(({ tagName }) => tagName),
      sections: [...document.querySelectorAll('section')].map((section) => document.getElementById(section.getAttribute('aria-labelledby')).textContent),
      first: document.querySelectorAll('h1').length,
      tables: [...document.querySelectorAll('table')].map((table) => table.querySelectorAll('th[scope=col]').length),
      rows: document.querySelectorAll('tbody tr').length - document.querySelectorAll('tbody th[scope=row]').length,
      picture: document.querySelector('svg[role=img] > title').textContent, language: document.documentElement.lang,
    })`));
    expect(seen).toEqual({
      landmarks: ['HEADER', 'MAIN', 'FOOTER'], first: 1, tables: [2, 2], rows: 0, picture: 'Who can reach what', language: 'en',
      sections: ['Who can reach what', 'Guarantees', 'Findings', 'Assumed, because the template does not tell', 'Accepted by people'],
    });
  });

  test('printed, it is black on white whatever the screen is', async () => {
    const { seen } = await look('refuted', 1100, 'dark', async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      return { colours: await page.evaluate('[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]'), pdf: (await page.pdf({ format: 'A4' })).length };
    });
    expect(seen).toEqual({ colours: ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], pdf: expect.any(Number) });
  });

  test('the check of contrast can fail', async () => {
    const { seen } = await look('proven', 390, 'light', async (page) => {
      await page.evaluate('document.querySelector("h1").style.setProperty("color", "#bbb")');
      return page.evaluate<unknown[]>(LOW_CONTRAST);
    });
    expect(seen).toEqual([{ text: expect.stringContaining('Proven'), ratio: expect.any(Number) }]);
  });
});
