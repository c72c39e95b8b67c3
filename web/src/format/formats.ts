/** Numbers, money and times as the viewer writes them. Times are in the zone of the browser. */

export type Formats = {
  readonly number: (value: number) => string
  /** Whole amounts of the currency where it is large, as people speak of it. */
  readonly money: (amount: number, currency: string) => string
  readonly percent: (share: number) => string
  readonly dateTime: (iso: string) => string
  readonly date: (iso: string) => string
  readonly clock: (iso: string) => string
  /** `3 minutes ago`. */
  readonly ago: (iso: string, nowMs?: number) => string
  /** `2 min 5 sec`. */
  readonly duration: (seconds: number) => string
  readonly list: (items: readonly string[]) => string
}

/** The region of the browser counts where it speaks the language of the page: `en-GB` dates are not `en-US` dates. */
export function localeOf(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language
}

const DAY = 86_400
const STEPS = [
  ['day', DAY],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

export function createFormats(locale: string): Formats {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const unit = (value: number, of: (typeof STEPS)[number][0]): string =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: of,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    }).format(value)
  return {
    number: (value) => number.format(value),
    money: (amount, currency) => moneyText(locale, amount, currency),
    percent: (share) => percent.format(share),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    date: (iso) => date.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    list: (items) => list.format(items),
    ago: (iso, nowMs = Date.now()) => {
      const seconds = (Date.parse(iso) - nowMs) / 1000
      const [name, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
      return relative.format(Math.round(seconds / size), name)
    },
    duration: (seconds) => {
      if (seconds < 10) return unit(Math.round(seconds * 10) / 10, 'second')
      const at = STEPS.findIndex(([, size]) => seconds >= size)
      const [name, size] = STEPS[at] ?? ['second', 1]
      const whole = Math.floor(seconds / size)
      const next = STEPS[at + 1]
      const rest = next === undefined ? 0 : Math.floor((seconds - whole * size) / next[1])
      return rest === 0 || next === undefined
        ? unit(whole, name)
        : `${unit(whole, name)} ${unit(rest, next[0])}`
    },
  }
}

/** Pipedrive allows currencies of one's own, which Intl does not know. */
function moneyText(locale: string, amount: number, currency: string): string {
  if (Intl.supportedValuesOf('currency').includes(currency)) {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 }).format(
      amount,
    )
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(amount)} ${currency}`
}
