/** The page on a real server over a sandbox that was synced once, and a browser to look at it. */
import fs from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { readEnvironment } from '../../src/config/index.ts'
import { createServer } from '../../src/server/index.ts'
import { type Live, openService, type Service } from '../../src/service/index.ts'
import { createSandbox } from '../../src/simulators/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { launchBrowser } from './chromium.ts'
import { addPerson } from './journey.ts'
import { freshDataDir } from './stores.ts'

type SandboxData = NonNullable<NonNullable<Parameters<typeof createSandbox>[0]>['data']>

export type PageScene = Awaited<ReturnType<typeof openPageScene>>

export type Looks = {
  readonly language?: 'en' | 'ko'
  readonly dark?: boolean
  readonly width?: number
}

const ARTEFACTS = join(import.meta.dirname, '../../test-artifacts')
/** Whose contacts Brevo refuses. */
export const POISONED = ['poison@test.example', 'venom@test.example'] as const
const PATIENCE_MS = 120_000

export async function openPageScene() {
  const { sandbox, configFile, variables, remove } = await prepare('agency')
  const service = await openService({ environment: readEnvironment(variables) })
  await service.sync({})
  const [personId = 0] = POISONED.map((email) => poison(sandbox, email))
  const deal = addDeal(sandbox, 1)
  await service.sync({})
  deal.moveOn()
  await service.reports.backfill({ maxTokens: null })
  const begun = Promise.withResolvers<Live>()
  const { server, ...looks } = await show(service, begun.promise)
  const live = await service.live({ onNews: server.tell, publicUrl: server.url })
  begun.resolve(live)
  await live.settled(AbortSignal.timeout(PATIENCE_MS))
  return {
    ...looks,
    sandbox,
    service,
    configFile,
    /** The first of those whose contacts Brevo refuses. */
    personId,
    /** Another one, and nobody knows yet. */
    poison: (email: string) => poison(sandbox, email),
    async end() {
      await looks.end()
      await server.close(0)
      await live.stop()
      await service.close()
      await remove()
    },
  }
}

/** The page over a store that was filled by hand, and never synced; the accounts are small. */
export async function openFilledPage(fill: (store: Store) => Promise<void>) {
  const { dataDir, variables, remove } = await prepare({ persons: 5 })
  const store = await openStore({ dataDir })
  await fill(store)
  await store.close()
  const service = await openService({ environment: readEnvironment(variables) })
  const { server, ...looks } = await show(service, new Promise(() => {}))
  return {
    ...looks,
    async end() {
      await looks.end()
      await server.close(0)
      await service.close()
      await remove()
    },
  }
}

/** The page over the accounts of an agency that were synced once, changed before; nothing is kept in step. */
export async function openSyncedPage(change: (sandbox: Awaited<ReturnType<typeof createSandbox>>) => void) {
  const { sandbox, variables, remove } = await prepare('agency')
  change(sandbox)
  const service = await openService({ environment: readEnvironment(variables) })
  await service.sync({})
  const { server, ...looks } = await show(service, new Promise(() => {}))
  return {
    ...looks,
    service,
    async end() {
      await looks.end()
      await server.close(0)
      await service.close()
      await remove()
    },
  }
}

/** Accounts, and a data directory with their configuration. */
async function prepare(data: SandboxData) {
  const sandbox = await createSandbox({ data })
  const started = await sandbox.start()
  const dataDir = freshDataDir()
  const configFile = join(dataDir, 'tajo.yaml')
  fs.writeFileSync(configFile, started.yaml.replace(/^ {2}pipedrive:$/m, '$&\n    poll_interval: 5s'))
  return {
    sandbox,
    dataDir,
    configFile,
    variables: { ...started.environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: configFile },
    async remove() {
      await sandbox.stop()
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A server for the page, and a browser to look at it. */
async function show(service: Service, live: Promise<Live>) {
  const server = await createServer({
    live,
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
  const browser = await launchBrowser()
  return {
    server,
    url: server.url,
    open: (looks: Looks = {}) => openPage(browser, server.url, looks),
    /** Logged in with a link, as whoever starts the server is. */
    async enter(looks: Looks = {}) {
      const opened = await openPage(browser, server.url, looks)
      await opened.page.goto(server.createLoginUrl() ?? '')
      await opened.page.locator('h1').waitFor()
      return opened
    },
    end: () => browser.close(),
  }
}

/** Adds a person whose contact Brevo refuses until the faults are cleared. */
function poison(sandbox: Awaited<ReturnType<typeof createSandbox>>, email: string): number {
  const contactId = sandbox.brevo.state.addContact({ email })
  const body = '{"code":"invalid_parameter","message":"This one is poison"}'
  const fault = { kind: 'status' as const, status: 400, body }
  sandbox.brevo.faults.add({ fault, method: 'PUT', path: `/contacts/${contactId}$`, times: 1_000 })
  return addPerson({ sandbox }, email)
}

/** Brevo is told when it moves on. */
function addDeal({ pipedrive: { state } }: Awaited<ReturnType<typeof createSandbox>>, personId: number) {
  const [first, second] = [...state.tables.stage.all()].filter(({ pipeline_id }) => pipeline_id === 1)
  const { id } = state.insert('deal', { title: 'On the move', person_id: personId, stage_id: first?.id })
  return { moveOn: () => state.patch('deal', id, { stage_id: second?.id }) }
}

export async function openPage(
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

/** Sentences that are not in the language of the page and do not say so. */
export async function foreignWords(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      if (node.parentElement?.closest('[lang=en], style, code, svg, option, .page-value') !== null) continue
      if (/(?:\\b[A-Za-z]{2,}\\b[ ,]+){3,}\\b[A-Za-z]{2,}\\b/.test(text)) found.push(text)
    }
    return found
  })()`)
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  fs.mkdirSync(ARTEFACTS, { recursive: true })
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true, animations: 'disabled' })
}
