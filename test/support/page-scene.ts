/** The page on a real server over a sandbox that was synced once, and a browser to look at it. */
import fs from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { readEnvironment } from '../../src/config/index.ts'
import { createServer } from '../../src/server/index.ts'
import { type Live, openService } from '../../src/service/index.ts'
import { createSandbox } from '../../src/simulators/index.ts'
import { launchBrowser } from './chromium.ts'
import { addPerson } from './journey.ts'
import { freshDataDir } from './stores.ts'

export type PageScene = Awaited<ReturnType<typeof openPageScene>>

export type Looks = {
  readonly language?: 'en' | 'ko'
  readonly dark?: boolean
  readonly width?: number
}

const ARTEFACTS = join(import.meta.dirname, '../../test-artifacts')
const POISON = 'poison@test.example'
const PATIENCE_MS = 60_000

export async function openPageScene() {
  fs.mkdirSync(ARTEFACTS, { recursive: true })
  const sandbox = await createSandbox({ data: 'agency' })
  const started = await sandbox.start()
  const dataDir = freshDataDir()
  const configFile = join(dataDir, 'tajo.yaml')
  fs.writeFileSync(configFile, started.yaml.replace(/^ {2}pipedrive:$/m, '$&\n    poll_interval: 5s'))
  const variables = { ...started.environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: configFile }
  const service = await openService({ environment: readEnvironment(variables) })
  await service.sync({})
  const personId = poison(sandbox)
  await service.sync({})
  await service.reports.backfill({ maxTokens: null })
  const begun = Promise.withResolvers<Live>()
  const server = await createServer({
    live: begun.promise,
    port: 0,
    host: '127.0.0.1',
    onNews: () => {},
    api: {
      keys: service.keys,
      version: '0.0.0',
      mcpWrites: false,
      names: () => ({ default: 'default', all: ['default'] }),
      serviceOf: (name) => (name === null || name === 'default' ? service : null),
    },
  })
  const live = await service.live({ onNews: server.tell, publicUrl: server.url })
  begun.resolve(live)
  await live.settled(AbortSignal.timeout(PATIENCE_MS))
  const browser = await launchBrowser()
  return {
    sandbox,
    service,
    url: server.url,
    /** The person whose contact Brevo refuses. */
    personId,
    open: (looks: Looks = {}) => openPage(browser, server.url, looks),
    /** Logged in with a link, as whoever starts the server is. */
    async enter(looks: Looks = {}) {
      const opened = await openPage(browser, server.url, looks)
      await opened.page.goto(server.createLoginUrl() ?? '')
      await opened.page.locator('h1').waitFor()
      return opened
    },
    async end() {
      await browser.close()
      await server.close(0)
      await live.stop()
      await service.close()
      await sandbox.stop()
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Adds a person whose contact Brevo refuses until the faults are cleared. */
function poison(sandbox: Awaited<ReturnType<typeof createSandbox>>): number {
  const contactId = sandbox.brevo.state.addContact({ email: POISON })
  const body = '{"code":"invalid_parameter","message":"This one is poison"}'
  const fault = { kind: 'status' as const, status: 400, body }
  sandbox.brevo.faults.add({ fault, method: 'PUT', path: `/contacts/${contactId}$`, times: 1_000 })
  return addPerson({ sandbox }, POISON)
}

async function openPage(
  browser: Browser,
  url: string,
  { language = 'en', dark = false, width = 1280 }: Looks,
) {
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    timezoneId: 'Asia/Seoul',
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height: width < 500 ? 844 : 900 },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints, close: () => context.close() }
}

/** What axe finds that is serious or worse, as lines that name the place. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true, animations: 'disabled' })
}
