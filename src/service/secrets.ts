/** Keeps credentials unreadable in the store: compact JWE (A256GCM), the connection's name authenticated with it. */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { TajoError } from '../base/error.ts'
import { createKeyRing, type KeyRing } from './secret-keys.ts'

export type SecretBox = {
  seal(text: string, connection: string): Promise<string>
  /** Throws `secret_unreadable` when the key is another one, or the text belongs to another connection. */
  open(sealed: string, connection: string): Promise<string>
  /** Whether it was sealed with the key that seals now. */
  isCurrent(sealed: string): Promise<boolean>
  readonly ring: KeyRing
}

/**
 * With TAJO_SECRET_KEY, or with a key file (mode 0600) that is made in the data directory at the first use. What was sealed
 * with a former key is opened as long as that key is there.
 */
export function createSecretBox(
  secretKey: string | null,
  dataDir: string,
  previousSecretKey: string | null = null,
): SecretBox {
  const ring = createKeyRing({ secretKey, previousSecretKey, dataDir })
  return {
    ring,
    async seal(text, connection) {
      const [current] = await ring.keys()
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current.id, sub: connection })
        .encrypt(current.bytes)
    },
    async open(sealed, connection) {
      try {
        const { kid } = decodeProtectedHeader(sealed)
        const key = (await ring.keys()).find(({ id }) => id === kid)
        if (key === undefined) throw new Error(`no key ${String(kid)}`)
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, key.bytes)
        if (protectedHeader.sub !== connection) throw new Error(`sealed for ${String(protectedHeader.sub)}`)
        return new TextDecoder().decode(plaintext)
      } catch (cause) {
        throw new TajoError({
          code: 'secret_unreadable',
          disposition: 'pause',
          message:
            'The stored credentials cannot be decrypted: TAJO_SECRET_KEY (or the key file secret.key in the data directory) is not the one they were stored with. Put it back, name it in TAJO_SECRET_KEY_PREVIOUS, or connect again.',
          cause,
        })
      }
    },
    async isCurrent(sealed) {
      const [current] = await ring.keys()
      return decodeProtectedHeader(sealed).kid === current.id
    },
  }
}
