/**
 * `tajo secrets rotate`: everything sealed is sealed anew with another key. The former key stays until nothing needs it any
 * more, so that it may be killed at any moment; what was left is done by the next one. Two at once do not meet.
 */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../base/error.ts'
import {
  claimTokens,
  dropTokenClaim,
  listCredentials,
  listSavings,
  listStoredConnections,
  replaceConnectionSettings,
  replaceCredentials,
  resealSaving,
  type Store,
} from '../store/index.ts'
import type { SecretBox } from './secrets.ts'

export type SecretRotation = {
  /** Connections whose credentials were sealed anew. */
  readonly resealed: number
  /** An earlier rotation had been interrupted, and is finished now. */
  readonly resumed: boolean
  /** Where the key is: the file in the data directory, or TAJO_SECRET_KEY. */
  readonly key: 'file' | 'environment'
}

/** Longer than sealing one connection takes; whoever holds it longer is dead. */
const CLAIM_SECONDS = 15

/** Throws `secret_no_new_key`, `secret_rotation_running`, `secret_unreadable`. */
export async function rotateSecrets(store: Store, box: SecretBox): Promise<SecretRotation> {
  const { ring } = box
  const claim = { connection: '*', connector: 'secrets', holder: randomUUID() }
  const hold = async (): Promise<void> => {
    if (!(await claimTokens(store.db, claim, CLAIM_SECONDS))) throw running()
  }
  await hold()
  try {
    if (ring.fromEnvironment && !ring.hasPrevious && (await findStale(store, box)).length === 0)
      throw noNewKey()
    const resumed = !ring.fromEnvironment && !(await ring.addKey())
    let resealed = await resealAll(store, box, hold)
    if (!ring.fromEnvironment) {
      await ring.dropFormerKeys()
      // Who read the file a moment before may have sealed with the former key since the last look.
      resealed += await resealAll(store, box, hold)
    }
    return { resealed, resumed, key: ring.fromEnvironment ? 'environment' : 'file' }
  } finally {
    await dropTokenClaim(store.db, claim)
  }
}

async function resealAll(store: Store, box: SecretBox, hold: () => Promise<void>): Promise<number> {
  let resealed = 0
  await resealSettings(store, box, hold)
  for (;;) {
    const stale = await findStale(store, box)
    if (stale.length === 0) return resealed
    for (const { id, sealed } of stale) {
      await hold()
      const next = { sealed: await box.seal(await box.open(sealed, id), id) }
      // Changed meanwhile: the next look finds it again if it is still needed.
      if (await replaceCredentials(store.db, id, { sealed }, next)) resealed += 1
    }
  }
}

/** What was changed or removed meanwhile is found again by the next look, if it still needs it. */
async function resealSettings(store: Store, box: SecretBox, hold: () => Promise<void>): Promise<void> {
  for (let stale = true; stale; ) {
    stale = false
    for (const kept of await listStoredConnections(store.db)) {
      if (await box.isCurrent(kept.settings)) continue
      stale = true
      await hold()
      const settings = await box.open(kept.settings, kept.name)
      await replaceConnectionSettings(store.db, kept, await box.seal(settings, kept.name))
    }
  }
  for (const { id, connection, before } of await listSavings(store.db)) {
    if (await box.isCurrent(before)) continue
    await hold()
    await resealSaving(store.db, id, await box.seal(await box.open(before, connection), connection))
  }
}

async function findStale(store: Store, box: SecretBox): Promise<{ id: string; sealed: string }[]> {
  const stale: { id: string; sealed: string }[] = []
  for (const { id, credentials } of await listCredentials(store.db)) {
    const { sealed } = credentials
    if (typeof sealed === 'string' && !(await box.isCurrent(sealed))) stale.push({ id, sealed })
  }
  return stale
}

function running(): TajoError {
  return new TajoError({
    code: 'secret_rotation_running',
    disposition: 'retry',
    message: 'Another rotation is under way, or was killed just now. Try again in a minute.',
  })
}

function noNewKey(): TajoError {
  return new TajoError({
    code: 'secret_no_new_key',
    message:
      'Everything is sealed with TAJO_SECRET_KEY as it is. Start Tajo with a new TAJO_SECRET_KEY and the one before in TAJO_SECRET_KEY_PREVIOUS, then rotate.',
  })
}
