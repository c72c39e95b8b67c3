/**
 * A server as it is started for the first time: it knows where the two services are, and nothing else. There is no
 * tajo.yaml, no credential and nothing in its store.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { apiOf } from '../../src/cli/commands/serve.ts'
import { readEnvironment } from '../../src/config/index.ts'
import { createServer } from '../../src/server/index.ts'
import { type Live, openInstallation } from '../../src/service/index.ts'
import { createSandbox } from '../../src/simulators/index.ts'
import { type Looks, openPage } from './page-scene.ts'
import { freshDataDir } from './stores.ts'

export type SetupScene = Awaited<ReturnType<typeof openSetupScene>>

/** `oauth`: an app of Pipedrive's is configured. */
export async function openSetupScene(browser: Browser, { oauth = false } = {}) {
  const sandbox = await createSandbox({ data: 'agency' })
  const { environment, oauthEnvironment } = await sandbox.start()
  const { PIPEDRIVE_API_TOKEN: apiToken = '', BREVO_API_KEY: apiKey = '', ...addresses } = environment
  const { PIPEDRIVE_API_URL, BREVO_API_URL } = addresses
  const { PIPEDRIVE_OAUTH_URL, PIPEDRIVE_CLIENT_ID, PIPEDRIVE_CLIENT_SECRET } = oauthEnvironment
  const app = oauth ? { PIPEDRIVE_OAUTH_URL, PIPEDRIVE_CLIENT_ID, PIPEDRIVE_CLIENT_SECRET } : {}
  const dataDir = freshDataDir()
  // Where the server is started, it looks for tajo.yaml.
  const startedIn = process.cwd()
  process.chdir(dataDir)
  const installation = await openInstallation({
    environment: readEnvironment({ PIPEDRIVE_API_URL, BREVO_API_URL, ...app, TAJO_DATA_DIR: dataDir }),
  })
  const begun = Promise.withResolvers<Live>()
  const server = await createServer({
    live: begun.promise,
    port: 0,
    host: '127.0.0.1',
    onNews: () => {},
    api: apiOf(installation),
    oauth: installation.oauth,
  })
  const live = await installation.live({ onNews: server.tell, localUrl: server.url })
  begun.resolve(live)
  return {
    sandbox,
    service: installation.connection(),
    apiToken,
    apiKey,
    configFile: join(dataDir, 'tajo.yaml'),
    async enter(looks: Looks = {}) {
      const opened = await openPage(browser, server.url, looks)
      await opened.page.goto(server.createLoginUrl() ?? '')
      await opened.page.locator('h1').waitFor()
      return opened
    },
    async end() {
      await server.close(0)
      await live.stop()
      await installation.close()
      await sandbox.stop()
      process.chdir(startedIn)
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
