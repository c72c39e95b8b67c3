/** From an empty server to two accounts in step, on the page alone, in a real browser. */
import fs from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { messages as en } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { launchBrowser, whyNoBrowser } from '../support/chromium.ts'
import { foreignWords, keepPicture, type Looks, seriousFaults } from '../support/page-scene.ts'
import { openSetupScene } from '../support/setup-scene.ts'

const catalogues = { en, ko }

describe.skipIf(whyNoBrowser() !== undefined)('setting up on the page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  async function open(looks: Looks & { language: 'en' | 'ko' }, options: { oauth?: boolean } = {}) {
    const scene = await openSetupScene(browser, options)
    onTestFinished(() => scene.end())
    const { page, complaints, close } = await scene.enter(looks)
    onTestFinished(close)
    const words = catalogues[looks.language].connect
    const name = `${looks.language}-${looks.width ?? 1280}`
    /** The step as it should be: titled, accessible, as wide as the screen, and kept as a picture. */
    const at = async (step: string, title: string): Promise<void> => {
      await page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      expect(await seriousFaults(page), step).toEqual([])
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
      expect(excess, `${step} is wider than the screen`).toBeLessThanOrEqual(0)
      await keepPicture(page, `connect-${step}-${name}`)
    }
    const press = (text: string) => page.getByRole('button', { name: text, exact: true }).click()
    return { ...scene, page, complaints, words, at, press }
  }

  test('leads from nothing to a synced Brevo, in six steps', async () => {
    const scene = await open({ language: 'en' })
    const { page, words, at, press, sandbox, service, configFile } = scene
    const before = sandbox.brevo.state.snapshot()

    // The overview leads there, and is not green.
    const verdict = page.getByTestId('verdict')
    await verdict.waitFor()
    expect(await verdict.getAttribute('data-tone')).toBe('none')
    await page.getByRole('link', { name: en.overview.setUp }).click()

    await at('1-pipedrive', words.pipedrive.title)
    await page.getByLabel(words.pipedrive.company).fill('https://agency.pipedrive.com/settings')
    await page.getByLabel(words.pipedrive.token, { exact: true }).fill(scene.apiToken)
    await press(words.account.connect)
    await at('2-brevo', words.brevo.title)
    // The secret is nowhere any more, and the server waits.
    expect(await page.content()).not.toContain(scene.apiToken)
    expect(page.url()).not.toContain(scene.apiToken)
    expect((await service.status()).hold?.because).toBe('setup')
    await page.getByLabel(words.brevo.key, { exact: true }).fill(scene.apiKey)
    await press(words.account.connect)

    await at('3-fields', words.mapping.title)
    const rows = page.getByRole('list', { name: words.mapping.rows }).getByRole('listitem')
    const field = (name: string) => rows.filter({ has: page.getByLabel(name, { exact: true }) })
    expect(await rows.count()).toBeGreaterThan(4)
    // Values of real records are there before anything was synced.
    await rows.getByText(/@/).first().waitFor()
    await field('Last name').getByRole('checkbox').uncheck()
    await field('First name').getByRole('combobox').fill('given_name')
    await field('First name').getByRole('combobox').blur()
    await field('First name').getByText(words.mapping.new).waitFor()
    await press(words.next)

    await at('4-lists', words.lists.title)
    await page.getByLabel(en.mapping.lists.customers, { exact: true }).selectOption(en.mapping.list.new)
    await page.getByRole('dialog').getByLabel(en.mapping.list.name).fill('Won with Tajo')
    await page.getByRole('dialog').getByRole('button', { name: en.mapping.list.make }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await press(words.lists.save)

    await page.getByTestId('outlook').waitFor()
    await at('5-preview', words.preview.title)
    await page.getByText('first_name: GIVEN_NAME').waitFor()
    expect(fs.readFileSync(configFile, 'utf8')).toMatch(/^ *#.*\n/m)
    expect(fs.readFileSync(configFile, 'utf8')).toMatch(/first_name: GIVEN_NAME/)
    expect(fs.readFileSync(configFile, 'utf8')).not.toContain(scene.apiToken)
    // Nothing was sent, and the saving can be taken back: what was chosen is still there.
    expect(sandbox.brevo.state.snapshot()).toEqual(before)
    await press(words.preview.undo)
    await page.getByRole('heading', { level: 2, name: words.mapping.title }).waitFor()
    expect(fs.existsSync(configFile)).toBe(false)
    expect(await field('First name').getByRole('combobox').inputValue()).toBe('GIVEN_NAME')
    await press(words.next)
    await press(words.lists.save)
    await page.getByTestId('outlook').waitFor()
    const forecast = await page.getByTestId('outlook').textContent()
    await press(words.next)

    await at('6-sync', words.sync.title)
    expect((await service.status()).hold?.because).toBe('setup')
    await press(words.sync.start)
    await page.getByTestId('outcome').waitFor()
    await at('6-done', words.sync.title)
    await expectInStep(scene, forecast ?? '')
    const contacts = sandbox.brevo.state.contacts()
    expect(contacts.some(({ attributes }) => typeof attributes.GIVEN_NAME === 'string')).toBe(true)
    const list = sandbox.brevo.state.lists().find(({ name }) => name === 'Won with Tajo')
    expect(list?.size).toBeGreaterThan(0)
    expect(fs.readFileSync(configFile, 'utf8')).toContain(`customers: ${list?.id}`)

    await page.getByRole('link', { name: words.sync.toOverview }).click()
    await expectInStepVerdict(scene, en.overview.finding.left_out_other)
    await pauseAndGoOn(scene)
    await page.goto('/#/connect')
    await page.getByRole('heading', { name: words.running.title }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(scene.complaints).toEqual([])
  })

  /** What the page said, what the simulator has, and what the service knows are the same. */
  async function expectInStep(
    { page, sandbox, service, words }: Awaited<ReturnType<typeof open>>,
    forecast: string,
  ): Promise<void> {
    const { hold, persons } = await service.status()
    expect(hold).toBeNull()
    expect(persons).toMatchObject({ inStep: persons.withContact, failed: 0 })
    expect(persons.withContact).toBeGreaterThan(10)
    const linked = sandbox.brevo.state.contacts().filter(({ attributes }) => attributes.EXT_ID !== undefined)
    expect(linked).toHaveLength(persons.withContact)
    const created = numberIn(words.preview.count.created_other, forecast)
    const outcome = await page.getByTestId('outcome').textContent()
    expect(outcome).toContain(words.sync.count.created_other.replace('{{number}}', created))
  }

  /** The number in a sentence of that form. */
  function numberIn(form: string, text: string): string {
    const [before = '', after = ''] = form.split('{{number}}')
    const [, number] = new RegExp(`${before}(\\d+)${after}`).exec(text) ?? []
    return number ?? `no "${form}" in "${text}"`
  }

  async function pauseAndGoOn(scene: Awaited<ReturnType<typeof open>>): Promise<void> {
    const { page } = scene
    await page.getByRole('button', { name: en.overview.pause, exact: true }).click()
    const goOn = page.getByRole('button', { name: en.overview.goOn, exact: true })
    await goOn.waitFor()
    expect(await page.getByTestId('verdict').getAttribute('data-tone')).toBe('warn')
    await keepPicture(page, 'overview-paused')
    expect(await seriousFaults(page)).toEqual([])
    await goOn.click()
    await expectInStepVerdict(scene, en.overview.finding.left_out_other)
  }

  /** Some values fit neither side: they are all that is missing, and the sentence has as many as the service knows. */
  async function expectInStepVerdict({ page, service }: Awaited<ReturnType<typeof open>>, form: string) {
    const leftOut = Object.values((await service.status()).warnings).reduce((sum, count) => sum + count, 0)
    expect(leftOut).toBeGreaterThan(1)
    await page
      .locator('[data-testid=verdict][data-tone=warn]')
      .getByText(form.replace('{{number}}', String(leftOut)), { exact: true })
      .waitFor()
  }

  test('leads to a synced Brevo in Korean on a small screen, and goes on where it was after a reload', async () => {
    const scene = await open({ language: 'ko', width: 390 })
    const { page, words, at, press } = scene
    await page.goto('/#/connect')
    await at('1-pipedrive', words.pipedrive.title)
    await page.getByLabel(words.pipedrive.token, { exact: true }).fill(scene.apiToken)
    await press(words.account.connect)
    await at('2-brevo', words.brevo.title)
    await page.reload()
    await page.goto('/#/connect')
    await at('2-brevo', words.brevo.title)
    await page.getByLabel(words.brevo.key, { exact: true }).fill(scene.apiKey)
    await press(words.account.connect)
    await at('3-fields', words.mapping.title)
    await press(words.next)
    await at('4-lists', words.lists.title)
    await page.goto('/#/')
    await page.getByRole('link', { name: ko.overview.goOnSettingUp }).click()
    await page.getByRole('heading', { level: 2, name: words.mapping.title }).waitFor()
    await page.goto('/#/connect/pipedrive')
    await page.getByRole('heading', { name: words.account.connected.pipedrive }).waitFor()

    await page.goto('/#/connect/mapping')
    await page.getByRole('heading', { level: 2, name: words.mapping.title }).waitFor()
    await press(words.next)
    await press(words.lists.save)
    await page.getByTestId('outlook').waitFor()
    await at('5-preview', words.preview.title)
    const forecast = await page.getByTestId('outlook').textContent()
    await press(words.next)
    await at('6-sync', words.sync.title)
    await press(words.sync.start)
    await page.getByTestId('outcome').waitFor()
    await at('6-done', words.sync.title)
    expect(await foreignWords(page)).toEqual([])
    await expectInStep(scene, forecast ?? '')
    await page.getByRole('link', { name: words.sync.toOverview }).click()
    await expectInStepVerdict(scene, ko.overview.finding.left_out_other)
    expect(scene.complaints).toEqual([])
  })

  test('says in the viewer’s words what is wrong with a token, and what signing in would need', async () => {
    const { page, words, press, service, complaints } = await open({ language: 'ko' })
    await page.goto('/#/connect')
    await page.getByLabel(words.pipedrive.token, { exact: true }).fill('0'.repeat(40))
    await press(words.account.connect)
    await page.getByText(words.refusals.pipedrive_unauthorized).waitFor()
    expect(await page.getByLabel(words.pipedrive.token, { exact: true }).inputValue()).toBe('')
    await page.getByLabel(words.pipedrive.ways.signIn).check()
    await page.getByText(words.refusals.oauth_app_missing).waitFor()
    expect(await page.locator('main [lang=en]').count()).toBe(0)
    expect(await seriousFaults(page)).toEqual([])
    const { credentials } = (await service.connections.list())[0] ?? {}
    expect(credentials).toBe('none')
    // The browser itself says which answers were refusals.
    expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([])
  })

  test('connects Pipedrive by signing in there in another tab', async () => {
    const { page, words, at, complaints } = await open({ language: 'en' }, { oauth: true })
    await page.goto('/#/connect')
    await page.getByLabel(words.pipedrive.ways.signIn).check()
    const tab = page.context().waitForEvent('page')
    await page.getByRole('link', { name: words.oauth.open }).click()
    await at('1-signing-in', words.pipedrive.title)
    await (await tab).getByRole('button', { name: 'Allow' }).click()
    await at('2-after-signing-in', words.brevo.title)
    expect(complaints).toEqual([])
  })
})
