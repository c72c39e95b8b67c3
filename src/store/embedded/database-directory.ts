/**
 * Judges a directory before the engine opens it, and makes a new one where there is none. It changes nothing
 * in a directory that exists, whatever it holds.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TajoError } from '../../base/error.ts'
import { corruptError, diskFullError, isDiskFull } from '../store-error.ts'
import { syncDirectory } from '../sync-directory.ts'
import { siblingProgram, typescriptFlags } from './engine-host.ts'

/** The PostgreSQL major inside PGlite 0.5. */
export const ENGINE_MAJOR = '18'
const CONTROL_FILE_BYTES = 8192

/**
 * Ready to be opened after this. Throws `store_incompatible` for another PostgreSQL major, `store_corrupt` for
 * a directory that holds something else or only a part, `store_disk_full`, `store_failed`.
 */
export async function prepareDatabaseDirectory(directory: string): Promise<void> {
  const found = await fs.stat(directory).catch(undefinedIfAbsent)
  if (found && !found.isDirectory()) throw corruptError(directory, 'it is not a directory')
  const entries = await listOrUndefined(directory)
  if (entries === undefined || entries.length === 0) await initialise(directory)
  else await inspect(directory)
  await fs.chmod(directory, 0o700)
}

async function inspect(directory: string): Promise<void> {
  const version = await readOrUndefined(join(directory, 'PG_VERSION'))
  if (version === undefined) throw corruptError(directory, 'it is not a database of PostgreSQL')
  const major = version.trim()
  if (!/^\d+(\.\d+)?$/.test(major)) throw corruptError(directory, 'its PG_VERSION is damaged')
  if (major !== ENGINE_MAJOR) throw incompatibleError(directory, major)
  for (const part of ['base', 'pg_wal', 'pg_xact']) {
    if ((await listOrUndefined(join(directory, part))) === undefined) {
      throw corruptError(directory, `its folder ${part} is missing`)
    }
  }
  const control = await fs.stat(join(directory, 'global', 'pg_control')).catch(undefinedIfAbsent)
  if (control?.size !== CONTROL_FILE_BYTES) {
    throw corruptError(directory, 'its control file is missing or cut short')
  }
}

/** Made beside its place and then renamed, so that a crash in between leaves nothing half made there. */
async function initialise(directory: string): Promise<void> {
  const fresh = `${directory}.new`
  await fs.rm(fresh, { recursive: true, force: true })
  const { status, output } = await runInitialise(fresh)
  if (status !== 0) {
    await fs.rm(fresh, { recursive: true, force: true })
    throw initialiseError(directory, status, output)
  }
  // rename() replaces an empty directory; Windows wants it gone first.
  await fs.rmdir(directory).catch(undefinedIfAbsent)
  await fs.rename(fresh, directory)
  await syncDirectory(dirname(directory))
}

/** Without the optimising compiler: half the time and half the memory. */
function runInitialise(directory: string): Promise<{ status: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--liftoff-only', ...typescriptFlags(), siblingProgram('initialise'), directory],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ status: code ?? signal ?? 'unknown', output }))
  })
}

function initialiseError(directory: string, status: number | string, output: string): TajoError {
  const reason = output.trim().split('\n').at(-1) ?? ''
  const cause = new Error(reason)
  if (isDiskFull(/^refused by the system: (\w+)/.exec(reason)?.[1])) {
    return diskFullError({ kind: 'embedded', name: directory }, cause)
  }
  return new TajoError({
    code: 'store_failed',
    message: `A new database could not be made in ${directory} (ended with ${status}: ${reason}). Check that the directory can be written and try again.`,
    disposition: 'retry',
    details: { directory, reason },
    cause,
  })
}

function incompatibleError(directory: string, major: string): TajoError {
  return new TajoError({
    code: 'store_incompatible',
    message: `${directory} was made by PostgreSQL ${major}, this version of Tajo brings PostgreSQL ${ENGINE_MAJOR}. Nothing was changed in it. Export it with the version of Tajo that made it and import that file into an empty data directory.`,
    disposition: 'pause',
    details: { directory, found: major, supported: ENGINE_MAJOR },
  })
}

async function listOrUndefined(path: string): Promise<string[] | undefined> {
  return fs.readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined
    return undefinedIfAbsent(error)
  })
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  return fs.readFile(path, 'utf8').catch(undefinedIfAbsent)
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
  return undefined
}
