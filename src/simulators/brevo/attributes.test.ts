import { expect, test } from 'vitest'
import { startBrevo } from '../../../test/support/brevo-account.ts'

const ANN = 'ann@example.com'
const write = async (attributes: object, switches = {}) => {
  const { call, state } = await startBrevo({ switches })
  const { status } = await call('POST', '/contacts', { email: ANN, attributes })
  return { status, attributes: state.contact(ANN)?.attributes }
}

test('unknown attributes and values that do not fit are ignored without a word', async () => {
  const { status, attributes } = await write({
    NOBODY_KNOWS: 'x',
    firstname: 'lower case is another name',
    FIRSTNAME: 7,
    SCORE: 'ten',
    BORN: '02/05/1986',
    VIP: 'yes',
    COUNTRIES: 'USA',
    GENDER: 'Martian',
    BLACKLIST: 5,
    LASTNAME: 'Lee',
  })
  expect({ status, attributes }).toEqual({ status: 201, attributes: { LASTNAME: 'Lee' } })
})

test.each(['2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z', 20260101])('%s is no date', async (BORN) => {
  expect((await write({ BORN })).attributes).toEqual({})
})

test('fitting values are kept as they are', async () => {
  const fitting = { SCORE: 0, BORN: '2024-02-29', VIP: false, COUNTRIES: ['India', 'USA'], ORDER_ID: 7 }
  expect((await write(fitting)).attributes).toEqual(fitting)
})

test('with lenient types a number fits a text, and numeric and true/false texts fit', async () => {
  const { attributes } = await write({ FIRSTNAME: 7, SCORE: '1.5', VIP: 'true' }, { lenientTypes: true })
  expect(attributes).toEqual({ FIRSTNAME: '7', SCORE: 1.5, VIP: true })
})

test.each([
  ['Women', 'Women'],
  [2, 'Women'],
  ['2', 'Women'],
  ['x', 'Other'],
])('a category takes %s and is answered as the label', async (GENDER, shown) => {
  expect((await write({ GENDER })).attributes).toEqual({ GENDER: shown })
})

test('a category can be answered as the id', async () => {
  expect((await write({ GENDER: 'Women' }, { categoryAnswer: 'id' })).attributes).toEqual({ GENDER: '2' })
})

test('unknown options of a multiple choice are left out', async () => {
  expect((await write({ COUNTRIES: ['Mars', 'India'] })).attributes).toEqual({ COUNTRIES: ['India'] })
  expect((await write({ COUNTRIES: ['Mars'] })).attributes).toEqual({})
})

test.each(['33612345678', '+33612345678', '0033612345678'])(
  'the phone number %s is answered as digits',
  async (SMS) => {
    expect((await write({ SMS })).attributes).toEqual({ SMS: '33612345678' })
    expect((await write({ SMS }, { phoneAnswer: 'plus' })).attributes).toEqual({ SMS: '+33612345678' })
  },
)

test('an empty text empties an attribute and frees an identifier, or is ignored', async () => {
  const { call, state } = await startBrevo()
  await call('POST', '/contacts', {
    email: ANN,
    attributes: { SMS: '33612345678', SCORE: 1, LASTNAME: 'Lee' },
  })
  state.switches.emptyTextClears = false
  await call('PUT', '/contacts/1', { attributes: { SMS: '', SCORE: '' } })
  expect(state.contact(ANN)?.attributes).toEqual({ SMS: '33612345678', SCORE: 1, LASTNAME: 'Lee' })
  state.switches.emptyTextClears = true
  await call('PUT', '/contacts/1', { attributes: { SMS: '', SCORE: '' } })
  expect(state.contact(ANN)?.attributes).toEqual({ LASTNAME: 'Lee' })
  const other = await call('POST', '/contacts', {
    email: 'b@example.com',
    attributes: { SMS: '33612345678' },
  })
  expect(other.status).toBe(201)
})

test('definitions are listed in the shape of the vendor, with valueStr beside value', async () => {
  const { call, state } = await startBrevo()
  const named = async (name: string) => {
    const { attributes } = (await call('GET', '/contacts/attributes')).body as {
      attributes: { name: string }[]
    }
    return attributes.find((each) => each.name === name)
  }
  expect(await named('SCORE')).toEqual({ name: 'SCORE', category: 'normal', type: 'float' })
  expect(await named('COUNTRIES')).toMatchObject({ multiCategoryOptions: ['USA', 'India', 'France'] })
  expect(await named('GENDER')).toEqual({
    name: 'GENDER',
    category: 'category',
    type: 'text',
    enumeration: [
      { value: 1, valueStr: '1', label: 'Men' },
      { value: 2, valueStr: '2', label: 'Women' },
      { value: 0, valueStr: 'x', label: 'Other' },
    ],
  })
  state.switches.categoryType = 'category'
  expect(await named('GENDER')).toMatchObject({ type: 'category' })
})

const OPTIONS = { enumeration: [{ value: 1, label: 'One' }] }

test.each([
  ['normal/A_TEXT', { type: 'text' }],
  ['normal/A_FLOAT', { type: 'float' }],
  ['normal/A_DATE', { type: 'date' }],
  ['normal/A_BOOL', { type: 'boolean' }],
  ['normal/A_USER', { type: 'user' }],
  ['normal/A_CHOICE', { type: 'multiple-choice', multiCategoryOptions: ['a'] }],
  ['transactional/AN_ID', { type: 'id' }],
  ['category/A_CATEGORY', { type: 'category', ...OPTIONS }],
  ['category/ANOTHER', OPTIONS],
  ['calculated/COUNTED', { value: 'COUNT[X,Y,<,NOW()]' }],
  ['global/SUMMED', { value: 'COUNT[X,Y,<,NOW()]', isRecurring: true }],
])('attribute %s can be made from %j', async (path, body) => {
  const { call } = await startBrevo()
  expect((await call('POST', `/contacts/attributes/${path}`, body)).status).toBe(201)
})

test.each([
  ['normal/X', {}, 'type is missing'],
  ['normal/X', { type: 'id' }, 'Invalid attribute type'],
  ['normal/X', { type: 'category' }, 'Invalid attribute type'],
  ['transactional/X', { type: 'user' }, 'Invalid attribute type'],
  ['transactional/X', { type: 'multiple-choice' }, 'Invalid attribute type'],
  ['category/X', { type: 'text', ...OPTIONS }, 'Invalid attribute type'],
  ['category/X', { type: 'category' }, 'enumeration is missing'],
  ['category/X', { enumeration: [{ value: 1, label: 'x'.repeat(201) }] }, 'Invalid enumeration'],
  ['normal/X', { type: 'text', ...OPTIONS }, 'enumeration is not allowed for this attribute'],
  ['normal/X', { type: 'multiple-choice' }, 'multiCategoryOptions is missing'],
  [
    'normal/X',
    { type: 'text', multiCategoryOptions: ['a'] },
    'multiCategoryOptions is not allowed for this attribute',
  ],
  ['normal/X', { type: 'text', value: 'f' }, 'value is not allowed for this attribute'],
  ['calculated/X', { type: 'text' }, 'value is missing'],
  ['nonsense/X', { type: 'text' }, 'Invalid attributeCategory'],
  ['normal/FIRSTNAME', { type: 'text' }, 'Attribute name must be unique'],
  ['normal/a%20b', { type: 'text' }, 'Invalid attribute name'],
])('attribute %s from %j is refused: %s', async (path, body, message) => {
  const { call } = await startBrevo()
  expect(await call('POST', `/contacts/attributes/${path}`, body)).toMatchObject({
    status: 400,
    body: { message },
  })
})

test('definitions change: options, formulas; a plain attribute does not, an unknown one is 404', async () => {
  const { call, state } = await startBrevo()
  const put = async (path: string, body: object) =>
    (await call('PUT', `/contacts/attributes/${path}`, body)).status
  await call('POST', '/contacts', { email: ANN, attributes: { GENDER: 'Women' } })
  expect(await put('category/GENDER', { enumeration: [{ value: 2, label: 'Female' }] })).toBe(204)
  expect(state.contact(ANN)?.attributes).toEqual({ GENDER: 'Female' })
  expect(await put('normal/COUNTRIES', { multiCategoryOptions: ['Peru'] })).toBe(204)
  await call('PUT', '/contacts/1', { attributes: { COUNTRIES: ['Peru', 'USA'] } })
  expect(state.contact(ANN)?.attributes).toMatchObject({ COUNTRIES: ['Peru', 'USA'] })
  expect(await put('global/READERS', { value: 'NEW' })).toBe(204)
  expect(await put('normal/FIRSTNAME', { multiCategoryOptions: ['a'] })).toBe(400)
  expect(await put('normal/NOPE', {})).toBe(404)
  expect(await put('category/COUNTRIES', OPTIONS)).toBe(404)
})

test('deleting a definition or an option deletes the values', async () => {
  const { call, state } = await startBrevo()
  await call('POST', '/contacts', { email: ANN, attributes: { SCORE: 1, COUNTRIES: ['USA', 'India'] } })
  const gone = async (path: string) => (await call('DELETE', `/contacts/attributes/${path}`)).status
  expect(await gone('multiple-choice/COUNTRIES/USA')).toBe(204)
  expect(await gone('multiple-choice/COUNTRIES/USA')).toBe(404)
  expect(await gone('normal/SCORE')).toBe(204)
  expect(await gone('normal/SCORE')).toBe(404)
  expect(await gone('normal/SMS')).toBe(400)
  expect(state.contact(ANN)?.attributes).toEqual({ COUNTRIES: ['India'] })
})

test('an account holds 200 attributes of its own', async () => {
  const { call } = await startBrevo()
  for (let i = 0; i < 200; i++) await call('POST', `/contacts/attributes/normal/A${i}`, { type: 'text' })
  expect((await call('POST', '/contacts/attributes/normal/ONE_MORE', { type: 'text' })).status).toBe(400)
})
