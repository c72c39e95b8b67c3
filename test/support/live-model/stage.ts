/** What the cases of a model run share: one store, one receiver of webhooks, one configuration. */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config/index.ts'
import { createTajoYaml, oneWay } from '../../../src/simulators/data/tajo-yaml.ts'
import type { Store } from '../../../src/store/index.ts'
import { openReceiver } from './receiver.ts'
import type { Stage } from './world.ts'

const events = `
organization_mapping: { name: name }
webhooks:
  - { event_object: person, event_action: added, brevo_event: person_added }
  - { event_object: person, event_action: deleted, brevo_event: person_deleted }
  - { event_object: person, event_action: merged, brevo_event: person_merged }
  - { event_object: deal, event_action: added, brevo_event: deal_added }
  - { event_object: activity, event_action: added, brevo_event: activity_added }
  - { event_object: activity, event_action: updated, brevo_event: activity_updated }
  - { event_object: lead, event_action: added, brevo_event: lead_added }
`

/** The store stays the caller's. */
export async function openStage(store: Store): Promise<Stage & { close(): Promise<void> }> {
  const receiver = await openReceiver()
  const directory = fs.mkdtempSync(join(tmpdir(), 'tajo-model-'))
  const file = join(directory, 'tajo.yaml')
  fs.writeFileSync(file, oneWay(createTajoYaml()) + events)
  const { config } = loadConfig({ file, env: { PIPEDRIVE_API_TOKEN: 'unused', BREVO_API_KEY: 'unused' } })
  fs.rmSync(directory, { recursive: true })
  return { store, receiver, config, persons: 6, close: () => receiver.close() }
}
