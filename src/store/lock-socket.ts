/** Where the sockets of a data directory's lock are and what is said there first. It takes and asks nothing itself. */
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The greeting: one line of JSON. `serving`: it goes on listening to its visitors after that line. */
export type Contender = { pid: number; state: 'asking' | 'holding'; serving?: boolean }

export const SOCKET_SUFFIX = '.sock'
/** The shortest limit of the systems we know is 104 bytes (macOS). */
const LONGEST_SOCKET_PATH = 100

/** Windows has no sockets among its files: a named pipe per directory. */
export async function pipePath(dataDir: string): Promise<string> {
  const place = createHash('sha256')
    .update(await fs.realpath(dataDir))
    .digest('hex')
  return `\\\\.\\pipe\\tajo-${place}`
}

/** Socket paths are short by law of the system; a longer one is reached through a link for the moment. */
export async function withShortPath<T>(
  directory: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  if (Buffer.byteLength(directory) + 40 <= LONGEST_SOCKET_PATH) return work(directory)
  const temporary = await fs.mkdtemp(join(tmpdir(), 'tajo-'))
  const link = join(temporary, 'd')
  try {
    await fs.symlink(await fs.realpath(directory), link)
    return await work(link)
  } finally {
    await fs.rm(link, { force: true })
    await fs.rmdir(temporary)
  }
}

/** Undefined for a line that is no greeting. */
export function readGreeting(line: string): Contender | undefined {
  try {
    return JSON.parse(line) as Contender
  } catch {
    return undefined
  }
}
