/** A running server whose Pipedrive account was connected in a browser: tokens that end, consents that end, and back again. */
import { expect, it } from 'vitest'
import { SANDBOX_APP } from '../../src/simulators/pipedrive/index.ts'
import type { PipedriveSwitches } from '../../src/simulators/pipedrive/switches.ts'
import { openBrowser } from '../support/browser.ts'
import { addPerson } from '../support/journey.ts'
import { type LiveJourney, openLiveJourney } from '../support/live-journey.ts'
import { movableClock } from '../support/movable-clock.ts'
import { skillOf, writeSkill } from '../support/skill-scene.ts'

const ADMIN = 1

const askedSkill = skillOf('asked', '  - event: agent_request', '  - brevo/track-event: { event: asked }')

async function openConnected(switches: Partial<PipedriveSwitches> = {}) {
  const clock = movableClock()
  const journey = await openLiveJourney({
    oauth: true,
    clock,
    data: { persons: 5 },
    pipedrive: { switches: { oauthConsent: 'approve', ...switches } },
    async beforeLive({ service, environment }, url) {
      writeSkill({ environment }, 'asked', askedSkill)
      const page = await openBrowser().visit((await service.oauth.begin({ localUrl: url })).url)
      expect(page.status).toBe(200)
    },
  })
  await journey.quiet()
  return { journey, clock }
}

const tokenCalls = ({ sandbox }: LiveJourney): number =>
  sandbox.pipedrive.calls.find('POST', '/oauth/token').length

const told = ({ news }: LiveJourney, event: string): string[] =>
  news.filter((item) => item.event === event).map(({ message }) => message)

async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function reconnect({ service }: LiveJourney): Promise<void> {
  const { url, served } = await service.oauth.begin()
  expect(served).toBe(true)
  expect((await openBrowser().visit(url)).status).toBe(200)
}

function uninstallUser({ sandbox }: LiveJourney): number {
  const admin = [...sandbox.pipedrive.state.users.values()].find((user) => user.is_admin)
  return admin?.id ?? ADMIN
}

it('tokens are renewed ahead of their end by one call, also where they rotate, and work goes on', async () => {
  const { journey, clock } = await openConnected({ refreshTokens: 'rotate' })
  for (let round = 1; round <= 3; round++) {
    clock.move(55 * 60_000)
    const before = tokenCalls(journey)
    const email = `new.person${round}@example.com`
    addPerson(journey, email)
    await until(() => journey.sandbox.brevo.state.contact(email) !== null)
    expect(tokenCalls(journey)).toBe(before + 1)
  }
  const refused = journey.sandbox.pipedrive.calls.all().filter(({ status }) => status === 401)
  expect(refused).toEqual([])
  expect(told(journey, 'connection.paused')).toEqual([])
})

it('a user who uninstalls the app pauses the connection at once; connecting again resumes it by itself', async () => {
  const { journey } = await openConnected()
  const user = uninstallUser(journey)
  expect(await journey.sandbox.pipedrive.uninstallApp(SANDBOX_APP.clientId, user)).toBe(204)
  expect(told(journey, 'connection.paused')).toEqual([expect.stringMatching(/^The app was uninstalled/)])
  const pipedrive = (await journey.service.connections.list()).find(({ name }) => name === 'pipedrive')
  expect(pipedrive).toMatchObject({ credentials: 'none', detail: expect.stringContaining('Connect again') })
  expect(await journey.live.health()).toMatchObject({ ready: false })
  const { service } = journey
  for (const asked of [
    () => service.search({ term: 'ada' }),
    () => service.skills.run('asked', {}),
    () => service.dedupe.plan(),
    () => service.webhooks.register(),
    () => service.privacy.erase('ada@example.com', { pipedrive: true }),
  ])
    await expect(asked()).rejects.toMatchObject({ code: 'pipedrive_uninstalled' })
  const { incomplete } = await service.privacy.export('ada@example.com')
  expect(incomplete).toMatchObject([{ part: 'pipedrive', message: expect.stringMatching(/uninstalled/) }])
  addPerson(journey, 'while.away@example.com')
  await reconnect(journey)
  await until(() => journey.sandbox.brevo.state.contact('while.away@example.com') !== null)
  expect(told(journey, 'connection.resumed')).toHaveLength(1)
})

it('a notice without the credentials of the app, or of another user, is not believed', async () => {
  const { journey } = await openConnected()
  const basic = (secret: string) =>
    `Basic ${Buffer.from(`${SANDBOX_APP.clientId}:${secret}`).toString('base64')}`
  const send = async (authorization: string, body: unknown): Promise<number> => {
    const answer = await fetch(`${journey.url}/oauth/pipedrive/callback`, {
      method: 'DELETE',
      headers: { authorization, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return answer.status
  }
  const user = uninstallUser(journey)
  const company = journey.sandbox.pipedrive.state.seed.company.id
  const notice = { client_id: SANDBOX_APP.clientId, company_id: company, user_id: user }
  const right = basic(SANDBOX_APP.clientSecret)
  expect(await send(basic('wrong'), notice)).toBe(401)
  expect(await send('', notice)).toBe(401)
  expect(await send(right, { ...notice, client_id: 'other' })).toBe(401)
  expect(await send(right, 'no json')).toBe(400)
  expect(await send(right, `"${'x'.repeat(20_000)}"`)).toBe(413)
  expect(await send(right, { ...notice, user_id: user + 1 })).toBe(204)
  expect(await send(right, { ...notice, company_id: company + 1 })).toBe(204)
  expect(await send(right, { ...notice, timestamp: '2020-01-01T00:00:00Z' })).toBe(204)
  expect((await journey.service.connections.test('pipedrive')).state).toBe('ok')
  expect(told(journey, 'connection.paused')).toEqual([])
})

it('a consent that has ended pauses the connection with one message; connecting again resumes it', async () => {
  const { journey } = await openConnected()
  journey.sandbox.pipedrive.state.oauth.uninstall(SANDBOX_APP.clientId, uninstallUser(journey))
  addPerson(journey, 'while.paused@example.com')
  await until(() => told(journey, 'connection.paused').length > 0)
  await reconnect(journey)
  await until(() => journey.sandbox.brevo.state.contact('while.paused@example.com') !== null)
  expect(told(journey, 'connection.paused')).toEqual([expect.stringContaining('the consent has ended')])
})
