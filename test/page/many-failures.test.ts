/** A hundred thousand failures: the page shows them some at a time, and asks before all are tried again. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConnection, type Store } from '../../src/store/index.ts'
import { messages as en } from '../../web/src/language/en.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import { keepPicture, openFilledPage, seriousFaults } from '../support/page-scene.ts'

const MANY = 100_000
const CAUSES = ['brevo_rejected', 'brevo_not_kept', 'brevo_not_there', 'brevo_unavailable']
const OF_EACH = MANY / CAUSES.length
const PAGE_BYTES = 100_000

async function fill(store: Store): Promise<void> {
  await readConnection(store.db, 'default')
  await sql`insert into failures (connection, entity, record_id, code, disposition, message, vendor_message, remedy,
      fingerprint, first_at, last_at)
    select 'default', 'person', n::text, (${CAUSES}::text[])[1 + n % ${CAUSES.length}::int], 'reject',
      'Brevo answered PUT /contacts/' || n || ' with 400 (Invalid phone number).', 'Invalid phone number',
      'Correct the value that Brevo names in Pipedrive.', null, at, at
    from (select n, now() - n * interval '1 second' as at from generate_series(1, ${MANY}::int) n) t`.execute(
    store.db,
  )
}

describe.skipIf(whyNoBrowser() !== undefined)('the page with a hundred thousand failures', () => {
  let scene: Awaited<ReturnType<typeof openFilledPage>>
  beforeAll(async () => {
    scene = await openFilledPage(fill)
  })
  afterAll(() => scene?.end())

  test('shows them by cause and some at a time, and asks before all of a cause are tried again', async () => {
    const { page, complaints, close } = await scene.enter()
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (/\/api\/failures/.test(response.url()))
        sizes.push(
          response.body().then(
            ({ length }) => length,
            () => 0,
          ),
        )
    })
    await page.goto('/#/failures')
    const cards = page.getByRole('region')
    await cards.nth(CAUSES.length - 1).waitFor()
    const number = new Intl.NumberFormat('en-GB').format(OF_EACH)
    expect(await page.getByText(`${number} records`, { exact: true }).count()).toBe(CAUSES.length)

    const first = cards.first()
    await first.locator('tbody tr').nth(19).waitFor()
    expect(await first.locator('tbody tr').count()).toBe(20)
    await first.getByRole('button', { name: String(OF_EACH / 20), exact: true }).click()
    await first.getByText(`24,981–${number} of ${number}`).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'failures-many')

    await first.getByRole('button', { name: en.failures.retryCause }).click()
    const question = page.getByRole('dialog', { name: `Try ${number} records again?` })
    await question.getByText(/25,000 requests, about 41 mins? 40 secs?/).waitFor()
    await keepPicture(page, 'failures-many-retry')
    await question.getByRole('button', { name: en.frame.cancel }).click()
    await question.waitFor({ state: 'detached' })
    expect(await first.getByRole('status').count()).toBe(0)

    expect(Math.max(...(await Promise.all(sizes)))).toBeLessThan(PAGE_BYTES)
    // Nobody is wanted here: the pass finds none of them again.
    await page.getByRole('button', { name: en.failures.retryAll }).click()
    const all = page.getByRole('dialog', { name: 'Try 100,000 records again?' })
    await all.getByRole('button', { name: en.failures.retryConfirm }).click()
    await page.getByRole('status').filter({ hasText: en.failures.allMended }).waitFor()
    await page.getByRole('heading', { name: en.failures.none }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
