import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { IDENTIFIER_KINDS, type IdentifierKind } from './identifiers.ts'

const pool = (...values: string[]) => fc.constantFrom(...values)
const EMAILS = ['a@example.com', 'B@example.com', 'c@example.com']
const PHONES = ['33600000001', '+33600000002', '0033600000003']

const attributes = fc.record(
  {
    SMS: pool(...PHONES, ''),
    WHATSAPP: pool(...PHONES),
    LANDLINE_NUMBER: pool(...PHONES),
    EXT_ID: pool('x', 'y', ''),
    EMAIL: pool(...EMAILS),
  },
  { requiredKeys: [] },
)
const body = fc.record(
  {
    email: pool(...EMAILS),
    ext_id: pool('x', 'y', 'z', ''),
    attributes,
    updateEnabled: fc.boolean(),
    forceMerge: fc.boolean(),
  },
  { requiredKeys: [] },
)
const row = fc.record({ email: pool(...EMAILS), attributes }, { requiredKeys: [] })
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), body }),
  fc.record({ kind: fc.constant('update' as const), id: fc.nat(6), body }),
  fc.record({ kind: fc.constant('delete' as const), id: fc.nat(6) }),
  fc.record({
    kind: fc.constant('import' as const),
    rows: fc.array(row, { minLength: 1, maxLength: 4 }),
    emptyContactsAttributes: fc.boolean(),
  }),
)

test('whatever is written, no two contacts share an identifier, and each is found by its own', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (steps, lenient) => {
        const { call, clock, simulator, state } = await startBrevo({
          seed: testSeed(),
          switches: { mergeUnites: lenient, importDuplicate: lenient ? 'drop-value' : 'drop-row' },
        })
        for (const each of steps) {
          await clock.advance(1)
          if (each.kind === 'create') await call('POST', '/contacts', each.body)
          else if (each.kind === 'update') await call('PUT', `/contacts/${each.id}`, each.body)
          else if (each.kind === 'delete') await call('DELETE', `/contacts/${each.id}`)
          else {
            const { rows, emptyContactsAttributes } = each
            const order = { listIds: [2], jsonBody: rows, emptyContactsAttributes }
            expect((await call('POST', '/contacts/import', order)).status).toBe(202)
            await clock.advance(10_000)
          }
          const contacts = state.contacts()
          for (const kind of IDENTIFIER_KINDS) {
            const held = contacts.flatMap((contact) => {
              const value = kind === 'email' ? contact.email : contact.attributes[kind]
              return value === undefined ? [] : [{ id: contact.id, value: String(value) }]
            })
            expect(new Set(held.map(({ value }) => value)).size).toBe(held.length)
            for (const { id, value } of held)
              expect(state.contact(value, kind as IdentifierKind)?.id).toBe(id)
          }
        }
        expect(simulator.calls.all().filter(({ status }) => status >= 500)).toEqual([])
        await simulator.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('a refused write changes nothing at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 2, maxLength: 8 }), async (bodies) => {
      const { call, simulator, state } = await startBrevo()
      for (const [index, each] of bodies.entries()) {
        const before = JSON.stringify(state.contacts())
        const id = (index % 3) + 1
        const answer = await (index % 2
          ? call('PUT', `/contacts/${id}`, each)
          : call('POST', '/contacts', each))
        if (answer.status >= 400) expect(JSON.stringify(state.contacts())).toBe(before)
      }
      await simulator.close()
    }),
    { numRuns: 60 },
  )
})
