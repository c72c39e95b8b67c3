/** Files that a page gives away, as its visitor gets them. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { parseCsv } from '../../src/simulators/brevo/csv.ts'

/** What the browser saves when this is clicked. */
export async function saveBy(page: Page, button: Locator): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

/** The head and the rows of a CSV that begins with the mark of UTF-8. */
export function readCsv(text: string): { head: readonly string[]; rows: readonly (readonly string[])[] } {
  if (!text.startsWith('\ufeff')) throw new Error('The mark of UTF-8 is missing')
  const [head = [], ...rows] = parseCsv(text.slice(1), ',')
  return { head, rows }
}
