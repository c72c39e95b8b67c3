/** Field definitions of Pipedrive to ours. */
import { describe, expect, test } from 'vitest'
import { fromPipedriveField } from './catalogue.ts'

const key = 'a'.repeat(40)
const typeOf = (field_type: string, field_code = key) => fromPipedriveField({ field_code, field_type }).type

describe('a field definition', () => {
  test.each([
    ['varchar', 'text'],
    ['varchar_auto', 'text'],
    ['text', 'text'],
    ['double', 'number'],
    ['int', 'number'],
    ['monetary', 'money'],
    ['set', 'options'],
    ['enum', 'option'],
    ['user', 'user'],
    ['org', 'organization'],
    ['people', 'person'],
    ['phone', 'phone'],
    ['time', 'time'],
    ['timerange', 'time-range'],
    ['date', 'date'],
    ['daterange', 'date-range'],
    ['address', 'address'],
    ['boolean', 'flag'],
    ['something new', 'text'],
  ])('R2.4 of type %s is %s', (vendor, type) => {
    expect(typeOf(vendor)).toBe(type)
  })

  test('a built-in time is a timestamp although it is declared a date; a custom one is believed', () => {
    expect(typeOf('date', 'add_time')).toBe('timestamp')
    expect(typeOf('date', 'birthday')).toBe('date')
    expect(fromPipedriveField({ field_code: 'x_time', field_type: 'date', is_custom_field: true }).type).toBe(
      'date',
    )
  })

  test('R2.1 is custom when Pipedrive says so, else when its code is a 40-character key', () => {
    expect(fromPipedriveField({ field_code: key }).custom).toBe(true)
    expect(fromPipedriveField({ field_code: 'job_title' }).custom).toBe(false)
    expect(fromPipedriveField({ field_code: key, is_custom_field: false }).custom).toBe(false)
  })

  test('has a name and labels even where Pipedrive leaves them out', () => {
    const options = [{ id: 1, label: 'Gold' }, { id: 2 }]
    expect(fromPipedriveField({ field_code: key, field_type: 'enum', options })).toEqual({
      key,
      name: key,
      type: 'option',
      custom: true,
      options: { '1': 'Gold', '2': '2' },
    })
  })
})
