/** Keeps credentials unreadable in the store: compact JWE (A256GCM), the connection's name authenticated with it. */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { TajoError } from '../base/error.ts'

export type SecretBox = {
  seal(text: string, connection: string): Promise<string>
  /** Throws `secret_unreadable` when the key is another one, or the text belongs to another connection. */
  open(sealed: string, connection: string): Promise<string>
}

/** With TAJO_SECRET_KEY, or with a key file (mode 0600) that is made in the data directory at the first use. */
export function createSecretBox(secretKey: string | null, dataDir: string): SecretBox {
  let key: Promise<Uint8Array> | null = null
  const readKey = (): Promise<Uint8Array> => {
    key ??= secretKey === null ? keyFromFile(dataDir) : Promise.resolve(deriveKey(secretKey))
    return key
  }
  return {
    async seal(text, connection) {
      const bytes = await readKey()
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyId(bytes), sub: connection })
        .encrypt(bytes)
    },
    async open(sealed, connection) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, await readKey())
        if (protectedHeader.sub !== connection) throw new Error(`sealed for ${String(protectedHeader.sub)}`)
        return new TextDecoder().decode(plaintext)
      } catch (cause) {
        throw new TajoError({
          code: 'secret_unreadable',
          disposition: 'pause',
          message:
            'The stored credentials cannot be decrypted: TAJO_SECRET_KEY (or the key file secret.key in the data directory) is not the one they were stored with. Put it back, or connect again.',
          cause,
        })
      }
    },
  }
}

async function keyFromFile(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, 'secret.key')
  const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (existing !== null) return deriveKey(existing.trim())
  const made = randomBytes(32).toString('base64url')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
  await chmod(path, 0o600)
  return deriveKey(made)
}

function deriveKey(text: string): Uint8Array {
  return createHash('sha256').update(`tajo credentials ${text}`).digest()
}

function keyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 12)
}
