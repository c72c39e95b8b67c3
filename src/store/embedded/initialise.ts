/**
 * A program of its own: makes a new database directory and ends. Making one takes several hundred megabytes
 * that a process never gives back, so the process that opens the store does not do it itself. It does not
 * touch a directory that exists.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { DurableNodeFS } from './durable-file-system.ts'
import { DURABLE_START_PARAMETERS } from './engine.ts'

const directory = process.argv[2]
if (!directory) throw new Error('Usage: initialise <new directory>')
process.umask(0o077)
fs.mkdirSync(directory, { mode: 0o700 })
const files = new DurableNodeFS(directory)
try {
  const database = await PGlite.create({ fs: files, startParams: [...DURABLE_START_PARAMETERS] })
  await database.close()
  syncTree(directory)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  // Read by database-directory.ts, which looks at the last line.
  process.stderr.write(files.lastFault ? `\nrefused by the system: ${files.lastFault}\n` : `\n${message}\n`)
  process.exit(1)
}

/** The files were copied from memory without fsync: force every one of them and every name to the disk. */
function syncTree(path: string): void {
  for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) syncTree(child)
    else if (entry.isFile()) syncPath(child)
  }
  if (process.platform !== 'win32') syncPath(path)
}

function syncPath(path: string): void {
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
