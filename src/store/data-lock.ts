/**
 * One process at a time on a data directory. Two engines on one directory silently destroy each other's rows.
 *
 * Each contender listens on a Unix socket of its own in `<data directory>/lock` and then asks all others there.
 * The name is unique, so a socket that nobody answers belongs to a dead process and can be removed without a
 * race, and SIGKILL leaves nothing that must be cleaned by hand. Of two that meet while both still ask, the
 * one whose name sorts later steps back. Holds between the containers of one machine, not over NFS.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TajoError } from '../base/error.ts'
import { type Contender, pipePath, readGreeting, SOCKET_SUFFIX, withShortPath } from './lock-socket.ts'

export type DataLock = {
  /** Stops answering and lets the next one in. */
  release(): Promise<void>
}

export type DataLockOptions = {
  /**
   * Serves a visitor after the greeting line, which then says `serving`; without it the connection ends there. Called
   * for the holder only. Those who only read the greeting hang up at once. Releasing the lock hangs up on all.
   */
  onVisitor?: (socket: net.Socket) => void
}

const GREETING_TIMEOUT_MS = 3_000
/** How long a visitor may take to receive the last words. */
const FAREWELL_MS = 1_000

/**
 * Takes the lock or throws `store_locked`, naming the process that holds it. The directory must exist.
 * The socket does not keep the process alive.
 */
export async function lockDataDirectory(dataDir: string, options: DataLockOptions = {}): Promise<DataLock> {
  if (process.platform === 'win32') return lockByPipe(dataDir, options)
  const directory = join(dataDir, 'lock')
  await fs.mkdir(directory, { recursive: true, mode: 0o700 })
  for (;;) {
    const contender = await contend(directory, options)
    const outcome = await settle(directory, contender).catch(async (error: unknown) => {
      await contender.withdraw()
      throw error
    })
    if (outcome === 'held') return { release: contender.withdraw }
    await contender.withdraw()
    if (outcome !== 'yield') throw lockedError(dataDir, outcome.pid)
    await sleep(10 + Math.random() * 40)
  }
}

/** Windows has no sockets among its files, but lets only one process open a named pipe for listening. */
async function lockByPipe(dataDir: string, options: DataLockOptions): Promise<DataLock> {
  const path = await pipePath(dataDir)
  const self: Contender = { pid: process.pid, state: 'holding', ...(options.onVisitor && { serving: true }) }
  const greeter = createGreeter(self, options)
  try {
    await listen(greeter.server, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw lockedError(dataDir, (await ask(path))?.pid ?? Number.NaN)
  }
  greeter.server.unref()
  return { release: greeter.close }
}

type Contention = { name: string; self: Contender; serves: boolean; withdraw: () => Promise<void> }

async function contend(directory: string, options: DataLockOptions): Promise<Contention> {
  const self: Contender = { pid: process.pid, state: 'asking' }
  const greeter = createGreeter(self, options)
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`
  const name = `${id}${SOCKET_SUFFIX}`
  await withShortPath(directory, (path) => listen(greeter.server, join(path, id)))
  greeter.server.unref()
  // Seen by the others only now that it answers: a socket between bind and listen looks like a dead one.
  await fs.rename(join(directory, id), join(directory, name))
  return {
    name,
    self,
    serves: options.onVisitor !== undefined,
    async withdraw() {
      await fs.rm(join(directory, name), { force: true })
      await greeter.close()
    },
  }
}

/** `held`: ours. `yield`: another contender goes first. Otherwise the holder. */
async function settle(
  directory: string,
  { name, self, serves }: Contention,
): Promise<'held' | 'yield' | Contender> {
  for (;;) {
    const others = await askOthers(directory, name)
    const holder = others.find((other) => other.contender.state === 'holding')
    if (holder) return holder.contender
    if (others.length === 0) {
      self.state = 'holding'
      if (serves) self.serving = true
      return 'held'
    }
    if (others.some((other) => other.name < name)) return 'yield'
    await sleep(20)
  }
}

async function askOthers(directory: string, own: string): Promise<{ name: string; contender: Contender }[]> {
  const names = (await fs.readdir(directory)).filter((name) => name.endsWith(SOCKET_SUFFIX) && name !== own)
  const found = await Promise.all(
    names.map(async (name) => {
      const contender = await withShortPath(directory, (path) => ask(join(path, name)))
      if (contender) return { name, contender }
      await fs.rm(join(directory, name), { force: true })
      return undefined
    }),
  )
  return found.filter((other) => other !== undefined)
}

/**
 * What the process behind a socket says; undefined when there is none. One that is there but silent (stopped,
 * or busy) counts as the holder: better to refuse than to share.
 */
function ask(path: string): Promise<Contender | undefined> {
  const silent: Contender = { pid: Number.parseInt(path.split('/').at(-1) ?? '', 10), state: 'holding' }
  return new Promise((resolve) => {
    const socket = net.connect(path)
    let text = ''
    const finish = (answer: Contender | undefined) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(GREETING_TIMEOUT_MS, () => finish(silent))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? undefined : silent),
    )
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
      const [line, rest] = text.split('\n')
      if (line !== undefined && rest !== undefined) finish(readGreeting(line) ?? silent)
    })
    // It closed without a word: it is going away, and its socket file with it. Ask again soon.
    socket.on('end', () => finish({ ...silent, state: 'asking' }))
  })
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

type Greeter = {
  server: net.Server
  /** Hangs up on whoever is there, once what was said to them has left. */
  close(): Promise<void>
}

function createGreeter(self: Contender, options: DataLockOptions): Greeter {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write(`${JSON.stringify(self)}\n`)
    if (self.serving) options.onVisitor?.(socket)
    else socket.end()
  })
  return {
    server,
    async close() {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroySoon()
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, FAREWELL_MS)
      await closed
      clearTimeout(timer)
    },
  }
}

function lockedError(dataDir: string, pid: number): TajoError {
  const holder = Number.isInteger(pid) ? `process ${pid}` : 'another process'
  return new TajoError({
    code: 'store_locked',
    message: `The data directory ${dataDir} is in use by ${holder}. Stop that process first, or give this one a directory of its own.`,
    disposition: 'pause',
    details: { directory: dataDir, ...(Number.isInteger(pid) && { pid }) },
  })
}
