/** Runs the real command as a child process. It gives it no variable that the test did not name. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createSandbox,
  type Sandbox,
  type SandboxOptions,
  type StartedSandbox,
} from '../../src/simulators/index.ts'
import { fillWithTemplate } from '../support/stores.ts'

export const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

export type Ran = { code: number; stdout: string; stderr: string }

/** Runs to the end. `cwd` is also where `tajo.yaml` and `.tajo` are looked for. */
export function tajo(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd, env, timeout: 300_000, maxBuffer: 32 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        if (typeof code === 'number') resolve({ code, stdout, stderr })
        else reject(new Error(`tajo ${args.join(' ')} ended by ${error?.signal}: ${stderr}`))
      },
    ).stdin?.end()
  })
}

/** Starts a command that runs on, and waits until it says `ready`; `said` is what that matched. */
export async function startTajo(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  ready: RegExp,
) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const ended = new Promise<Ran>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    const look = (): void => {
      const found = ready.exec(stdout) ?? ready.exec(stderr)
      if (found) resolve(found)
    }
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      look()
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      look()
    })
    child.once('close', () => reject(new Error(`It ended before it was ready: ${stderr}`)))
  })
  return { child, ended, said, stdout: () => stdout, stderr: () => stderr }
}

export type Scene = {
  readonly directory: string
  readonly sandbox: Sandbox
  readonly started: StartedSandbox
  readonly env: Record<string, string>
  run(args: readonly string[], env?: Record<string, string>): Promise<Ran>
  end(): Promise<void>
}

/** A sandbox, and a directory with the tajo.yaml that fits it and an empty store: making one takes every command seconds. */
export async function openScene(options: SandboxOptions = { data: 'agency' }): Promise<Scene> {
  const directory = await mkdtemp(join(tmpdir(), 'tajo-cli-'))
  const sandbox = await createSandbox(options)
  const started = await sandbox.start()
  await writeFile(join(directory, 'tajo.yaml'), started.yaml)
  fillWithTemplate(join(directory, '.tajo'))
  const env = started.environment
  return {
    directory,
    sandbox,
    started,
    env,
    run: (args, more = {}) => tajo(args, directory, { ...env, ...more }),
    async end() {
      await sandbox.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
