/** Activity types and currencies that every simulated company has. Data only. */

export type ActivityType = { id: number; name: string; key_string: string; icon_key: string }

export const ACTIVITY_TYPES: readonly ActivityType[] = [
  ['Call', 'call'],
  ['Meeting', 'meeting'],
  ['Task', 'task'],
  ['Deadline', 'deadline'],
  ['Email', 'email'],
  ['Lunch', 'lunch'],
].map(([name = '', key = ''], index) => ({ id: index + 1, name, key_string: key, icon_key: key }))

export type Currency = { id: number; code: string; name: string; decimal_points: number; symbol: string }

export const CURRENCIES: readonly Currency[] = (
  [
    ['EUR', 'Euro', 2, '€'],
    ['USD', 'US Dollar', 2, '$'],
    ['KRW', 'South Korean Won', 0, '₩'],
    ['JPY', 'Japanese Yen', 0, '¥'],
    ['GBP', 'Pound Sterling', 2, '£'],
    ['SEK', 'Swedish Krona', 2, 'kr'],
    ['VND', 'Vietnamese Dong', 0, '₫'],
  ] as const
).map(([code, name, decimal_points, symbol], index) => ({
  id: index + 1,
  code,
  name,
  decimal_points,
  symbol,
}))
