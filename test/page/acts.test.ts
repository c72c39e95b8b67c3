/** What people do on the page besides looking at it: by mouse, by keyboard, and while the server is gone. */
import fs from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages as en } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import { keepPicture, openPageScene, type PageScene, seriousFaults } from '../support/page-scene.ts'

const catalogues = { en, ko }

describe.skipIf(whyNoBrowser() !== undefined)('what is done on the page', () => {
  let scene: PageScene
  beforeAll(async () => {
    scene = await openPageScene()
  })
  afterAll(() => scene?.end())

  test.each(['en', 'ko'] as const)(
    'says in every view that the server is lost, and goes on by itself when it is back (%s)',
    async (language) => {
      const { frame, overview, failures, contacts, settings } = catalogues[language]
      const { page, complaints, close } = await scene.enter({ language, width: 390 })
      const notice = page.getByTestId('out-of-date')
      const lose = () => page.context().setOffline(true)
      /** The browser itself says in its console what it could not fetch, and nothing else may be said. */
      const comeBack = async () => {
        await page.context().setOffline(false)
        await notice.waitFor({ state: 'detached' })
        expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
        complaints.length = 0
      }
      await page.getByTestId('verdict').waitFor()
      await lose()
      await notice.getByText(frame.lost, { exact: true }).waitFor()
      await page.getByTestId('verdict').getByText(overview.lost).waitFor()
      expect(await page.getByTestId('verdict').getAttribute('data-tone')).toBe('warn')
      await notice.getByRole('button', { name: frame.tryAgain }).click()
      expect(await seriousFaults(page)).toEqual([])
      await keepPicture(page, `lost-overview-${language}`)
      // A view that was never opened cannot be fetched now.
      await page.goto('/#/failures')
      await page.getByRole('alert').getByText(frame.unreachable).waitFor()
      await comeBack()
      await page.getByRole('heading', { level: 1, name: failures.title, exact: true }).waitFor()

      // One that asks again by itself, and one that does not.
      for (const [address, title] of [
        ['/contacts/1', contacts.title],
        ['/settings/webhooks', settings.title],
      ] as const) {
        await page.goto(`/#${address}`)
        await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
        await lose()
        await notice.getByText(frame.lostText).waitFor()
        await comeBack()
      }
      expect(complaints).toEqual([])
      await close()
    },
  )

  /** As many as the form says, in the viewer's language. */
  const counted = (form: string, count: number): string => form.replace('{{number}}', String(count))
  const verdictOf = (page: Page, tone: string): Locator =>
    page.locator(`[data-testid=verdict][data-tone=${tone}]`)

  test('a record is discarded, then all of its cause, then all are tried again; the overview is green once nothing is missing', async () => {
    const { failures, overview } = en
    const { page, complaints, close } = await scene.enter()
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true })
    const discardedNow = async () =>
      (await scene.service.failures.list()).filter(({ discarded }) => discarded).length
    const confirm = async () => {
      const dialog = page.getByRole('dialog', { name: failures.discardTitle })
      await dialog.getByRole('button', { name: failures.discardConfirm }).click()
      await dialog.waitFor({ state: 'detached' })
    }

    await page.goto('/#/failures')
    const rows = page.locator('tbody tr')
    await rows.nth(1).waitFor()
    await rows.first().getByRole('checkbox').check()
    await page.getByText(counted(failures.selected_one, 1), { exact: true }).waitFor()
    await button(failures.discardSelected).click()
    await confirm()
    await page.getByText(counted(failures.discardedRecords, 1), { exact: true }).waitFor()
    await page.goto('/#/')
    await verdictOf(page, 'bad').getByText(counted(overview.aside.discarded_one, 1)).waitFor()

    await page.goto('/#/failures')
    await button(failures.discardCause).click()
    await confirm()
    await page.getByText(counted(failures.discardedRecords, 2), { exact: true }).waitFor()
    expect(await discardedNow()).toBe(2)
    // The pass before was not complete, since they failed.
    await scene.service.sync({})
    await page.goto('/#/')
    const verdict = verdictOf(page, 'warn')
    await verdict.getByText(counted(overview.finding.discarded_other, 2), { exact: true }).waitFor()
    await verdict.getByText(counted(overview.aside.left_out_one, 1)).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'overview-discarded')

    await verdict.getByRole('link', { name: overview.seeFailures }).click()
    scene.sandbox.brevo.faults.clear()
    await button(failures.retryDiscarded).click()
    await page.getByRole('status').filter({ hasText: failures.allMended }).waitFor()
    await page.getByRole('heading', { name: failures.none }).waitFor()
    await page.goto('/#/')
    await verdict.getByText(counted(overview.finding.left_out_one, 1), { exact: true }).waitFor()

    // The one number that another contact has is taken out of Pipedrive.
    scene.sandbox.pipedrive.state.patch('person', await withoutNumber(), { phones: [] })
    await verdictOf(page, 'good').getByText(overview.inStep, { exact: true }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  async function withoutNumber(): Promise<number> {
    for (const { id } of scene.sandbox.pipedrive.state.tables.person.all()) {
      const told = await scene.service.explain(String(id)).catch(() => null)
      if (told?.warnings.some(({ code }) => code === 'sms_taken')) return id
    }
    throw new Error('no person wants a number that another contact has')
  }

  /** Tab by tab, as somebody without a mouse gets there. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    for (let step = 0; step < 60; step++) {
      if ((await target.and(page.locator(':focus')).count()) === 1) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`60 times Tab do not lead to ${target}`)
  }

  test('by keyboard alone one logs in, chooses Korean, and has a failure tried again', async () => {
    scene.poison('keys@test.example')
    await scene.service.sync({})
    scene.sandbox.brevo.faults.clear()
    const { secret } = await scene.service.keys.create({ name: 'keyboard', scope: 'operate' })
    const { page, complaints, close } = await scene.open()
    const press = (key: string): Promise<void> => page.keyboard.press(key)
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: en.login.title }).waitFor()
    await tabTo(page, page.getByLabel(en.login.key, { exact: true }))
    await page.keyboard.type(secret)
    await press('Enter')
    await page.getByRole('heading', { level: 1, name: en.overview.title }).waitFor()
    // Nobody was logged in at first, and the browser says so.
    complaints.length = 0

    await tabTo(page, page.getByRole('button', { name: en.frame.preferences }))
    await press('Enter')
    await tabTo(page, page.getByLabel(en.frame.language, { exact: true }))
    await press('ArrowDown')
    await page.getByRole('heading', { level: 1, name: ko.overview.title }).waitFor()
    await press('Escape')
    await tabTo(page, page.getByRole('link', { name: ko.frame.views.failures, exact: true }))
    await press('Enter')
    await page.locator('tbody tr').first().waitFor()
    await tabTo(page, page.getByRole('button', { name: ko.failures.retryOne, exact: true }).first())
    await press('Enter')
    await page.getByRole('status').filter({ hasText: ko.failures.allMended }).waitFor()
    expect(await scene.service.failures.list()).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  test('an edit shows in the activity as it arrives', async () => {
    const { page, complaints, close } = await scene.enter({ language: 'ko' })
    const { activity } = ko.overview
    const panel = page.getByRole('region', { name: activity.title, exact: true })
    await panel.getByText(activity.open, { exact: true }).waitFor()
    const lines = panel.getByRole('listitem').filter({
      hasText: activity.events.contact_written.replace('{{person_id}}', '2'),
    })
    expect(await lines.count()).toBe(0)
    scene.sandbox.pipedrive.state.patch('person', 2, { name: 'Somebody Else', last_name: 'Else' })
    await lines.first().waitFor()
    const arrived = scene.sandbox.brevo.state.contacts().map(({ attributes }) => attributes.LASTNAME)
    expect(arrived).toContain('Else')
    await keepPicture(page, 'overview-activity')
    expect(complaints).toEqual([])
    await close()
  })

  test('a person’s data is handed out as a file, and erased after the address is typed again', async () => {
    const words = ko.settings.privacy
    const { contactId } = await scene.service.explain('3')
    const contactsNow = () => scene.sandbox.brevo.state.contacts().filter(({ id }) => id === contactId)
    const email = contactsNow()[0]?.email ?? ''
    expect(email).toContain('@')
    const { page, complaints, close } = await scene.enter({ language: 'ko', width: 390 })
    await page.goto('/#/settings/privacy')
    const part = (name: string): Locator => page.getByRole('region', { name, exact: true })

    const handOut = part(words.exportTitle)
    await handOut.getByLabel(words.email).fill(email)
    await handOut.getByRole('button', { name: words.export }).click()
    await handOut.getByText(words.exportFound).waitFor()
    const saved = page.waitForEvent('download')
    await handOut.getByRole('button', { name: words.save }).click()
    const file = await saved
    expect(file.suggestedFilename()).toBe(`tajo-${email}.json`)
    const data = JSON.parse(fs.readFileSync(await file.path(), 'utf8'))
    expect(data).toMatchObject({ email, found: true, incomplete: [] })
    expect(JSON.stringify(data.brevo)).toContain(email)

    const erase = part(words.eraseTitle)
    await erase.getByLabel(words.email).fill(email)
    await erase.getByLabel(words.pipedrive).check()
    await erase.getByRole('button', { name: words.look }).click()
    await erase.getByText(words.wouldErase).waitFor()
    const forGood = erase.getByRole('button', { name: words.erase, exact: true })
    expect(await forGood.isDisabled()).toBe(true)
    await erase.getByLabel(words.confirm).fill(email.slice(1))
    expect(await forGood.isDisabled()).toBe(true)
    expect(contactsNow()).toHaveLength(1)
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'privacy-erase')
    await erase.getByLabel(words.confirm).fill(email)
    await forGood.click()
    await erase.getByText(words.erased, { exact: true }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'privacy-erased')
    expect(contactsNow()).toEqual([])
    expect(await scene.service.privacy.export(email)).toMatchObject({ found: false, erased: true })
    await handOut.getByRole('button', { name: words.export }).click()
    await handOut.getByText(words.exportNothing).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
