/** Every request that a sync sends, held against the vendors' own OpenAPI documents where they are beside the checkout. */
import { expect, it } from 'vitest'
import type { Call } from '../../src/simulators/index.ts'
import { openJourney } from '../support/journey.ts'
import {
  applyTolerances,
  findSpec,
  loadOpenApi,
  type OpenApi,
  type Problem,
  type Tolerance,
} from '../support/openapi.ts'

const files = {
  v1: findSpec('pipedrive-v1.yaml'),
  v2: findSpec('pipedrive-v2.yaml'),
  brevo: findSpec('brevo-v3.yaml'),
}
const absent = Object.values(files).includes(null)
if (absent)
  console.log('The OpenAPI documents are not here: the requests of a sync are not checked against them.')

const TOLERANCES: readonly Tolerance[] = []

it.skipIf(absent)('the requests of a sync are such as both vendors describe them', async () => {
  const journey = await openJourney({ data: 'messy' })
  const { pipedrive, brevo } = journey.sandbox
  pipedrive.calls.keepBodies = true
  await journey.service.check({ fix: true })
  await journey.sync()
  for (const id of [5, 6, 7]) pipedrive.state.patch('person', id, { name: `Changed ${id}` })
  await journey.sync({ full: true })

  const [v1, v2, document] = [load(files.v1), load(files.v2), load(files.brevo)]
  const read = pipedrive.calls.all()
  expect(new Set(read.map((call) => call.path)).size).toBeGreaterThan(8)
  expect(
    told(
      read.flatMap((call) =>
        call.path.startsWith('/api/v2/') ? check(v2, call, '/api/v2') : check(v1, call, '/v1'),
      ),
    ),
  ).toEqual([])
  const written = brevo.calls.all()
  expect(written.some((call) => call.path.endsWith('/contacts/import'))).toBe(true)
  expect(told(written.flatMap((call) => check(document, call, '/v3')))).toEqual([])
})

function load(file: string | null): OpenApi {
  return loadOpenApi(file ?? '')
}

function check(document: OpenApi, call: Call, base: string): Problem[] {
  return document.checkRequest({
    method: call.method,
    path: call.path.slice(base.length),
    query: new URLSearchParams(call.query),
    // Forms (the import of companies) are checked by the simulator that reads them.
    ...(call.requestBody?.startsWith('{') ? { requestBody: JSON.parse(call.requestBody) } : {}),
  })
}

function told(problems: readonly Problem[]): readonly string[] {
  const { left } = applyTolerances(problems, TOLERANCES)
  return [
    ...new Set(left.map((each) => `${each.operation} | ${each.part} ${each.at} | ${each.message}`)),
  ].sort()
}
