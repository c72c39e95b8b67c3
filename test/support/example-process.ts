/** Programs that use the SDK, as processes of their own with no variable that the test did not name. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

const hook = new URL('sdk-from-source.ts', import.meta.url).href
const PATIENCE_MS = 120_000

/** `said` waits for a line on stdout; it fails when the program ends before it. */
export function startProgram(file: string, env: Record<string, string>, cwd: string) {
  const child = spawn(process.execPath, ['--import', hook, file], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  let end: Ended | null = null
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      end = { code, stdout, stderr }
      resolve(end)
    })
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    ended,
    said: (text: string) =>
      until(`it says ${text}`, () => {
        if (end !== null) throw new Error(`it ended before it said ${text}: ${stderr}`)
        return stdout.includes(text)
      }),
  }
}

export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`It did not come to this: ${what}`)
    await sleep(20)
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
