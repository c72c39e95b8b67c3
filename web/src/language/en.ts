/** Everything the page says, in English. The keys of every other catalogue are these. */
import { connect } from './en/connect.ts'
import { contacts } from './en/contacts.ts'
import { failures } from './en/failures.ts'
import { frame } from './en/frame.ts'
import { login } from './en/login.ts'
import { mapping } from './en/mapping.ts'
import { overview } from './en/overview.ts'
import { reports } from './en/reports.ts'
import { settings } from './en/settings.ts'

export const messages = {
  frame,
  login,
  overview,
  contacts,
  failures,
  mapping,
  connect,
  reports,
  settings,
}

export type Messages = typeof messages

/** The same keys with other words; other languages may have fewer plurals. */
export type Translated<T> = {
  [Key in keyof T as Key extends `${string}_one` ? never : Key]: T[Key] extends string
    ? string
    : Translated<T[Key]>
}
