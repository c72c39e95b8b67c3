/** Amounts of several currencies in the account's own, at the configuration's rates (rule R2.3). What has no rate stays apart. */

export type CurrencyAmount = {
  readonly currency: string
  readonly deals: number
  readonly value: number
}

/** `value`: in the account's currency, as far as there are rates; `currencies`: what was added up, as it was. */
export type Money = {
  readonly deals: number
  readonly value: number
  readonly currencies: readonly CurrencyAmount[]
}

export type Rates = {
  /** The account's own. */
  readonly currency: string
  /** One unit of a currency in the account's own. */
  readonly rates: Readonly<Record<string, number>>
}

type Row = { readonly currency: string | null; readonly deals: number; readonly value: string | number }

/** Null where there is no rate. */
export function convert(
  value: number,
  currency: string | null,
  { currency: own, rates }: Rates,
): number | null {
  if (currency === null || currency === own) return value
  const rate = Object.hasOwn(rates, currency) ? rates[currency] : undefined
  return rate === undefined ? null : value * rate
}

/** `deals` counts all of them, those without a rate, too. */
export function sumOf(rows: readonly Row[], rates: Rates): Money {
  const currencies = [...Map.groupBy(rows, (row) => row.currency ?? rates.currency)].map(
    ([currency, some]) => ({
      currency,
      deals: some.reduce((sum, { deals }) => sum + deals, 0),
      value: rounded(
        some.reduce((sum, { value }) => sum + Number(value), 0),
        currency,
      ),
    }),
  )
  const value = rows.reduce((sum, row) => sum + (convert(Number(row.value), row.currency, rates) ?? 0), 0)
  return {
    deals: currencies.reduce((sum, { deals }) => sum + deals, 0),
    value: rounded(value, rates.currency),
    currencies: currencies.sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  }
}

/** Those of the currencies that are in no sum. */
export function withoutRate({ currencies }: Money, rates: Rates): readonly CurrencyAmount[] {
  return currencies.filter(({ currency }) => convert(1, currency, rates) === null)
}

/** To the smallest unit of the currency. */
export function rounded(value: number, currency: string): number {
  const factor = 10 ** digitsOf(currency)
  return unitsOf(value, factor) / factor
}

/** In smallest units, of which `factor` are one of the currency. */
export function unitsOf(value: number, factor: number): number {
  return Math.round((value + Number.EPSILON * Math.sign(value)) * factor)
}

/** How many decimal places a currency has: 2 for EUR, 0 for KRW. Not to be asked for each of many deals: it takes a while. */
export function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2
    )
  } catch {
    // No currency that anybody knows.
    return 2
  }
}
