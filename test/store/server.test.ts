import net from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TajoError } from '../../src/base/error.ts'
import { openStore } from '../../src/store/open.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'

const SECRET = 'hunter2-secret'

it('a server that does not answer is named without its password', async () => {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const error = await refusal(`postgres://tajo:${SECRET}@127.0.0.1:${port}/tajo`)
  expect(error).toMatchObject({ code: 'store_unreachable', disposition: 'retry' })
  expect(error.message).toContain(`127.0.0.1:${port}/tajo`)
})

it('a host that does not exist is named without its password', async () => {
  const error = await refusal(`postgres://tajo:${SECRET}@no-such-host.invalid/tajo`)
  expect(error).toMatchObject({ code: 'store_unreachable' })
  expect(error.message).toContain('no-such-host.invalid')
})

it.each([`mysql://tajo:${SECRET}@127.0.0.1/tajo`, `not an address ${SECRET}`])(
  '%s is no address',
  async (url) => {
    expect(await refusal(url)).toMatchObject({ code: 'store_unreachable', disposition: 'pause' })
  },
)

const reason = whyNoPostgres()
if (reason) console.warn(`a real server’s refusals are not tried: ${reason}`)
describe.skipIf(reason)('a PostgreSQL server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('that refuses the password pauses the work', async () => {
    const url = new URL(server.url)
    url.password = SECRET
    expect(await refusal(url.href)).toMatchObject({ code: 'store_unreachable', disposition: 'pause' })
  })

  it('without the database pauses the work and names it', async () => {
    const url = new URL(server.url)
    url.pathname = '/no_such_database'
    const error = await refusal(url.href)
    expect(error).toMatchObject({ code: 'store_unreachable', disposition: 'pause' })
    expect(error.message).toContain('no_such_database')
  })

  it('that ends a connection is used again by the next statement', async () => {
    const store = await openStore({ databaseUrl: await server.createDatabase(), dataDir: '' })
    const ending = store.transaction(async (trx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx)
    })
    await expect(ending).rejects.toMatchObject({ code: 'store_unreachable', disposition: 'retry' })
    expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }])
    await store.close()
  })
})

/** Also looks for the password in everything the error carries. */
async function refusal(databaseUrl: string): Promise<TajoError> {
  const error: unknown = await openStore({ databaseUrl, dataDir: '' }).then(
    () => new Error('It was opened.'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TajoError)) throw error
  expect(JSON.stringify([error.message, error.details, error.stack, String(error.cause)])).not.toContain(
    SECRET,
  )
  return error
}
