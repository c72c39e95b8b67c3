/**
 * A program for power-cut tests: writes rows with the embedded engine, prints each once it is acknowledged, and
 * after so many writes and syncs "cuts the power": most of the pages that no fsync has covered get their old
 * content back, and the process is killed. Renames and new names count as durable.
 * Usage: node power-cut-writer.ts <database directory> <first number> <events until the cut> [without-fsync]
 */
import fs from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { openEngine } from '../../src/store/embedded/engine.ts'
import { simpleQuery, transactionStatus } from '../../src/store/embedded/wire-frames.ts'

const PAGE_BYTES = 4096
const [directory = '', first = '0', events = '0', mode] = process.argv.slice(2)
const real = { writeSync: fs.writeSync, fdatasyncSync: fs.fdatasyncSync, fsyncSync: fs.fsyncSync }
type UnsyncedFile = { path: string; oldPages: Map<number, Buffer> }
const unsynced = new Map<number, UnsyncedFile>()
let eventsLeft = Number.POSITIVE_INFINITY

function countDown(): void {
  if (--eventsLeft > 0) return
  const share = 0.5 + Math.random() / 2
  for (const { path, oldPages } of unsynced.values()) {
    if (!fs.existsSync(path)) continue
    const file = fs.openSync(path, 'r+')
    for (const [page, content] of oldPages) {
      if (Math.random() < share) real.writeSync(file, content, 0, PAGE_BYTES, page * PAGE_BYTES)
    }
  }
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

function keepOldPages(descriptor: number, length: number, position: number): void {
  const { ino } = fs.fstatSync(descriptor)
  const file = unsynced.get(ino) ?? {
    path: fs.readlinkSync(`/proc/self/fd/${descriptor}`),
    oldPages: new Map<number, Buffer>(),
  }
  unsynced.set(ino, file)
  const reader = fs.openSync(file.path, 'r')
  for (let page = Math.floor(position / PAGE_BYTES); page * PAGE_BYTES < position + length; page++) {
    if (file.oldPages.has(page)) continue
    const content = Buffer.alloc(PAGE_BYTES)
    fs.readSync(reader, content, 0, PAGE_BYTES, page * PAGE_BYTES)
    file.oldPages.set(page, content)
  }
  fs.closeSync(reader)
}

fs.writeSync = ((
  descriptor: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => {
  if (typeof position === 'number') keepOldPages(descriptor, length, position)
  countDown()
  return real.writeSync(descriptor, buffer, offset, length, position)
}) as typeof fs.writeSync
for (const name of ['fdatasyncSync', 'fsyncSync'] as const) {
  fs[name] = (descriptor) => {
    countDown()
    real[name](descriptor)
    unsynced.delete(fs.fstatSync(descriptor).ino)
  }
}

async function openWithoutFsync(): Promise<(text: string) => Promise<Uint8Array>> {
  const database = await PGlite.create(directory)
  return (text) => database.execProtocolRaw(simpleQuery(text))
}

async function openDurable(): Promise<(text: string) => Promise<Uint8Array>> {
  const engine = await openEngine(directory)
  return (text) => engine.execute(simpleQuery(text))
}

const run = await (mode === 'without-fsync' ? openWithoutFsync() : openDurable())
await run('create table if not exists rows (id int primary key, doc text)')
await run('checkpoint')
eventsLeft = Number(events)
for (let id = Number(first); ; id++) {
  const answer = await run(`insert into rows values (${id}, repeat(md5('${id}'), ${(id % 60) + 1}))`)
  if (transactionStatus(answer) !== 'I' || answer[0] !== 'C'.charCodeAt(0))
    throw new Error('An insert failed.')
  real.writeSync(1, `${id}\n`)
  if (id % 40 === 0) await run('checkpoint')
}
