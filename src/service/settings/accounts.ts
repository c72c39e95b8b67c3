/** Both accounts of a connection for one question about its settings, and what is made in Brevo for them. */
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { LoadedConfig } from '../../config/index.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { Store } from '../../store/index.ts'
import { createAttributes, createList } from '../../sync/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored } from '../clients.ts'
import type { SecretBox } from '../secrets.ts'
import type { Settings } from '../settings-face.ts'

export type AccountsAccess = {
  readonly config: LoadedConfig
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  readonly box: SecretBox
  readonly timeoutMs: number | undefined
}

/** Throws `config_not_connected` and what `work` throws. */
export async function withAccounts<T>(
  { config, store, connection, clock, box, timeoutMs }: AccountsAccess,
  work: (clients: { pipedrive: PipedriveClient; brevo: BrevoClient }) => Promise<T>,
): Promise<T> {
  const stored = await readStored(store, connection, box)
  const pipedriveFrom = pipedriveAccess(config.config, stored, clock, timeoutMs)
  const brevoFrom = brevoAccess(config.config, stored, clock, timeoutMs)
  if (pipedriveFrom === null) throw notConnected('pipedrive', stored)
  if (brevoFrom === null) throw notConnected('brevo')
  const clients = { pipedrive: pipedriveFrom.make(), brevo: brevoFrom.make() }
  try {
    return await work(clients)
  } finally {
    await Promise.all([clients.pipedrive.close(), clients.brevo.close()])
  }
}

const RESERVED = ['EMAIL', 'SMS', 'EXT_ID']
/** Brevo takes capitals, digits and underscores. */
const ATTRIBUTE_NAME = /^[A-Z][A-Z0-9_]{0,49}$/

export function createBrevoParts(
  access: AccountsAccess,
  onCreated: () => void,
): Pick<Settings, 'createAttribute' | 'createList'> {
  return {
    async createAttribute({ name, type }) {
      if (!ATTRIBUTE_NAME.test(name) || RESERVED.includes(name)) throw invalidName(name)
      return withAccounts(access, async ({ brevo }) => {
        const there = await brevo.attributes.list({ lane: 'interactive' })
        if (there.some((one) => one.name === name)) throw attributeExists(name)
        await createAttributes(brevo, [{ name, type }])
        onCreated()
        return { name, type, writable: true, labels: null }
      })
    },
    createList: ({ name }) =>
      withAccounts(access, async ({ brevo }) => {
        const there = await brevo.lists.list({ lane: 'interactive' })
        if (there.some((one) => one.name === name)) throw listExists(name)
        const id = await createList(brevo, name)
        onCreated()
        return { id, name }
      }),
  }
}

function invalidName(name: string): TajoError {
  return new TajoError({
    code: 'attribute_name_invalid',
    message: `${JSON.stringify(name)} cannot be the name of a new attribute: capitals A to Z, digits and underscores, a letter first, at most 50; EMAIL, SMS and EXT_ID are Brevo's own.`,
  })
}

function attributeExists(name: string): TajoError {
  return new TajoError({
    code: 'attribute_exists',
    message: `Brevo has an attribute named ${name} already: use that one, or choose another name.`,
  })
}

function listExists(name: string): TajoError {
  return new TajoError({
    code: 'list_exists',
    message: `Brevo has a list named ${name} already: use that one, or choose another name.`,
  })
}
