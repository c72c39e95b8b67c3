/** What is made in Brevo for the settings of a connection. */
import { TajoError } from '../../base/error.ts'
import { createAttributes, createList } from '../../sync/index.ts'
import { type ClientsContext, withClients } from '../clients.ts'
import type { Settings } from '../settings-face.ts'

const RESERVED = ['EMAIL', 'SMS', 'EXT_ID']
/** Brevo takes capitals, digits and underscores. */
const ATTRIBUTE_NAME = /^[A-Z][A-Z0-9_]{0,49}$/

export function createBrevoParts(
  context: ClientsContext,
  onCreated: () => void,
): Pick<Settings, 'createAttribute' | 'createList'> {
  return {
    async createAttribute({ name, type }) {
      if (!ATTRIBUTE_NAME.test(name) || RESERVED.includes(name)) throw invalidName(name)
      return withClients(context, async ({ brevo }) => {
        const there = await brevo.attributes.list({ lane: 'interactive' })
        if (there.some((one) => one.name === name)) throw attributeExists(name)
        await createAttributes(brevo, [{ name, type }])
        onCreated()
        return { name, type, writable: true, labels: null }
      })
    },
    createList: ({ name }) =>
      withClients(context, async ({ brevo }) => {
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
