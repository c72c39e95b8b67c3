/** A server whose API asks one real service on a store of its own; nothing is simulated but the two accounts. */
import fs from 'node:fs'
import { join } from 'node:path'
import { freshDataDir } from '../../../test/support/stores.ts'
import { readEnvironment } from '../../config/index.ts'
import type { LiveNews, NewKey } from '../../service/index.ts'
import { openService } from '../../service/index.ts'
import { createSandbox, type SandboxOptions } from '../../simulators/index.ts'
import { createSmallLive } from '../live.test-kit.ts'
import { createServer } from '../server.ts'
import type { ApiOptions } from './api-route.ts'

export const OWN_KEY = 'the-key-of-the-environment'

export type ApiScene = Awaited<ReturnType<typeof openApiScene>>

export async function openApiScene({
  data = { persons: 10 },
  publicUrl,
  ...more
}: Partial<ApiOptions> & { data?: SandboxOptions['data']; publicUrl?: string } = {}) {
  const sandbox = await createSandbox({ data })
  const started = await sandbox.start()
  const dataDir = freshDataDir()
  const configFile = join(dataDir, 'tajo.yaml')
  fs.writeFileSync(configFile, started.yaml)
  fs.cpSync(join(import.meta.dirname, '../../../examples/skills'), join(dataDir, 'skills'), {
    recursive: true,
  })
  const variables: Record<string, string | undefined> = {
    ...started.environment,
    TAJO_DATA_DIR: dataDir,
    TAJO_CONFIG: configFile,
    TAJO_API_KEY: OWN_KEY,
  }
  const service = await openService({ environment: readEnvironment(variables) })
  const news: LiveNews[] = []
  const server = await createServer({
    live: createSmallLive().live,
    port: 0,
    host: '127.0.0.1',
    onNews: (item) => news.push(item),
    publicUrl,
    api: {
      keys: service.keys,
      names: () => ({ default: 'default', all: ['default', 'east'] }),
      serviceOf: (name) => (name === null || name === 'default' || name === 'east' ? service : null),
      version: '0.0.0',
      mcpWrites: true,
      ...more,
    },
  })
  const ask = (path: string, init: RequestInit & { key?: string | null; json?: unknown } = {}) => {
    const { key = OWN_KEY, json, headers, ...rest } = init
    return fetch(`${server.url}${path}`, {
      ...rest,
      ...(json === undefined ? {} : { method: rest.method ?? 'POST', body: JSON.stringify(json) }),
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(headers as Record<string, string>),
      },
    })
  }
  return {
    sandbox,
    service,
    variables,
    server,
    news,
    ask,
    /** The problem document of an answer that has to be one. */
    async problem(answer: Promise<Response>) {
      const response = await answer
      const body = (await response.json()) as { code: string; detail: string; [name: string]: unknown }
      return { ...body, status: response.status, type: response.headers.get('content-type') }
    },
    key: async (key: NewKey) => (await service.keys.create(key)).secret,
    async end() {
      await server.close(0)
      await service.close()
      await sandbox.stop()
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
