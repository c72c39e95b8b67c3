import type { Messages, Translated } from '../en.ts'

export const reports: Translated<Messages['reports']> = { title: '리포트' }
