/**
 * The keys that seal credentials: the current one, and those before it that may still be needed to open. They come from
 * the environment, or from the file secret.key (mode 0600, one key a line, the current one first). No key is ever shown.
 */
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type Key = { readonly id: string; readonly bytes: Uint8Array }

export type KeySources = {
  /** TAJO_SECRET_KEY; null: the file. */
  readonly secretKey: string | null
  /** TAJO_SECRET_KEY_PREVIOUS. */
  readonly previousSecretKey: string | null
  readonly dataDir: string
}

export type KeyRing = {
  /** From the environment: then the operator makes new keys, not Tajo. */
  readonly fromEnvironment: boolean
  readonly hasPrevious: boolean
  /** The current one first; a file without any gets one. Read anew each time: another process may have changed it. */
  keys(): Promise<readonly [Key, ...Key[]]>
  /** Puts a new key before the ones in the file; false when one is there already that has not replaced all others yet. */
  addKey(): Promise<boolean>
  /** Leaves only the current key in the file. */
  dropFormerKeys(): Promise<void>
}

export function createKeyRing({ secretKey, previousSecretKey, dataDir }: KeySources): KeyRing {
  const path = join(dataDir, 'secret.key')
  const fromEnvironment = secretKey !== null
  /** Of this process: what was sealed with one in the moment it was dropped can still be opened, and sealed anew. */
  const dropped: string[] = []
  return {
    fromEnvironment,
    hasPrevious: previousSecretKey !== null,
    async keys() {
      const inFile = await readKeys(path)
      if (!fromEnvironment && inFile.length === 0) inFile.push(await makeFirstKey(path))
      const texts = [...(secretKey === null ? [] : [secretKey]), ...inFile]
      if (previousSecretKey !== null) texts.push(previousSecretKey)
      texts.push(...dropped)
      return texts.map(toKey) as [Key, ...Key[]]
    },
    async addKey() {
      const inFile = await readKeys(path)
      if (inFile.length > 1) return false
      await replaceFile(path, [newKey(), ...inFile])
      return true
    },
    async dropFormerKeys() {
      const [current, ...former] = await readKeys(path)
      if (current === undefined || former.length === 0) return
      dropped.push(...former)
      await replaceFile(path, [current])
    },
  }
}

async function readKeys(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}

/** Whole or not at all, and never over one that another process has just made. */
async function makeFirstKey(path: string): Promise<string> {
  const temporary = await writeTemporary(path, [newKey()])
  try {
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(temporary)
  }
  const [key] = await readKeys(path)
  if (key === undefined) throw new Error(`${path} is empty; put its key back, or delete it and connect again`)
  return key
}

async function replaceFile(path: string, keys: readonly string[]): Promise<void> {
  await rename(await writeTemporary(path, keys), path)
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function writeTemporary(path: string, keys: readonly string[]): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(`${keys.join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

function newKey(): string {
  return randomBytes(32).toString('base64url')
}

function toKey(text: string): Key {
  const bytes = createHash('sha256').update(`tajo credentials ${text}`).digest()
  return { bytes, id: createHash('sha256').update(bytes).digest('base64url').slice(0, 12) }
}
