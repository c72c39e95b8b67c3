/** What a program pays for importing the package. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** Every module that a fresh process loads for these lines, from the root of the repository. */
async function loadedBy(lines: string): Promise<string[]> {
  const program = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ load(url, context, next) { urls.push(url); return next(url, context) } })
    const sdk = await import('./src/sdk/index.ts')
    ${lines}
    console.log(JSON.stringify(urls))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  const urls = JSON.parse(stdout) as string[]
  return urls.map((url) => url.replace(new URL(`file://${root}/`).href, ''))
}

const roomsOf = (paths: readonly string[]): string[] => [
  ...new Set(paths.map((path) => /^src\/(.+)\/[^/]+$/.exec(path)?.[1] ?? path)),
]

test('importing the package, and making a client, loads the rooms sdk and base and no package at all', async () => {
  const loaded = await loadedBy("new sdk.TajoClient({ apiKey: undefined, brevoApiKey: 'key' })")
  expect(roomsOf(loaded).sort()).toEqual(['base', 'sdk'])
})
