import { describe, expect, test } from 'vitest'
import { readConfig } from './accounts.test-kit.ts'
import { requiredWebhooks } from './required.ts'

async function required(yaml: string) {
  return requiredWebhooks(await readConfig(yaml))
}

function pipedrive(lines: string): string {
  return `connectors:\n  pipedrive:\n${lines.replace(/^/gm, '    ')}\n`
}

const ONLY_PERSONS =
  'sync: { persons: true, deals: false, organizations: false, activities: false, leads: false }'

describe('the subscriptions that a configuration needs', () => {
  test('are one for each synced object, and one at Brevo', async () => {
    expect(await required('')).toEqual({
      pipedrive: ['person', 'organization', 'deal', 'activity', 'lead'],
      brevo: [
        'contactUpdated',
        'contactDeleted',
        'unsubscribed',
        'spam',
        'hardBounce',
        'delivered',
        'opened',
        'click',
      ],
    })
  })

  test('leave out what is not synced', async () => {
    expect((await required(pipedrive(ONLY_PERSONS))).pipedrive).toEqual(['person'])
  })

  test('R10.2 have no touches of campaigns where no deals are synced', async () => {
    expect((await required(pipedrive(ONLY_PERSONS))).brevo).not.toContain('click')
  })

  test('have organizations where a field of theirs is on the contact', async () => {
    const yaml = `${pipedrive(ONLY_PERSONS)}person_mapping: { org_id.name: COMPANY }\n`
    expect((await required(yaml)).pipedrive).toEqual(['person', 'organization'])
  })

  test('have what the events of the configuration are about', async () => {
    const yaml = `${pipedrive(ONLY_PERSONS)}webhooks:\n  - { event_action: added, event_object: activity, brevo_event: logged }\n`
    expect((await required(yaml)).pipedrive).toEqual(['person', 'activity'])
  })

  test('have additions to lists where contacts become persons', async () => {
    const all = await required('reverse_sync: { enabled: true, create_persons: all }\n')
    expect(all.brevo).toContain('listAddition')
    const off = await required('reverse_sync: { enabled: false, create_persons: all }\n')
    expect(off.brevo).not.toContain('listAddition')
  })

  test.each(['sync_mode: batch', 'enabled: false'])('are none with %s', async (line) => {
    expect(await required(pipedrive(line))).toEqual({ pipedrive: [], brevo: [] })
  })

  test('are the same in realtime and hybrid mode', async () => {
    expect(await required(pipedrive('sync_mode: realtime'))).toEqual(
      await required(pipedrive('sync_mode: hybrid')),
    )
  })
})
