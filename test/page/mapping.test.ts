/** The mapping, edited in a real browser against a real server: broken, mended, tried out, saved, and taken back. */
import fs from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/wire/index.ts'
import { messages as en, type Messages, type Translated } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import {
  foreignWords,
  keepPicture,
  type Looks,
  openPageScene,
  type PageScene,
  seriousFaults,
} from '../support/page-scene.ts'

const catalogues = { en, ko }
const SYNC_PATIENCE = { timeout: 120_000, interval: 500 }

/** Looks at the mapping as soon as both accounts have been asked. */
async function lookAt(page: Page, words: Translated<Messages> = en): Promise<void> {
  await page.goto('/#/mapping')
  await page.getByRole('heading', { level: 1, name: words.mapping.title }).waitFor()
  await page.getByRole('list', { name: words.mapping.rows.title }).waitFor()
}

const rowOf = (page: Page, label: string): Locator => page.getByRole('listitem', { name: label, exact: true })
/** The name of the list that is chosen. */
const chosenIn = (select: Locator): Promise<string | null> => select.locator('option:checked').textContent()
const targetOf = (page: Page, label: string): Locator =>
  page.getByLabel(en.mapping.rows.target.replace('{{field}}', label), { exact: true })
const review = (page: Page): Locator => page.getByRole('region', { name: en.mapping.review.title })
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

async function addField(page: Page, label: string): Promise<void> {
  await button(page, en.mapping.rows.add).click()
  const picker = page.getByRole('dialog')
  await picker.getByLabel(en.mapping.picker.search).fill(label)
  await picker.getByRole('button', { name: label }).first().click()
  await rowOf(page, label).waitFor()
}

describe.skipIf(whyNoBrowser() !== undefined)('the mapping', () => {
  let scene: PageScene
  let before: string
  const file = (): string => fs.readFileSync(scene.configFile, 'utf8')
  beforeAll(async () => {
    scene = await openPageScene()
    before = file()
  })
  afterEach(() => fs.writeFileSync(scene.configFile, before))
  afterAll(() => scene?.end())

  async function enterAs(scope: Scope, looks: Looks = {}) {
    const { secret } = await scene.service.keys.create({ name: scope, scope })
    const opened = await scene.open(looks)
    await opened.page.goto('/')
    await opened.page.getByLabel(en.login.key, { exact: true }).fill(secret)
    await button(opened.page, en.login.enter).click()
    await opened.page.getByRole('heading', { level: 1, name: en.overview.title }).waitFor()
    // Nobody was logged in at first, and the browser says so.
    opened.complaints.length = 0
    return opened
  }

  test.each([
    { language: 'en', dark: true, width: 1280 },
    { language: 'ko', dark: false, width: 390 },
  ] as const)('shows values as they arrive, in $language at $width px', async (looks) => {
    const words = catalogues[looks.language]
    const { page, complaints, close } = await scene.enter(looks)
    await lookAt(page, words)
    const phone = rowOf(page, 'Phone')
    await phone
      .getByText(/^\+82\d+$/)
      .first()
      .waitFor()
    await rowOf(page, 'Company size').getByText(words.mapping.fieldTypes.number).first().waitFor()
    const stage = page.getByLabel('Proposal Made', { exact: true })
    expect(await chosenIn(stage)).toBe('Customers')
    await page.locator('#mapping-target-first_name').fill('LASTNAME')
    await page.getByText(words.mapping.review.blocked).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0)
    await keepPicture(page, `mapping-broken-${looks.language}-${looks.width}`)
    expect(complaints).toEqual([])
    await close()
  })

  test('is broken and mended, tried out, saved, followed by the next pass, and taken back', async () => {
    await scene.service.settings.createAttribute({ name: 'SIGNED_ON', type: 'date' })
    fs.writeFileSync(scene.configFile, before.replace('custom_fields.industry:', 'custom_fields.industri:'))
    const { page, complaints, close } = await scene.enter()
    await lookAt(page)

    // A source that does not exist is found in the file as it stands, a target of another type while one edits.
    const broken = rowOf(page, 'custom_fields.industri')
    await broken.getByText(/no custom field of that key or name; did you mean industry\?/).waitFor()
    await targetOf(page, 'Name').fill('signed_on')
    await rowOf(page, 'Name')
      .getByText(/^SIGNED_ON \(date\)/)
      .first()
      .waitFor()
    await review(page).getByText(en.mapping.review.blocked).waitFor()
    expect(await button(page, en.mapping.review.save).isDisabled()).toBe(true)
    expect(await button(page, en.mapping.review.tryOut).isDisabled()).toBe(true)
    await keepPicture(page, 'mapping-blocked')

    await targetOf(page, 'Name').fill('FULLNAME')
    await button(page, en.mapping.rows.remove.replace('{{field}}', 'custom_fields.industri')).click()
    await addField(page, 'Industry')
    await targetOf(page, 'Industry').fill('INDUSTRY')
    await addField(page, 'First met on')
    expect(await targetOf(page, 'First met on').inputValue()).toBe('FIRST_MET_ON')
    await rowOf(page, 'First met on').getByText(en.mapping.rows.missing).waitFor()
    expect(await review(page).getByText(en.mapping.review.blocked).count()).toBe(0)

    const diff = page.getByRole('group', { name: en.mapping.review.diff })
    await diff.getByText('custom_fields.first_met_on: FIRST_MET_ON').waitFor()
    expect(await diff.locator('[data-kind=removed]').allTextContents()).toEqual([
      expect.stringContaining('custom_fields.industri: INDUSTRY'),
    ])
    await button(page, en.mapping.review.tryOut).click()
    const changed = page.getByTestId('trial-updated')
    await changed.waitFor()
    expect(Number(await changed.textContent())).toBeGreaterThan(0)
    await page.getByText('FIRST_MET_ON', { exact: true }).first().waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'mapping-tried-out')
    expect(file()).toContain('custom_fields.industri:')

    const met = () =>
      scene.sandbox.brevo.state.contacts().filter(({ attributes }) => 'FIRST_MET_ON' in attributes)
    expect(met()).toEqual([])
    await button(page, en.mapping.review.save).click()
    await page.getByText(en.mapping.outcome.saved).waitFor()
    await keepPicture(page, 'mapping-saved')
    const saved = file()
    expect(saved).toContain('custom_fields.first_met_on: FIRST_MET_ON')
    expect(saved).toContain('  4: 62 # Negotiations Started')
    await expect.poll(() => met().length, SYNC_PATIENCE).toBeGreaterThan(0)

    await button(page, en.mapping.outcome.undo).click()
    await page.getByText(en.mapping.outcome.undone).waitFor()
    expect(file()).toContain('custom_fields.industri:')
    await rowOf(page, 'First met on').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await close()
  })

  test('is broken, mended and saved in Korean on a small screen, with an attribute that is made on the spot', async () => {
    const { review: words, rows, outcome } = ko.mapping
    await scene.service.settings.createAttribute({ name: 'BORN_ON', type: 'date' })
    const { page, complaints, close } = await scene.enter({ language: 'ko', width: 390 })
    await lookAt(page, ko)
    const target = page.locator('#mapping-target-first_name')
    // A value that does not fit is told in Korean, with the server's own words behind.
    await target.fill('BORN_ON')
    await page.getByText(ko.overview.warnings.type_mismatch).first().waitFor()
    await page.getByText('BORN_ON (date)').first().waitFor()
    await target.fill('LASTNAME')
    await page.getByText(words.blocked).waitFor()
    expect(await button(page, words.save).isDisabled()).toBe(true)
    await target.fill('GIVEN_NAME')
    await page.getByText(words.blocked).waitFor({ state: 'detached' })
    await button(page, rows.create).click()
    await button(page, rows.create).waitFor({ state: 'detached' })
    const { attributes } = (await scene.service.settings.survey()).brevo
    expect(attributes).toContainEqual(expect.objectContaining({ name: 'GIVEN_NAME', type: 'text' }))
    await page.getByRole('group', { name: words.diff }).getByText('first_name: GIVEN_NAME').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(await foreignWords(page)).toEqual([])
    await keepPicture(page, 'mapping-mended-ko')
    await button(page, words.save).click()
    await page.getByText(outcome.saved).waitFor()
    expect(file()).toContain('first_name: GIVEN_NAME')
    const given = () =>
      scene.sandbox.brevo.state.contacts().filter(({ attributes: held }) => 'GIVEN_NAME' in held)
    await expect.poll(() => given().length, SYNC_PATIENCE).toBeGreaterThan(0)
    expect(complaints).toEqual([])
    await close()
  })

  test('puts a stage’s deals on a list that is made on the spot', async () => {
    const { page, complaints, close } = await scene.enter()
    await lookAt(page)
    const stage = page.getByLabel('Renewal Due', { exact: true })
    await stage.selectOption({ label: en.mapping.list.new })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('Renewals 갱신')
    await dialog.getByRole('button', { name: en.mapping.list.make }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await chosenIn(stage)).toBe('Renewals 갱신')
    const made = scene.sandbox.brevo.state.lists().find(({ name }) => name === 'Renewals 갱신')
    await page.getByRole('group', { name: en.mapping.review.diff }).getByText(`5: ${made?.id}`).waitFor()
    await button(page, en.mapping.review.discard).click()
    await review(page).waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await close()
  })

  test('says what somebody else has saved meanwhile, and puts one’s own changes onto it', async () => {
    const { page, complaints, close } = await scene.enter()
    await lookAt(page)
    await targetOf(page, 'Company size').fill('SIZE_OF_COMPANY')
    fs.writeFileSync(scene.configFile, before.replace('default_country: KR', 'default_country: DE'))
    await button(page, en.mapping.review.save).click()
    await review(page).getByText(en.mapping.conflict.text).waitFor()
    expect(await targetOf(page, 'Company size').inputValue()).toBe('SIZE_OF_COMPANY')
    await review(page).getByText('South Korea → Germany').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'mapping-conflict')
    await button(page, en.mapping.conflict.keepMine).click()
    await button(page, en.mapping.review.save).click()
    await page.getByText(en.mapping.outcome.saved).waitFor()
    expect(file()).toContain('default_country: DE')
    expect(file()).toContain('custom_fields.company_size: SIZE_OF_COMPANY')
    // The browser itself says which answers were refusals.
    expect(complaints.filter((text) => !text.includes('status of 409'))).toEqual([])
    await close()
  })

  test('keeps unsaved changes over a reload, and asks before they are left by the menu or the way back', async () => {
    const { page, complaints, close } = await scene.enter()
    await lookAt(page)
    await targetOf(page, 'Name').fill('WHOLE_NAME')
    await review(page).waitFor()
    await page.reload()
    await review(page).waitFor()
    expect(await targetOf(page, 'Name').inputValue()).toBe('WHOLE_NAME')
    const asked = page.getByRole('dialog', { name: en.mapping.leave.title })
    await page.getByRole('link', { name: en.frame.views.contacts }).click()
    await asked.getByRole('button', { name: en.mapping.leave.stay }).click()
    await asked.waitFor({ state: 'detached' })
    await page.goBack()
    await asked.getByRole('button', { name: en.mapping.leave.stay }).click()
    expect(await targetOf(page, 'Name').inputValue()).toBe('WHOLE_NAME')
    await asked.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: en.frame.views.contacts }).click()
    await asked.getByRole('button', { name: en.mapping.leave.leave }).click()
    await page.getByRole('heading', { level: 1, name: en.contacts.title }).waitFor()
    await lookAt(page)
    expect(await targetOf(page, 'Name').inputValue()).toBe('FULLNAME')
    expect(complaints).toEqual([])
    await close()
  })

  test('offers a key no more than it may do', async () => {
    const reader = await enterAs('read')
    await lookAt(reader.page)
    await rowOf(reader.page, 'custom_fields.industry').getByText('INDUSTRY', { exact: true }).waitFor()
    expect(await reader.page.getByRole('main').getByRole('textbox').count()).toBe(0)
    expect(await reader.page.getByRole('main').getByRole('combobox').count()).toBe(0)
    expect(await seriousFaults(reader.page)).toEqual([])
    await keepPicture(reader.page, 'mapping-reader')
    expect(reader.complaints).toEqual([])
    await reader.close()
    const operator = await enterAs('operate')
    await lookAt(operator.page)
    await targetOf(operator.page, 'Name').fill('WHOLE_NAME')
    await review(operator.page).getByText(en.mapping.previewOnly).waitFor()
    await button(operator.page, en.mapping.review.tryOut).waitFor()
    expect(await button(operator.page, en.mapping.review.save).count()).toBe(0)
    expect(operator.complaints).toEqual([])
    await operator.close()
  })
})
