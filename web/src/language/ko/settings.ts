import type { Messages, Translated } from '../en.ts'

export const settings: Translated<Messages['settings']> = { title: '설정' }
