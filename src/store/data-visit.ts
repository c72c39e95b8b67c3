/** The way to the process that has a data directory, for those who come to ask it. It takes no lock and removes nothing. */
import fs from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { pipePath, readGreeting, SOCKET_SUFFIX, withShortPath } from './lock-socket.ts'

/** A holder that works hard may be late with its greeting. */
const GREETING_TIMEOUT_MS = 5_000
/** A greeting is far shorter; what is longer comes from something else. */
const LONGEST_GREETING = 1_000

/**
 * A connection to the holder of the lock, past its greeting and paused, when that holder serves visitors; else null
 * (nobody is there, it serves nobody, or it does not answer).
 */
export async function visitDataDirectory(dataDir: string): Promise<net.Socket | null> {
  if (process.platform === 'win32') return visit(await pipePath(dataDir))
  const directory = join(dataDir, 'lock')
  const visits = await Promise.all(
    (await listSockets(directory)).map((name) => withShortPath(directory, (path) => visit(join(path, name)))),
  )
  const [open = null, ...more] = visits.filter((socket) => socket !== null)
  for (const socket of more) socket.destroy()
  return open
}

async function listSockets(directory: string): Promise<string[]> {
  try {
    return (await fs.readdir(directory)).filter((name) => name.endsWith(SOCKET_SUFFIX))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function visit(path: string): Promise<net.Socket | null> {
  return new Promise((resolve) => {
    const socket = net.connect(path)
    let read = Buffer.alloc(0)
    const leave = (): void => {
      socket.destroy()
      resolve(null)
    }
    const listen = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk])
      const end = read.indexOf('\n')
      if (end === -1) {
        if (read.length > LONGEST_GREETING) leave()
        return
      }
      const greeting = readGreeting(read.subarray(0, end).toString('utf8'))
      if (greeting?.state !== 'holding' || greeting.serving !== true) {
        leave()
        return
      }
      socket.setTimeout(0)
      socket.off('data', listen).off('end', leave).off('timeout', leave)
      socket.pause()
      if (end + 1 < read.length) socket.unshift(read.subarray(end + 1))
      resolve(socket)
    }
    socket.setTimeout(GREETING_TIMEOUT_MS)
    // The error listener stays: without one, a break between here and the first word would end the process.
    socket.on('error', leave).on('end', leave).on('timeout', leave).on('data', listen)
  })
}
