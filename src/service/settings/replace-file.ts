/**
 * Puts a new text into a file: by a file beside it that takes its place, so that whoever reads meanwhile, or after a crash,
 * finds the former text or the new one, whole. Where that is impossible, in place; then the former text is put back on failure.
 */
import { randomUUID } from 'node:crypto'
import { realpath, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'

/** The file holds neither text as a whole. */
export class HalfWritten extends Error {}

/** Credentials can stand in it: for its owner only, unless somebody has decided otherwise. */
const newFileMode = 0o600
/** A file that is mounted by itself, or stands where nothing else may be made, can be written, and not replaced. */
const inPlaceAfter = ['EBUSY', 'EACCES', 'EPERM', 'EROFS', 'EXDEV']

/** `former`: what stands in it; null: there is none yet. Throws `HalfWritten`; after every other error all is as it was. */
export async function replaceFile(named: string, former: string | null, text: string): Promise<void> {
  // A link stays a link.
  const file = await realpath(named).catch(() => named)
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => newFileMode,
  )
  const beside = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(beside, text, { mode, flag: 'wx', flush: true })
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    if (former === null || !inPlaceAfter.includes(codeOf(error))) throw error
    await overwriteFile(file, former, text)
  }
}

/** As `replaceFile`, in the file itself. */
export async function overwriteFile(file: string, former: string, text: string): Promise<void> {
  try {
    await overwrite(file, text)
  } catch (error) {
    try {
      await overwrite(file, former)
    } catch {
      throw new HalfWritten(codeOf(error), { cause: error })
    }
    throw error
  }
}

async function overwrite(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'r+', flush: true })
  await truncate(file, Buffer.byteLength(text))
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
}
