import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { type DataLock, lockDataDirectory } from '../../src/store/data-lock.ts'
import { openStore } from '../../src/store/open.ts'
import { freshDataDir, temporaryDirectory } from '../support/stores.ts'

const PROGRAM = join(import.meta.dirname, '..', 'support', 'lock-holder.ts')
const children: ChildProcess[] = []
const directories: string[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

it('refuses a second opener in the same process and names the process', async () => {
  const dataDir = remember(freshDataDir())
  const store = await openStore({ dataDir })
  try {
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      code: 'store_locked',
      message: expect.stringContaining(`process ${process.pid}`),
      details: { pid: process.pid },
    })
  } finally {
    await store.close()
  }
  await (await openStore({ dataDir })).close()
})

it('refuses a second opener in another process and names the holder', async () => {
  const dataDir = remember(temporaryDirectory())
  const lock = await lockDataDirectory(dataDir)
  expect(await startHolder(dataDir).firstLine).toBe(`store_locked ${process.pid}`)
  await lock.release()
  expect(await startHolder(dataDir).firstLine).toBe('held')
})

it('takes over from a holder that was killed, and not from one that is only stopped', async () => {
  const dataDir = remember(temporaryDirectory())
  const holder = startHolder(dataDir)
  expect(await holder.firstLine).toBe('held')
  holder.child.kill('SIGSTOP')
  await expect(lockDataDirectory(dataDir)).rejects.toMatchObject({ details: { pid: holder.child.pid } })
  const ended = new Promise((resolve) => holder.child.once('exit', resolve))
  holder.child.kill('SIGKILL')
  await ended
  await (await lockDataDirectory(dataDir)).release()
  expect(fs.readdirSync(join(dataDir, 'lock'))).toEqual([])
})

it('lets exactly one of many in, also when all find the trace of a dead holder', async () => {
  const dataDir = remember(temporaryDirectory())
  for (let round = 0; round < 5; round++) {
    const dead = startHolder(dataDir)
    await dead.firstLine
    const ended = new Promise((resolve) => dead.child.once('exit', resolve))
    dead.child.kill('SIGKILL')
    await ended
    const here = Array.from({ length: 8 }, () => lockDataDirectory(dataDir))
    const elsewhere = [startHolder(dataDir), startHolder(dataDir)]
    const won = (await Promise.allSettled(here)).filter((outcome) => outcome.status === 'fulfilled')
    const lines = await Promise.all(elsewhere.map(({ firstLine }) => firstLine))
    expect(won.length + lines.filter((line) => line === 'held').length).toBe(1)
    for (const { child } of elsewhere) child.kill('SIGKILL')
    for (const { value } of won as PromiseFulfilledResult<DataLock>[]) await value.release()
  }
})

it('works in a directory whose name is longer than a socket path may be', async () => {
  const dataDir = join(remember(temporaryDirectory()), 'a-very-long-name-'.repeat(12))
  fs.mkdirSync(dataDir)
  const lock = await lockDataDirectory(dataDir)
  await expect(lockDataDirectory(dataDir)).rejects.toMatchObject({ code: 'store_locked' })
  await lock.release()
})

it('leaves a directory that cannot be written alone and says what is needed', async () => {
  const file = join(remember(temporaryDirectory()), 'file')
  fs.writeFileSync(file, 'not a directory')
  await expect(openStore({ dataDir: join(file, 'data') })).rejects.toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('local disk'),
  })
})

function startHolder(dataDir: string): { child: ChildProcess; firstLine: Promise<string> } {
  const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()))
    child.once('exit', (code) => resolve(`exit ${code}`))
  })
  return { child, firstLine }
}

function remember(path: string): string {
  directories.push(path)
  return path
}
