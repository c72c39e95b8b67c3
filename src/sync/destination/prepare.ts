/** What Brevo must have before contacts can be written: the mapped attributes, and a list for imports to name. */
import { eachOf } from '../../base/together.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { AttributeType } from '../model/index.ts'

/** The list that stands in for `lists.all_contacts` where none is configured, and its folder (rule R3.3). */
export const technicalName = 'Tajo'

export async function createAttributes(
  brevo: BrevoClient,
  attributes: readonly { name: string; type: AttributeType }[],
  signal?: AbortSignal,
): Promise<void> {
  await eachOf(attributes, 5, async ({ name, type }) => {
    if (type === 'category') throw new Error(`${name}: category attributes are not created`)
    await brevo.attributes.create('normal', name, { type }, { lane: 'interactive', signal })
  })
}

/** Finds or makes the folder; returns the list's id. */
export function createTechnicalList(brevo: BrevoClient, signal?: AbortSignal): Promise<number> {
  return createList(brevo, technicalName, signal)
}

/** In the folder of Tajo, which is made where it is not there yet; returns the list's id. */
export async function createList(brevo: BrevoClient, name: string, signal?: AbortSignal): Promise<number> {
  const call = { lane: 'interactive', signal } as const
  const folders = await brevo.folders.list(call)
  const folder =
    folders.find((item) => item.name === technicalName) ?? (await brevo.folders.create(technicalName, call))
  const { id } = await brevo.lists.create({ name, folderId: folder.id }, call)
  return id
}
