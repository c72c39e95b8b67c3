/** Everything the page says, in Korean. */
import type { Messages, Translated } from './en.ts'
import { connect } from './ko/connect.ts'
import { contacts } from './ko/contacts.ts'
import { failures } from './ko/failures.ts'
import { frame } from './ko/frame.ts'
import { login } from './ko/login.ts'
import { mapping } from './ko/mapping.ts'
import { overview } from './ko/overview.ts'
import { reports } from './ko/reports.ts'
import { settings } from './ko/settings.ts'

export const messages: Translated<Messages> = {
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
