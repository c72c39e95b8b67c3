/** Money, shares and days as people read them. */
import { count } from './output.ts'

/** `EUR 1,234.50`. */
export function money(value: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency, currencyDisplay: 'code' })
    return format.format(value).replace(/\u00a0/g, ' ')
  } catch {
    return `${currency} ${count(value)}`
  }
}

/** `1,234.50`, under a heading that names the currency. */
export function amount(value: number, currency: string): string {
  return money(value, currency).replace(/^[A-Z]{3} |^-[A-Z]{3} /, (code) => (code.startsWith('-') ? '-' : ''))
}

/** `42 %`; `–` of nothing. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 1000) / 10} %`
}

/** `+12 %` against before; '' where there was nothing. */
export function change(now: number, before: number | null | undefined): string {
  if (before == null || before === 0) return ''
  const more = Math.round((now / before - 1) * 100)
  return `${more > 0 ? '+' : ''}${more} %`
}

/** `12.5 d`. */
export function inDays(days: number | null): string {
  return days === null ? '–' : `${Math.round(days * 10) / 10} d`
}
