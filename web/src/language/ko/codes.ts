/** 오류 코드마다 무엇이 문제이고 어떻게 해결하는지 한 문장씩. */
import type { CodeWords } from '../use-code-words.ts'
import { installation } from './codes/installation.ts'
import { records } from './codes/records.ts'
import { services } from './codes/services.ts'

export const codes: Readonly<Record<string, CodeWords>> = { ...services, ...records, ...installation }
