/** The sandbox as a whole, and the wall around this room. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { createSandbox } from './index.ts'

it('starts both services over one data set, and says how to reach them', async () => {
  const sandbox = await createSandbox({ data: 'agency' })
  const { pipedriveUrl, brevoUrl, environment, yaml } = await sandbox.start()
  try {
    expect(brevoUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3$/)
    const persons = await fetch(`${pipedriveUrl}/api/v2/persons?limit=500`, {
      headers: { 'x-api-token': environment.PIPEDRIVE_API_TOKEN ?? '' },
    })
    expect(((await persons.json()) as { data: unknown[] }).data).toHaveLength(50)
    const account = await fetch(`${brevoUrl}/account`, {
      headers: { 'api-key': environment.BREVO_API_KEY ?? '' },
    })
    expect(account.status).toBe(200)
    expect(Object.keys(environment)).toEqual([
      'PIPEDRIVE_API_URL',
      'PIPEDRIVE_API_TOKEN',
      'PIPEDRIVE_COMPANY_DOMAIN',
      'BREVO_API_URL',
      'BREVO_API_KEY',
    ])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the text of the file.
    expect(yaml).toContain('api_token: "${PIPEDRIVE_API_TOKEN}"')
  } finally {
    await sandbox.stop()
  }
})

it('does not start by half when a port is taken', async () => {
  const first = await createSandbox({ data: 'agency' })
  const { pipedriveUrl } = await first.start()
  const second = await createSandbox({ data: 'agency' })
  try {
    await expect(second.start({ pipedrivePort: Number(new URL(pipedriveUrl).port) })).rejects.toThrow(
      'EADDRINUSE',
    )
  } finally {
    await first.stop()
  }
})

it('keeps the bodies of requests on demand, so that a test can search all that was ever sent', async () => {
  const sandbox = await createSandbox({ data: 'agency' })
  const { pipedriveUrl, environment } = await sandbox.start()
  try {
    const { calls } = sandbox.pipedrive
    const rename = (name: string) =>
      fetch(`${pipedriveUrl}/api/v2/persons/1`, {
        method: 'PATCH',
        headers: {
          'x-api-token': environment.PIPEDRIVE_API_TOKEN ?? '',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name }),
      })
    await rename('Unkept')
    calls.keepBodies = true
    await rename('Kept')
    expect(calls.find('PATCH', /^\/api\/v2\/persons\/\d+$/)).toMatchObject([
      { path: '/api/v2/persons/1', status: 200, tokens: 5 },
      { requestBody: '{"name":"Kept"}' },
    ])
    expect(calls.all()[0]).not.toHaveProperty('requestBody')
  } finally {
    await sandbox.stop()
  }
})

it('takes the data set messy: what it seeds, both services accept', async () => {
  const sandbox = await createSandbox({ data: 'messy', plan: 'growth' })
  expect(sandbox.pipedrive.state.tables.person.size).toBe(1000)
  expect(sandbox.pipedrive.state.switches.emptyKeys).toBe('mixed')
})

it('imports nothing of the product but the base, and of packages only what serves HTTP', () => {
  const room = import.meta.dirname
  const base = resolve(room, '../base')
  const imports = readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(join(room, file)))
  const strangers = imports.filter(({ file, target }) => {
    if (!target.startsWith('.'))
      return !target.startsWith('node:') && !['hono', '@hono/node-server'].includes(target)
    const path = resolve(dirname(file), target)
    return relative(room, path).startsWith('..') && relative(base, path).startsWith('..')
  })
  expect(imports.length).toBeGreaterThan(50)
  expect(strangers).toEqual([])
})

function importsOf(file: string): { file: string; target: string }[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, target = '']) => ({ file, target }))
}
